//! One table, one file: its SQL, its row type, the handle that reads it and the one that writes it.

use rusqlite::{Connection, OptionalExtension};

use crate::error::{LibraryError, Result};

mod event;
mod file;
mod job;
mod source;
mod space;
mod tag_name;
mod throughline;
mod track;
mod vector;

pub use event::{Events, EventsMut, Said};
pub use file::{FileId, Files, FilesMut, KnownFile, Scanned, Stat};
pub use job::{Failed, Failure, Job, JobState, Jobs, JobsMut};
pub use source::{Source, SourceId, Sources, SourcesMut};
pub use space::{SpaceId, Spaces, SpacesMut, StoredSpace};
pub use tag_name::{TagNames, TagNamesMut};
pub use throughline::{Throughline, Throughlines, ThroughlinesMut};
pub use track::{ContentHash, Description, Status, Track, Tracks};
pub use vector::{Vector, Vectors};

pub(crate) use track::TracksMut;
pub(crate) use vector::VectorsMut;

/// Refuses the identity of a row that is not there. `table` is a name from this crate.
pub(crate) fn must_exist(db: &Connection, table: &'static str, row: i64) -> Result<()> {
    db.prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1"))?
        .query_row([row], |_| Ok(()))
        .optional()?
        .ok_or(LibraryError::Unknown { table, row })
}
