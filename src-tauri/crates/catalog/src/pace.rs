//! How fast previews may stream, all of them together.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Bytes a second, shared by all who wait for it.
#[derive(Debug)]
pub(crate) struct Pace {
    bytes_per_s: Option<u64>,
    /// When all bytes so far were due.
    due: Mutex<Option<Instant>>,
}

impl Pace {
    pub fn new(bytes_per_s: Option<u64>) -> Self {
        Self {
            bytes_per_s,
            due: Mutex::new(None),
        }
    }

    /// Waits until `bytes` more are due. Time in which nothing came is not made up for.
    pub async fn heed(&self, bytes: usize) {
        let Some(bytes_per_s) = self.bytes_per_s else {
            return;
        };
        let due = {
            let mut due = self.due.lock().await;
            let next = next(*due, Instant::now(), bytes, bytes_per_s);
            *due = Some(next);
            next
        };
        sleep_until(due).await;
    }
}

/// When `bytes` are due that come at `now`, after others that were due at `before`.
fn next(before: Option<Instant>, now: Instant, bytes: usize, bytes_per_s: u64) -> Instant {
    let takes = Duration::from_secs_f64(bytes as f64 / bytes_per_s.max(1) as f64);
    before.map_or(now, |before| before.max(now)) + takes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_due_one_after_the_other() {
        let now = Instant::now();
        let s = Duration::from_secs;
        assert_eq!(next(None, now, 100, 100), now + s(1));
        assert_eq!(next(Some(now + s(3)), now, 200, 100), now + s(5));
        assert_eq!(
            next(Some(now), now + s(9), 100, 100),
            now + s(10),
            "a rest is no credit"
        );
        assert_eq!(
            next(None, now, 1, 0),
            now + s(1),
            "no pace at all would be a hang"
        );
    }
}
