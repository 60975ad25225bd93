//! One open library with its model: what a face holds and calls.
//!
//! Times are arguments (Unix milliseconds); nothing here knows of windows or terminals.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use throughline_core::embedding::{Embedder, Recipe};
use throughline_core::feedback::Standing;
use throughline_core::track::TrackId;
use throughline_library::{Health, Library};

use crate::build::{self, BuildRequest, Signals};
use crate::engine::Engine;
use crate::error::{AppError, Result};
use crate::shelf::{Search, Shelf, Stored};
use crate::view::{self, BuildReport, Failure, Progress, Status, Track, TrackStatus};

/// How far behind a build the list may be: reading all vectors for every new track would slow both.
const STALE: Duration = Duration::from_secs(2);

/// An open library and the model that serves it. Share it between threads; a build runs beside
/// everything else.
pub struct Session {
    pub(crate) dir: PathBuf,
    pub(crate) engine: Engine,
    library: Mutex<Library>,
    shelf: Mutex<Option<Arc<Shelf>>>,
    signals: Signals,
    building: AtomicBool,
}

impl Session {
    /// Opens the library that is in `dir`.
    pub fn open_existing(dir: &Path, engine: Engine) -> Result<Self> {
        if dir.join(throughline_library::FILE_NAME).is_file() {
            Self::open(dir, engine)
        } else {
            Err(AppError::NoLibrary(dir.to_owned()))
        }
    }

    /// Opens the library in `dir`, or makes one there.
    pub fn open(dir: &Path, engine: Engine) -> Result<Self> {
        let library = Library::open(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            engine,
            library: Mutex::new(library),
            shelf: Mutex::new(None),
            signals: Signals::default(),
            building: AtomicBool::new(false),
        })
    }

    /// The library at a glance. `sound` is for the face to fill in.
    pub fn status(&self) -> Result<Status> {
        let library = self.library();
        let counts = library.counts(self.recipe())?;
        let throughline = library.throughlines().open()?.id;
        let standing = Standing::of(&library.events().of(throughline)?);
        let sources = library.sources().all()?;
        // A folder on a network that hangs keeps only this answer waiting.
        drop(library);
        Ok(Status {
            library: view::shown(&self.dir),
            tracks: counts.listed as usize,
            missing: counts.missing as usize,
            failed: counts.failed as usize,
            banished: standing.banished.len(),
            sources: sources
                .into_iter()
                .map(|source| view::Source {
                    id: source.id.0,
                    path: view::shown(&source.path),
                    tracks: source.tracks as usize,
                    online: source.path.is_dir(),
                })
                .collect(),
            model: self.recipe().model.to_string(),
            device: self.engine.device.clone(),
            device_note: self.engine.device_note.clone(),
            building: self.building.load(Ordering::Acquire),
            sound: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Builds, and returns when that has ended; see [`BuildRequest`]. One build at a time.
    pub fn build(
        &self,
        request: &BuildRequest,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building()?;
        self.run_build(request, now, on_progress)
    }

    /// Renders the demo collection into `folder`, by default beside the library, and builds it.
    pub fn build_demo(
        &self,
        folder: Option<&Path>,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building()?;
        let folder = folder.map_or_else(|| self.dir.join("demo"), Path::to_owned);
        let cancel = Arc::clone(&self.signals.cancel);
        crate::demo::render(
            &folder,
            |done, total| on_progress(Progress::Rendering { done, total }),
            || cancel.load(Ordering::Relaxed),
        )
        .map_err(|source| AppError::Io {
            path: folder.clone(),
            source,
        })?;
        let request = BuildRequest {
            folder: Some(folder),
            retry_failed: false,
        };
        self.run_build(&request, now, on_progress)
    }

    /// Asks the build under way to stop; it ends within a second, and what it stored stays.
    pub fn cancel_build(&self) -> Result<()> {
        if !self.building.load(Ordering::Acquire) {
            return Err(AppError::NotBuilding);
        }
        self.signals.cancel.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Takes a music folder off the library; nothing on disk is touched.
    pub fn remove_source(&self, id: i64) -> Result<Status> {
        let _building = self.start_building()?;
        let mut library = self.library();
        let tx = library.begin()?;
        tx.sources_mut().remove(throughline_library::SourceId(id))?;
        tx.commit()?;
        drop(library);
        self.signals.changed();
        self.status()
    }

    /// Files that could not be used, and why.
    pub fn failures(&self) -> Result<Vec<Failure>> {
        let failed = self.library().jobs().failures(self.recipe())?;
        Ok(failed
            .into_iter()
            .map(|failed| Failure {
                file: failed.file.0,
                path: view::shown(&failed.path),
                code: failed.failure.code,
                reason: failed.failure.reason,
            })
            .collect())
    }

    /// Tracks whose title, artist, album or path has the words of `text`, best first; all of them by
    /// artist, album and title when there are no words. At most `limit`.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Track>> {
        let library = self.library();
        if !text.trim().is_empty() {
            let found = library.tracks().search(self.recipe(), text, limit)?;
            return Ok(found.into_iter().map(track).collect());
        }
        let all = library.tracks().all(self.recipe())?;
        drop(library);
        let mut all: Vec<Track> = all.into_iter().map(track).collect();
        all.sort_by_cached_key(|track| {
            let key =
                |text: &Option<String>| text.as_deref().unwrap_or("\u{10FFFF}").to_lowercase();
            (
                key(&track.artist),
                key(&track.album),
                track.title.to_lowercase(),
                track.id,
            )
        });
        all.truncate(limit);
        Ok(all)
    }

    /// One track.
    pub fn track(&self, id: i64) -> Result<Track> {
        self.tracks(&[TrackId(id)])?
            .pop()
            .ok_or(AppError::UnknownTrack(id))
    }

    /// Where the file of a track lies; [`AppError::FileMissing`] when it is not there.
    pub fn path_of(&self, id: i64) -> Result<PathBuf> {
        let found = self
            .library()
            .tracks()
            .get(self.recipe(), &[TrackId(id)])?
            .pop();
        let path = found
            .and_then(|track| track.path)
            .ok_or(AppError::UnknownTrack(id))?;
        if path.is_file() {
            Ok(path)
        } else {
            Err(AppError::FileMissing(path))
        }
    }

    /// A check-up of the whole library.
    pub fn health(&self) -> Result<Health> {
        Ok(self.library().health()?)
    }

    /// The model and feature version that the library's vectors have.
    pub fn recipe(&self) -> &Recipe {
        self.engine.embedder.recipe()
    }

    /// The model that embeds.
    pub fn embedder(&self) -> &dyn Embedder {
        self.engine.embedder.as_ref()
    }

    pub(crate) fn library(&self) -> MutexGuard<'_, Library> {
        self.library.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tracks by id, in the order given; unknown ones are left out.
    pub(crate) fn tracks(&self, ids: &[TrackId]) -> Result<Vec<Track>> {
        Ok(self
            .library()
            .tracks()
            .get(self.recipe(), ids)?
            .into_iter()
            .map(track)
            .collect())
    }

    /// The vectors in memory, read again if the library has changed since they last were. While a build
    /// is under way they change all the time and are scanned; the graph of a large library is made once
    /// the build has ended.
    pub(crate) fn shelf(&self) -> Result<Arc<Shelf>> {
        let generation = self.signals.generation.load(Ordering::Acquire);
        let building = self.building.load(Ordering::Acquire);
        let fresh = |shelf: &&Arc<Shelf>| {
            shelf.generation == generation || (building && shelf.read_at.elapsed() < STALE)
        };
        if let Some(shelf) = self.held().as_ref().filter(fresh) {
            return Ok(Arc::clone(shelf));
        }
        let search = if building {
            Search::Scan
        } else {
            Search::Graph
        };
        self.read_shelf(generation, search)
    }

    /// Reads the vectors anew, without keeping anybody waiting for what is held meanwhile.
    fn read_shelf(&self, generation: u64, search: Search) -> Result<Arc<Shelf>> {
        let embedder = self.embedder();
        let stored = Stored::read(&self.library(), embedder)?;
        let shelf = Arc::new(Shelf::of(stored, &self.dir, embedder, generation, search)?);
        *self.held() = Some(Arc::clone(&shelf));
        Ok(shelf)
    }

    fn held(&self) -> MutexGuard<'_, Option<Arc<Shelf>>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a build and makes the index ready for what comes after it.
    fn run_build(
        &self,
        request: &BuildRequest,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let report = build::run(
            &self.dir,
            &self.engine,
            request,
            now,
            &self.signals,
            on_progress,
        )?;
        if !report.cancelled {
            let generation = self.signals.generation.load(Ordering::Acquire);
            if let Err(error) = self.read_shelf(generation, Search::Graph) {
                tracing::warn!(%error, "the index will be made when it is asked for");
            }
        }
        on_progress(Progress::Finished { report });
        Ok(report)
    }

    fn start_building(&self) -> Result<Building<'_>> {
        if self.building.swap(true, Ordering::AcqRel) {
            return Err(AppError::Building);
        }
        self.signals.cancel.store(false, Ordering::Relaxed);
        Ok(Building(self))
    }
}

/// Held while a build runs; a cancel counts for that build alone.
struct Building<'a>(&'a Session);

impl Drop for Building<'_> {
    fn drop(&mut self) {
        self.0.signals.cancel.store(false, Ordering::Relaxed);
        self.0.building.store(false, Ordering::Release);
    }
}

fn track(track: throughline_library::Track) -> Track {
    let path = track.path.unwrap_or_default();
    Track {
        id: track.id.0,
        title: track.tags.title.unwrap_or_else(|| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default()
        }),
        path: view::shown(&path),
        artist: track.tags.artist,
        album: track.tags.album,
        year: track.tags.year,
        genre: track.tags.genre,
        duration_s: track.duration_s,
        status: match track.status {
            throughline_library::Status::Ready => TrackStatus::Ready,
            throughline_library::Status::Pending => TrackStatus::Pending,
            throughline_library::Status::Missing => TrackStatus::Missing,
        },
    }
}
