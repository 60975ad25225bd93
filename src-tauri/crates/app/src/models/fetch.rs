//! Fetches the published files of a model: one after the other, resumed where they were broken off, and
//! put in their place once their digest was found right.
//!
//! What is sent is the address of the file, the byte from which it is wanted, and the name and version
//! of this program.

use std::fs;
use std::time::Duration;

use throughline_catalog::Proxy;
use throughline_models::manifest::{File, Role};

use super::digest::{self, Found};
use super::place::{Place, SPARE_BYTES, sync_folder};
use super::record::{Entry, Record};
use super::watch::{Stop, Watch};
use crate::error::AppError;
use download::{Body, Download};
use part::Part;

mod answer;
mod backoff;
mod client;
mod download;
mod part;
mod speed;

pub use backoff::Backoff;

/// Where models are fetched from unless another address is named: the hub that publishes them.
pub const DEFAULT_BASE_URL: &str = "https://huggingface.co";

/// Names another address, before the default: the hub's own clients heed it too.
pub const ENDPOINT_VARIABLE: &str = "HF_ENDPOINT";

/// How and from where models are fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchSettings {
    /// Address of the hub or of a mirror of it, `http` or `https`.
    pub base_url: String,
    /// The way out.
    pub proxy: Proxy,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long nothing may come in before the connection counts as lost.
    pub stall_timeout: Duration,
    /// Tries in a row, at most, of which only the first may have brought anything; at least 1.
    pub tries: u32,
    /// Waits between tries.
    pub backoff: Backoff,
    /// Longest wait that a server may ask for.
    pub longest_wait: Duration,
    /// Bytes that are to stay free on the disk.
    pub spare_bytes: u64,
}

impl Default for FetchSettings {
    /// The hub itself, and patience for a bad line but not for a dead one: 31 s of waits altogether.
    fn default() -> Self {
        Self {
            base_url: DEFAULT_BASE_URL.to_owned(),
            proxy: Proxy::System,
            connect_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(30),
            tries: 6,
            backoff: Backoff::default(),
            longest_wait: Duration::from_mins(10),
            spare_bytes: SPARE_BYTES,
        }
    }
}

impl FetchSettings {
    /// The default, from the address that [`ENDPOINT_VARIABLE`] names if it does.
    pub fn from_environment() -> Self {
        let named = std::env::var(ENDPOINT_VARIABLE).ok();
        Self {
            base_url: named
                .filter(|url| !url.trim().is_empty())
                .unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
            ..Self::default()
        }
    }
}

/// Fetches what is missing in `place`.
pub(super) fn run(
    place: &Place,
    settings: &FetchSettings,
    watch: &mut Watch<'_>,
) -> Result<(), Stop> {
    let client = client::new(settings).map_err(|reason| network(place, reason))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| AppError::Internal(error.to_string()))?;
    let mut fetch = Fetch {
        place,
        settings,
        client,
        watch,
    };
    let fetched = runtime.block_on(fetch.all());
    // A name that is being looked up would be waited for otherwise, cancelled or not.
    runtime.shutdown_background();
    fetched
}

/// A fetch under way.
struct Fetch<'a, 'b> {
    place: &'a Place,
    settings: &'a FetchSettings,
    client: reqwest::Client,
    watch: &'a mut Watch<'b>,
}

impl Fetch<'_, '_> {
    async fn all(&mut self) -> Result<(), Stop> {
        let (mut checkpoint, mut stats) = (None, None);
        for file in self.place.model.files {
            let entry = self.file(file).await?;
            match file.role {
                Role::Checkpoint => checkpoint = Some(entry),
                Role::Stats => stats = Some(entry),
            }
        }
        let checkpoint = checkpoint.ok_or(AppError::BuiltIn(self.place.model.name))?;
        Record::new(checkpoint, stats).write(&self.place.folder)?;
        sync_folder(&self.place.folder);
        Ok(())
    }

    /// Brings `file` into its place.
    async fn file(&mut self, file: &'static File) -> Result<Entry, Stop> {
        let target = self.place.folder.join(file.name);
        if fs::metadata(&target).is_ok_and(|there| there.is_file() && there.len() == file.bytes) {
            let found = digest::of_file(&target, self.watch)?;
            if found.sha256 == file.sha256 {
                return Ok(Entry::new(&target, found)?);
            }
        }
        let path = Place::part_of(&target);
        let io = |source| AppError::Io {
            path: path.clone(),
            source,
        };
        let mut part = Part::open(path.clone(), file.bytes).map_err(io)?;
        self.place
            .needs(file.bytes - part.len(), self.settings.spare_bytes)?;
        // What was put together from several answers may not fit together: that is worth a second try.
        let mut again = true;
        loop {
            let body = self.download(file, &mut part).await?;
            if let Some(found) = self.right(file, &mut part, body)? {
                part.rename(&target).map_err(io)?;
                return Ok(Entry::new(&target, found)?);
            }
            let stitched = part.is_stitched();
            part.clear().map_err(io)?;
            if !(stitched && again) {
                let reason = format!(
                    "the server gave another {} than the published one; it was not kept",
                    file.name
                );
                return Err(network(self.place, reason).into());
            }
            again = false;
        }
    }

    async fn download(&mut self, file: &'static File, part: &mut Part) -> Result<Body, Stop> {
        let url = self
            .place
            .model
            .hub
            .ok_or_else(|| "it is published nowhere".to_owned())
            .and_then(|hub| client::url(&self.settings.base_url, hub, file))
            .map_err(|reason| network(self.place, reason))?;
        let download = Download {
            name: self.place.model.name,
            client: &self.client,
            settings: self.settings,
            url,
            file,
        };
        download.run(part, self.watch).await
    }

    /// What was found in `part`, if that is the published file.
    fn right(&mut self, file: &File, part: &mut Part, body: Body) -> Result<Option<Found>, Stop> {
        if body == Body::TooLong {
            return Ok(None);
        }
        part.sync().map_err(|source| AppError::Io {
            path: part.path().to_owned(),
            source,
        })?;
        let found = digest::of_file(part.path(), self.watch)?;
        Ok((found.sha256 == file.sha256).then_some(found))
    }
}

fn network(place: &Place, reason: String) -> AppError {
    AppError::Network {
        name: place.model.name,
        reason,
    }
}
