//! Lists that are looked at in pages, and what is noticed of the folders they come from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Failure, Track};

/// A part of a list of tracks.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Page {
    /// Tracks of the whole list.
    pub total: usize,
    /// Those that were asked for.
    pub tracks: Vec<Track>,
}

/// A part of a list of failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FailurePage {
    /// Failures of the whole list.
    pub total: usize,
    /// Those that were asked for.
    pub failures: Vec<Failure>,
    /// All kinds of reasons, the most frequent first.
    pub reasons: Vec<FailedReason>,
}

/// How many failures have one kind of reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FailedReason {
    /// Stable name of the reason.
    pub code: String,
    /// The reason of one of them, in a sentence.
    pub reason: String,
    /// Those that are shown.
    pub shown: usize,
    /// Those that are hidden.
    pub hidden: usize,
}

/// Which failures something is done with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Which {
    /// All of them.
    All,
    /// Those with one kind of reason.
    Reason {
        /// Stable name of the reason.
        code: String,
    },
    /// One of them.
    File {
        /// Identity of the file.
        #[ts(type = "number")]
        file: i64,
    },
}

/// Whether changes of the music folders are noticed while the app is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Watching {
    /// Whether they are to be.
    pub on: bool,
    /// Why the system cannot tell of them, and what is done instead.
    pub note: Option<String>,
}
