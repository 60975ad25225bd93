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
    /// When it was last found gone: only what was begun later shows that it is back.
    since: Instant,
}

impl Pause {
    /// A pause that begins `now`; the first look comes after `wait`.
    pub fn new(reason: &str, now: Instant, wait: Duration) -> Self {
        Self {
            reason: reason.to_owned(),
            looks: 1,
            next: now + wait,
            since: now,
        }
    }

    /// How long there is to wait; `None` for the one who looks now, after whom others wait again.
    pub fn wait(&mut self, now: Instant, backoff: &Backoff) -> Option<Duration> {
        if let Some(left) = self.left(now) {
            return Some(left);
        }
        self.looks = self.looks.saturating_add(1);
        self.next = now + backoff.draw(self.looks);
        None
    }

    /// How long there is to wait, whoever looks then.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        (now < self.next).then(|| self.next - now)
    }

    /// It was found gone `now`, and nobody is to look for as long as was `asked`.
    pub fn renew(&mut self, now: Instant, asked: Duration) {
        self.since = now;
        self.next = self.next.max(now + asked);
    }

    /// Whether an answer to what was asked at `begun` ends it.
    pub fn is_ended_by(&self, begun: Instant) -> bool {
        begun > self.since
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
        pause.renew(now + s(10), s(90));
        assert!(!pause.is_ended_by(now + s(9)), "it was asked before");
        assert!(pause.is_ended_by(now + s(11)));
        assert_eq!(pause.wait(now + s(90), &backoff), Some(s(10)));
        pause.renew(now + s(20), s(0));
        assert_eq!(
            pause.wait(now + s(100), &backoff),
            None,
            "it is not cut short"
        );
        assert_eq!(pause.looks, 3);
    }
}
