//! A catalogue for tests: a server on this machine that answers in Apple's shapes, counts what it is
//! asked, and misbehaves on purpose.
//!
//! What it answers is a function of its settings and of how often the same was asked before: two runs that
//! ask the same get the same.

mod answers;
mod faults;
mod http;
mod journal;
mod serve;
mod songs;
mod switch;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub use faults::{BadPicture, Fate, Fates, Fault, Faults};
pub use journal::Entry;
pub use songs::{Audio, StoreSong, from_folder};

use journal::Journal;
use serve::Shop;
use switch::Switch;

/// How a store is set up.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// What it has, in the order of its answers.
    pub songs: Vec<StoreSong>,
    /// Its port; 0 for any that is free.
    pub port: u16,
    /// Calls within any 60 s that are answered; those beyond are refused. Previews and pictures are not
    /// calls.
    pub limit_per_minute: u32,
    /// How it misbehaves, from request to request.
    pub faults: Faults,
    /// What is wrong with its songs, for good.
    pub fates: Fates,
    /// Albums whose pictures are bad, by their numbers.
    pub bad_pictures: Vec<(u64, BadPicture)>,
    /// How long it thinks before each answer.
    pub latency: Duration,
    /// File that every request is written to, one a line.
    pub log: Option<PathBuf>,
}

impl StoreSettings {
    /// A store that never misbehaves and has no limit to speak of.
    pub fn new(songs: Vec<StoreSong>) -> Self {
        Self {
            songs,
            port: 0,
            limit_per_minute: 100_000,
            faults: Faults::none(),
            fates: Fates::none(),
            bad_pictures: Vec::new(),
            latency: Duration::ZERO,
            log: None,
        }
    }
}

/// A store that is open until it is dropped.
#[derive(Debug)]
pub struct Store {
    /// Its address, as in `http://127.0.0.1:8080`.
    pub url: String,
    shop: Arc<Shop>,
    switch: Switch,
}

impl Store {
    /// Opens a store on this machine's own address.
    pub fn start(settings: StoreSettings) -> io::Result<Self> {
        let journal = Journal::open(settings.log.as_deref(), settings.limit_per_minute)?;
        let listener = switch::listen(settings.port)?;
        let address = listener.local_addr()?;
        let url = format!("http://{address}");
        let shop = Arc::new(Shop::new(settings, url.clone(), journal));
        let switch = Switch::start(listener, address, Arc::clone(&shop));
        Ok(Self { url, shop, switch })
    }

    /// Breaks every connection, and lets none come about.
    pub fn offline(&self) {
        self.switch.offline();
    }

    /// Lets connections come about again, at the same address.
    pub fn online(&self) {
        self.switch.online();
    }

    /// Refuses every preview with 403, or no more, whatever was said of faults.
    pub fn refuse_previews(&self, refuses: bool) {
        self.shop.refuses_previews.store(refuses, Ordering::SeqCst);
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Entry> {
        self.shop.journal.entries()
    }

    /// Calls in the minute that had most of them, refused ones included.
    pub fn busiest_minute(&self) -> usize {
        self.shop.journal.busiest_minute()
    }

    /// Calls that came beyond the limit.
    pub fn beyond_limit(&self) -> usize {
        self.shop.journal.beyond_limit()
    }

    /// What is wrong with the song of number `id` for good.
    pub fn fate(&self, id: u64) -> Fate {
        self.shop.settings.fates.of(id)
    }

    /// Where the preview of the song of number `id` is; for a song that has one.
    pub fn preview_url(&self, id: u64) -> String {
        answers::preview_url(&self.url, id)
    }
}
