//! How fast a build goes, and how long it will still take.

use std::collections::VecDeque;
use std::time::Duration;

/// Over how many finished files the pace is measured: long enough to even out songs of different
/// lengths, short enough to follow a machine that slows down.
const WINDOW: usize = 32;

/// Files that must be finished before anything is said.
const EARLIEST: usize = 3;

/// Times at which the latest files were finished, since the build began.
#[derive(Debug, Default)]
pub struct Pace {
    finished: VecDeque<Duration>,
}

impl Pace {
    /// Notes that a file was finished `at` after the beginning.
    pub fn finish(&mut self, at: Duration) {
        if self.finished.len() == WINDOW {
            self.finished.pop_front();
        }
        self.finished.push_back(at);
    }

    /// Files a second, `now` after the beginning; `None` while it is too early to tell.
    pub fn per_second(&self, now: Duration) -> Option<f64> {
        if self.finished.len() < EARLIEST {
            return None;
        }
        let since = if self.finished.len() < WINDOW {
            Duration::ZERO
        } else {
            *self.finished.front()?
        };
        let counted = if self.finished.len() < WINDOW {
            self.finished.len()
        } else {
            WINDOW - 1
        };
        let span = now.saturating_sub(since).as_secs_f64();
        (span > 0.0).then(|| counted as f64 / span)
    }

    /// Seconds that `left` files will take at that pace.
    pub fn eta_s(&self, left: usize, now: Duration) -> Option<f64> {
        self.per_second(now).map(|pace| left as f64 / pace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_nothing_early_and_then_follows_the_latest_files() {
        let mut pace = Pace::default();
        let s = Duration::from_secs;
        pace.finish(s(1));
        pace.finish(s(2));
        assert_eq!(pace.eta_s(10, s(2)), None, "two files tell nothing");
        pace.finish(s(3));
        assert_eq!(pace.eta_s(10, s(3)), Some(10.0));
        for n in 0..100 {
            pace.finish(s(3) + Duration::from_millis(500 * (n + 1)));
        }
        let now = s(53);
        assert!(
            (pace.per_second(now).unwrap() - 2.0).abs() < 1e-9,
            "the early pace is forgotten"
        );
    }
}
