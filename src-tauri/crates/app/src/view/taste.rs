//! How a list is steered, and why a row is in it.

use serde::Serialize;
use throughline_core::taste::{InCharge, Knobs, thread};
use ts_rs::TS;

use super::Thread;

/// The two knobs, each `0..=1`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct KnobsView {
    /// One tight pocket (0) to all liked pockets alike (1).
    pub breadth: f32,
    /// The familiar (0) to the novel (1).
    pub explore: f32,
}

impl From<Knobs> for KnobsView {
    fn from(Knobs { breadth, explore }: Knobs) -> Self {
        Self { breadth, explore }
    }
}

/// What the seeds are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// There is one seed.
    Single,
    /// They share one thread.
    Thread,
    /// They form pockets.
    Pockets,
    /// They have nothing in common.
    Loose,
}

impl From<thread::Kind> for CheckKind {
    fn from(kind: thread::Kind) -> Self {
        match kind {
            thread::Kind::OneSeed => Self::Single,
            thread::Kind::OneThread => Self::Thread,
            thread::Kind::Pockets => Self::Pockets,
            thread::Kind::NoThread => Self::Loose,
        }
    }
}

/// The thread check: what the seeds are to each other.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ThreadCheck {
    /// Which it is.
    pub kind: CheckKind,
    /// The seeds by pocket, the largest first.
    #[ts(type = "number[][]")]
    pub pockets: Vec<Vec<i64>>,
    /// The same in a sentence that names them.
    pub sentence: String,
}

/// Who orders the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Decides {
    /// Nearness to seeds and thumbs.
    Anchors,
    /// That, and what was learnt from the thumbs beyond it.
    Head,
}

impl From<InCharge> for Decides {
    fn from(in_charge: InCharge) -> Self {
        match in_charge {
            InCharge::Anchors => Self::Anchors,
            InCharge::Head => Self::Head,
        }
    }
}

/// What a seed, of either kind, weighs beside the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct SeedWeight {
    /// The seed.
    #[ts(type = "number")]
    pub id: i64,
    /// Its weight, `0..=4`.
    pub weight: f32,
}

/// What a seed or a liked track contributes to a row.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct AnchorShare {
    /// The track.
    #[ts(type = "number")]
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its share, `0..=1`; those of a row add up to one.
    pub share: f32,
}

/// Where a row would stand without a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WithoutSeed {
    /// The seed.
    #[ts(type = "number")]
    pub id: i64,
    /// The row's rank then, from 1.
    pub rank: usize,
}

/// The moments of a seed and of a row that sound most alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Moment {
    /// The seed.
    #[ts(type = "number")]
    pub seed_id: i64,
    /// Second of the seed.
    pub seed_s: f64,
    /// Second of the row.
    pub row_s: f64,
}

/// What a row's score is made of; the parts add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct ScoreParts {
    /// Nearness to seeds and liked tracks.
    pub anchors: f32,
    /// What the tracks with a thumb down near it take off.
    pub dislikes: f32,
    /// What was learnt from the thumbs.
    pub head: f32,
    /// What exploring adds.
    pub novelty: f32,
    /// What exploring adds for what the thumbs have not settled.
    pub uncertainty: f32,
    /// What having been played of late takes off.
    pub fatigue: f32,
}

/// Why a row is in the list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Why {
    /// The seeds and liked tracks that carry it, the greatest share first.
    pub anchors: Vec<AnchorShare>,
    /// Share of the library that is less like them, `0..=100`.
    pub percentile: f32,
    /// How many of the seeds lead to it.
    pub agreement: usize,
    /// Where it would stand without each seed; empty until it is asked for, and where there is one seed.
    pub without_seed: Vec<WithoutSeed>,
    /// How unfamiliar it is, `0..=1`.
    pub novelty: f32,
    /// The moments most alike; `None` until they are asked for, and where there are none.
    pub moment: Option<Moment>,
    /// Who put it there.
    pub in_charge: Decides,
    /// Its rank by score, from 1, before rows were spread apart.
    pub rank: usize,
    /// What its score is made of.
    pub parts: ScoreParts,
}

/// A throughline by name and size.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ThreadSummary {
    /// Its identity.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// Titles of its seeds.
    pub seeds: Vec<String>,
    /// Thumbs in it.
    pub thumbs: usize,
    /// When something was first said in it, or it was made if nothing was, Unix milliseconds.
    #[ts(type = "number")]
    pub begun_at: i64,
    /// When something was last said in it, or it was made if that was later, Unix milliseconds.
    #[ts(type = "number")]
    pub changed_at: i64,
    /// Whether it is the open one.
    pub open: bool,
}

/// A throughline that came out of a file.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Imported {
    /// As it stands here.
    pub thread: Thread,
    /// Tracks of the file that this library does not have, as title and artist.
    pub unresolved: Vec<String>,
}
