//! A throughline as a small file: JSON that another library, or a person, can read.
//!
//! ```json
//! {
//!   "format": "throughline",
//!   "version": 1,
//!   "name": "late at night",
//!   "recipe": { "model": "musicnn", "feature_version": "1" },
//!   "tracks": [
//!     { "id": 7, "content_hash": "5f3c…", "title": "Stay", "artist": "Nobody", "duration_s": 201.4 }
//!   ],
//!   "events": [
//!     { "id": 1, "what": { "did": ["seeded", 7] }, "at": 1735689600000 },
//!     { "id": 2, "what": { "turned": ["breadth", 300] }, "at": 1735689601000 }
//!   ]
//! }
//! ```
//!
//! Ids mean something within the file alone. A track is found again by its content, by its number in the
//! catalogue, or by what its tags say. Where the knobs stand is what the events add up to, as everything
//! else; the recipe tells by which ears the thumbs were given. Fields that a reader does not know are
//! passed over; a change that would mislead an older reader raises the version.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::SongId;
use crate::embedding::Recipe;
use crate::feedback::{Event, What};
use crate::track::TrackId;

/// What the field `format` says.
const FORMAT: &str = "throughline";

/// Version that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// Bytes of a file at most: some 100 000 events. Bounds what a parser can be made to allocate.
pub const MOST_BYTES: usize = 16 << 20;

/// Characters at most of a name, a title, an artist, an album or a recipe.
pub const MOST_TEXT: usize = 4096;

/// Hexadecimal digits of a content hash (BLAKE3, 256 bits).
const HASH_DIGITS: usize = 64;

/// A throughline as it is exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThroughlineFile {
    format: String,
    version: u32,
    /// Its name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What made the vectors that it was listened to with.
    pub recipe: Recipe,
    /// Every track that an event names, once.
    pub tracks: Vec<FileTrack>,
    /// What was said, ascending by id.
    pub events: Vec<Event>,
}

/// What a track is known by elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileTrack {
    /// Its identity within the file.
    pub id: TrackId,
    /// BLAKE3 of its file, 64 lower-case hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// Its number in the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub song: Option<SongId>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its performing artist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artist: Option<String>,
    /// The album it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// Its length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<f64>,
}

/// Why a file cannot be read, or a throughline not written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is longer than any throughline.
    #[error("{len} bytes: a throughline has at most {MOST_BYTES}")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// It is no JSON, or lacks a field, or one is of another type.
    #[error("not a throughline: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is JSON of something else.
    #[error("not a throughline: its format is not “{FORMAT}”")]
    Foreign,
    /// A newer program wrote it.
    #[error(
        "version {0} of the format is not known (up to {VERSION} is): update Throughline to read it"
    )]
    Newer(u32),
    /// Two tracks have one id.
    #[error("two tracks have the id {0}")]
    TrackTwice(TrackId),
    /// An event's id is not greater than that of the one before.
    #[error("event {0} is out of order")]
    Order(i64),
    /// An event names a track that the file does not describe.
    #[error("event {event} is about track {track}, which the file does not describe")]
    UnknownTrack {
        /// The event.
        event: i64,
        /// The track.
        track: TrackId,
    },
    /// An event takes back one that is not before it, or that takes one back itself.
    #[error("event {0} takes back no earlier act")]
    Undo(i64),
    /// A field's value makes no sense.
    #[error("{field} of track {track} makes no sense")]
    Field {
        /// The track.
        track: TrackId,
        /// The field.
        field: &'static str,
    },
    /// The name, or the recipe, is too long.
    #[error("the {0} is longer than {MOST_TEXT} characters")]
    Text(&'static str),
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl ThroughlineFile {
    /// A file of these. `tracks` may hold more than the events name; those are left out.
    pub fn new(
        name: Option<String>,
        recipe: Recipe,
        tracks: Vec<FileTrack>,
        events: Vec<Event>,
    ) -> Result<Self, FileError> {
        let named: BTreeSet<_> = events
            .iter()
            .filter_map(|event| event.what.track())
            .collect();
        let file = Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            name,
            recipe,
            tracks: tracks
                .into_iter()
                .filter(|track| named.contains(&track.id))
                .collect(),
            events,
        };
        file.check()?;
        Ok(file)
    }

    /// Reads a file's bytes, whoever made them. What comes back keeps what the types promise: every id
    /// is described once, events ascend, an undo takes back an earlier act.
    pub fn parse(bytes: &[u8]) -> Result<Self, FileError> {
        if bytes.len() > MOST_BYTES {
            return Err(FileError::TooLong { len: bytes.len() });
        }
        let head: Head = serde_json::from_slice(bytes)?;
        if head.format != FORMAT {
            return Err(FileError::Foreign);
        }
        if head.version > VERSION {
            return Err(FileError::Newer(head.version));
        }
        let file: Self = serde_json::from_slice(bytes)?;
        file.check()?;
        Ok(file)
    }

    /// The file's bytes: JSON with line breaks, as [`ThroughlineFile::parse`] reads it.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FileError> {
        self.check()?;
        let bytes = serde_json::to_vec_pretty(self)?;
        if bytes.len() > MOST_BYTES {
            return Err(FileError::TooLong { len: bytes.len() });
        }
        Ok(bytes)
    }

    fn check(&self) -> Result<(), FileError> {
        let texts = [
            ("name", self.name.as_deref()),
            ("model", Some(self.recipe.model.0.as_str())),
            (
                "feature version",
                Some(self.recipe.feature_version.0.as_str()),
            ),
        ];
        for (field, text) in texts {
            if text.is_some_and(is_long) {
                return Err(FileError::Text(field));
            }
        }
        let mut tracks = BTreeSet::new();
        for track in &self.tracks {
            track.check()?;
            if !tracks.insert(track.id) {
                return Err(FileError::TrackTwice(track.id));
            }
        }
        let mut acts = BTreeSet::new();
        let mut last = None;
        for event in &self.events {
            if last.is_some_and(|last| event.id <= last) {
                return Err(FileError::Order(event.id.0));
            }
            last = Some(event.id);
            if let Some(track) = event.what.track().filter(|track| !tracks.contains(track)) {
                return Err(FileError::UnknownTrack {
                    event: event.id.0,
                    track,
                });
            }
            match event.what {
                What::Undid(act) if !acts.contains(&act) => {
                    return Err(FileError::Undo(event.id.0));
                }
                What::Undid(_) => {}
                _ => {
                    acts.insert(event.id);
                }
            }
        }
        Ok(())
    }
}

impl FileTrack {
    fn check(&self) -> Result<(), FileError> {
        let wrong = |field| FileError::Field {
            track: self.id,
            field,
        };
        let is_digest = |hash: &String| {
            hash.len() == HASH_DIGITS
                && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        if !self.content_hash.iter().all(is_digest) {
            return Err(wrong("the content hash"));
        }
        let texts = [
            ("the title", &self.title),
            ("the artist", &self.artist),
            ("the album", &self.album),
        ];
        for (field, text) in texts {
            if text.as_deref().is_some_and(is_long) {
                return Err(wrong(field));
            }
        }
        if !self.duration_s.iter().all(|s| s.is_finite() && *s >= 0.0) {
            return Err(wrong("the length"));
        }
        Ok(())
    }
}

fn is_long(text: &str) -> bool {
    text.chars().nth(MOST_TEXT).is_some()
}

#[cfg(test)]
mod tests;
