//! What is ordered of a crawl.

use serde::{Deserialize, Serialize};

use super::super::{ArtistId, Country, GenreId, SongId};

/// What a library is to be grown from, and how far. Its JSON is what is kept of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// What to grow around; the charts where there are none.
    pub seeds: Vec<Seed>,
    /// Songs wanted.
    pub size: usize,
    /// Songs of one artist at most.
    pub per_artist: usize,
    /// Songs of one album at most.
    pub per_album: usize,
    /// Stores to ask; the United States' where there are none. The first answers everything, the
    /// others charts and searches of genres and words.
    pub countries: Vec<Country>,
    /// How it grew since, in order.
    pub grown: Vec<Growth>,
}

/// Seeds and songs that were asked for while a crawl was under way, or after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// Answers that had come by then.
    pub after: usize,
    /// What to grow around as well.
    pub seeds: Vec<Seed>,
    /// Songs wanted more.
    pub more: usize,
}

/// Something that the listener loves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seed {
    /// Words: the first song that a search finds.
    Text(String),
    /// A song by its number.
    Song(SongId),
    /// An artist by its number.
    Artist(ArtistId),
    /// An artist by its name.
    ArtistName(String),
    /// A genre.
    Genre(GenreId),
    /// What is played most.
    Charts,
}

/// Songs that a crawl wants at most: each has a rank of its own, of 24 bits.
const LARGEST: usize = 1 << 24;

impl Default for Order {
    /// 16,000 songs of the charts of the United States, 25 of an artist, 8 of an album at most.
    fn default() -> Self {
        Self {
            seeds: Vec::new(),
            size: 16_000,
            per_artist: 25,
            per_album: 8,
            countries: vec![Country::US],
            grown: Vec::new(),
        }
    }
}

impl Order {
    /// Songs wanted once the first `growths` growths have happened.
    pub(super) fn size_after(&self, growths: usize) -> usize {
        let more = self.grown.iter().take(growths).map(|growth| growth.more);
        more.fold(self.size, usize::saturating_add).min(LARGEST)
    }

    /// The store that answers everything.
    pub(super) fn home(&self) -> Country {
        self.countries.first().copied().unwrap_or(Country::US)
    }

    /// The stores to ask, each once.
    pub(super) fn stores(&self) -> Vec<Country> {
        let mut stores = vec![self.home()];
        for country in &self.countries {
            if !stores.contains(country) {
                stores.push(*country);
            }
        }
        stores
    }
}
