//! One table, one file: its SQL, its row type, the handle that reads it and the one that writes it.

use rusqlite::{Connection, OptionalExtension, Row};
use throughline_core::embedding::{FeatureVersion, ModelId, Recipe};

use crate::error::{LibraryError, Result};

mod crawl;
mod event;
mod file;
mod hub;
mod job;
mod setting;
mod song;
mod source;
mod space;
mod tag_name;
mod throughline;
mod track;
mod vector;
mod version;
mod vote;

pub use crawl::{CrawlId, Crawls, CrawlsMut, Skipped, StageTime, StoredCrawl};
pub use event::{Events, EventsMut};
pub use file::{FileId, Files, FilesMut, KnownFile, Scanned, Stat};
pub use hub::{Hubs, HubsMut};
pub use job::{Failed, Failure, Failures, Job, JobState, Jobs, JobsMut, ReasonCount};
pub use setting::{Settings, SettingsMut};
pub use song::{
    ArtistSongs, GONE, GONE_WORDS, PendingSong, SONG_STAT, SongCount, SongReport, Songs, SongsMut,
    StoredSong,
};
pub use source::{Source, SourceId, Sources, SourcesMut};
pub use space::{SpaceId, Spaces, SpacesMut, StoredSpace};
pub use tag_name::{TagNames, TagNamesMut};
pub use throughline::{Throughline, Throughlines, ThroughlinesMut};
pub use track::{Description, Named, Status, Track, Tracks};
pub use vector::{Vector, Vectors};
pub use version::{Version, Versions, VersionsMut};
pub use vote::{Tally, Vote, Votes, VotesMut, Winner};

pub(crate) use job::OPEN;
pub(crate) use track::TracksMut;
pub(crate) use vector::VectorsMut;

/// Refuses the identity of a row that is not there. `table` is a name from this crate.
pub(crate) fn must_exist(db: &Connection, table: &'static str, row: i64) -> Result<()> {
    db.prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1"))?
        .query_row([row], |_| Ok(()))
        .optional()?
        .ok_or(LibraryError::Unknown { table, row })
}

/// The recipe in the columns `column` (model) and the one after it (feature version).
pub(crate) fn recipe(row: &Row<'_>, column: usize) -> rusqlite::Result<Recipe> {
    Ok(Recipe {
        model: ModelId(row.get(column)?),
        feature_version: FeatureVersion(row.get(column + 1)?),
    })
}
