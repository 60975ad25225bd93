//! The models of this machine, and fetching them, as the faces show it.

use serde::Serialize;
use ts_rs::TS;

/// Whether a model can be used on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// It is part of the program.
    BuiltIn,
    /// Nothing of it is here.
    Absent,
    /// Its download was begun and not finished.
    Partial,
    /// It is here and was found whole.
    Present,
    /// It is here, and it is not what it was.
    Damaged,
}

/// The terms of a model's weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Licence {
    /// Its short name.
    pub name: String,
    /// Where it can be read.
    pub url: String,
    /// What it says, in a sentence or two.
    pub terms: String,
    /// Whether the weights state it as their own; else it is that of the code beside them.
    pub stated: bool,
}

/// A model, and what is here of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Model {
    /// Stable name.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is good for, in a sentence.
    pub good_for: String,
    /// Numbers in a track's vector.
    pub dimension: usize,
    /// Length of its files; of those that are here, if it is.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The terms of its weights.
    pub licence: Licence,
    /// Page where it comes from.
    pub origin: String,
    /// Whether it can be used.
    pub state: ModelState,
    /// Bytes that an unfinished download has.
    #[ts(type = "number")]
    pub got_bytes: u64,
    /// SHA-256 of its checkpoint, if that is here.
    pub sha256: Option<String>,
    /// Whether its files are the published ones; an imported file need not be.
    pub published: bool,
    /// Folder where its files are.
    pub folder: Option<String>,
}

/// How the fetch, import or check of a model is getting on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FetchProgress {
    /// The server is being asked.
    Connecting {
        /// Tries since there last was any progress, this one included.
        attempt: u32,
    },
    /// A file is coming in.
    Downloading {
        /// Its name.
        file: String,
        /// Bytes of it that are here.
        #[ts(type = "number")]
        done: u64,
        /// Bytes that it has.
        #[ts(type = "number")]
        total: u64,
        /// Pace; `None` while it is too early to tell.
        bytes_per_s: Option<f64>,
        /// Seconds left at that pace.
        eta_s: Option<f64>,
    },
    /// Something went wrong that may pass; the next try is being waited for.
    Waiting {
        /// What went wrong.
        reason: String,
        /// How long the wait is.
        seconds: f64,
        /// The try that failed.
        attempt: u32,
    },
    /// A file is being read through, and copied if it is imported, to know it by its digest.
    Verifying {
        /// Bytes of it read.
        #[ts(type = "number")]
        done: u64,
        /// Bytes that it has.
        #[ts(type = "number")]
        total: u64,
    },
    /// The model can be used.
    Finished {
        /// It, as it is now.
        model: Model,
    },
    /// It was cancelled.
    Cancelled {
        /// Bytes that stay for the next time.
        #[ts(type = "number")]
        got_bytes: u64,
    },
}
