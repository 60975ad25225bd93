//! What became of a file under a recipe: to be analysed, analysed, or failed and why.

use std::path::PathBuf;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, params};
use throughline_core::catalog::SongId;
use throughline_core::embedding::Recipe;

use super::{FileId, Stat};
use crate::error::Result;
use crate::{os_path, place};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// To be analysed.
    Pending,
    /// Analysed.
    Done,
    /// It could not be analysed.
    Failed,
}

impl JobState {
    /// Whether nothing is left to do until the file changes.
    pub fn is_settled(self) -> bool {
        self != Self::Pending
    }
}

impl FromSql for JobState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "pending" => Ok(Self::Pending),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// What became of a file, and what the file looked like then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Where it stands.
    pub state: JobState,
    /// What the file looked like.
    pub stat: Stat,
}

/// Why a file could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A short name for the kind of reason, as in `silent`.
    pub code: String,
    /// The reason in words.
    pub reason: String,
}

/// A file that could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The file.
    pub file: FileId,
    /// Where it lies. A song of the catalogue lies nowhere: its address, as in `itunes:42`.
    pub path: PathBuf,
    /// Its number, where it is a song of the catalogue.
    pub song: Option<SongId>,
    /// Why.
    pub failure: Failure,
    /// How often it was tried as it is.
    pub tries: u32,
}

/// Reads jobs.
pub struct Jobs<'a> {
    pub(crate) db: &'a Connection,
}

impl Jobs<'_> {
    /// Files in music folders that are there and songs of the catalogue that could not be analysed under
    /// `recipe`, by path.
    pub fn failures(&self, recipe: &Recipe) -> Result<Vec<Failed>> {
        let mut statement = self.db.prepare_cached(
            "SELECT file.id, path, reason_code, reason, tries
             FROM job JOIN file ON file.id = job.file_id
             WHERE model = ?1 AND feature_version = ?2 AND state = 'failed'
                AND source_id IS NOT NULL AND missing = 0
             ORDER BY path",
        )?;
        let rows =
            statement.query_map(params![recipe.model.0, recipe.feature_version.0], |row| {
                let path: Vec<u8> = row.get(1)?;
                Ok(Failed {
                    file: FileId(row.get(0)?),
                    song: place::song(&path),
                    path: os_path::from_bytes(path),
                    failure: Failure {
                        code: row.get(2)?,
                        reason: row.get(3)?,
                    },
                    tries: row.get(4)?,
                })
            })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Writes jobs.
pub struct JobsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl JobsMut<'_> {
    /// A job that is to be done; tries count as long as the file looks the same.
    pub(crate) fn pend(&self, file: FileId, recipe: &Recipe, stat: Stat) -> Result<()> {
        self.put(file, recipe, JobState::Pending, stat, None)
    }

    /// A job that is done.
    pub(crate) fn finish(&self, file: FileId, recipe: &Recipe, stat: Stat) -> Result<()> {
        self.put(file, recipe, JobState::Done, stat, None)
    }

    /// A job that failed.
    pub(crate) fn fail(
        &self,
        file: FileId,
        recipe: &Recipe,
        stat: Stat,
        why: &Failure,
    ) -> Result<()> {
        self.put(file, recipe, JobState::Failed, stat, Some(why))
    }

    fn put(
        &self,
        file: FileId,
        recipe: &Recipe,
        state: JobState,
        stat: Stat,
        why: Option<&Failure>,
    ) -> Result<()> {
        let (state, tried) = match state {
            JobState::Pending => ("pending", 0),
            JobState::Done => ("done", 1),
            JobState::Failed => ("failed", 1),
        };
        self.db
            .prepare_cached(
                "INSERT INTO job (file_id, model, feature_version, state, reason_code, reason,
                    size, mtime_ns, tries)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT DO UPDATE SET state = excluded.state,
                    reason_code = excluded.reason_code, reason = excluded.reason,
                    tries = excluded.tries + iif(
                        size = excluded.size AND mtime_ns = excluded.mtime_ns, tries, 0),
                    size = excluded.size, mtime_ns = excluded.mtime_ns",
            )?
            .execute(params![
                file.0,
                recipe.model.0,
                recipe.feature_version.0,
                state,
                why.map(|why| &why.code),
                why.map(|why| &why.reason),
                stat.size,
                stat.mtime_ns,
                tried,
            ])?;
        Ok(())
    }
}
