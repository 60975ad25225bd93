//! The two threads that a build from the catalogue adds: one finds songs, one fetches their previews.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread::{self, JoinHandle};

use crossbeam_channel::Sender;
use throughline_core::embedding::Recipe;
use throughline_library::{Library, StoredCrawl};

use super::client::Catalog;
use super::crawl::Crawler;
use super::fetch::Fetcher;
use super::state::State;
use crate::build::{Item, Message, Times};
use crate::error::{AppError, Result};

/// What a build from the catalogue is to do beside fetching what is pending.
#[derive(Clone)]
pub(crate) struct Chores {
    /// Whom to ask.
    pub catalog: Arc<Catalog>,
    /// The crawls to go on with, one after the other.
    pub crawls: Vec<StoredCrawl>,
    /// Counts songs with dead links that were looked up; where it is `None`, none are.
    pub refresh: Option<Arc<AtomicUsize>>,
    /// Whether every song that failed is tried again, and not only those whose previews did not come.
    pub retry_failed: bool,
}

/// The threads; they end when this is dropped.
pub(crate) struct Feed {
    /// How they get on.
    pub state: Arc<State>,
    threads: Vec<JoinHandle<()>>,
}

impl Feed {
    /// Starts both in the library in `dir`, which has `planned` songs to fetch. What they cannot go on
    /// after is told as [`Message::Stopped`].
    pub fn start(
        dir: &Path,
        chores: Chores,
        recipe: &Recipe,
        now: i64,
        times: Arc<Times>,
        to_decode: Sender<Item>,
        tell: Sender<Message>,
    ) -> Result<Self> {
        let Chores {
            catalog,
            crawls,
            refresh,
            retry_failed: _,
        } = chores;
        let library = Library::open(dir)?;
        let planned = library.songs().waiting(recipe)?;
        let state = Arc::new(State::new(catalog.patience, planned as usize));
        let mut crawler = Crawler {
            library: Library::open(dir)?,
            catalog: Arc::clone(&catalog),
            recipe: recipe.clone(),
            state: Arc::clone(&state),
            times,
            now,
        };
        let fetcher = Fetcher {
            library,
            catalog,
            recipe: recipe.clone(),
            state: Arc::clone(&state),
            to_decode,
            tell: tell.clone(),
        };
        let asks = start(tell.clone(), move || {
            crawler.run(&crawls, refresh.as_deref())
        });
        let fetches = start(tell, move || fetcher.run());
        Ok(Self {
            state,
            threads: vec![asks, fetches],
        })
    }
}

/// Starts a thread that does `work` and tells why it cannot go on.
fn start(
    tell: Sender<Message>,
    work: impl FnOnce() -> Result<()> + Send + 'static,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let done = catch_unwind(AssertUnwindSafe(work));
        let broke = || Err(AppError::Internal("a thread of the build broke".to_owned()));
        if let Err(error) = done.unwrap_or_else(|_| broke()) {
            // Nobody listens only when the build has ended.
            let _ = tell.send(Message::Stopped(error));
        }
    })
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.state.stop();
        for thread in self.threads.drain(..) {
            // What broke it was told.
            let _ = thread.join();
        }
    }
}
