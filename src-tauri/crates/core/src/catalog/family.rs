//! Versions of one song, known by title, artist and length.

use super::{Song, SongId};

/// Families of versions, each known by the first that was met.
#[derive(Clone, Debug, Default)]
pub struct Families {}

/// What a song is to the families that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// The first of its family.
    New,
    /// Another of a family.
    Version {
        /// The first of that family.
        of: SongId,
        /// Whether it is the same recording: no live cut or remix, and as long within 3 s.
        same_recording: bool,
    },
}

impl Families {
    /// Finds the family of `song`, which becomes one of it. A song that was folded before is what it was.
    pub fn fold(&mut self, song: &Song) -> Folded {
        todo!("{song:?}")
    }
}
