//! What the events of a throughline add up to.

use std::collections::{BTreeMap, BTreeSet};

use crate::track::TrackId;

use super::{Act, Event, EventId, Heard, Knob, Thousandths, What};

/// Milliseconds of a day.
const DAY_MS: f32 = 86_400_000.0;

/// When something was said: by the clock, and in the order of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Unix milliseconds.
    pub at: i64,
    /// How many seeds and thumbs had been set before that still count.
    pub after: usize,
}

/// How long ago something was said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Age {
    /// Seeds and thumbs set since; 0 for the newest.
    pub events: u32,
    /// Days since; 0 for what a clock that was set back puts in the future.
    pub days: f32,
}

/// What the events of a throughline add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Seeds, in the order in which they were set.
    pub seeds: Vec<TrackId>,
    /// Negative seeds, in the order in which they were set; none is a seed as well.
    pub opposed: Vec<TrackId>,
    /// Tracks with a thumb up, in the order in which they got it.
    pub ups: Vec<TrackId>,
    /// Tracks with a thumb down, of any kind.
    pub downs: BTreeSet<TrackId>,
    /// Those of `downs` that take their versions with them.
    pub family_downs: BTreeSet<TrackId>,
    /// Those of `downs` that take all that sounds like them with them, and the radius of each.
    pub sound_downs: BTreeMap<TrackId, Thousandths>,
    /// Tracks never to be shown again, in any throughline.
    pub banished: BTreeSet<TrackId>,
    /// What was played, and when.
    pub heard: BTreeMap<TrackId, Heard>,
    /// Where the knobs stand that were ever moved, each in `0..=1`.
    pub knobs: BTreeMap<Knob, Thousandths>,
    /// The event that an undo would take back: the last that still counts, plays and skips aside, since
    /// no listener means those.
    pub undoable: Option<Event>,
    /// Weights of the seeds, of either kind, that do not weigh one.
    pub weights: BTreeMap<TrackId, Thousandths>,
    /// When each seed, of either kind, became one.
    pub seeded: BTreeMap<TrackId, When>,
    /// When each track with a thumb got it.
    pub thumbed: BTreeMap<TrackId, When>,
    /// How many seeds and thumbs were set that still count.
    pub said: usize,
}

impl Standing {
    /// Adds up `events`, given in ascending order of id. What is undone never happened: the rest adds up
    /// as if it had not been in the list.
    pub fn of(events: &[Event]) -> Self {
        let undone = undone(events);
        let mut standing = Self::default();
        for event in events.iter().filter(|event| !undone.contains(&event.id)) {
            standing.add(event);
        }
        standing
    }

    /// Whether the list must not show `track`, for itself alone: families and sounds that a thumb down
    /// takes along are for the caller to find.
    pub fn excludes(&self, track: TrackId) -> bool {
        self.downs.contains(&track)
            || self.banished.contains(&track)
            || self.seeds.contains(&track)
            || self.opposed.contains(&track)
    }

    /// Every track that it says something of; some more than once.
    pub fn named(&self) -> impl Iterator<Item = TrackId> {
        let lists = self.seeds.iter().chain(&self.opposed).chain(&self.ups);
        lists.chain(&self.downs).chain(self.heard.keys()).copied()
    }

    /// What a seed of either kind weighs beside the others; 1 unless the listener said otherwise.
    pub fn weight(&self, seed: TrackId) -> f32 {
        self.weights
            .get(&seed)
            .copied()
            .unwrap_or(Thousandths::ONE)
            .get()
    }

    /// How long before `now`, Unix milliseconds, something was said in this throughline.
    pub fn age(&self, moment: When, now: i64) -> Age {
        Age {
            events: u32::try_from(self.said.saturating_sub(moment.after + 1)).unwrap_or(u32::MAX),
            days: days(moment.at, now),
        }
    }

    fn add(&mut self, event: &Event) {
        match event.what {
            What::Did(act, track) => self.act(act, track, event.at),
            What::Weighed(track, weight) => {
                if self.seeded.contains_key(&track) {
                    self.weights.insert(track, weight);
                }
            }
            What::DownNear(track, radius) => {
                self.thumb(Act::Down, track, event.at);
                self.family_downs.remove(&track);
                self.sound_downs.insert(track, radius);
            }
            What::Turned(knob, place) => {
                self.knobs.insert(knob, place.min(Thousandths::ONE));
            }
            What::Undid(_) => return,
        }
        if !matches!(event.what, What::Did(Act::Played | Act::Skipped, _)) {
            self.undoable = Some(*event);
        }
    }

    fn act(&mut self, act: Act, track: TrackId, at: i64) {
        match act {
            Act::Seeded | Act::Opposed => self.seed(act, track, at),
            Act::Unseeded => self.unseed(track),
            Act::Up => self.thumb(act, track, at),
            Act::Down => {
                self.thumb(act, track, at);
                self.family_downs.remove(&track);
                self.sound_downs.remove(&track);
            }
            Act::DownFamily => {
                self.thumb(Act::Down, track, at);
                self.sound_downs.remove(&track);
                self.family_downs.insert(track);
            }
            Act::Cleared => self.clear(track),
            Act::Played => self.heard.entry(track).or_default().plays.push(at),
            Act::Skipped => self.heard.entry(track).or_default().skips.push(at),
            Act::Banished => {
                self.banished.insert(track);
            }
            Act::Pardoned => {
                self.banished.remove(&track);
            }
        }
    }

    /// Makes the track a seed of the kind that `act` names. What it is already, it stays, at its time.
    fn seed(&mut self, act: Act, track: TrackId, at: i64) {
        let opposed = act == Act::Opposed;
        let (into, other) = if opposed {
            (&self.opposed, &self.seeds)
        } else {
            (&self.seeds, &self.opposed)
        };
        if into.contains(&track) {
            return;
        }
        if other.contains(&track) {
            self.unseed(track);
        }
        if opposed {
            self.opposed.push(track);
        } else {
            self.seeds.push(track);
        }
        let moment = self.moment(at);
        self.seeded.insert(track, moment);
    }

    fn unseed(&mut self, track: TrackId) {
        self.seeds.retain(|&seed| seed != track);
        self.opposed.retain(|&seed| seed != track);
        self.weights.remove(&track);
        self.seeded.remove(&track);
    }

    /// Gives the track a thumb, `Up` or `Down`. A thumb that it has already, it keeps, at its time.
    fn thumb(&mut self, act: Act, track: TrackId, at: i64) {
        let up = act == Act::Up;
        let has = if up {
            self.ups.contains(&track)
        } else {
            self.downs.contains(&track)
        };
        if has {
            return;
        }
        self.clear(track);
        if up {
            self.ups.push(track);
        } else {
            self.downs.insert(track);
        }
        let moment = self.moment(at);
        self.thumbed.insert(track, moment);
    }

    fn clear(&mut self, track: TrackId) {
        self.ups.retain(|&up| up != track);
        self.downs.remove(&track);
        self.family_downs.remove(&track);
        self.sound_downs.remove(&track);
        self.thumbed.remove(&track);
    }

    fn moment(&mut self, at: i64) -> When {
        let after = self.said;
        self.said += 1;
        When { at, after }
    }
}

/// Days from `at` to `now`, Unix milliseconds; 0 when `at` is later.
pub(super) fn days(at: i64, now: i64) -> f32 {
    now.saturating_sub(at).max(0) as f32 / DAY_MS
}

/// The events of `events` that others of them take back.
pub(super) fn undone(events: &[Event]) -> BTreeSet<EventId> {
    events
        .iter()
        .filter_map(|event| match event.what {
            What::Undid(id) => Some(id),
            _ => None,
        })
        .collect()
}
