//! Music folders.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::must_exist;
use crate::error::Result;
use crate::os_path;

/// Identity of a music folder in one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub i64);

/// A music folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its identity.
    pub id: SourceId,
    /// The folder, as it was added.
    pub path: PathBuf,
    /// When it was added, Unix milliseconds.
    pub added_at: i64,
    /// Tracks with a file in it, present or missing.
    pub tracks: u64,
}

/// Reads music folders.
pub struct Sources<'a> {
    pub(crate) db: &'a Connection,
}

impl Sources<'_> {
    /// All of them, in the order in which they were added. The catalogue is none.
    pub fn all(&self) -> Result<Vec<Source>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, path, added_at,
                (SELECT count(DISTINCT track_id) FROM file WHERE source_id = source.id)
             FROM source WHERE kind = 'folder' ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Source {
                id: SourceId(row.get(0)?),
                path: os_path::from_bytes(row.get(1)?),
                added_at: row.get(2)?,
                tracks: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Where they all are, and whether the library has files of each: quicker than counting them.
    pub fn places(&self) -> Result<Vec<(SourceId, PathBuf, bool)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, path, EXISTS (SELECT 1 FROM file WHERE source_id = source.id)
             FROM source WHERE kind = 'folder' ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                SourceId(row.get(0)?),
                os_path::from_bytes(row.get(1)?),
                row.get(2)?,
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Writes music folders.
pub struct SourcesMut<'a> {
    pub(crate) db: &'a Connection,
}

impl SourcesMut<'_> {
    /// Adds the folder `path`, absolute; one that is there already keeps its identity. Files that are
    /// known below it become its own.
    pub fn add(&self, path: &Path, now: i64) -> Result<SourceId> {
        // Without a trailing separator, so that a folder has one spelling.
        let path = os_path::to_bytes(&path.components().collect::<PathBuf>());
        self.db
            .prepare_cached(
                "INSERT INTO source (path, added_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![path, now])?;
        let id = self
            .db
            .prepare_cached("SELECT id FROM source WHERE path = ?1")?
            .query_row([&path], |row| row.get(0))?;
        let (low, high) = os_path::below(&path);
        self.db
            .prepare_cached(
                "UPDATE file SET source_id = ?1
                 WHERE path >= ?2 AND path < ?3 AND coalesce(
                     (SELECT length(path) FROM source WHERE id = file.source_id), 0) < ?4",
            )?
            .execute(params![id, low, high, path.len()])?;
        Ok(SourceId(id))
    }

    /// Takes a folder off the list, and its files with it; nothing on disk is touched. Tracks, their
    /// vectors and events stay, so that adding it again decodes nothing. A file whose track the
    /// listener has seeded or rated stays as a guest; one below another folder becomes that one's.
    pub fn remove(&self, source: SourceId) -> Result<()> {
        must_exist(self.db, "source", source.0)?;
        for (other, path) in by_depth(self.db)? {
            let (low, high) = os_path::below(&path);
            self.db
                .prepare_cached(
                    "UPDATE file SET source_id = ?2
                     WHERE source_id = ?1 AND ?1 <> ?2 AND path >= ?3 AND path < ?4",
                )?
                .execute(params![source.0, other.0, low, high])?;
        }
        self.db
            .prepare_cached(
                "UPDATE file SET source_id = NULL
                 WHERE source_id = ?1 AND track_id IN (SELECT track_id FROM event)",
            )?
            .execute([source.0])?;
        self.db
            .prepare_cached("DELETE FROM file WHERE source_id = ?1")?
            .execute([source.0])?;
        self.db
            .prepare_cached("DELETE FROM source WHERE id = ?1")?
            .execute([source.0])?;
        Ok(())
    }
}

/// Folders with their paths, the deepest first: a file belongs to the first that it lies below.
pub(crate) fn by_depth(db: &Connection) -> Result<Vec<(SourceId, Vec<u8>)>> {
    let mut statement = db.prepare_cached(
        "SELECT id, path FROM source WHERE kind = 'folder' ORDER BY length(path) DESC, id",
    )?;
    let rows = statement.query_map([], |row| Ok((SourceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
