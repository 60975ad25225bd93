//! What can be saved out of a damaged library: its rows, table by table, into a new file.
//!
//! Nothing is written to the damaged file. A copy of it is read, the rows that can be read go into a new
//! library, which is checked, and only then the two change places: the damaged one is kept beside, under
//! another name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

use crate::db::{FILE_NAME, Library};
use crate::error::{LibraryError, Result, is_misread};
use crate::in_use::InUse;
use crate::migrate;

mod mend;
mod read;
mod swap;

pub(crate) use swap::{finish, is_unfinished};

/// What became of a damaged library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvage {
    /// Where the damaged file is now, byte for byte as it was.
    pub kept: PathBuf,
    /// What became of each table, what the listener said first.
    pub tables: Vec<Salvaged>,
    /// Tracks whose description was lost and whose thumbs, seeds or files were not: the next build that
    /// finds their files describes them again.
    pub nameless: u64,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// The table.
    pub table: &'static str,
    /// Rows that are in the new library.
    pub saved: u64,
    /// Rows that there were, where that could still be counted.
    pub of: Option<u64>,
}

/// Every table in the order of its worth: first what nobody can say again but the listener, then what
/// another scan or another build finds again. Should the disk be full in the middle, nothing is changed.
const BY_WORTH: [&str; 19] = [
    "throughline",
    "event",
    "vote",
    "setting",
    "source",
    "track",
    "file",
    "vector",
    "variation",
    "tag_name",
    "space",
    "crawl",
    "call",
    "song",
    "skipped",
    "stage",
    "job",
    "hub",
    "version",
];

impl Library {
    /// Salvages the library in `dir`, which nobody may have open ([`LibraryError::Busy`]); `None` when
    /// nothing is wrong with it, and then nothing is changed. Needs room for two more copies of it. A file
    /// that is no library of ours, or a newer one, is refused and left alone; one of which nothing can be
    /// read gives way to an empty library, and is kept like any other.
    pub fn salvage(dir: &Path) -> Result<Option<Salvage>> {
        let _alone = InUse::alone(dir)?;
        finish(dir)?;
        let path = dir.join(FILE_NAME);
        let folder = swap::Workshop::make(dir)?;
        let old = folder.copy_of(&path)?;
        if is_sound(&old)? {
            return Ok(None);
        }
        let new = folder.new_file();
        let (tables, nameless) = rebuild(&old, &new)?;
        let kept = folder.change_places()?;
        Ok(Some(Salvage {
            kept,
            tables,
            nameless,
        }))
    }
}

/// Whether nothing is wrong with the copy of a library at `path`. Says no to damage alone: what is not
/// ours is an error.
fn is_sound(path: &Path) -> Result<bool> {
    let db = Connection::open(path)?;
    let found = match migrate::inspect(&db) {
        Err(error @ LibraryError::Damaged { .. }) if migrate::is_foreign(&db) => return Err(error),
        Err(error) => Err(error),
        Ok(_) => Library::prepare(db).and_then(|library| library.health()),
    };
    match found {
        Ok(health) => Ok(health.problems.is_empty()),
        Err(LibraryError::Damaged { .. } | LibraryError::Row { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Fills a new library at `new` with the rows of `old`; gives what became of each table, and how many
/// tracks stand for lost ones.
fn rebuild(old: &Path, new: &Path) -> Result<(Vec<Salvaged>, u64)> {
    let old = Connection::open(old)?;
    // A table whose description is damaged must not take the others with it.
    let _ = old.pragma_update(None, "writable_schema", true);
    let _ = old.pragma_update(None, "cell_size_check", true);
    let schema = known_schema(&old)?;

    let mut new = Connection::open(new)?;
    new.pragma_update(None, "foreign_keys", false)?;
    migrate::make(&mut new, schema)?;
    new.execute("DELETE FROM throughline", [])?;
    let here = tables(&new)?;
    let mut salvaged = Vec::new();
    for table in BY_WORTH {
        if !here.contains(table) {
            continue;
        }
        let tx = new.transaction()?;
        let saved = read::copy(&old, &tx, table)?;
        tx.commit()?;
        let of = read::count(&old, table).map(|rows| rows.max(saved));
        salvaged.push(Salvaged { table, saved, of });
    }
    migrate::migrate(&mut new)?;
    let nameless = mend::mend(&mut new)?;
    new.close().map_err(|(_, error)| error)?;
    Ok((salvaged, nameless))
}

/// Schema of a damaged file: what it says, or the newest where nothing can be read of it.
fn known_schema(old: &Connection) -> Result<u32> {
    match migrate::inspect(old) {
        Ok(0) | Err(LibraryError::Damaged { .. }) => {
            let said = old.query_row("PRAGMA user_version", [], |row| row.get(0));
            Ok(said
                .ok()
                .filter(|said| (1..=migrate::SCHEMA).contains(said))
                .unwrap_or(migrate::SCHEMA))
        }
        found => found,
    }
}

fn tables(db: &Connection) -> Result<BTreeSet<String>> {
    let mut statement = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether `error` says that a page or a row cannot be read, and others may.
fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::SystemIoFailure
                | ErrorCode::Unknown
        )
    ) || is_misread(error)
}
