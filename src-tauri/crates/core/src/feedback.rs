//! What the listener said: an append-only list of events, and what it adds up to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::track::TrackId;

/// Identity of an event in one library; later events have greater ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub i64);

/// Identity of a throughline in one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ThroughlineId(pub i64);

/// Something the listener did to a throughline, or to the whole library (`Banished`, `Pardoned`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The track became a seed.
    Seeded,
    /// The track is no longer a seed.
    Unseeded,
    /// Thumb up: an anchor that moves the list.
    Up,
    /// Thumb down: this track leaves the list at once.
    Down,
    /// The thumb was taken back.
    Cleared,
    /// Never show this track again, in any throughline.
    Banished,
    /// The track may be shown again.
    Pardoned,
}

/// One event. Events are never changed or removed: undoing appends an `undoes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its identity, and its place in the order.
    pub id: EventId,
    /// What was done, and to which track.
    pub what: What,
}

/// An act on a track, or the undoing of an earlier event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An act on a track.
    Did(Act, TrackId),
    /// The event named here no longer counts.
    Undid(EventId),
}

/// What the events of a throughline add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Seeds, in the order in which they were set.
    pub seeds: Vec<TrackId>,
    /// Tracks with a thumb up, in the order in which they got it.
    pub ups: Vec<TrackId>,
    /// Tracks with a thumb down.
    pub downs: BTreeSet<TrackId>,
    /// Tracks never to be shown again, in any throughline.
    pub banished: BTreeSet<TrackId>,
    /// The event that an undo would take back.
    pub undoable: Option<Event>,
}

impl Standing {
    /// Adds up `events`, given in ascending order of id.
    pub fn of(events: &[Event]) -> Self {
        let undone: BTreeSet<EventId> = events
            .iter()
            .filter_map(|event| match event.what {
                What::Undid(id) => Some(id),
                What::Did(..) => None,
            })
            .collect();
        let mut standing = Self::default();
        for event in events.iter().filter(|event| !undone.contains(&event.id)) {
            if let What::Did(act, track) = event.what {
                standing.apply(act, track);
                standing.undoable = Some(*event);
            }
        }
        standing
    }

    /// Whether the list must not show `track`.
    pub fn excludes(&self, track: TrackId) -> bool {
        self.downs.contains(&track) || self.banished.contains(&track) || self.seeds.contains(&track)
    }

    fn apply(&mut self, act: Act, track: TrackId) {
        match act {
            Act::Seeded => {
                if !self.seeds.contains(&track) {
                    self.seeds.push(track);
                }
            }
            Act::Unseeded => self.seeds.retain(|&seed| seed != track),
            Act::Up => {
                self.clear(track);
                self.ups.push(track);
            }
            Act::Down => {
                self.clear(track);
                self.downs.insert(track);
            }
            Act::Cleared => self.clear(track),
            Act::Banished => {
                self.banished.insert(track);
            }
            Act::Pardoned => {
                self.banished.remove(&track);
            }
        }
    }

    fn clear(&mut self, track: TrackId) {
        self.ups.retain(|&up| up != track);
        self.downs.remove(&track);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
        let act = prop_oneof![
            Just(Act::Seeded),
            Just(Act::Unseeded),
            Just(Act::Up),
            Just(Act::Down),
            Just(Act::Cleared),
            Just(Act::Banished),
            Just(Act::Pardoned),
        ];
        prop::collection::vec((act, 0..5_i64), 0..30)
    }

    fn events(acts: &[(Act, i64)]) -> Vec<Event> {
        acts.iter()
            .enumerate()
            .map(|(id, &(act, track))| Event {
                id: EventId(id as i64),
                what: What::Did(act, TrackId(track)),
            })
            .collect()
    }

    proptest! {
        #[test]
        fn undoing_the_last_act_gives_what_stood_before(acts in acts()) {
            prop_assume!(!acts.is_empty());
            let mut done = events(&acts);
            let before = Standing::of(&done[..done.len() - 1]);
            let last = Standing::of(&done).undoable.expect("something was done");
            done.push(Event { id: EventId(acts.len() as i64), what: What::Undid(last.id) });
            prop_assert_eq!(Standing::of(&done), before);
        }

        #[test]
        fn a_track_has_at_most_one_thumb(acts in acts()) {
            let standing = Standing::of(&events(&acts));
            for track in &standing.ups {
                prop_assert!(!standing.downs.contains(track), "{track} is up and down");
            }
            let distinct: BTreeSet<_> = standing.ups.iter().collect();
            prop_assert_eq!(distinct.len(), standing.ups.len(), "a thumb up counts once");
        }
    }
}
