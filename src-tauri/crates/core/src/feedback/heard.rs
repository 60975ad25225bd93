//! What was played, and when.

use super::standing::days;

/// When a track was heard in a throughline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Times at which it was played to its end, Unix milliseconds, in the order of the events.
    pub plays: Vec<i64>,
    /// Times at which it was left early.
    pub skips: Vec<i64>,
}

impl Heard {
    /// How many days before `now`, Unix milliseconds, it was heard each time; what tires is
    /// [`fatigue`](crate::taste::fatigue) of these. A skip counts as a play: the track was met, and it was
    /// not the moment for it.
    pub fn days_ago(&self, now: i64) -> impl Iterator<Item = f32> {
        let times = self.plays.iter().chain(&self.skips);
        times.map(move |&at| days(at, now))
    }
}
