//! The candidates that may become rows, and which of them do.

use std::cmp::Ordering;

use super::scored::evidence;
use super::{Ask, Column, Held};
use crate::taste::diversify::{FLOOR, diversify};
use crate::taste::exchange::{Window, exchange};
use crate::taste::kernel::Voices;
use crate::taste::novelty::{APART, DEVIATIONS, REACH};
use crate::taste::score::Parts;
use crate::track::TrackId;

/// A candidate's relevance, its id and its place.
pub(super) type Ranked = (f32, TrackId, usize);

impl Held {
    /// The candidates above the floor, each a rank and a place, the most relevant first.
    pub(super) fn window(
        &self,
        ask: &Ask<'_>,
        ranked: &[Ranked],
        voices: &Voices,
    ) -> Vec<(usize, usize)> {
        let most = ask.rows.saturating_mul(FLOOR);
        let mut count = ask.limits.count();
        // Of thousands, a few hundred are looked at: only where the limits pass over more, the others are too.
        let mut best = ranked.to_vec();
        let best = best_of(&mut best, most.saturating_mul(2));
        best.sort_unstable_by(best_first);
        let mut window: Vec<(usize, Ranked)> = (1..)
            .zip(best.iter().copied())
            .filter(|(_, (.., place))| count.takes(&ask.facts[*place]))
            .take(most)
            .collect();
        if let Some(last) = best.last().filter(|_| window.len() < most) {
            // In the order in which the facts lie. Most have no room by now, and are never put in order.
            let rest = ranked.iter().filter(|one| best_first(last, one).is_lt());
            let rest = rest.filter(|(.., place)| count.has_room(&ask.facts[*place]));
            let mut rest: Vec<Ranked> = rest.copied().collect();
            rest.sort_unstable_by(best_first);
            let takes = |(.., place): &Ranked| count.takes(&ask.facts[*place]);
            let room = most - window.len();
            let more: Vec<Ranked> = rest.into_iter().filter(takes).take(room).collect();
            window.extend(ranks(&more, ranked).into_iter().zip(more));
        }
        let last = window.len().min(ask.rows).checked_sub(1);
        let floor = last.map_or(0.0, |last| window[last].1.0 - REACH);
        let likes = self.known(ask.likes);
        let spoken = evidence(&likes);
        let likeness = |place: usize| -> f32 {
            let shares = voices.shares(&spoken, place);
            let cosines = likes.iter().map(|(_, column)| self.cosine(column, place));
            shares
                .iter()
                .zip(cosines)
                .map(|(share, cosine)| share * cosine)
                .sum()
        };
        window
            .into_iter()
            .take_while(|(_, (relevance, ..))| *relevance >= floor)
            .enumerate()
            .filter(|(at, (_, (.., place)))| *at < ask.rows || likeness(*place) > 0.0)
            .map(|(_, (rank, (.., place)))| (rank, place))
            .collect()
    }

    /// Adds to the `parts` of the candidates in the `window` what exploring gives for what a head is not sure of.
    pub(super) fn doubt(&self, ask: &Ask<'_>, parts: &mut [Parts], window: &[(usize, usize)]) {
        let explore = ask.knobs.held().explore;
        let Some(learnt) = ask.head.filter(|_| explore > 0.0) else {
            return;
        };
        let judged: Vec<_> = learnt
            .judged
            .iter()
            .map(|id| self.anchors.get(id))
            .collect();
        for &(_, place) in window {
            let cosine =
                |column: Option<&Column>| column.map_or(0.0, |column| self.cosine(column, place));
            let cosines: Vec<f32> = judged.iter().copied().map(cosine).collect();
            parts[place].uncertainty = explore * DEVIATIONS * learnt.head.deviation(&cosines);
        }
    }

    /// The rows out of the `window`, in the order of the list. The window is one of relevance alone; in it, what
    /// is unfamiliar counts as well.
    pub(super) fn explored(
        &self,
        ask: &Ask<'_>,
        parts: &[Parts],
        window: &[(usize, usize)],
    ) -> Vec<(usize, usize)> {
        let explore = ask.knobs.held().explore;
        let of = |part: &dyn Fn(&Parts) -> f32| -> Vec<f32> {
            window
                .iter()
                .map(|&(_, place)| part(&parts[place]))
                .collect()
        };
        let likeness = |a: usize, b: usize| self.likeness(window[a].1, window[b].1);
        let worth = of(&Parts::worth);
        let mut rows = diversify(&worth, likeness, ask.rows);
        if explore > 0.0 {
            let familiar = self.familiar(ask);
            let novelty: Vec<f32> = window
                .iter()
                .map(|&(_, place)| self.novelty(&familiar, place))
                .collect();
            let reward = of(&|parts| (parts.novelty + parts.uncertainty) / explore);
            let vectors: Vec<Vec<f32>> = window
                .iter()
                .map(|&(_, place)| self.vectors.values(place).collect())
                .collect();
            let of_candidates = Window {
                vectors: &vectors,
                worth: &worth,
                reward: &reward,
                novelty: &novelty,
            };
            // Similarity is twice the cosine, hubs aside, in units of the spread.
            let apart = APART * 2.0 / self.spread;
            exchange(&mut rows, of_candidates, apart, explore);
            let total = of(&Parts::total);
            rows.sort_by(|&a, &b| total[b].total_cmp(&total[a]).then(a.cmp(&b)));
            let totals: Vec<f32> = rows.iter().map(|&at| total[at]).collect();
            let order = diversify(&totals, |a, b| likeness(rows[a], rows[b]), ask.rows);
            rows = order.into_iter().map(|at| rows[at]).collect();
        }
        rows.into_iter().map(|at| window[at]).collect()
    }

    /// What the listener likes or heard of late, as far as it is known.
    pub(super) fn familiar(&self, ask: &Ask<'_>) -> Vec<&Column> {
        let known = [ask.likes, ask.heard].map(|voices| self.known(voices));
        known
            .into_iter()
            .flatten()
            .map(|(_, column)| column)
            .collect()
    }

    /// How unfamiliar the candidate at `place` is: one less its greatest cosine to what is `familiar`, `0..=1`.
    pub(super) fn novelty(&self, familiar: &[&Column], place: usize) -> f32 {
        let cosines = familiar.iter().map(|column| self.cosine(column, place));
        1.0 - cosines.fold(0.0, f32::max).min(1.0)
    }

    /// The cosine of an anchor and the candidate at `place`: back from the similarity, which is cheaper than
    /// a product.
    pub(super) fn cosine(&self, anchor: &Column, place: usize) -> f32 {
        let corrected = anchor.similarity[place] * self.spread;
        f32::midpoint(corrected, self.hubs[place] + anchor.hub).clamp(-1.0, 1.0)
    }
}

/// `relevance`, or the least where it is no number.
pub(super) fn number(relevance: f32) -> f32 {
    if relevance.is_nan() {
        f32::NEG_INFINITY
    } else {
        relevance
    }
}

/// The most relevant first; ties fall to the smaller id.
pub(super) fn best_first((a, x, _): &Ranked, (b, y, _): &Ranked) -> Ordering {
    b.total_cmp(a).then(x.cmp(y))
}

/// The rank of each of `some`, the most relevant first, among `all`, in whatever order: from 1. For a few of many this
/// is less than to sort all.
pub(super) fn ranks(some: &[Ranked], all: &[Ranked]) -> Vec<usize> {
    if some.is_empty() {
        return Vec::new();
    }
    // How many come after as many of them.
    let mut after = vec![0; some.len() + 1];
    for one in all {
        after[some.partition_point(|other| best_first(other, one).is_lt())] += 1;
    }
    let ranks = after.iter().scan(0, |rank, more| {
        *rank += more;
        Some(*rank)
    });
    ranks.take(some.len()).collect()
}

/// The `first` best of `ranked`, in no order.
pub(super) fn best_of(ranked: &mut [Ranked], first: usize) -> &mut [Ranked] {
    let first = first.min(ranked.len());
    if 0 < first && first < ranked.len() {
        ranked.select_nth_unstable_by(first - 1, best_first);
    }
    &mut ranked[..first]
}
