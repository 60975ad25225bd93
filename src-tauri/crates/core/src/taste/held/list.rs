//! From the held columns to a list with its whys.

use std::cmp::Ordering;

use super::{Column, Held};
use crate::taste::agreement::agreement;
use crate::taste::diversify::{FLOOR, diversify};
use crate::taste::head::InCharge;
use crate::taste::knobs::Knobs;
use crate::taste::limits::{Facts, Limits};
use crate::taste::score::{Columns, Evidence, Parts, score, shares};
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

/// What is asked of the pool.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Seeds and thumbs up.
    pub likes: &'a [Voice],
    /// Negative seeds and thumbs down.
    pub dislikes: &'a [Voice],
    /// Tracks played of late, weighed by fatigue.
    pub heard: &'a [Voice],
    /// What a learnt head adds to each candidate, `[candidates]`.
    pub head: Option<&'a [f32]>,
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
    /// floor is reached ([`FLOOR`] times the rows); and these are put in order by their whole score and
    /// by how unlike each other they are. Equal input gives an equal list, in whatever order candidates
    /// and anchors came: ties fall to the smaller id.
    ///
    /// # Panics
    /// When `facts`, `head` or `fatigue` are fewer than the candidates.
    pub fn list(&self, ask: &Ask<'_>, excluded: impl Fn(TrackId) -> bool) -> Vec<Row> {
        let parts = self.parts(ask, None);
        if parts.is_empty() {
            return Vec::new();
        }
        let most = ask.rows.saturating_mul(FLOOR);
        let mut ranked = self.ranked(ask, &parts, &excluded);
        // Of thousands, a few hundred are looked at: only where the limits pass over more, all are sorted.
        let (first, rest) = best_apart(&mut ranked, most.saturating_mul(2));
        first.sort_unstable_by(best_first);
        let mut count = ask.limits.count();
        let mut takes = |&(_, &(_, _, place)): &(usize, &Ranked)| count.takes(&ask.facts[place]);
        let mut window: Vec<_> = (1..)
            .zip(first.iter())
            .filter(&mut takes)
            .take(most)
            .collect();
        if window.len() < most {
            rest.sort_unstable_by(best_first);
            let more = (first.len() + 1..).zip(rest.iter()).filter(&mut takes);
            window.extend(more.take(most - window.len()));
        }
        let window: Vec<(usize, usize)> = window
            .into_iter()
            .map(|(rank, &(_, _, place))| (rank, place))
            .collect();
        // The floor is one of relevance alone; above it, what is unfamiliar counts as well.
        let scores: Vec<f32> = window
            .iter()
            .map(|&(_, place)| parts[place].total())
            .collect();
        let likeness = |a: usize, b: usize| self.likeness(window[a].1, window[b].1);
        let picked = diversify(&scores, likeness, ask.rows, ask.knobs.explore);
        let rows: Vec<(usize, usize)> = picked.into_iter().map(|at| window[at]).collect();
        self.explained(ask, &parts, &rows)
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
        excluded: impl Fn(TrackId) -> bool,
        without: TrackId,
        rows: &[Row],
    ) -> Vec<usize> {
        let parts = self.parts(ask, Some(without));
        if parts.is_empty() {
            return rows.iter().map(|row| row.rank).collect();
        }
        let mut ranked = self.ranked(ask, &parts, &excluded);
        ranked.sort_unstable_by(best_first);
        let mut ranks = vec![0; self.ids.len()];
        for (rank, (_, _, place)) in (1..).zip(ranked) {
            ranks[place] = rank;
        }
        rows.iter().map(|row| ranks[row.place]).collect()
    }

    /// The voices whose anchors are known, with what is known of these, by ascending id.
    pub(super) fn known(&self, voices: &[Voice]) -> Vec<(Voice, &Column)> {
        let mut known: Vec<_> = voices
            .iter()
            .filter_map(|voice| Some((*voice, self.anchors.get(&voice.anchor)?)))
            .collect();
        known.sort_by_key(|(voice, _)| voice.anchor);
        known
    }

    /// The parts of every candidate's score, with all that was said but of the like `without`.
    fn parts(&self, ask: &Ask<'_>, without: Option<TrackId>) -> Vec<Parts> {
        let mut likes = self.known(ask.likes);
        likes.retain(|(voice, _)| Some(voice.anchor) != without);
        let columns = Columns {
            likes: &evidence(&likes),
            dislikes: &evidence(&self.known(ask.dislikes)),
            heard: &evidence(&self.known(ask.heard)),
            head: ask.head,
            fatigue: ask.fatigue,
        };
        score(&columns, ask.knobs)
    }

    /// The candidates that may be in the list, in no order; relevance that is no number is the least.
    fn ranked(
        &self,
        ask: &Ask<'_>,
        parts: &[Parts],
        excluded: &impl Fn(TrackId) -> bool,
    ) -> Vec<Ranked> {
        let asked = |anchor: &TrackId| {
            let mut voices = ask.likes.iter().chain(ask.dislikes);
            voices.any(|voice| voice.anchor == *anchor)
        };
        let here = |place: usize| {
            let brought = &self.brought[place];
            brought.is_empty() || brought.iter().any(asked)
        };
        let admitted = self.ids.iter().enumerate().filter(|&(place, &id)| {
            here(place) && !excluded(id) && ask.limits.admits(&ask.facts[place])
        });
        admitted
            .map(|(place, &id)| {
                let relevance = parts[place].relevance();
                let least = if relevance.is_nan() {
                    f32::NEG_INFINITY
                } else {
                    relevance
                };
                (least, id, place)
            })
            .collect()
    }

    /// The rows, each a rank and a place, with their whys.
    fn explained(&self, ask: &Ask<'_>, parts: &[Parts], rows: &[(usize, usize)]) -> Vec<Row> {
        let likes = self.known(ask.likes);
        let heard = self.known(ask.heard);
        let places: Vec<usize> = rows.iter().map(|&(_, place)| place).collect();
        let shares = shares(&evidence(&likes), ask.knobs, &places);
        let others = self.library.max(parts.len()).saturating_sub(1).max(1);
        rows.iter()
            .zip(shares)
            .map(|(&(rank, place), shares)| {
                let anchors = likes.iter().zip(shares).map(|((voice, _), share)| Share {
                    id: voice.anchor,
                    share,
                });
                let mut anchors: Vec<Share> = anchors.collect();
                anchors.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
                let own = parts[place].anchors;
                let nearer = parts.iter().filter(|other| other.anchors > own).count();
                let seeds = likes.iter().filter(|(voice, _)| voice.seed);
                let familiar = likes.iter().chain(&heard).map(|(_, column)| {
                    // The cosine back from the similarity.
                    let corrected = column.similarity[place] * self.spread;
                    f32::midpoint(corrected, self.hubs[place] + column.hub)
                });
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
                        novelty: 1.0 - familiar.fold(0.0, f32::max).min(1.0),
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

/// A candidate's relevance, its id and its place.
type Ranked = (f32, TrackId, usize);

/// The most relevant first; ties fall to the smaller id.
fn best_first((a, x, _): &Ranked, (b, y, _): &Ranked) -> Ordering {
    b.total_cmp(a).then(x.cmp(y))
}

/// The `first` best of `ranked`, and the rest, each in no order.
fn best_apart(ranked: &mut [Ranked], first: usize) -> (&mut [Ranked], &mut [Ranked]) {
    let first = first.min(ranked.len());
    if 0 < first && first < ranked.len() {
        ranked.select_nth_unstable_by(first - 1, best_first);
    }
    ranked.split_at_mut(first)
}

pub(super) fn evidence<'a>(known: &[(Voice, &'a Column)]) -> Vec<Evidence<'a>> {
    let evidence = known.iter().map(|(voice, column)| Evidence {
        weight: voice.weight,
        pocket: voice.pocket,
        similarity: &column.similarity,
    });
    evidence.collect()
}
