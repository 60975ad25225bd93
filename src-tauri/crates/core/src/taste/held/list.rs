//! From the held columns to a list with its whys.

use std::collections::BTreeMap;

use super::Held;
use super::scored::evidence;
use super::window::{Ranked, best_first, number, ranks};
use crate::taste::agreement::agreement;
use crate::taste::head::{Head, InCharge};
use crate::taste::kernel::Voices;
use crate::taste::knobs::Knobs;
use crate::taste::limits::{Facts, Limits};
use crate::taste::score::Parts;
use crate::taste::why::{Share, Why};
use crate::track::TrackId;

/// What one anchor says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voice {
    /// The anchor; one that the pool does not know says nothing.
    pub anchor: TrackId,
    /// What it weighs: its weight as a seed times its recency. Positive.
    pub weight: f32,
    /// The pocket of the thread that it lies in.
    pub pocket: usize,
    /// Whether it is a seed, and not a thumb.
    pub seed: bool,
}

/// A learnt head, and the tracks that it was fitted to.
#[derive(Clone, Copy, Debug)]
pub struct Learnt<'a> {
    /// The head.
    pub head: &'a Head,
    /// Anchors, in the order of the fit; one that the pool does not know is like no candidate.
    pub judged: &'a [TrackId],
}

/// What is asked of the pool.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Seeds and thumbs up.
    pub likes: &'a [Voice],
    /// Negative seeds and thumbs down.
    pub dislikes: &'a [Voice],
    /// Tracks played of late, weighed by fatigue.
    pub heard: &'a [Voice],
    /// What the thumbs taught, where that is in charge.
    pub head: Option<Learnt<'a>>,
    /// How tired the listener is of each candidate, `[candidates]`.
    pub fatigue: Option<&'a [f32]>,
    /// Where the knobs stand.
    pub knobs: Knobs,
    /// What the listener wants in a list.
    pub limits: &'a Limits,
    /// What the limits ask of each candidate, `[candidates]`.
    pub facts: &'a [Facts],
    /// Rows at most.
    pub rows: usize,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The track.
    pub id: TrackId,
    /// Its place in the pool.
    pub place: usize,
    /// Its rank by relevance among all candidates that may be in the list, from 1.
    pub rank: usize,
    /// Why it is there.
    pub why: Why,
}

impl Held {
    /// The list for `ask`, best first, without the tracks that `excluded` names.
    ///
    /// Candidates are scored; those that the limits admit are taken from the most relevant on, until the
    /// floor is reached; the best of them are put in order, and exploring exchanges some for others of them.
    /// The floor: [`FLOOR`](crate::taste::FLOOR) times the rows, [`REACH`](crate::taste::REACH) below the last of the rows that are the most relevant, and
    /// beyond these nothing whose cosine to the likes, each by its share, is not above 0. Equal input gives
    /// an equal list, in whatever order candidates and anchors came: ties fall to the smaller id.
    ///
    /// # Panics
    /// When `facts` or `fatigue` are fewer than the candidates.
    pub fn list(&self, ask: &Ask<'_>, excluded: &dyn Fn(TrackId) -> bool) -> Vec<Row> {
        let here = self.here(ask);
        let (mut parts, voices) = self.scored(ask, &here, None);
        if parts.is_empty() {
            return Vec::new();
        }
        let ranked = self.ranked(ask, &here, &parts, excluded);
        let window = self.window(ask, &ranked, &voices);
        self.doubt(ask, &mut parts, &window);
        let rows = self.explored(ask, &parts, &window);
        self.explained(ask, &parts, &voices, &rows)
    }

    /// The rank that each of `rows` would have without the seed `without`, from 1; in the order of
    /// `rows`, which are a list's for the same `ask`. The candidates are the same ones, those that came in
    /// for `without` included.
    ///
    /// # Panics
    /// As [`Held::list`].
    pub fn ranks_without(
        &self,
        ask: &Ask<'_>,
        excluded: &dyn Fn(TrackId) -> bool,
        without: TrackId,
        rows: &[Row],
    ) -> Vec<usize> {
        let here = self.here(ask);
        let (parts, _) = self.scored(ask, &here, Some(without));
        if parts.is_empty() {
            return rows.iter().map(|row| row.rank).collect();
        }
        let relevance = |place: usize| (number(parts[place].relevance()), self.ids[place], place);
        let mut listed: Vec<Ranked> = rows.iter().map(|row| relevance(row.place)).collect();
        listed.sort_unstable_by(best_first);
        let ranks = ranks(&listed, &self.ranked(ask, &here, &parts, excluded));
        let ranks: BTreeMap<usize, usize> = listed.iter().map(|row| row.2).zip(ranks).collect();
        rows.iter().map(|row| ranks[&row.place]).collect()
    }

    /// The candidates `here` that may be in the list, in the order of their places.
    pub(super) fn ranked(
        &self,
        ask: &Ask<'_>,
        here: &[usize],
        parts: &[Parts],
        excluded: &dyn Fn(TrackId) -> bool,
    ) -> Vec<Ranked> {
        here.iter()
            .map(|&place| (place, self.ids[place]))
            .filter(|&(place, id)| !excluded(id) && ask.limits.admits(&ask.facts[place]))
            .map(|(place, id)| (number(parts[place].relevance()), id, place))
            .collect()
    }

    /// The rows, each a rank and a place, with their whys.
    fn explained(
        &self,
        ask: &Ask<'_>,
        parts: &[Parts],
        voices: &Voices,
        rows: &[(usize, usize)],
    ) -> Vec<Row> {
        let likes = self.known(ask.likes);
        let familiar = self.familiar(ask);
        let spoken = evidence(&likes);
        // Every row is held against all that are nearer than the least near of the rows.
        let own = rows.iter().map(|&(_, place)| parts[place].anchors);
        let least = own.fold(f32::INFINITY, f32::min);
        let near = parts.iter().map(|parts| parts.anchors);
        let near: Vec<f32> = near.filter(|&nearness| nearness > least).collect();
        let others = self.library.max(parts.len()).saturating_sub(1).max(1);
        rows.iter()
            .map(|&(rank, place)| {
                let shares = voices.shares(&spoken, place);
                let anchors = likes.iter().zip(shares).map(|((voice, _), share)| Share {
                    id: voice.anchor,
                    share,
                });
                let mut anchors: Vec<Share> = anchors.collect();
                anchors.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
                let own = parts[place].anchors;
                let nearer = near.iter().filter(|&&other| other > own).count();
                let seeds = likes.iter().filter(|(voice, _)| voice.seed);
                Row {
                    id: self.ids[place],
                    place,
                    rank,
                    why: Why {
                        parts: parts[place],
                        anchors,
                        percentile: 1.0 - nearer as f32 / others as f32,
                        agreement: agreement(
                            seeds.map(|(_, column)| (column.similarity[place], column.reach)),
                        ),
                        novelty: self.novelty(&familiar, place),
                        in_charge: if ask.head.is_some() {
                            InCharge::Head
                        } else {
                            InCharge::Anchors
                        },
                    },
                }
            })
            .collect()
    }
}
