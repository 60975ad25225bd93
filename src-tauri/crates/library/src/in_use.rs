//! Who has a library open: any number of users, or one alone while its files change places.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::{LibraryError, Result};

/// Name of the empty file that carries the lock. It stays: taken away, it could be locked twice.
const LOCK_NAME: &str = "library.lock";

/// Held by who has the library open, over all processes. Where the file system knows no locks, or the
/// folder cannot be written, nobody is kept out.
pub(crate) struct InUse {
    _file: Option<File>,
}

impl InUse {
    /// One of many. [`LibraryError::Busy`] while somebody is alone with it.
    pub fn shared(dir: &Path) -> Result<Self> {
        Self::lock(dir, File::try_lock_shared)
    }

    /// Alone. [`LibraryError::Busy`] while anybody else has it open.
    pub fn alone(dir: &Path) -> Result<Self> {
        Self::lock(dir, File::try_lock)
    }

    fn lock(dir: &Path, how: impl FnOnce(&File) -> Result<(), TryLockError>) -> Result<Self> {
        let opened = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join(LOCK_NAME));
        let Ok(file) = opened else {
            return Ok(Self { _file: None });
        };
        match how(&file) {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(LibraryError::Busy),
            Err(TryLockError::Error(_)) => Ok(Self { _file: None }),
        }
    }
}
