//! What the commands share: the library, opened when it is first asked for, the models, and the player.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use throughline_app::{
    AppError, DeviceChoice, Engines, Session, catalog::CatalogSettings, models::ModelStore,
    view::ApiError,
};

use crate::player::Player;

/// The state that Tauri hands to every command; a clone is the same one.
#[derive(Clone)]
pub struct Shell(Arc<Inner>);

struct Inner {
    library: Option<PathBuf>,
    engines: Engines,
    catalog: CatalogSettings,
    session: OnceLock<Session>,
    /// Held while the library is looked for, so that it is opened once.
    opening: Mutex<()>,
    models: Option<ModelStore>,
    /// Of each fetch under way, its model and what cancels it.
    fetches: Mutex<Vec<(String, Weak<AtomicBool>)>>,
    player: Player,
    /// Files for the page to hear of when it first asks; `None` once it has.
    opened: Mutex<Option<Vec<String>>>,
}

impl Shell {
    /// A shell over the library in the folder `library`, which nobody has asked for yet, and `models`,
    /// started with the files `opened`; `catalog` says how songs are asked for.
    pub fn new(
        library: Option<PathBuf>,
        models: Option<ModelStore>,
        catalog: CatalogSettings,
        player: Player,
        opened: Vec<String>,
    ) -> Self {
        let (session, opened) = (OnceLock::new(), Mutex::new(Some(opened)));
        Self(Arc::new(Inner {
            library,
            engines: Engines::of(models.clone(), DeviceChoice::Auto),
            catalog,
            session,
            opening: Mutex::new(()),
            models,
            fetches: Mutex::new(Vec::new()),
            player,
            opened,
        }))
    }

    /// The library. The first call blocks while it is opened; a library that does not open is tried again
    /// by the next call, since what kept it may have gone.
    pub fn session(&self) -> Result<&Session, ApiError> {
        let _opening = self
            .0
            .opening
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = self.0.session.get() {
            return Ok(session);
        }
        let dir = self.0.library.as_deref().ok_or_else(homeless)?;
        match Session::open(dir, self.0.engines.clone()) {
            Ok(session) => {
                tracing::info!(library = %dir.display(), "library opened");
                let session = session.with_catalog(self.0.catalog.clone());
                Ok(self.0.session.get_or_init(|| session))
            }
            Err(error) => {
                tracing::error!(library = %dir.display(), %error, "the library does not open");
                Err(error.into())
            }
        }
    }

    /// The library, if it has been opened.
    pub fn if_open(&self) -> Option<&Session> {
        self.0.session.get()
    }

    /// The library, once somebody has opened it.
    pub fn opened(&self) -> &Session {
        self.0.session.wait()
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

    /// The page asks for the first time, or again: the files that were given up to the first time, once.
    pub fn take_opened(&self) -> Vec<String> {
        self.opened().take().unwrap_or_default()
    }

    /// Files are given: those that the page can hear of now. Before it first asks it hears nothing, and
    /// they are kept for [`Shell::take_opened`].
    pub fn open(&self, files: Vec<String>) -> Vec<String> {
        match &mut *self.opened() {
            Some(kept) => {
                kept.extend(files);
                Vec::new()
            }
            None => files,
        }
    }

    fn opened(&self) -> MutexGuard<'_, Option<Vec<String>>> {
        self.0.opened.lock().unwrap_or_else(PoisonError::into_inner)
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
