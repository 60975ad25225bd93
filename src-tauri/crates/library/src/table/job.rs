//! What became of a file under a recipe: to be analysed, analysed, or failed and why. A failure can be
//! hidden from the listener; it is no less of one.

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
    /// Whether the listener does not want to see it.
    pub hidden: bool,
}

/// Which failures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Failures {
    /// All of them.
    #[default]
    All,
    /// Those of this kind of reason, a [`Failure::code`].
    Reason(String),
    /// That of this file.
    File(FileId),
}

impl Failures {
    /// Parameters 3 and 4 of [`CHOSEN`].
    fn columns(&self) -> (Option<&str>, Option<i64>) {
        match self {
            Self::All => (None, None),
            Self::Reason(code) => (Some(code), None),
            Self::File(file) => (None, Some(file.0)),
        }
    }
}

/// How many failures have one kind of reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonCount {
    /// The kind of reason.
    pub code: String,
    /// The reason of one of them, in words.
    pub reason: String,
    /// Those that are shown.
    pub shown: u64,
    /// Those that are hidden.
    pub hidden: u64,
}

/// Reads jobs.
pub struct Jobs<'a> {
    pub(crate) db: &'a Connection,
}

impl Jobs<'_> {
    /// Files in music folders that are there and songs of the catalogue that could not be analysed under
    /// `recipe`, by path, hidden ones too.
    pub fn failures(&self, recipe: &Recipe) -> Result<Vec<Failed>> {
        self.page(recipe, &Failures::All, None, 0, usize::MAX)
    }

    /// Of the same, those that `which` chooses and that are `hidden`, or either: at most `limit` from number
    /// `offset` on.
    pub fn page(
        &self,
        recipe: &Recipe,
        which: &Failures,
        hidden: Option<bool>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Failed>> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT file.id, path, reason_code, reason, tries, hidden
             FROM job JOIN file ON file.id = job.file_id
             WHERE {OPEN} AND {CHOSEN} AND source_id IS NOT NULL AND missing = 0 AND (?5 IS NULL OR hidden = ?5)
             ORDER BY path LIMIT ?6 OFFSET ?7"
        ))?;
        let (code, file) = which.columns();
        let size = |n| i64::try_from(n).unwrap_or(i64::MAX);
        let chosen = params![
            recipe.model.0,
            recipe.feature_version.0,
            code,
            file,
            hidden,
            size(limit),
            size(offset),
        ];
        let rows = statement.query_map(chosen, |row| {
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
                hidden: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The kinds of reasons that files failed for, the most frequent first.
    pub fn reasons(&self, recipe: &Recipe) -> Result<Vec<ReasonCount>> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT reason_code, min(reason), count(*) FILTER (WHERE NOT hidden), sum(hidden)
             FROM job JOIN file ON file.id = job.file_id
             WHERE {OPEN} AND state = 'failed' AND source_id IS NOT NULL AND missing = 0
             GROUP BY reason_code ORDER BY count(*) DESC, reason_code"
        ))?;
        let rows =
            statement.query_map(params![recipe.model.0, recipe.feature_version.0], |row| {
                Ok(ReasonCount {
                    code: row.get(0)?,
                    reason: row.get(1)?,
                    shown: row.get(2)?,
                    hidden: row.get(3)?,
                })
            })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Of the [`OPEN`] jobs, failed ones that [`Failures::columns`] choose.
const CHOSEN: &str = "state = 'failed'
    AND (?3 IS NULL OR reason_code = ?3) AND (?4 IS NULL OR file_id = ?4)";

/// Jobs of the recipe in parameters 1 and 2 that are not done. They have an index of their own, which is used where a
/// query repeats its condition word by word.
pub(crate) const OPEN: &str = "model = ?1 AND feature_version = ?2 AND state <> 'done'";

/// Writes jobs.
pub struct JobsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl JobsMut<'_> {
    /// Lets the failures `which` under `recipe` be done again. Returns how many there are.
    pub fn retry(&self, recipe: &Recipe, which: &Failures) -> Result<usize> {
        let (code, file) = which.columns();
        let sql = format!(
            "UPDATE job SET state = 'pending', reason_code = NULL, reason = NULL
             WHERE {OPEN} AND {CHOSEN}"
        );
        let chosen = params![recipe.model.0, recipe.feature_version.0, code, file];
        Ok(self.db.prepare_cached(&sql)?.execute(chosen)?)
    }

    /// Hides the failures `which` under `recipe` from the listener, or shows them again. Returns how many
    /// there are.
    pub fn hide(&self, recipe: &Recipe, which: &Failures, hidden: bool) -> Result<usize> {
        let (code, file) = which.columns();
        let sql = format!("UPDATE job SET hidden = ?5 WHERE {OPEN} AND {CHOSEN}");
        let chosen = params![recipe.model.0, recipe.feature_version.0, code, file, hidden];
        Ok(self.db.prepare_cached(&sql)?.execute(chosen)?)
    }

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
                    hidden = hidden AND size = excluded.size AND mtime_ns = excluded.mtime_ns,
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
