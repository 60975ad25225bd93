//! What was played, and how tired one is of it.

use super::standing::DAY_MS;

/// Days after which a hearing tires half as much. A choice, not a measurement: after a day one play
/// still counts nine tenths, after a month a twentieth, so that a list of today differs from
/// yesterday's and an old favourite comes back.
pub const FATIGUE_HALF_LIFE_DAYS: f32 = 7.0;

/// When a track was heard in a throughline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Times at which it was played to its end, Unix milliseconds, in the order of the events.
    pub plays: Vec<i64>,
    /// Times at which it was left early.
    pub skips: Vec<i64>,
}

impl Heard {
    /// How tired the listener is of the track at `now`, Unix milliseconds, `0..1`.
    ///
    /// Each hearing leaves a trace that fades, and the traces add up, as in the base-level activation of
    /// memory (Anderson & Schooler, Psychological Science 2, 1991), here with an exponential decay in place
    /// of their power law, so that one number tells how long it lasts: `a = Σ 2^(−age / half-life)`,
    /// `fatigue = 1 − 2^(−a)`. One hearing just now gives ½, two ¾. A skip counts as a play: the track was
    /// met, and it was not the moment for it. Hearings after `now` count as just now.
    pub fn fatigue(&self, now: i64) -> f32 {
        let trace = |&at: &i64| {
            let days = now.saturating_sub(at).max(0) as f32 / DAY_MS;
            (-days / FATIGUE_HALF_LIFE_DAYS).exp2()
        };
        let traces: f32 = self.plays.iter().chain(&self.skips).map(trace).sum();
        1.0 - (-traces).exp2()
    }

    /// When it was last heard, Unix milliseconds.
    pub fn last(&self) -> Option<i64> {
        self.plays.iter().chain(&self.skips).copied().max()
    }
}
