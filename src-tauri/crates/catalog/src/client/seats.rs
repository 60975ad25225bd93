//! Connections that may be open at once, and how long they were.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};

/// Connections that may be open at once.
#[derive(Debug)]
pub(super) struct Seats {
    free: Semaphore,
    taken_ns: AtomicU64,
}

/// A connection that may be open, taken until it is dropped.
#[derive(Debug)]
#[must_use = "it is given back at once"]
pub struct Seat<'a> {
    since: Instant,
    taken_ns: &'a AtomicU64,
    /// Given back when dropped; `None` never comes about, for the seats are never closed.
    _permit: Option<SemaphorePermit<'a>>,
}

impl Seats {
    /// `n` of them, at least one.
    pub fn new(n: usize) -> Self {
        Self {
            free: Semaphore::new(n.clamp(1, Semaphore::MAX_PERMITS)),
            taken_ns: AtomicU64::new(0),
        }
    }

    /// Waits for a free one.
    pub async fn take(&self) -> Seat<'_> {
        let permit = self.free.acquire().await.ok();
        Seat {
            since: Instant::now(),
            taken_ns: &self.taken_ns,
            _permit: permit,
        }
    }

    /// How long seats were taken, those that were given back, summed over all.
    pub fn taken(&self) -> Duration {
        Duration::from_nanos(self.taken_ns.load(Ordering::Relaxed))
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let taken = self.since.elapsed().as_nanos() as u64;
        self.taken_ns.fetch_add(taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_come_back_and_their_time_is_counted() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let seats = Seats::new(0);
        runtime.block_on(async {
            let seat = seats.take().await;
            assert_eq!(seats.free.available_permits(), 0, "one at least");
            drop(seat);
            drop(seats.take().await);
        });
        assert_eq!(seats.free.available_permits(), 1);
        assert!(seats.taken() > Duration::ZERO);
    }
}
