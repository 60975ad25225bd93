//! How the library is doing: counts for a status line, and a check-up.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use throughline_core::embedding::Recipe;

use crate::db::{Library, Transaction};
use crate::error::Result;
use crate::table::{OPEN, Vectors};

/// Counts for a status line, under one recipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tracks with a file in a music folder, and embedded songs of the catalogue.
    pub listed: u64,
    /// Of these, tracks that can be ranked: analysed, and there.
    pub ready: u64,
    /// Of these, tracks none of whose files is there.
    pub missing: u64,
    /// Files that are there and songs that are still to be analysed.
    pub pending: u64,
    /// Files that are there and songs that could not be analysed, and are not hidden.
    pub failed: u64,
    /// Those that are hidden.
    pub hidden: u64,
}

/// How much of the library is done under one recipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files and songs that failed, or were analysed as they last were seen.
    pub done: u64,
    /// Files that are there, and songs that are to be embedded.
    pub total: u64,
}

impl Coverage {
    /// Whether nothing is left to do.
    pub fn is_complete(self) -> bool {
        self.done == self.total
    }
}

/// A check-up of the whole library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Version of `SQLite`.
    pub sqlite: &'static str,
    /// Schema of the file.
    pub schema: u32,
    /// What `SQLite` finds wrong with the file; empty when it is sound.
    pub problems: Vec<String>,
    /// Size of the database in bytes, without its log.
    pub bytes: u64,
    /// Rows of every table.
    pub rows: Vec<(&'static str, u64)>,
}

const TABLES: [&str; 19] = [
    "source",
    "file",
    "track",
    "job",
    "vector",
    "tag_name",
    "space",
    "throughline",
    "event",
    "setting",
    "vote",
    "song",
    "crawl",
    "call",
    "skipped",
    "stage",
    "hub",
    "version",
    "variation",
];

impl Library {
    /// Counts for a status line.
    pub fn counts(&self, recipe: &Recipe) -> Result<Counts> {
        let job = format!(
            "SELECT count(*) FROM job JOIN file ON file.id = job.file_id
             WHERE {OPEN} AND source_id IS NOT NULL AND missing = 0"
        );
        let sql = format!(
            "SELECT count(*), count(*) FILTER (WHERE present AND EXISTS (SELECT 1 FROM vector
                    WHERE model = ?1 AND feature_version = ?2 AND track_id = listed.track_id)),
                count(*) FILTER (WHERE NOT present),
                ({job} AND state = 'pending'),
                ({job} AND state = 'failed' AND NOT hidden),
                ({job} AND state = 'failed' AND hidden)
             FROM listed"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(
            statement.query_row(params![recipe.model.0, recipe.feature_version.0], |row| {
                Ok(Counts {
                    listed: row.get(0)?,
                    ready: row.get(1)?,
                    missing: row.get(2)?,
                    pending: row.get(3)?,
                    failed: row.get(4)?,
                    hidden: row.get(5)?,
                })
            })?,
        )
    }

    /// How much of the library is done under `recipe`.
    pub fn coverage(&self, recipe: &Recipe) -> Result<Coverage> {
        coverage(self.connection(), recipe)
    }

    /// Checks the whole file, which takes a second per few hundred megabytes.
    pub fn health(&self) -> Result<Health> {
        let db = self.connection();
        let problems = problems(db)?;
        let count = |table: &'static str| -> Result<(&'static str, u64)> {
            let sql = format!("SELECT count(*) FROM {table}");
            Ok((table, db.query_row(&sql, [], |row| row.get(0))?))
        };
        Ok(Health {
            sqlite: rusqlite::version(),
            schema: db.query_row("PRAGMA user_version", [], |row| row.get(0))?,
            problems,
            bytes: db.query_row(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
                [],
                |row| row.get(0),
            )?,
            rows: TABLES.into_iter().map(count).collect::<Result<_>>()?,
        })
    }
}

/// What is wrong with the library behind `db`: pages, references, texts and vectors that cannot be read.
pub(crate) fn problems(db: &Connection) -> Result<Vec<String>> {
    let lines = |sql| -> Result<Vec<String>> {
        let mut statement = db.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let mut problems =
        lines("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'")?;
    problems.extend(lines(
        "SELECT format('a row of %s points to a missing row of %s', \"table\", parent)
         FROM pragma_foreign_key_check",
    )?);
    let unreadable = Vectors { db }.unreadable()?.into_iter();
    problems.extend(unreadable.map(|(_, error)| error.to_string()));
    // Of what is damaged in other ways not every row can be read.
    if problems.is_empty() {
        for table in TABLES {
            problems.extend(no_texts(db, table)?);
        }
    }
    Ok(problems)
}

/// Columns of `table` whose texts are not all UTF-8, which `SQLite`'s own check does not look at.
fn no_texts(db: &Connection, table: &str) -> Result<Vec<String>> {
    let named = "SELECT name FROM pragma_table_info(?1) WHERE type = 'TEXT'";
    let columns: Vec<String> = db
        .prepare(named)?
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare(&format!("SELECT {} FROM {table}", columns.join(", ")))?;
    let mut rows = statement.query([])?;
    let mut wrong = vec![0_u64; columns.len()];
    while let Some(row) = rows.next()? {
        for (column, wrong) in wrong.iter_mut().enumerate() {
            if let ValueRef::Text(text) = row.get_ref(column)?
                && std::str::from_utf8(text).is_err()
            {
                *wrong += 1;
            }
        }
    }
    let wrong = columns.iter().zip(wrong).filter(|(_, wrong)| *wrong > 0);
    Ok(wrong
        .map(|(column, wrong)| match wrong {
            1 => format!("1 text of {table}.{column} is not UTF-8"),
            _ => format!("{wrong} texts of {table}.{column} are not UTF-8"),
        })
        .collect())
}

impl Transaction<'_> {
    /// How much of the library is done under `recipe`, as this transaction sees it.
    pub fn coverage(&self, recipe: &Recipe) -> Result<Coverage> {
        coverage(self.connection(), recipe)
    }
}

fn coverage(db: &Connection, recipe: &Recipe) -> Result<Coverage> {
    let mut statement = db.prepare_cached(
        "SELECT count(*) FILTER (
                WHERE state = 'failed' OR state = 'done'
                    AND job.size = file.size AND job.mtime_ns = file.mtime_ns),
            count(*)
         FROM file LEFT JOIN job
            ON job.file_id = file.id AND model = ?1 AND feature_version = ?2
         WHERE source_id IS NOT NULL AND missing = 0",
    )?;
    let recipe = params![recipe.model.0, recipe.feature_version.0];
    Ok(statement.query_row(recipe, |row| {
        Ok(Coverage {
            done: row.get(0)?,
            total: row.get(1)?,
        })
    })?)
}
