//! What the commands share: the library, opened when it is first asked for, the models, and the player.

use std::{
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use throughline_app::{
    AppError, DeviceChoice, Engines, LibraryError, Session,
    catalog::CatalogSettings,
    models::ModelStore,
    view::{ApiError, Saved},
};

use crate::player::Player;

/// How long is waited for whoever still asks a library that is to be salvaged: its watch looks up every two
/// seconds, and a build that is cancelled ends within one.
const PATIENCE: Duration = Duration::from_secs(5);

/// The state that Tauri hands to every command; a clone is the same one.
#[derive(Clone)]
pub struct Shell(Arc<Inner>);

struct Inner {
    library: Option<PathBuf>,
    engines: Engines,
    catalog: CatalogSettings,
    /// Held while the library is looked for, so that it is opened once.
    session: Mutex<Option<Open>>,
    opened: Condvar,
    models: Option<ModelStore>,
    /// Of each fetch under way, its model and what cancels it.
    fetches: Mutex<Vec<(String, Weak<AtomicBool>)>>,
    player: Player,
}

/// A library that is open.
struct Open {
    session: Arc<Session>,
    /// Set when it is to be closed.
    closing: Arc<AtomicBool>,
}

impl Shell {
    /// A shell over the library in the folder `library`, which nobody has asked for yet, and `models`;
    /// `catalog` says how songs are asked for.
    pub fn new(
        library: Option<PathBuf>,
        models: Option<ModelStore>,
        catalog: CatalogSettings,
        player: Player,
    ) -> Self {
        let (session, opened) = (Mutex::new(None), Condvar::new());
        Self(Arc::new(Inner {
            library,
            engines: Engines::of(models.clone(), DeviceChoice::Auto),
            catalog,
            session,
            opened,
            models,
            fetches: Mutex::new(Vec::new()),
            player,
        }))
    }

    /// The library. The first call blocks while it is opened; a library that does not open is tried again
    /// by the next call, since what kept it may have gone.
    pub fn session(&self) -> Result<Arc<Session>, ApiError> {
        let mut held = self.held();
        if let Some(open) = held.as_ref() {
            return Ok(Arc::clone(&open.session));
        }
        let dir = self.0.library.as_deref().ok_or_else(homeless)?;
        match Session::open(dir, self.0.engines.clone()) {
            Ok(session) => {
                tracing::info!(library = %dir.display(), "library opened");
                let session = Arc::new(session.with_catalog(self.0.catalog.clone()));
                *held = Some(Open {
                    session: Arc::clone(&session),
                    closing: Arc::default(),
                });
                self.0.opened.notify_all();
                Ok(session)
            }
            Err(error) => {
                tracing::error!(library = %dir.display(), %error, "the library does not open");
                Err(error.into())
            }
        }
    }

    /// The library, if it is open. It does not wait for one that is being opened.
    pub fn if_open(&self) -> Option<Arc<Session>> {
        let held = self.0.session.try_lock().ok()?;
        Some(Arc::clone(&held.as_ref()?.session))
    }

    /// The library once somebody has opened it, and what is set when it is to be let go of.
    pub fn wait_open(&self) -> (Arc<Session>, Arc<AtomicBool>) {
        let mut held = self.held();
        loop {
            if let Some(Open { session, closing }) = held.as_ref() {
                return (Arc::clone(session), Arc::clone(closing));
            }
            held = self
                .0
                .opened
                .wait(held)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Saves what can be read of a damaged library, which is closed for that and opened again by the next
    /// call; a build of it is cancelled. While anything else still asks it, it is in use, and stays open.
    pub fn salvage(&self) -> Result<Option<Saved>, ApiError> {
        let mut held = self.held();
        if let Some(Open { session, closing }) = held.take() {
            closing.store(true, Ordering::Relaxed);
            let asked = Instant::now();
            while Arc::strong_count(&session) > 1 {
                if asked.elapsed() > PATIENCE {
                    // The next call must find who still asks it, or nobody could cancel that any more.
                    let closing = Arc::default();
                    *held = Some(Open { session, closing });
                    return Err(AppError::from(LibraryError::Busy).into());
                }
                // Refused where nothing is built.
                let _ = session.cancel_build();
                thread::sleep(PATIENCE / 100);
            }
        }
        let dir = self.0.library.as_deref().ok_or_else(homeless)?;
        Ok(throughline_app::salvage(dir)?)
    }

    fn held(&self) -> MutexGuard<'_, Option<Open>> {
        self.0
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The models on this machine.
    pub fn models(&self) -> Result<&ModelStore, ApiError> {
        Ok(self.0.models.as_ref().ok_or_else(homeless)?)
    }

    /// The models as they are loaded.
    pub fn engines(&self) -> &Engines {
        &self.0.engines
    }

    /// What cancels a fetch, import or check of the model `id` that begins now, as long as it is kept.
    pub fn begin_fetch(&self, id: &str) -> Arc<AtomicBool> {
        let cancel = Arc::new(AtomicBool::new(false));
        let mut fetches = self.fetches();
        fetches.retain(|(_, cancel)| cancel.strong_count() > 0);
        fetches.push((id.to_owned(), Arc::downgrade(&cancel)));
        cancel
    }

    /// Cancels what is under way with the model `id`, or with every model.
    pub fn cancel_fetches(&self, id: Option<&str>) {
        for (fetched, cancel) in self.fetches().iter() {
            if let Some(cancel) = cancel
                .upgrade()
                .filter(|_| id.is_none_or(|id| id == fetched))
            {
                cancel.store(true, Ordering::Relaxed);
            }
        }
    }

    fn fetches(&self) -> MutexGuard<'_, Vec<(String, Weak<AtomicBool>)>> {
        self.0
            .fetches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The player.
    pub fn player(&self) -> &Player {
        &self.0.player
    }
}

fn homeless() -> AppError {
    AppError::Internal("this user has no home folder to keep anything in".to_owned())
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
