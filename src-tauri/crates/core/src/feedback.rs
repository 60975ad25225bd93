//! What the listener said: an append-only list of events, and what it adds up to.
//!
//! `standing` adds the events up, `heard` remembers what was played, `history` answers "as it was then".

use serde::{Deserialize, Serialize};

use crate::track::TrackId;

mod heard;
mod history;
mod standing;

pub use heard::Heard;
pub use history::{before, branch};
pub use standing::{Age, Standing, When};

/// Identity of an event in one library; later events have greater ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub i64);

/// Identity of a throughline in one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ThroughlineId(pub i64);

/// Something the listener did with a track, in a throughline or, for `Banished` and `Pardoned`, in the
/// whole library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The track became a seed.
    Seeded,
    /// The track became a negative seed: the list turns away from it.
    Opposed,
    /// The track is no longer a seed, of either kind.
    Unseeded,
    /// Thumb up: an anchor that moves the list.
    Up,
    /// Thumb down: this track leaves the list at once.
    Down,
    /// Thumb down for the track and for every version of it.
    DownFamily,
    /// The thumb was taken back.
    Cleared,
    /// The track was played to its end, or nearly.
    Played,
    /// The track was played and left early.
    Skipped,
    /// Never show this track again, in any throughline.
    Banished,
    /// The track may be shown again.
    Pardoned,
}

impl Act {
    /// Every act there is.
    pub const ALL: [Self; 11] = [
        Self::Seeded,
        Self::Opposed,
        Self::Unseeded,
        Self::Up,
        Self::Down,
        Self::DownFamily,
        Self::Cleared,
        Self::Played,
        Self::Skipped,
        Self::Banished,
        Self::Pardoned,
    ];

    /// Its name, as it is stored and exported.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seeded => "seeded",
            Self::Opposed => "opposed",
            Self::Unseeded => "unseeded",
            Self::Up => "up",
            Self::Down => "down",
            Self::DownFamily => "down_family",
            Self::Cleared => "cleared",
            Self::Played => "played",
            Self::Skipped => "skipped",
            Self::Banished => "banished",
            Self::Pardoned => "pardoned",
        }
    }

    /// Whether it holds for the whole library and not for one throughline.
    pub fn is_everywhere(self) -> bool {
        matches!(self, Self::Banished | Self::Pardoned)
    }
}

/// A control beside the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Knob {
    /// From one tight pocket (0) to all liked pockets (1).
    Breadth,
    /// From the familiar (0) to the novel (1).
    Explore,
}

/// A number of the listener's in thousandths: equal wherever it is stored, and never NaN. It spans
/// `0..=65.535`; what a use of it allows is said there.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Thousandths(pub u16);

impl Thousandths {
    /// One.
    pub const ONE: Self = Self(1000);

    /// The nearest to `value`; what is below zero, or no number, is zero.
    pub fn of(value: f32) -> Self {
        // A cast saturates, and takes NaN to zero.
        Self((value * 1000.0).round() as u16)
    }

    /// Its value.
    pub fn get(self) -> f32 {
        f32::from(self.0) / 1000.0
    }
}

/// One event. Events are never changed or removed: undoing appends a [`What::Undid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its identity, and its place in the order.
    pub id: EventId,
    /// What was done.
    pub what: What,
    /// When, Unix milliseconds. The order is that of ids: a clock may be set back.
    pub at: i64,
}

/// What an event did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An act on a track.
    Did(Act, TrackId),
    /// A seed, of either kind, got this weight beside the other seeds, which have one. Zero mutes it.
    Weighed(TrackId, Thousandths),
    /// Thumb down for the track and for all that sounds like it: every track whose cosine to it is at
    /// least one less this radius.
    DownNear(TrackId, Thousandths),
    /// A knob was moved to this place, `0..=1`; beyond, it stands at one.
    Turned(Knob, Thousandths),
    /// The event named here no longer counts.
    Undid(EventId),
}

impl What {
    /// The track that it is about.
    pub fn track(self) -> Option<TrackId> {
        match self {
            Self::Did(_, track) | Self::Weighed(track, _) | Self::DownNear(track, _) => Some(track),
            Self::Turned(..) | Self::Undid(_) => None,
        }
    }

    /// Whether it holds for the whole library and not for one throughline.
    pub fn is_everywhere(self) -> bool {
        matches!(self, Self::Did(act, _) if act.is_everywhere())
    }
}

#[cfg(test)]
mod tests;
