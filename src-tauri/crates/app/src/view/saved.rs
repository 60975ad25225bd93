//! What became of a damaged library.

use serde::Serialize;
use ts_rs::TS;

/// What was saved of a damaged library. A new one with it has taken its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Saved {
    /// Where the damaged file is now, as it was.
    pub kept: String,
    /// What was saved, what nobody can say again but the listener first.
    pub rows: Vec<SavedRows>,
    /// Tracks that have lost their names and kept what was said of them: the next build that finds their
    /// files names them again.
    pub nameless: usize,
}

/// What was saved of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedRows {
    /// What they are, in the plural.
    pub what: String,
    /// How many were saved.
    pub saved: usize,
    /// How many there were, where that could still be counted.
    pub of: Option<usize>,
}
