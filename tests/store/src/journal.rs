//! What was asked, and when: the proof of politeness.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A minute, in milliseconds.
const MINUTE_MS: u64 = 60_000;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Milliseconds since the store was opened.
    pub ms: u64,
    /// What was asked for, with what stands behind the question mark.
    pub path: String,
    /// The status of the answer; 0 if the connection was broken before any.
    pub status: u16,
    /// Whether it was a call: a search, a lookup or a chart.
    pub is_call: bool,
    /// Whether the answer was spoilt on purpose.
    pub is_faulty: bool,
}

/// All requests of a store.
#[derive(Debug)]
pub(crate) struct Journal {
    opened: Instant,
    limit_per_minute: u32,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    entries: Vec<Entry>,
    /// How often each path was asked for.
    asked: HashMap<String, u32>,
    /// When the calls of the last minute came.
    calls_ms: VecDeque<u64>,
    busiest_minute: usize,
    beyond_limit: usize,
    file: Option<File>,
}

/// A request that came in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// When.
    pub ms: u64,
    /// How often the same was asked for before.
    pub nth: u32,
    /// Whether it is a call beyond the limit.
    pub is_beyond: bool,
}

impl Journal {
    pub fn open(file: Option<&Path>, limit_per_minute: u32) -> io::Result<Self> {
        let pages = Pages {
            file: file.map(File::create).transpose()?,
            ..Pages::default()
        };
        Ok(Self {
            opened: Instant::now(),
            limit_per_minute,
            pages: Mutex::new(pages),
        })
    }

    /// Notes that `path` is being asked for.
    pub fn arrived(&self, path: &str, is_call: bool) -> Arrival {
        let mut pages = self.pages();
        let ms = self.opened.elapsed().as_millis() as u64;
        let count = pages.asked.entry(path.to_owned()).or_insert(0);
        let nth = *count;
        *count = count.saturating_add(1);
        let mut is_beyond = false;
        if is_call {
            while pages
                .calls_ms
                .front()
                .is_some_and(|then| then + MINUTE_MS <= ms)
            {
                pages.calls_ms.pop_front();
            }
            pages.calls_ms.push_back(ms);
            pages.busiest_minute = pages.busiest_minute.max(pages.calls_ms.len());
            is_beyond = pages.calls_ms.len() > self.limit_per_minute as usize;
            pages.beyond_limit += usize::from(is_beyond);
        }
        Arrival { ms, nth, is_beyond }
    }

    /// Notes what became of a request; a file that cannot be written must not stop a test.
    pub fn answered(&self, entry: Entry) {
        let mut pages = self.pages();
        if let Some(file) = &mut pages.file {
            let kind = if entry.is_call { "call" } else { "file" };
            let state = if entry.is_faulty { "faulty" } else { "good" };
            let (ms, status, path) = (entry.ms, entry.status, &entry.path);
            let _ = writeln!(file, "{ms}\t{kind}\t{status}\t{state}\t{path}");
        }
        pages.entries.push(entry);
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.pages().entries.clone()
    }

    pub fn busiest_minute(&self) -> usize {
        self.pages().busiest_minute
    }

    pub fn beyond_limit(&self) -> usize {
        self.pages().beyond_limit
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
