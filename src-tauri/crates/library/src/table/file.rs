//! Files on disk: where tracks lie. Songs of the catalogue have rows here too, see `place`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use throughline_core::embedding::Recipe;
use throughline_core::track::TrackId;

use super::source::by_depth;
use super::{Job, JobsMut, SourceId};
use crate::error::{LibraryError, Result};
use crate::{os_path, place};

/// Identity of a file in one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub i64);

/// What tells without reading a file whether it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Length in bytes.
    pub size: u64,
    /// Time of the last change, Unix nanoseconds.
    pub mtime_ns: i64,
}

/// A file that a scan found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// Where, absolute.
    pub path: PathBuf,
    /// What it looked like.
    pub stat: Stat,
}

/// What the library knows of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its identity.
    pub id: FileId,
    /// What it looked like when it was last planned.
    pub stat: Stat,
    /// The track it holds, once that is known.
    pub track: Option<TrackId>,
    /// Whether the last scan did not find it.
    pub missing: bool,
    /// What became of it under the recipe that was asked for.
    pub job: Option<Job>,
}

impl KnownFile {
    /// Whether nothing is left to do for a file that looks like `stat`: it was analysed, or failed,
    /// when it looked the same.
    pub fn settled(&self, stat: Stat) -> bool {
        self.job
            .as_ref()
            .is_some_and(|job| job.state.is_settled() && job.stat == stat)
    }
}

/// Reads files.
pub struct Files<'a> {
    pub(crate) db: &'a Connection,
}

/// Columns of [`KnownFile`], path first; parameters 1 and 2 are the recipe.
const KNOWN: &str = "SELECT path, file.id, file.size, file.mtime_ns, track_id, missing,
        job.state, job.size, job.mtime_ns
    FROM file LEFT JOIN job ON job.file_id = file.id AND model = ?1 AND feature_version = ?2";

impl Files<'_> {
    /// Every known file below a folder, for a scan to compare with.
    pub fn under(&self, source: SourceId, recipe: &Recipe) -> Result<HashMap<PathBuf, KnownFile>> {
        let (low, high) = self.below(source)?;
        let mut statement = self
            .db
            .prepare_cached(&format!("{KNOWN} WHERE path >= ?3 AND path < ?4"))?;
        let rows = statement.query_map(
            params![recipe.model.0, recipe.feature_version.0, low, high],
            known,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many files below a folder the last scan did not find.
    pub fn missing_under(&self, source: SourceId) -> Result<u64> {
        let (low, high) = self.below(source)?;
        let mut statement = self.db.prepare_cached(
            "SELECT count(*) FROM file WHERE path >= ?1 AND path < ?2 AND missing = 1",
        )?;
        Ok(statement.query_row([low, high], |row| row.get(0))?)
    }

    /// The range of paths below a folder.
    fn below(&self, source: SourceId) -> Result<(Vec<u8>, Vec<u8>)> {
        let folder: Vec<u8> = self
            .db
            .prepare_cached("SELECT path FROM source WHERE id = ?1")?
            .query_row([source.0], |row| row.get(0))
            .optional()?
            .ok_or(LibraryError::Unknown {
                table: "source",
                row: source.0,
            })?;
        Ok(os_path::below(&folder))
    }

    /// Whether any file on disk is known, guests included.
    pub fn any(&self) -> Result<bool> {
        let (low, high) = place::songs();
        let mut statement = self.db.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM file WHERE NOT (path >= ?1 AND path < ?2))",
        )?;
        Ok(statement.query_row([low, high], |row| row.get(0))?)
    }

    /// What is known of the file at `path`.
    pub fn at(&self, path: &Path, recipe: &Recipe) -> Result<Option<KnownFile>> {
        let mut statement = self
            .db
            .prepare_cached(&format!("{KNOWN} WHERE path = ?3"))?;
        let path = os_path::to_bytes(path);
        let row = statement.query_row(
            params![recipe.model.0, recipe.feature_version.0, path],
            known,
        );
        Ok(row.optional()?.map(|(_, file)| file))
    }
}

/// Writes files.
pub struct FilesMut<'a> {
    pub(crate) db: &'a Connection,
}

impl FilesMut<'_> {
    /// Notes files that are to be analysed under `recipe`: each becomes known, present, and a pending
    /// job. It belongs to the deepest folder that it lies below; below none it is a guest.
    pub fn plan(&self, recipe: &Recipe, scanned: &[Scanned]) -> Result<Vec<FileId>> {
        let sources = by_depth(self.db)?;
        let mut upsert = self.db.prepare_cached(
            "INSERT INTO file (source_id, path, size, mtime_ns) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (path) DO UPDATE SET source_id = excluded.source_id, size = excluded.size,
                mtime_ns = excluded.mtime_ns, missing = 0
             RETURNING id",
        )?;
        let jobs = JobsMut { db: self.db };
        let mut ids = Vec::with_capacity(scanned.len());
        for Scanned { path, stat } in scanned {
            let path = os_path::to_bytes(path);
            let source = sources.iter().find(|(_, folder)| {
                let (low, high) = os_path::below(folder);
                low <= path && path < high
            });
            let source = source.map(|(id, _)| id.0);
            let id = upsert.query_row(params![source, path, stat.size, stat.mtime_ns], |row| {
                row.get(0)
            })?;
            jobs.pend(FileId(id), recipe, *stat)?;
            ids.push(FileId(id));
        }
        Ok(ids)
    }

    /// Marks files that a scan did not find. One whose track lies elsewhere in its folder has moved:
    /// its row goes. Returns how many of them are now missing.
    pub fn mark_missing(&self, files: &[FileId]) -> Result<usize> {
        let mut mark = self
            .db
            .prepare_cached("UPDATE file SET missing = 1 WHERE id = ?1")?;
        let mut marked = 0;
        for file in files {
            marked += mark.execute([file.0])?;
        }
        let mut forget = self.db.prepare_cached(
            "DELETE FROM file WHERE id = ?1 AND EXISTS (
                SELECT 1 FROM file AS other WHERE other.track_id = file.track_id
                    AND other.source_id = file.source_id AND other.missing = 0)",
        )?;
        for file in files {
            marked -= forget.execute([file.0])?;
        }
        Ok(marked)
    }

    /// Marks files that a scan found again, unchanged.
    pub fn mark_found(&self, files: &[FileId]) -> Result<()> {
        let mut mark = self
            .db
            .prepare_cached("UPDATE file SET missing = 0 WHERE id = ?1")?;
        for file in files {
            mark.execute([file.0])?;
        }
        Ok(())
    }

    /// The track that `file` was last known to hold.
    pub(crate) fn track(&self, file: FileId) -> Result<Option<TrackId>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT track_id FROM file WHERE id = ?1")?;
        let track = statement
            .query_row([file.0], |row| row.get::<_, Option<i64>>(0))
            .optional()?;
        Ok(track
            .ok_or(LibraryError::Unknown {
                table: "file",
                row: file.0,
            })?
            .map(TrackId))
    }

    /// Whether `file` is a song of the catalogue.
    pub(crate) fn is_song(&self, file: FileId) -> Result<bool> {
        let mut statement = self
            .db
            .prepare_cached("SELECT path FROM file WHERE id = ?1")?;
        let path: Option<Vec<u8>> = statement.query_row([file.0], |row| row.get(0)).optional()?;
        Ok(path.is_some_and(|path| place::song(&path).is_some()))
    }

    /// Whether another present file than `file` shows `track`.
    pub(crate) fn shown_elsewhere(&self, track: TrackId, file: FileId) -> Result<bool> {
        let mut statement = self.db.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM file WHERE track_id = ?1 AND missing = 0 AND id <> ?2)",
        )?;
        Ok(statement.query_row([track.0, file.0], |row| row.get(0))?)
    }

    /// Lets the missing files of `track` hold nothing known, so that one that comes back is read anew.
    pub(crate) fn detach_missing(&self, track: TrackId) -> Result<()> {
        let missing = "SELECT id FROM file WHERE track_id = ?1 AND missing = 1";
        self.db
            .prepare_cached(&format!("DELETE FROM job WHERE file_id IN ({missing})"))?
            .execute([track.0])?;
        self.db
            .prepare_cached("UPDATE file SET track_id = NULL WHERE track_id = ?1 AND missing = 1")?
            .execute([track.0])?;
        Ok(())
    }

    /// Lets `file`, which is there and looks like `stat`, hold `track`. Rows of files in its folder
    /// that held the same track and are missing go: the track has moved.
    pub(crate) fn attach(&self, file: FileId, stat: Stat, track: TrackId) -> Result<()> {
        self.db
            .prepare_cached(
                "UPDATE file SET track_id = ?2, size = ?3, mtime_ns = ?4, missing = 0 WHERE id = ?1",
            )?
            .execute(params![file.0, track.0, stat.size, stat.mtime_ns])?;
        self.db
            .prepare_cached(
                "DELETE FROM file WHERE track_id = ?2 AND missing = 1
                 AND source_id = (SELECT source_id FROM file WHERE id = ?1)",
            )?
            .execute([file.0, track.0])?;
        Ok(())
    }
}

fn known(row: &Row<'_>) -> rusqlite::Result<(PathBuf, KnownFile)> {
    let state: Option<_> = row.get(6)?;
    let job = match state {
        Some(state) => Some(Job {
            state,
            stat: Stat {
                size: row.get(7)?,
                mtime_ns: row.get(8)?,
            },
        }),
        None => None,
    };
    let file = KnownFile {
        id: FileId(row.get(1)?),
        stat: Stat {
            size: row.get(2)?,
            mtime_ns: row.get(3)?,
        },
        track: row.get::<_, Option<i64>>(4)?.map(TrackId),
        missing: row.get(5)?,
        job,
    };
    Ok((os_path::from_bytes(row.get(0)?), file))
}
