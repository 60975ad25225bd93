//! A crawl: which calls bring most of what the listener is after, and what becomes of their songs.
//!
//! A state machine without clock, network or chance. Giving a new [`Crawl`] the answers of an earlier
//! one in their order brings it to the same state: so a crawl is resumed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pollution::Pollution;
use super::{Answer, ArtistId, Country, GenreId, Question, SongId};

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
    /// Stores to ask, the first of them for everything but charts and genres.
    pub countries: Vec<Country>,
    /// How it grew since, in order.
    pub grown: Vec<Growth>,
}

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

/// What becomes of a song of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The song.
    pub song: SongId,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// What becomes of a song.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is to be embedded. Lower ranks are nearer to the seeds and come first.
    Wanted {
        /// Its place in the order, unlike any other's.
        rank: u32,
    },
    /// It has no preview: its metadata is all that is kept.
    NoPreview,
    /// It would spoil the library.
    Polluted(Pollution),
    /// A version of a song that is wanted.
    Version {
        /// That song.
        of: SongId,
    },
    /// Its artist has as many songs as an artist may have.
    OverArtist,
    /// Its album has as many songs as an album may have.
    OverAlbum,
    /// The order is full.
    Enough,
    /// It was judged before; that stands.
    Known,
}

impl Verdict {
    /// A stable name, as in `no_preview`; a polluted song's is that of its pollution.
    pub fn code(self) -> &'static str {
        todo!()
    }
}

/// How a crawl is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Calls answered.
    pub calls: usize,
    /// Calls given up.
    pub skipped: usize,
    /// Calls still needed, as far as can be told.
    pub calls_left: usize,
    /// Songs wanted so far.
    pub wanted: usize,
    /// Songs to be wanted in all.
    pub size: usize,
    /// Songs left out, by [`Verdict::code`].
    pub dropped: BTreeMap<&'static str, usize>,
    /// Songs wanted, by the catalogue's name of their genre.
    pub genres: BTreeMap<String, usize>,
}

/// A crawl under way.
#[derive(Clone, Debug)]
pub struct Crawl {
    order: Order,
}

impl Crawl {
    /// A crawl that has asked nothing yet. Its order's growths happen when their time comes.
    pub fn new(order: &Order) -> Self {
        Self {
            order: order.clone(),
        }
    }

    /// The order, with how it grew: what is kept of a crawl, together with its answers.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// What to ask next; `None` when it is done. The same until it is answered or skipped.
    pub fn next(&self) -> Option<Question> {
        todo!()
    }

    /// Takes in what `question` brought; says what becomes of each song, in the answer's order.
    /// Answers to questions that it did not ask, from an earlier version, are taken in as well.
    pub fn answer(&mut self, question: &Question, answer: &Answer) -> Vec<Judged> {
        todo!("{question:?} {answer:?}")
    }

    /// Gives up a question that failed for good.
    pub fn skip(&mut self, question: &Question) {
        todo!("{question:?}")
    }

    /// Grows around `seeds` as well, by `more` songs. What was judged stands.
    pub fn grow(&mut self, seeds: Vec<Seed>, more: usize) {
        todo!("{seeds:?} {more}")
    }

    /// How it is doing. Before the first answer, `calls_left` and `size` are the plan's estimate.
    pub fn progress(&self) -> Progress {
        todo!()
    }
}
