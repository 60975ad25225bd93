//! How long to wait before the next try.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Waits that double from try to try, each cut by up to a half at random, so that many who lost one
/// server do not all come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait.
    pub base: Duration,
    /// The longest.
    pub cap: Duration,
}

impl Backoff {
    /// After a refusal: from one minute to half an hour, which is how long recovery was seen to take.
    pub const REFUSED: Self = Self {
        base: Duration::from_mins(1),
        cap: Duration::from_mins(30),
    };

    /// After trouble that may pass: from one second to one minute.
    pub const PASSING: Self = Self {
        base: Duration::from_secs(1),
        cap: Duration::from_mins(1),
    };

    /// The wait after `attempt` tries, 1 at least, have failed, drawn anew with every call.
    pub fn draw(&self, attempt: u32) -> Duration {
        self.wait(attempt, chance())
    }

    /// The wait after `attempt` tries, 1 at least, have failed; `chance` is in `0..=1`.
    pub fn wait(&self, attempt: u32, chance: f64) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let whole = self.base.saturating_mul(doubled).min(self.cap);
        let cut = if chance.is_nan() {
            0.0
        } else {
            chance.clamp(0.0, 1.0)
        };
        whole.mul_f64(1.0 - 0.5 * cut)
    }
}

/// Another number in `0..=1` with every call; of the quality that a wait needs.
pub(crate) fn chance() -> f64 {
    // The standard library keys its maps at random.
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_are_cut_by_a_half_at_most() {
        let backoff = Backoff {
            base: Duration::from_secs(1),
            cap: Duration::from_secs(5),
        };
        let waits = |chance| [0, 1, 2, 3, 4, u32::MAX].map(|n| backoff.wait(n, chance).as_millis());
        assert_eq!(waits(0.0), [1000, 1000, 2000, 4000, 5000, 5000]);
        assert_eq!(waits(1.0), [500, 500, 1000, 2000, 2500, 2500]);
        for odd in [f64::NAN, f64::INFINITY, -3.0] {
            assert!(backoff.wait(1, odd) <= backoff.base, "{odd} is survived");
        }
        assert!((0.0..=1.0).contains(&chance()));
    }
}
