//! Something that many wait for: one at a time looks whether it is back, ever more seldom.

use std::time::{Duration, Instant};

use throughline_catalog::Backoff;

/// What is waited for.
pub(super) struct Pause {
    /// Why, in words.
    pub reason: String,
    /// Looks for it so far, that which found it gone included.
    pub looks: u32,
    /// When it is looked for next.
    pub next: Instant,
    /// When it may be over at the earliest, as far as that was said.
    until: Instant,
}

impl Pause {
    /// A pause that begins `now`; the first look comes after `wait`.
    pub fn new(reason: &str, now: Instant, wait: Duration) -> Self {
        Self {
            reason: reason.to_owned(),
            looks: 1,
            next: now + wait,
            until: now,
        }
    }

    /// How long there is to wait; `None` for the one who looks now, after whom others wait again.
    pub fn wait(&mut self, now: Instant, backoff: &Backoff) -> Option<Duration> {
        if now < self.next {
            return Some(self.next - now);
        }
        self.looks = self.looks.saturating_add(1);
        self.next = now + backoff.draw(self.looks);
        None
    }

    /// Lets nobody look before `until`.
    pub fn extend(&mut self, until: Instant) {
        self.until = self.until.max(until);
        self.next = self.next.max(until);
    }

    /// Whether it may end now.
    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_looks_at_a_time_and_never_before_it_may() {
        let now = Instant::now();
        let s = Duration::from_secs;
        let backoff = Backoff {
            base: s(4),
            cap: s(60),
        };
        let mut pause = Pause::new("", now, s(4));
        assert_eq!(pause.wait(now, &backoff), Some(s(4)));
        assert_eq!(pause.wait(now + s(4), &backoff), None, "it is time to look");
        let next = pause.wait(now + s(4), &backoff).expect("others wait");
        assert!(
            (s(4)..=s(8)).contains(&next),
            "{next:?}, longer than before"
        );
        assert!(pause.is_over(now), "nothing was asked for");
        pause.extend(now + s(100));
        assert!(!pause.is_over(now + s(99)));
        assert_eq!(pause.wait(now + s(90), &backoff), Some(s(10)));
        pause.extend(now);
        assert_eq!(
            pause.wait(now + s(100), &backoff),
            None,
            "it is not cut short"
        );
        assert_eq!(pause.looks, 3);
    }
}
