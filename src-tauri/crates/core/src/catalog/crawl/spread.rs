//! How the songs of a crawl spread over genres: as the seeds' do, with a share for all the rest.

use std::collections::BTreeMap;

use super::super::Song;

/// Share of the library that genres have in which no seed is: enough to be surprised by, too little to
/// be lost in.
const REST: f64 = 0.2;

/// Share of the seeds' songs from which on a genre is one of theirs: below, it is a stray album.
const THEIRS: f64 = 0.05;

/// What genres the seeds have.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    /// Weight by genre; every call near the seeds weighs 1 in all.
    weights: BTreeMap<String, f64>,
}

impl Spread {
    /// Takes in the songs of a call near the seeds.
    pub fn learn(&mut self, songs: &[&Song]) {
        for song in songs {
            if let Some(genre) = &song.genre {
                *self.weights.entry(genre.clone()).or_default() += 1.0 / songs.len() as f64;
            }
        }
    }

    /// The seeds' genres, in the order of their names.
    pub fn theirs(&self) -> impl Iterator<Item = &str> {
        self.weights
            .keys()
            .map(String::as_str)
            .filter(|genre| self.is_theirs(genre))
    }

    /// Whether a genre is one of the seeds'.
    pub fn is_theirs(&self, genre: &str) -> bool {
        let all: f64 = self.weights.values().sum();
        self.weights
            .get(genre)
            .is_some_and(|weight| *weight >= THEIRS * all)
    }

    /// The share of the library that `genre`, one of theirs, is to have, `0..=1`.
    pub fn share(&self, genre: &str) -> f64 {
        let theirs: f64 = self
            .theirs()
            .filter_map(|genre| self.weights.get(genre))
            .sum();
        let weight = self.weights.get(genre).copied().unwrap_or(0.0);
        if theirs > 0.0 {
            (1.0 - REST) * weight / theirs
        } else {
            0.0
        }
    }

    /// The share of all other genres together.
    pub fn rest(&self) -> f64 {
        if self.weights.is_empty() { 1.0 } else { REST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::SongId;

    fn song(genre: &str) -> Song {
        Song {
            id: SongId(1),
            title: "Stay".into(),
            artist: None,
            artist_id: None,
            album: None,
            album_id: None,
            genre: Some(genre.into()),
            year: None,
            duration_s: None,
            preview: None,
            artwork: None,
            page: None,
        }
    }

    #[test]
    fn shares_follow_the_seeds_and_sum_to_one() {
        let mut spread = Spread::default();
        let total = |spread: &Spread| {
            spread.rest()
                + spread
                    .theirs()
                    .map(|genre| spread.share(genre))
                    .sum::<f64>()
        };
        assert!(
            (total(&spread) - 1.0).abs() < 1e-9,
            "without seeds all genres are alike"
        );
        let (jazz, rock, stray) = (song("Jazz"), song("Rock"), song("Holiday"));
        spread.learn(&[&jazz]);
        spread.learn(&[&jazz, &rock]);
        spread.learn(&[vec![&jazz; 99], vec![&stray]].concat());
        assert!(
            (total(&spread) - 1.0).abs() < 1e-9,
            "they sum to {}",
            total(&spread)
        );
        let ratio = spread.share("Jazz") / spread.share("Rock");
        assert!(
            (ratio - 2.49 / 0.5).abs() < 1e-9,
            "every call weighs as much: {ratio}"
        );
        assert_eq!(spread.theirs().collect::<Vec<_>>(), ["Jazz", "Rock"]);
    }
}
