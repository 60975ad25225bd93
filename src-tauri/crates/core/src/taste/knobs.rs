//! The two knobs, kept apart because one slider for "more like this" would turn both at once.

use serde::{Deserialize, Serialize};

/// The two knobs of a throughline, each `0..=1`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knobs {
    /// Which of the liked pockets the list is drawn from: 0 the strongest alone, 0.5 each as near as it
    /// is, 1 all of them alike. Where there is one pocket: 0 near to all of its anchors, 1 near to any.
    pub breadth: f32,
    /// How much the unfamiliar counts: 0 not at all, 1 as far as [`REACH`](super::REACH); a list follows in
    /// steps of a twentieth.
    pub explore: f32,
}

impl Default for Knobs {
    /// Each pocket as near as it is, and nothing for novelty: where the simulated listener of
    /// `docs/discovery.md` found most of what it likes.
    fn default() -> Self {
        Self {
            breadth: 0.5,
            explore: 0.0,
        }
    }
}

impl Knobs {
    /// The knobs within their range; one that is no number stands where it stands by default.
    #[must_use]
    pub fn held(self) -> Self {
        let hold = |value: f32, default: f32| {
            if value.is_nan() {
                default
            } else {
                // Zero has a sign, which a division by it would show.
                value.clamp(0.0, 1.0).abs()
            }
        };
        let default = Self::default();
        Self {
            breadth: hold(self.breadth, default.breadth),
            explore: hold(self.explore, default.explore),
        }
    }
}
