//! How much of the machine a build takes.
//!
//! At full speed it takes what it can get. A gentle one does one piece of work at a time, rests after each as
//! long as it took, and does nothing while something plays: the listener did not ask for it just now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How soon a rest ends when it is called off.
const GLANCE: Duration = Duration::from_millis(50);

/// Shared by the threads of a build, the session and the player. At full speed unless somebody says otherwise.
#[derive(Debug, Default)]
pub(crate) struct Courtesy {
    gentle: AtomicBool,
    playing: AtomicBool,
    /// Held by the one piece of work that a gentle build is at.
    turn: Mutex<()>,
}

impl Courtesy {
    /// Whether the build is gentle.
    pub fn is_gentle(&self) -> bool {
        self.gentle.load(Ordering::Relaxed)
    }

    /// Makes it gentle, or lets it take what it can get.
    pub fn set_gentle(&self, gentle: bool) {
        self.gentle.store(gentle, Ordering::Relaxed);
    }

    /// Notes whether something plays.
    pub fn set_playing(&self, playing: bool) {
        self.playing.store(playing, Ordering::Relaxed);
    }

    /// Does `work`, of which a build has many pieces, at the pace that is asked for. Once the build is
    /// `cancelled` nothing is waited for.
    pub fn paced<T>(&self, cancelled: impl Fn() -> bool, work: impl FnOnce() -> T) -> T {
        if !self.is_gentle() {
            return work();
        }
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = || self.is_gentle() && !cancelled();
        while waits() && self.playing.load(Ordering::Relaxed) {
            thread::sleep(GLANCE);
        }
        let begun = Instant::now();
        let done = work();
        let rest = begun.elapsed();
        let rested = Instant::now();
        while waits() && rested.elapsed() < rest {
            thread::sleep(GLANCE.min(rest));
        }
        drop(turn);
        done
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// How many of four threads were at work at the same time at most.
    fn together(courtesy: &Courtesy) -> usize {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        courtesy.paced(
                            || false,
                            || {
                                most.fetch_max(
                                    now.fetch_add(1, Ordering::SeqCst) + 1,
                                    Ordering::SeqCst,
                                );
                                thread::sleep(Duration::from_millis(1));
                                now.fetch_sub(1, Ordering::SeqCst);
                            },
                        );
                    }
                });
            }
        });
        most.into_inner()
    }

    #[test]
    fn a_gentle_build_does_one_thing_at_a_time() {
        let courtesy = Courtesy::default();
        courtesy.set_gentle(true);
        assert_eq!(together(&courtesy), 1);
    }

    #[test]
    fn it_waits_while_something_plays() {
        let courtesy = Courtesy::default();
        courtesy.set_gentle(true);
        courtesy.set_playing(true);
        let (worked, looked) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                let look = || {
                    looked.fetch_add(1, Ordering::SeqCst);
                    false
                };
                courtesy.paced(look, || worked.store(true, Ordering::SeqCst));
            });
            while looked.load(Ordering::SeqCst) < 3 {
                thread::yield_now();
            }
            assert!(!worked.load(Ordering::SeqCst), "the music goes on alone");
            courtesy.set_playing(false);
        });
        assert!(worked.into_inner(), "it went on once the music had ended");
    }

    #[test]
    fn full_speed_and_a_cancel_end_every_wait() {
        let courtesy = Courtesy::default();
        courtesy.set_gentle(true);
        courtesy.set_playing(true);
        assert_eq!(courtesy.paced(|| true, || 1), 1, "it was cancelled");
        thread::scope(|scope| {
            scope.spawn(|| courtesy.paced(|| false, || ()));
            courtesy.set_gentle(false);
        });
        assert_eq!(courtesy.paced(|| false, || 2), 2, "at full speed");
    }
}
