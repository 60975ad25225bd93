//! Throughlines: what seeds and thumbs belong to. Exactly one is open.

use rusqlite::{Connection, OptionalExtension, Row, params};
use throughline_core::feedback::ThroughlineId;

use super::must_exist;
use crate::error::{LibraryError, Result};

/// A throughline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throughline {
    /// Its identity.
    pub id: ThroughlineId,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// When it was made, Unix milliseconds; 0 for the one that a new library has.
    pub created_at: i64,
    /// Whether it is the open one.
    pub open: bool,
}

const COLUMNS: &str = "SELECT id, name, created_at, open FROM throughline";

/// Reads throughlines.
pub struct Throughlines<'a> {
    pub(crate) db: &'a Connection,
}

impl Throughlines<'_> {
    /// The open one.
    pub fn open(&self) -> Result<Throughline> {
        let mut statement = self
            .db
            .prepare_cached(&format!("{COLUMNS} WHERE open = 1"))?;
        Ok(statement.query_row([], throughline)?)
    }

    /// The one called `name`.
    pub fn named(&self, name: &str) -> Result<Option<Throughline>> {
        let mut statement = self
            .db
            .prepare_cached(&format!("{COLUMNS} WHERE name = ?1"))?;
        Ok(statement.query_row([name], throughline).optional()?)
    }

    /// All of them, in the order in which they were made.
    pub fn all(&self) -> Result<Vec<Throughline>> {
        let mut statement = self.db.prepare_cached(&format!("{COLUMNS} ORDER BY id"))?;
        let rows = statement.query_map([], throughline)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Writes throughlines.
pub struct ThroughlinesMut<'a> {
    pub(crate) db: &'a Connection,
}

impl ThroughlinesMut<'_> {
    /// The one called `name`, made if there is none; the open one stays open.
    pub fn named(&self, name: &str, now: i64) -> Result<Throughline> {
        self.db
            .prepare_cached(
                "INSERT INTO throughline (name, created_at, open) VALUES (?1, ?2, 0)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![name, now])?;
        let mut statement = self
            .db
            .prepare_cached(&format!("{COLUMNS} WHERE name = ?1"))?;
        Ok(statement.query_row([name], throughline)?)
    }

    /// Calls a throughline `name`, or nothing. Refused when another is called so.
    pub fn rename(&self, throughline_id: ThroughlineId, name: Option<&str>) -> Result<()> {
        must_exist(self.db, "throughline", throughline_id.0)?;
        let renamed = self
            .db
            .prepare_cached("UPDATE OR IGNORE throughline SET name = ?2 WHERE id = ?1")?
            .execute(params![throughline_id.0, name])?;
        match name {
            Some(name) if renamed == 0 => Err(LibraryError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }

    /// Opens a new unnamed one; the one that was open stays on the list.
    pub fn start(&self, now: i64) -> Result<Throughline> {
        self.db
            .prepare_cached(
                "INSERT INTO throughline (name, created_at, open) VALUES (NULL, ?1, 0)",
            )?
            .execute([now])?;
        self.open(ThroughlineId(self.db.last_insert_rowid()))
    }

    /// Opens a throughline instead of the one that is open.
    pub fn open(&self, throughline_id: ThroughlineId) -> Result<Throughline> {
        must_exist(self.db, "throughline", throughline_id.0)?;
        self.db
            .prepare_cached("UPDATE throughline SET open = 0 WHERE open = 1")?
            .execute([])?;
        self.db
            .prepare_cached("UPDATE throughline SET open = 1 WHERE id = ?1")?
            .execute([throughline_id.0])?;
        Throughlines { db: self.db }.open()
    }
}

fn throughline(row: &Row<'_>) -> rusqlite::Result<Throughline> {
    Ok(Throughline {
        id: ThroughlineId(row.get(0)?),
        name: row.get(1)?,
        created_at: row.get(2)?,
        open: row.get(3)?,
    })
}
