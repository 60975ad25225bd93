//! The open library: one connection, its settings, and transactions.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{LibraryError, Result};
use crate::in_use::InUse;
use crate::table::{
    Crawls, CrawlsMut, Events, EventsMut, Files, FilesMut, Hubs, HubsMut, Jobs, JobsMut, Settings,
    SettingsMut, Songs, SongsMut, Sources, SourcesMut, Spaces, SpacesMut, TagNames, TagNamesMut,
    Throughlines, ThroughlinesMut, Tracks, Vectors, Versions, VersionsMut, Votes, VotesMut,
};
use crate::{migrate, salvage};

/// Name of the database in the library's folder.
pub const FILE_NAME: &str = "library.db";

/// How long a call waits for another writer before it gives up: longer than any transaction of ours.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Prepared statements kept at hand: more than there are in the crate.
const STATEMENTS: usize = 128;

/// An open library: one connection. Open another for another thread; readers never wait for a writer.
pub struct Library {
    db: Connection,
    /// Let go of after the connection is closed.
    _in_use: Option<InUse>,
}

impl Library {
    /// Whether there is a library in `dir`, be it one whose salvage was cut short before it had its name.
    pub fn exists(dir: &Path) -> bool {
        dir.join(FILE_NAME).is_file() || salvage::is_unfinished(dir)
    }

    /// Opens the library in `dir`, makes it when there is none, and brings its schema up to date.
    pub fn open(dir: &Path) -> Result<Self> {
        let folder = |source| LibraryError::Folder {
            path: dir.to_owned(),
            source,
        };
        std::fs::create_dir_all(dir).map_err(folder)?;
        if salvage::is_unfinished(dir) {
            let _alone = InUse::alone(dir)?;
            salvage::finish(dir)?;
        }
        let in_use = InUse::shared(dir)?;
        let path = dir.join(FILE_NAME);
        let at = |error| match error {
            LibraryError::Damaged { detail } => LibraryError::Damaged {
                detail: format!("{}: {detail}", path.display()),
            },
            error => error,
        };
        let library = Connection::open(&path)
            .map_err(Into::into)
            .and_then(Self::prepare)
            .map_err(at)?;
        Ok(Self {
            _in_use: Some(in_use),
            ..library
        })
    }

    /// A library that lasts as long as the value, opened the same way.
    pub fn open_in_memory() -> Result<Self> {
        Self::prepare(Connection::open_in_memory()?)
    }

    /// Settings, then migrations. Nothing is written before the file is known to be ours.
    ///
    /// `synchronous = NORMAL` with a write-ahead log: a killed process loses nothing that was
    /// committed, since the log lies with the operating system by then; a power cut can take the last
    /// commits, never the order or the integrity of what remains, since checkpoints are synced. FULL
    /// would sync at every commit, once a track, to protect what the next build finds again anyway.
    pub(crate) fn prepare(mut db: Connection) -> Result<Self> {
        db.busy_timeout(BUSY_TIMEOUT)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        migrate::inspect(&db)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "trusted_schema", false)?;
        migrate::migrate(&mut db)?;
        Ok(Self { db, _in_use: None })
    }

    /// Which state of the library this connection sees: whenever anybody has changed it, this process or
    /// another, the number pair is a new one.
    pub fn edition(&self) -> Result<(i64, i64)> {
        let mut statement = self
            .db
            .prepare_cached("SELECT data_version, total_changes() FROM pragma_data_version")?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Starts a transaction; what is not committed never happened. Waits for another writer.
    pub fn begin(&mut self) -> Result<Transaction<'_>> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Transaction { tx })
    }

    /// Music folders.
    pub fn sources(&self) -> Sources<'_> {
        Sources { db: &self.db }
    }

    /// Files on disk.
    pub fn files(&self) -> Files<'_> {
        Files { db: &self.db }
    }

    /// Songs of the catalogue.
    pub fn songs(&self) -> Songs<'_> {
        Songs { db: &self.db }
    }

    /// Crawls of the catalogue.
    pub fn crawls(&self) -> Crawls<'_> {
        Crawls { db: &self.db }
    }

    /// Tracks: metadata, search, status.
    pub fn tracks(&self) -> Tracks<'_> {
        Tracks { db: &self.db }
    }

    /// What models made of tracks.
    pub fn vectors(&self) -> Vectors<'_> {
        Vectors { db: &self.db }
    }

    /// Names of a model's tags.
    pub fn tag_names(&self) -> TagNames<'_> {
        TagNames { db: &self.db }
    }

    /// What is to be analysed, and what failed.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs { db: &self.db }
    }

    /// Frozen library statistics.
    pub fn spaces(&self) -> Spaces<'_> {
        Spaces { db: &self.db }
    }

    /// How near each track is to its neighbours.
    pub fn hubs(&self) -> Hubs<'_> {
        Hubs { db: &self.db }
    }

    /// Which tracks are versions of one song.
    pub fn versions(&self) -> Versions<'_> {
        Versions { db: &self.db }
    }

    /// What the library uses and is to use.
    pub fn settings(&self) -> Settings<'_> {
        Settings { db: &self.db }
    }

    /// Votes between two models' lists.
    pub fn votes(&self) -> Votes<'_> {
        Votes { db: &self.db }
    }

    /// Throughlines.
    pub fn throughlines(&self) -> Throughlines<'_> {
        Throughlines { db: &self.db }
    }

    /// What the listener said.
    pub fn events(&self) -> Events<'_> {
        Events { db: &self.db }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.db
    }
}

/// Changes that happen together or not at all. Dropped without [`Transaction::commit`], none happen.
pub struct Transaction<'a> {
    tx: rusqlite::Transaction<'a>,
}

impl Transaction<'_> {
    /// Makes the changes last.
    pub fn commit(self) -> Result<()> {
        Ok(self.tx.commit()?)
    }

    /// Files on disk, as this transaction sees them.
    pub fn files(&self) -> Files<'_> {
        Files { db: &self.tx }
    }

    /// Frozen library statistics, as this transaction sees them.
    pub fn spaces(&self) -> Spaces<'_> {
        Spaces { db: &self.tx }
    }

    /// What the library uses and is to use, as this transaction sees it.
    pub fn settings(&self) -> Settings<'_> {
        Settings { db: &self.tx }
    }

    /// Writes music folders.
    pub fn sources_mut(&self) -> SourcesMut<'_> {
        SourcesMut { db: &self.tx }
    }

    /// Writes files on disk.
    pub fn files_mut(&self) -> FilesMut<'_> {
        FilesMut { db: &self.tx }
    }

    /// Songs of the catalogue, as this transaction sees them.
    pub fn songs(&self) -> Songs<'_> {
        Songs { db: &self.tx }
    }

    /// Writes songs of the catalogue.
    pub fn songs_mut(&self) -> SongsMut<'_> {
        SongsMut { db: &self.tx }
    }

    /// Crawls of the catalogue, as this transaction sees them.
    pub fn crawls(&self) -> Crawls<'_> {
        Crawls { db: &self.tx }
    }

    /// Writes crawls of the catalogue.
    pub fn crawls_mut(&self) -> CrawlsMut<'_> {
        CrawlsMut { db: &self.tx }
    }

    /// Writes what is to be analysed, and what failed.
    pub fn jobs_mut(&self) -> JobsMut<'_> {
        JobsMut { db: &self.tx }
    }

    /// Writes the names of a model's tags.
    pub fn tag_names_mut(&self) -> TagNamesMut<'_> {
        TagNamesMut { db: &self.tx }
    }

    /// Writes library statistics.
    pub fn spaces_mut(&self) -> SpacesMut<'_> {
        SpacesMut { db: &self.tx }
    }

    /// Writes hub terms.
    pub fn hubs_mut(&self) -> HubsMut<'_> {
        HubsMut { db: &self.tx }
    }

    /// Writes versions.
    pub fn versions_mut(&self) -> VersionsMut<'_> {
        VersionsMut { db: &self.tx }
    }

    /// Writes throughlines.
    pub fn throughlines_mut(&self) -> ThroughlinesMut<'_> {
        ThroughlinesMut { db: &self.tx }
    }

    /// Writes what the library uses and is to use.
    pub fn settings_mut(&self) -> SettingsMut<'_> {
        SettingsMut { db: &self.tx }
    }

    /// Appends votes.
    pub fn votes_mut(&self) -> VotesMut<'_> {
        VotesMut { db: &self.tx }
    }

    /// Appends events.
    pub fn events_mut(&self) -> EventsMut<'_> {
        EventsMut { db: &self.tx }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.tx
    }
}

#[cfg(test)]
mod tests;
