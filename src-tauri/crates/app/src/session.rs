//! One open library with its models: what a face holds and calls.
//!
//! Times are arguments (Unix milliseconds); nothing here knows of windows or terminals. What needs no
//! model, loads none: status, search, lists, seeds of the library and thumbs live off what is stored.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use throughline_core::embedding::Recipe;
use throughline_library::{Library, Vector};

use crate::build::Signals;
use crate::catalog::CatalogSettings;
use crate::catalog::artwork::Artworks;
use crate::catalog::client::Catalog;
use crate::compare::Trials;
use crate::discover::Pool;
use crate::engine::{Engine, Engines, name_of, sample_rate};
use crate::error::{AppError, Result};
use crate::freeze::Frozen;
use crate::shelf::{self, Search, Shelf, Shelves, Stored};
use crate::uses::{self, Used, Uses};

mod browse;
mod building;
mod failing;
mod growing;
mod model;
mod search;
mod status;

use browse::Listing;
use building::Site;

/// How far behind a build the list may be: reading all vectors for every new track would slow both.
const STALE: Duration = Duration::from_secs(2);

/// How many times as long as the last reading took it may be behind, if that is longer: so much of a core
/// the list of a large library takes from a build.
const RESTS: u32 = 10;

/// Tracks whose statistics are computed in about a second.
const QUICK: usize = 4000;

/// An open library and the models that serve it. Share it between threads; a build runs beside
/// everything else.
pub struct Session {
    pub(crate) dir: PathBuf,
    engines: Engines,
    library: Mutex<Library>,
    shelves: Shelves,
    signals: Signals,
    site: Site,
    pub(crate) catalog_settings: CatalogSettings,
    catalog: Mutex<Option<Arc<Catalog>>>,
    pub(crate) artwork: Artworks,
    pub(crate) trials: Mutex<Trials>,
    /// The candidates of the list that was asked for last.
    pub(crate) pool: Mutex<Option<Arc<Pool>>>,
    /// The list of everything and that of the last search, as they were looked at last.
    listed: Mutex<[Option<Arc<Listing>>; 2]>,
    /// Why changes of the folders are not told by the system, while they are watched.
    pub(crate) unwatched: Mutex<Option<String>>,
}

impl Session {
    /// Opens the library that is in `dir`.
    pub fn open_existing(dir: &Path, engines: Engines) -> Result<Self> {
        if Library::exists(dir) {
            Self::open(dir, engines)
        } else {
            Err(AppError::NoLibrary(dir.to_owned()))
        }
    }

    /// Opens the library in `dir`, or makes one there. No model is loaded before one is needed; that of
    /// a new library is [`Engines::default_model`] at its first build.
    pub fn open(dir: &Path, engines: Engines) -> Result<Self> {
        let library = Library::open(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            engines,
            library: Mutex::new(library),
            shelves: Shelves::default(),
            signals: Signals::default(),
            site: Site::default(),
            catalog_settings: CatalogSettings::from_environment(),
            catalog: Mutex::default(),
            artwork: Artworks::of(dir),
            trials: Mutex::default(),
            pool: Mutex::default(),
            listed: Mutex::default(),
            unwatched: Mutex::default(),
        })
    }

    /// The same session, which asks the catalogue as `settings` say; else it is
    /// [`CatalogSettings::from_environment`].
    #[must_use]
    pub fn with_catalog(mut self, settings: CatalogSettings) -> Self {
        self.catalog_settings = settings;
        self.catalog = Mutex::default();
        self
    }

    pub(crate) fn engines(&self) -> &Engines {
        &self.engines
    }

    /// What the build under way makes, else what serves.
    pub(crate) fn working_recipe(&self) -> Result<Recipe> {
        self.site.recipe().map_or_else(|| self.recipe(), Ok)
    }

    /// The client of the catalogue.
    pub(crate) fn catalog(&self) -> Result<Arc<Catalog>> {
        let mut catalog = self.catalog.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(catalog) = catalog.as_ref() {
            return Ok(Arc::clone(catalog));
        }
        let opened = Arc::new(Catalog::open(&self.catalog_settings()?)?);
        *catalog = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Lets the next who asks the catalogue make a client anew; who has one keeps it.
    pub(crate) fn forget_catalog(&self) {
        let mut catalog = self.catalog.lock().unwrap_or_else(PoisonError::into_inner);
        *catalog = None;
    }

    /// What the vectors that are searched were made with. Before anything was built it is the embedded
    /// model's, which has no vectors then either.
    pub fn recipe(&self) -> Result<Recipe> {
        Ok(self.uses()?.recipe())
    }

    pub(crate) fn library(&self) -> MutexGuard<'_, Library> {
        self.library.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn uses(&self) -> Result<Uses> {
        Uses::read(&self.library())
    }

    /// The engine that makes vectors like those that serve; that of the wanted model before any do.
    pub(crate) fn serving_engine(&self) -> Result<Engine> {
        let uses = self.uses()?;
        let Some(serving) = uses.serving() else {
            let wanted = uses.wanted(&self.engines);
            let engine = self.engines.get(&wanted)?;
            let mut library = self.library();
            let tx = library.begin()?;
            uses::adopt(&tx, &wanted, &engine)?;
            tx.commit()?;
            return Ok(engine);
        };
        let engine = self.engines.get(&serving.wanted)?;
        if *engine.embedder.recipe() == serving.recipe {
            Ok(engine)
        } else {
            Err(AppError::OtherModel(name_of(&serving.recipe.model)))
        }
    }

    /// The vectors that serve, in memory, read again if the library has changed since they last were.
    /// While a build is under way they change all the time and are scanned; the graph of a large
    /// library is made once the build has ended.
    pub(crate) fn shelf(&self) -> Result<Arc<Shelf>> {
        let building = self.site.is_busy();
        let search = if building {
            Search::Scan
        } else {
            Search::Graph
        };
        let serving = self.uses()?.serving().ok_or(AppError::NoTracks)?;
        self.shelf_of(&serving, building, search)
    }

    /// The vectors of `used` in memory, at most [`STALE`] or [`RESTS`] readings behind if they may be.
    pub(crate) fn shelf_of(
        &self,
        used: &Used,
        may_lag: bool,
        search: Search,
    ) -> Result<Arc<Shelf>> {
        let generation = self.signals.generation.load(Ordering::Acquire);
        // What another program builds is ranked here once it is done.
        let newest = self.library().spaces().newest_id(&used.recipe)?;
        let fresh = |shelf: &Shelf| {
            let lag = STALE.max(shelf.took * RESTS);
            (shelf.generation == generation && shelf.newest == newest)
                || (may_lag && shelf.read_at.elapsed() < lag)
        };
        match self.shelves.find(&used.recipe, fresh) {
            Some(shelf) => Ok(shelf),
            None => self.read_shelf(used, generation, search),
        }
    }

    /// Reads vectors anew, without keeping anybody waiting: over a connection of its own.
    fn read_shelf(&self, used: &Used, generation: u64, search: Search) -> Result<Arc<Shelf>> {
        let begun = Instant::now();
        let mut library = Library::open(&self.dir)?;
        let mut stored = Stored::read(&library, &used.recipe)?;
        // What an earlier version left is brought up to date at once where that is quick, by the next build
        // else.
        let outdated = stored.outdated().filter(|rows| rows.len() <= QUICK);
        if let Some(rows) = outdated.filter(|_| !self.site.is_busy()) {
            freeze(&mut library, used, rows)?;
            stored = Stored::read(&library, &used.recipe)?;
        }
        let before = self.shelves.find(&used.recipe, |_| true);
        let index = (self.dir.as_path(), search);
        let mut shelf = Shelf::of(stored, &used.parts, before.as_deref(), generation, index)?;
        shelf.took = begun.elapsed();
        Ok(self.shelves.keep(shelf))
    }
}

/// Freezes what follows from `rows`, the vectors of `used`.
fn freeze(library: &mut Library, used: &Used, rows: &[Vector]) -> Result<()> {
    let Some(frozen) = Frozen::of(shelf::stand_in(&used.parts, rows)?, rows, &mut |_| true)? else {
        return Ok(());
    };
    let rate = sample_rate(&used.recipe.model);
    let versions = frozen.versions(library, &used.recipe, rows, rate, &mut |_| true)?;
    let made = library.spaces().newest(&used.recipe)?;
    let tx = library.begin()?;
    let at = made.map_or(0, |stored| stored.built_at);
    frozen.keep(&tx, &used.recipe, rows, versions, at)?;
    Ok(tx.commit()?)
}
