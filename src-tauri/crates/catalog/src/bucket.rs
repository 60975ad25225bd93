//! When the next call may be made. Pure: time comes in as an argument, in Unix milliseconds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::backoff::Backoff;

/// A minute, which is what limits on calls are given for, in milliseconds.
const MINUTE_MS: u64 = 60_000;
/// No minute of the server's may hold more calls than were let go in this time: two seconds more than a
/// minute, for calls that take longer to arrive than those after them.
const WINDOW_MS: u64 = MINUTE_MS + 2_000;
/// Calls are counted by the second.
const SLOT_MS: u64 = 1_000;
/// The slowest that refusals make it, in calls a minute.
const SLOWEST: f64 = 1.0;
/// What a refusal leaves of the rate.
const AFTER_REFUSAL: f64 = 0.5;
/// What an answer gives back of the full rate: from a half to the whole takes fifty answers.
const AFTER_ANSWER: f64 = 0.01;
/// The longest that a server's Retry-After is obeyed.
pub(crate) const LONGEST_BLOCK: Duration = Duration::from_hours(1);

/// What a bucket goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Calls a minute, at most; 0 counts as 1.
    pub calls_per_minute: u32,
    /// How long a refusal blocks when the server asks for no wait of its own.
    pub backoff: Backoff,
}

impl Rule {
    fn full_rate(&self) -> f64 {
        f64::from(self.calls_per_minute.max(1))
    }
}

/// A token bucket that also counts: a small burst, a steady rate, and in no minute more than the limit.
///
/// A refusal halves the rate and blocks for a while; answers give the rate back little by little. Its
/// serialised form is what survives a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// Calls that may be made at once.
    tokens: f64,
    /// When `tokens` was counted.
    filled_ms: u64,
    /// Part of the full rate that is used, in `0..=1`.
    share: f64,
    /// No call before this.
    blocked_until_ms: u64,
    /// Refusals in a row.
    refusals: u32,
    /// Calls let go, by the second, oldest first.
    recent: Vec<Slot>,
}

/// Calls let go in one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Slot {
    /// Seconds since the Unix epoch.
    second: u64,
    /// How many.
    calls: u32,
}

/// What to tell a person of the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Until the next call may be made; zero if it may be made now.
    pub wait: Duration,
    /// Calls a minute as things are.
    pub calls_per_minute: f64,
    /// Whether the server refused lately and is given a rest.
    pub is_blocked: bool,
}

impl Bucket {
    /// A bucket of which nothing is known to have been taken.
    pub fn fresh(rule: &Rule, now_ms: u64) -> Self {
        Self {
            tokens: burst(rule.full_rate()),
            filled_ms: now_ms,
            share: 1.0,
            blocked_until_ms: 0,
            refusals: 0,
            recent: Vec::new(),
        }
    }

    /// A bucket of which the worst is assumed: all of the last minute's calls were just made.
    pub fn spent(rule: &Rule, now_ms: u64) -> Self {
        Self {
            tokens: 0.0,
            recent: vec![Slot {
                second: now_ms / SLOT_MS,
                calls: rule.calls_per_minute.max(1),
            }],
            ..Self::fresh(rule, now_ms)
        }
    }

    /// Lets a call go, or says how long to wait before asking again.
    pub fn take(&mut self, rule: &Rule, now_ms: u64) -> Result<(), Duration> {
        self.settle(rule, now_ms);
        let wait = self.wait(rule, now_ms);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        self.tokens -= 1.0;
        let second = now_ms / SLOT_MS;
        match self.recent.last_mut() {
            Some(slot) if slot.second == second => slot.calls = slot.calls.saturating_add(1),
            _ => self.recent.push(Slot { second, calls: 1 }),
        }
        Ok(())
    }

    /// A call was answered.
    pub fn answered(&mut self, rule: &Rule, now_ms: u64) {
        self.settle(rule, now_ms);
        // What was asked before a refusal may be answered after it.
        if self.blocked_until_ms <= now_ms {
            self.refusals = 0;
            self.share = (self.share + AFTER_ANSWER).min(1.0);
        }
    }

    /// A call was refused, by a server that may have asked for a wait; `chance` is in `0..=1`.
    pub fn refused(
        &mut self,
        rule: &Rule,
        now_ms: u64,
        retry_after: Option<Duration>,
        chance: f64,
    ) {
        self.settle(rule, now_ms);
        // Several calls in flight are refused together: that is one refusal.
        if self.blocked_until_ms <= now_ms {
            self.refusals = self.refusals.saturating_add(1);
            self.share *= AFTER_REFUSAL;
            self.tokens = 0.0;
        }
        let wait = retry_after.map_or_else(
            || rule.backoff.wait(self.refusals, chance),
            |wait| wait.min(LONGEST_BLOCK),
        );
        let until = now_ms.saturating_add(wait.as_millis() as u64);
        self.blocked_until_ms = self.blocked_until_ms.max(until);
        self.settle(rule, now_ms);
    }

    /// What to tell a person.
    pub fn state(&self, rule: &Rule, now_ms: u64) -> State {
        let mut settled = self.clone();
        settled.settle(rule, now_ms);
        State {
            wait: settled.wait(rule, now_ms),
            calls_per_minute: settled.rate(rule),
            is_blocked: settled.blocked_until_ms > now_ms,
        }
    }

    /// Whether every number is one that a bucket can have; what is read from a file may be anything.
    pub fn is_sound(&self) -> bool {
        self.tokens.is_finite()
            && self.tokens >= 0.0
            && (0.0..=1.0).contains(&self.share)
            && self.recent.len() as u64 <= WINDOW_MS / SLOT_MS + 2
            && self.recent.is_sorted_by_key(|slot| slot.second)
    }

    /// Brings everything to `now_ms`. What lies in the future came from a clock that was wrong.
    fn settle(&mut self, rule: &Rule, now_ms: u64) {
        let rate = self.rate(rule);
        let passed_ms = now_ms.saturating_sub(self.filled_ms);
        self.tokens += passed_ms as f64 * rate / MINUTE_MS as f64;
        self.tokens = self.tokens.clamp(0.0, burst(rate));
        self.filled_ms = now_ms;
        self.share = self.share.clamp(SLOWEST / rule.full_rate(), 1.0);
        let longest = now_ms.saturating_add(LONGEST_BLOCK.as_millis() as u64);
        self.blocked_until_ms = self.blocked_until_ms.min(longest);
        let second = now_ms / SLOT_MS;
        let mut late = 0_u32;
        self.recent.retain(|slot| {
            if slot.second >= second {
                late = late.saturating_add(slot.calls);
            }
            slot.second < second && leaves_ms(slot) > now_ms
        });
        if late > 0 {
            self.recent.push(Slot {
                second,
                calls: late,
            });
        }
    }

    /// How long until a call may be made; everything was brought to `now_ms`.
    fn wait(&self, rule: &Rule, now_ms: u64) -> Duration {
        let rate = self.rate(rule);
        let missing = (1.0 - self.tokens).max(0.0);
        let token_ms = (missing * MINUTE_MS as f64 / rate).ceil() as u64;
        let mut calls: u64 = self.recent.iter().map(|slot| u64::from(slot.calls)).sum();
        let mut window_ms = 0;
        for slot in &self.recent {
            if calls < rate as u64 {
                break;
            }
            calls -= u64::from(slot.calls);
            window_ms = leaves_ms(slot).saturating_sub(now_ms);
        }
        let blocked_ms = self.blocked_until_ms.saturating_sub(now_ms);
        Duration::from_millis(token_ms.max(window_ms).max(blocked_ms))
    }

    /// Calls a minute as things are, 1 at least.
    fn rate(&self, rule: &Rule) -> f64 {
        (rule.full_rate() * self.share).max(SLOWEST)
    }
}

/// Calls that may be made at once after a rest: a quarter of a minute's, which is 5 of 20.
fn burst(rate: f64) -> f64 {
    (rate / 4.0).max(1.0)
}

/// When the calls of `slot` do not count any more.
fn leaves_ms(slot: &Slot) -> u64 {
    slot.second
        .saturating_add(1)
        .saturating_mul(SLOT_MS)
        .saturating_add(WINDOW_MS)
}

#[cfg(test)]
mod tests;
