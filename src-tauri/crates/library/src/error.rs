//! What can go wrong with a library, in words that say what to do.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// A result whose error is a [`LibraryError`].
pub type Result<T, E = LibraryError> = std::result::Result<T, E>;

/// Why the library could not do what was asked. Nothing was changed by the call that failed.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The file is no database, not a library of ours, its pages contradict each other, or a value is not
    /// of the type that was written. It is left as it is.
    #[error("the library is damaged or is not one: {detail}")]
    Damaged {
        /// Which file or page, and what is wrong with it.
        detail: String,
    },
    /// A newer version of the program has written the file.
    #[error(
        "the library has schema {found}, this version knows schemas up to {known}: update the program"
    )]
    Newer {
        /// Schema of the file.
        found: u32,
        /// Newest schema that this binary knows.
        known: u32,
    },
    /// The library's folder cannot be made.
    #[error("the library folder {} cannot be used: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A value in one row is not what the table promises, or is refused before it is written.
    #[error("{table} {row}: {detail}")]
    Row {
        /// The table.
        table: &'static str,
        /// Identity of the row.
        row: i64,
        /// What is wrong with it.
        detail: String,
    },
    /// A model's answer that cannot be kept: lengths that contradict each other, values that are no
    /// numbers or too great for 16 bits.
    #[error("the model's answer cannot be kept: {detail}")]
    Features {
        /// What is wrong with it.
        detail: String,
    },
    /// A setting is not what this version writes.
    #[error("the library's setting “{key}” cannot be read: {detail}")]
    Setting {
        /// Its key.
        key: String,
        /// What is wrong with its value.
        detail: String,
    },
    /// There is no such row.
    #[error("there is no {table} {row}")]
    Unknown {
        /// The table.
        table: &'static str,
        /// Identity that was asked for.
        row: i64,
    },
    /// Another throughline is called so.
    #[error("there is a throughline called “{0}” already: choose another name")]
    NameTaken(String),
    /// Another program held the library for longer than [`crate::BUSY_TIMEOUT`].
    #[error("the library is in use by another program: try again")]
    Busy,
    /// The disk is full.
    #[error("the disk is full: free some space and try again")]
    Full,
    /// The library's file cannot be opened or written.
    #[error("the library cannot be opened for writing: check the permissions of its folder")]
    ReadOnly,
    /// The disk did not read or write: it is unplugged, over its quota, or broken.
    #[error("the disk did not read or write: see that it is connected and has room ({0})")]
    Disk(rusqlite::Error),
    /// Anything else that the database said.
    #[error("the database failed: {0}")]
    Database(rusqlite::Error),
}

/// Whether a value was read that no table of ours holds: of another type, or a text that is not UTF-8.
pub(crate) fn is_misread(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, InvalidColumnType, Utf8Error};
    matches!(
        error,
        InvalidColumnType(..) | FromSqlConversionFailure(..) | Utf8Error(..)
    )
}

impl From<rusqlite::Error> for LibraryError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            None if is_misread(&error) => Self::Damaged {
                detail: error.to_string(),
            },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                detail: error.to_string(),
            },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::ReadOnly
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk(error),
            _ => Self::Database(error),
        }
    }
}
