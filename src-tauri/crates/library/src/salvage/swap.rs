//! Two files change places, whenever the process is killed.
//!
//! The new library is ready once it bears [`READY`]. From then on each step can be the last one: whoever
//! opens the library next takes those that are left.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use crate::db::FILE_NAME;
use crate::error::{LibraryError, Result};

/// Name of a new library that is to take the place of the damaged one.
const READY: &str = "library-salvaged.db";

/// Name of the folder in which it is made.
const WORKSHOP: &str = "salvage.partial";

/// What `SQLite` keeps beside a database and may hold rows of its own.
const LOG: &str = "-wal";

/// What it keeps beside one and makes anew.
const SHARED: &str = "-shm";

/// A folder for what is being made. It goes when dropped, whatever became of it.
pub(super) struct Workshop {
    dir: PathBuf,
    folder: PathBuf,
}

impl Workshop {
    pub fn make(dir: &Path) -> Result<Self> {
        let folder = dir.join(WORKSHOP);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(at(&folder)(error)),
            _ => {}
        }
        fs::create_dir(&folder).map_err(at(&folder))?;
        Ok(Self {
            dir: dir.to_owned(),
            folder,
        })
    }

    /// A copy of the library at `path`, with what its log holds.
    pub fn copy_of(&self, path: &Path) -> Result<PathBuf> {
        let copy = self.folder.join("old.db");
        fs::copy(path, &copy).map_err(at(path))?;
        match fs::copy(beside(path, LOG), beside(&copy, LOG)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(at(path)(error)),
            _ => Ok(copy),
        }
    }

    /// Where the new library is to be made.
    pub fn new_file(&self) -> PathBuf {
        self.folder.join("new.db")
    }

    /// Puts the new library in the place of the damaged one; gives where that is now.
    pub fn change_places(&self) -> Result<PathBuf> {
        let kept = first_free(&self.dir);
        fs::rename(self.new_file(), self.dir.join(READY)).map_err(at(&self.dir))?;
        finish(&self.dir)?;
        Ok(kept)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, "a copy of the damaged library is left");
        }
    }
}

/// Whether an exchange was begun in `dir` and has steps left.
pub(crate) fn is_unfinished(dir: &Path) -> bool {
    dir.join(READY).exists()
}

/// Takes the steps that are left of an exchange in `dir`, where nobody may have the library open; nothing
/// where none was begun. The log goes first: one that finds another database beside it would be written
/// into that.
pub(crate) fn finish(dir: &Path) -> Result<()> {
    if !is_unfinished(dir) {
        return Ok(());
    }
    let (path, kept) = (dir.join(FILE_NAME), first_free(dir));
    let gone = |result: Result<(), Error>| match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(at(&path)(error)),
        _ => Ok(()),
    };
    gone(fs::rename(beside(&path, LOG), beside(&kept, LOG)))?;
    gone(fs::remove_file(beside(&path, SHARED)))?;
    gone(fs::rename(&path, &kept))?;
    gone(fs::rename(dir.join(READY), &path))
}

/// The first name that no damaged library has yet.
fn first_free(dir: &Path) -> PathBuf {
    let name = |n: u32| dir.join(format!("library-damaged-{n}.db"));
    let free = (1..u32::MAX).map(name).find(|path| !path.exists());
    free.unwrap_or_else(|| name(u32::MAX))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// What the system says of `path`.
fn at(path: &Path) -> impl Fn(Error) -> LibraryError {
    let path = path.to_owned();
    move |source| match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => LibraryError::Full,
        _ => LibraryError::Folder {
            path: path.clone(),
            source,
        },
    }
}
