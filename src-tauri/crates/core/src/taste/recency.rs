//! What time does to a like, and to a track that was played.

/// Events of a throughline after which a like weighs half. Long against one sitting (the labelled
/// listeners' thirty thumbs lose a fifth at most), so that a change of mind shows without a new start.
pub const HALF_LIFE_EVENTS: f32 = 100.0;

/// Days after which a like weighs half: a season.
pub const HALF_LIFE_DAYS: f32 = 90.0;

/// Days after which half of a play is forgotten: a week.
pub const FATIGUE_HALF_LIFE_DAYS: f32 = 7.0;

/// What an anchor weighs that was set `events` events of its throughline and `days` days ago: 1 when it
/// is the newest, half after [`HALF_LIFE_EVENTS`] or [`HALF_LIFE_DAYS`], the product of both. Negative
/// ages (a clock set back) count as 0.
pub fn recency(events: u32, days: f32) -> f32 {
    let halvings = events as f32 / HALF_LIFE_EVENTS + days.max(0.0) / HALF_LIFE_DAYS;
    (-halvings).exp2()
}

/// How tired a listener is of a track whose plays lie `days` days back: 0 never played, towards 1 the
/// more often and the more lately. Each play counts [`FATIGUE_HALF_LIFE_DAYS`]-wise less, `p = 2^(−days /
/// half-life)`, and leaves `1 − p` of the freshness that was left.
pub fn fatigue(days: impl IntoIterator<Item = f32>) -> f32 {
    let fresh: f32 = days
        .into_iter()
        .map(|days| 1.0 - (-days.max(0.0) / FATIGUE_HALF_LIFE_DAYS).exp2())
        .product();
    1.0 - fresh
}
