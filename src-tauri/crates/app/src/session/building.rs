//! Building, one build at a time, and what must not happen beside one.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use throughline_core::embedding::Recipe;

use super::Session;
use crate::build::{self, BuildRequest, With};
use crate::engine::{Wanted, name_of};
use crate::error::{AppError, Result};
use crate::shelf::Search;
use crate::uses;
use crate::view::{BuildKind, BuildReport, Progress, Status};

/// How long is waited for a build that was cancelled: it ends within a second unless its model is
/// being loaded, which cannot be cut short.
const PATIENCE: Duration = Duration::from_secs(10);

/// Name of the empty file in the library's folder that who builds holds locked, over all processes. It
/// stays: taken away, it could be locked twice.
const LOCK_NAME: &str = "building.lock";

/// Where builds happen. Its lock is taken before the library's, never while that is held.
#[derive(Default)]
pub(super) struct Site {
    state: Mutex<State>,
    ended: Condvar,
    /// How often the listener has cancelled a build.
    cancels: AtomicU64,
}

#[derive(Default)]
struct State {
    busy: bool,
    /// What is built from, while something is.
    kind: Option<BuildKind>,
    /// Whether nobody asked for it: it gives way to what somebody asks for.
    unasked: bool,
    /// What the build under way was begun for, and what it makes.
    wanted: Option<Wanted>,
    recipe: Option<Recipe>,
}

impl Site {
    /// Whether a build is under way.
    pub fn is_busy(&self) -> bool {
        self.state().busy
    }

    /// What the build under way builds from.
    pub fn kind(&self) -> Option<BuildKind> {
        self.state().kind
    }

    /// What the build under way makes, once that is known.
    pub fn recipe(&self) -> Option<Recipe> {
        self.state().recipe.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Builds with the model that is wanted, and returns when that has ended; see [`BuildRequest`].
    /// One build at a time. [`AppError::NoModel`] when the model is not on this machine.
    pub fn build(
        &self,
        request: &BuildRequest,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Files))?;
        self.run_build(request, now, on_progress)
    }

    /// The same, gently and unless a build is under way: it gives way to any that is asked for, and is then
    /// cancelled, though not [by the listener](Self::cancels).
    pub(crate) fn build_unasked(
        &self,
        request: &BuildRequest,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.begin_building(Some(BuildKind::Files), true)?;
        self.run_build(request, now, on_progress)
    }

    /// Renders the demo collection into `folder`, by default beside the library, and builds it.
    pub fn build_demo(
        &self,
        folder: Option<&Path>,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Files))?;
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

    /// Whether something is built, or something done that must not happen beside a build.
    pub(crate) fn is_building(&self) -> bool {
        self.site.is_busy()
    }

    /// How often the listener has cancelled a build.
    pub(crate) fn cancels(&self) -> u64 {
        self.site.cancels.load(Ordering::Relaxed)
    }

    /// Asks the build under way to stop; it ends within a second, and what it stored stays.
    pub fn cancel_build(&self) -> Result<()> {
        if !self.site.is_busy() {
            return Err(AppError::NotBuilding);
        }
        self.site.cancels.fetch_add(1, Ordering::Relaxed);
        self.signals.cancel.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Stops the build under way if nobody asked for it, without a word from the listener.
    pub(crate) fn stop_unasked(&self) {
        let state = self.site.state();
        if state.busy && state.unasked {
            self.signals.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Lets the build under way take what it can get of the machine, or only what nobody else needs: see
    /// [`Courtesy`](build::Courtesy).
    pub fn set_gentle(&self, gentle: bool) {
        self.signals.courtesy.set_gentle(gentle);
    }

    /// Notes whether something plays, which no gentle build disturbs.
    pub fn set_playing(&self, playing: bool) {
        self.signals.courtesy.set_playing(playing);
    }

    /// Takes a music folder off the library; nothing on disk is touched.
    pub fn remove_source(&self, id: i64) -> Result<Status> {
        let building = self.start_building(None)?;
        let mut library = self.library();
        let tx = library.begin()?;
        tx.sources_mut().remove(throughline_library::SourceId(id))?;
        tx.commit()?;
        drop(library);
        self.signals.changed();
        drop(building);
        self.status()
    }

    /// Stops a build for another model than `wanted`, and waits until it has ended.
    pub(super) fn stop_other(&self, wanted: &Wanted) {
        let state = self.site.state();
        if state.wanted.as_ref().is_none_or(|other| other == wanted) {
            return;
        }
        self.signals.cancel.store(true, Ordering::Relaxed);
        let waited = self
            .site
            .ended
            .wait_timeout_while(state, PATIENCE, |state| state.busy);
        drop(waited);
    }

    /// Builds folders; see [`Session::run_with`].
    fn run_build(
        &self,
        request: &BuildRequest,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        self.run_with(on_progress, |with, on_progress| {
            build::run(&self.dir, with, request, now, &self.signals, on_progress)
        })
    }

    /// Runs a build with the model that is wanted, and makes the index ready for what comes after it.
    pub(super) fn run_with(
        &self,
        on_progress: &mut dyn FnMut(Progress),
        build: impl FnOnce(With<'_>, &mut dyn FnMut(Progress)) -> Result<BuildReport>,
    ) -> Result<BuildReport> {
        let wanted = {
            // Held while the wish is read, so that a later one finds this build and stops it.
            let mut state = self.site.state();
            let wanted = self.uses()?.wanted(&self.engines);
            state.wanted = Some(wanted.clone());
            wanted
        };
        if self.engines.must_load(&wanted) {
            on_progress(Progress::Loading {
                model: name_of(&wanted.model),
                note: self.engines.patience(&wanted),
            });
        }
        let engine = self.engines.get(&wanted)?;
        {
            let mut library = self.library();
            let tx = library.begin()?;
            uses::adopt(&tx, &wanted, &engine)?;
            tx.commit()?;
        }
        self.site.state().recipe = Some(engine.embedder.recipe().clone());
        let with = With {
            engines: &self.engines,
            wanted: &wanted,
            engine: &engine,
        };
        let report = build(with, on_progress)?;
        if !report.cancelled
            && let Some(serving) = self.uses()?.serving()
            && let Err(error) = self.shelf_of(&serving, false, Search::Graph)
        {
            tracing::warn!(%error, "the index will be made when it is asked for");
        }
        on_progress(Progress::Finished { report });
        Ok(report)
    }

    /// Begins a build of `kind`, or what must not happen beside one. A build that nobody asked for makes room
    /// first.
    pub(super) fn start_building(&self, kind: Option<BuildKind>) -> Result<Building<'_>> {
        self.begin_building(kind, false)
    }

    fn begin_building(&self, kind: Option<BuildKind>, unasked: bool) -> Result<Building<'_>> {
        let mut state = self.site.state();
        if state.busy && state.unasked && !unasked {
            self.signals.cancel.store(true, Ordering::Relaxed);
            let busy = |state: &mut State| state.busy && state.unasked;
            let waited = self.site.ended.wait_timeout_while(state, PATIENCE, busy);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.busy {
            return Err(AppError::Building);
        }
        let lock = lock(&self.dir)?;
        *state = State {
            busy: true,
            kind,
            unasked,
            ..State::default()
        };
        self.signals.courtesy.set_gentle(unasked);
        self.signals.cancel.store(false, Ordering::Relaxed);
        Ok(Building {
            session: self,
            lock,
        })
    }
}

/// Locks the library in `dir` for one build; [`AppError::Building`] when another process builds. Where the
/// file system knows no locks nobody is kept out: two builds do the same work twice and lose nothing.
fn lock(dir: &Path) -> Result<Option<File>> {
    let opened = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(LOCK_NAME));
    let Ok(file) = opened else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(AppError::Building),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Held while a build runs; a cancel counts for that build alone.
pub(super) struct Building<'a> {
    session: &'a Session,
    lock: Option<File>,
}

impl Drop for Building<'_> {
    fn drop(&mut self) {
        // Before anybody hears that it has ended, who may want it at once.
        drop(self.lock.take());
        let Session { signals, site, .. } = self.session;
        signals.cancel.store(false, Ordering::Relaxed);
        *site.state() = State::default();
        site.ended.notify_all();
    }
}
