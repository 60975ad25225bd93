//! The schema: append-only SQL files, counted by `user_version`.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{LibraryError, Result};

/// Marks a `SQLite` file as a library of ours: "THRU" in ASCII.
pub const APPLICATION_ID: u32 = 0x5448_5255;

/// Every migration ever released, in order. A released one is never changed: add another.
const MIGRATIONS: [&str; 7] = [
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_models.sql"),
    include_str!("../migrations/0003_catalogue.sql"),
    include_str!("../migrations/0004_tending.sql"),
    include_str!("../migrations/0005_taste.sql"),
    include_str!("../migrations/0006_origin.sql"),
    include_str!("../migrations/0007_hidden.sql"),
];

/// Newest schema that this binary knows.
pub const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Schema of the file behind `db`, 0 when it is new. Reads only: a file that is not ours stays untouched.
pub(crate) fn inspect(db: &Connection) -> Result<u32> {
    // One statement sees one state, even while another process makes the library.
    let (application_id, found, objects): (u32, u32, u64) = db.query_row(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
         FROM pragma_application_id, pragma_user_version",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let new = application_id == 0 && found == 0 && objects == 0;
    if !new && application_id != APPLICATION_ID {
        return Err(LibraryError::Damaged {
            detail: "it is a database of another program".into(),
        });
    }
    if !new && (found == 0 || objects == 0) {
        return Err(LibraryError::Damaged {
            detail: "its tables are gone".into(),
        });
    }
    if found > SCHEMA {
        return Err(LibraryError::Newer {
            found,
            known: SCHEMA,
        });
    }
    Ok(found)
}

/// Whether the file behind `db` says that it is somebody else's. One that can say nothing is nobody's.
pub(crate) fn is_foreign(db: &Connection) -> bool {
    let said = db.query_row("PRAGMA application_id", [], |row| row.get::<_, u32>(0));
    said.is_ok_and(|said| said != APPLICATION_ID)
}

/// Brings the schema up to [`SCHEMA`], all of it or nothing.
pub(crate) fn migrate(db: &mut Connection) -> Result<()> {
    apply(db, &MIGRATIONS)
}

/// Makes a new library as a binary left it that knew schemas up to `schema`.
pub(crate) fn make(db: &mut Connection, schema: u32) -> Result<()> {
    apply(db, &MIGRATIONS[..MIGRATIONS.len().min(schema as usize)])
}

/// Applies those of `migrations` that the schema does not count yet.
fn apply(db: &mut Connection, migrations: &[&str]) -> Result<()> {
    if inspect(db)? as usize >= migrations.len() {
        return Ok(());
    }
    // Another process may be migrating too: what counts is the version under the write lock.
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = inspect(&tx)?;
    for (version, sql) in (1_u32..).zip(migrations).skip(found as usize) {
        tracing::info!(version, "migrating the library");
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", version)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests;
