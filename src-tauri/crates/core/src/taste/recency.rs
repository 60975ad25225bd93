//! What time does to a like.

/// Events after which a like weighs half.
pub const HALF_LIFE_EVENTS: f32 = 100.0;

/// Days after which a like weighs half.
pub const HALF_LIFE_DAYS: f32 = 90.0;

/// What an anchor weighs that was set `events` events of its throughline and `days` days ago: 1 when it
/// is the newest, half after [`HALF_LIFE_EVENTS`] or [`HALF_LIFE_DAYS`], the product of both. Negative
/// ages (a clock set back) count as 0.
pub fn recency(events: u32, days: f32) -> f32 {
    let halvings = events as f32 / HALF_LIFE_EVENTS + days.max(0.0) / HALF_LIFE_DAYS;
    (-halvings).exp2()
}
