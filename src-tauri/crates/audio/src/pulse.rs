//! Signs of life of a file that is being read, and a way to stop it from outside.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

/// Shared by what reads a file and what watches over it; a clone is the same pulse.
///
/// It beats when bytes are reached that were not read before, and at every packet. Both come to an end
/// in any file, so what reads without end soon beats no more.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<State>);

#[derive(Debug, Default)]
struct State {
    beats: AtomicU64,
    reading: AtomicBool,
    stopped: AtomicBool,
}

impl Pulse {
    /// How often it has beaten.
    pub fn beats(&self) -> u64 {
        self.0.beats.load(Relaxed)
    }

    /// Whether the file system has been asked for bytes and has not answered yet.
    pub fn is_reading(&self) -> bool {
        self.0.reading.load(Relaxed)
    }

    /// Makes every read from now on fail.
    pub fn stop(&self) {
        self.0.stopped.store(true, Relaxed);
    }

    pub(crate) fn beat(&self) {
        self.0.beats.fetch_add(1, Relaxed);
    }

    /// Asks the file system, unless it was stopped.
    pub(crate) fn ask<T>(&self, ask: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if self.0.stopped.load(Relaxed) {
            return Err(io::Error::other("it was stopped"));
        }
        self.0.reading.store(true, Relaxed);
        let answer = ask();
        self.0.reading.store(false, Relaxed);
        answer
    }
}
