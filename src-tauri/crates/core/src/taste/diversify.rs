//! Order: maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998), and how far a list may reach.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// MMR's λ, how much relevance counts against being unlike the rows above. It only breaks up rows that sound
/// the same; spreading a list further is what exploring is for.
const LAMBDA: f32 = 0.9;

/// The floor of relevance: rows come from this many times as many best candidates as the list is long,
/// whatever the knobs say.
pub const FLOOR: usize = 6;

/// Puts the best candidates into the order of the list; gives the places of at most `rows`.
///
/// `scores` are theirs, the most relevant candidate first; only the first `rows ·` [`FLOOR`] are looked at.
/// Over these they are stretched to `0..=1`, so that λ means the same however scores are spread; what is
/// no number counts as least. `likeness(a, b)` is the cosine of two of them.
pub fn diversify(
    scores: &[f32],
    likeness: impl Fn(usize, usize) -> f32,
    rows: usize,
) -> Vec<usize> {
    let window = &scores[..scores.len().min(rows.saturating_mul(FLOOR))];
    let finite = || window.iter().copied().filter(|x| x.is_finite());
    let best = finite().fold(f32::NEG_INFINITY, f32::max);
    let worst = finite().fold(f32::INFINITY, f32::min);
    let width = best - worst;
    let stretched: Vec<f32> = window
        .iter()
        .map(|&x| match width {
            _ if !x.is_finite() => 0.0,
            width if width > 0.0 => (x - worst) / width,
            _ => 1.0,
        })
        .collect();
    pick(&stretched, likeness, rows, LAMBDA)
}

/// A candidate and the most that it can be worth.
struct Bound {
    value: f32,
    place: Reverse<usize>,
    /// Greatest likeness to the picks that it was compared with.
    closest: f32,
    /// How many picks it was compared with.
    compared: usize,
}

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value
            .total_cmp(&other.value)
            .then(self.place.cmp(&other.place))
    }
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Bound {}

/// Picks at most `limit` places of `relevance`, the best first: each time the one with the greatest
/// `λ · relevance − (1 − λ) · (greatest likeness to what is picked already)`, of equals the first.
///
/// Lazily: what a candidate is worth only falls with every pick, so one that has been compared with
/// all picks and still stands on top is the next, and most candidates are compared with a few picks only
/// (the accelerated greedy algorithm: Minoux, 1978).
fn pick(
    relevance: &[f32],
    likeness: impl Fn(usize, usize) -> f32,
    limit: usize,
    lambda: f32,
) -> Vec<usize> {
    let value = |place: usize, closest: f32| lambda * relevance[place] - (1.0 - lambda) * closest;
    let mut waiting: BinaryHeap<Bound> = (0..relevance.len())
        .map(|place| Bound {
            value: value(place, -1.0),
            place: Reverse(place),
            closest: -1.0,
            compared: 0,
        })
        .collect();
    let mut picked = Vec::with_capacity(limit.min(relevance.len()));
    while picked.len() < limit {
        let Some(mut top) = waiting.pop() else { break };
        let place = top.place.0;
        if top.compared == picked.len() {
            picked.push(place);
            continue;
        }
        for &other in &picked[top.compared..] {
            top.closest = top.closest.max(likeness(place, other));
        }
        top.compared = picked.len();
        top.value = value(place, top.closest);
        waiting.push(top);
    }
    picked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::taste::unit;

    /// Unit vectors and relevances that fall.
    fn window() -> impl Strategy<Value = (Vec<Vec<f32>>, Vec<f32>)> {
        prop::collection::vec(
            (prop::collection::vec(-1.0_f32..1.0, 5), 0.0_f32..1.0),
            1..80,
        )
        .prop_map(|rows| {
            let (vectors, mut relevance): (Vec<_>, Vec<_>) = rows
                .into_iter()
                .filter_map(|(vector, relevance)| Some((unit(&vector)?, relevance)))
                .unzip();
            relevance.sort_by(|a, b| b.total_cmp(a));
            (vectors, relevance)
        })
    }

    fn dot(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    /// MMR as it is defined.
    fn plain(relevance: &[f32], vectors: &[Vec<f32>], limit: usize, lambda: f32) -> Vec<usize> {
        let mut picked: Vec<usize> = Vec::new();
        while picked.len() < limit.min(relevance.len()) {
            let value = |place: usize| {
                let closest = picked
                    .iter()
                    .map(|&other| dot(&vectors[place], &vectors[other]))
                    .fold(-1.0, f32::max);
                lambda * relevance[place] - (1.0 - lambda) * closest
            };
            let left = (0..relevance.len()).filter(|place| !picked.contains(place));
            let best = left.reduce(|best, place| {
                if value(place) > value(best) {
                    place
                } else {
                    best
                }
            });
            picked.extend(best);
        }
        picked
    }

    proptest! {
        #[test]
        fn lazy_is_plain((vectors, relevance) in window(), limit in 0..30_usize, lambda in 0.0_f32..=1.0) {
            let likeness = |a: usize, b: usize| dot(&vectors[a], &vectors[b]);
            prop_assert_eq!(
                pick(&relevance, likeness, limit, lambda),
                plain(&relevance, &vectors, limit, lambda)
            );
        }

        #[test]
        fn rows_are_distinct_full_and_above_the_floor(
            (vectors, relevance) in window(),
            rows in 0..20_usize,
        ) {
            let likeness = |a: usize, b: usize| dot(&vectors[a], &vectors[b]);
            let list = diversify(&relevance, likeness, rows);
            let distinct: std::collections::BTreeSet<_> = list.iter().collect();
            prop_assert_eq!(distinct.len(), rows.min(relevance.len()));
            prop_assert!(list.iter().all(|&place| place < rows * FLOOR));
        }

        #[test]
        fn scale_and_offset_of_scores_are_irrelevant((vectors, relevance) in window()) {
            let likeness = |a: usize, b: usize| dot(&vectors[a], &vectors[b]);
            // Eighths and a power of two: no rounding.
            let eighths: Vec<f32> = relevance.iter().map(|x| (x * 8.0).round()).collect();
            let moved: Vec<f32> = eighths.iter().map(|x| 4.0 * x - 64.0).collect();
            prop_assert_eq!(
                diversify(&eighths, likeness, 10),
                diversify(&moved, likeness, 10)
            );
        }
    }

    #[test]
    fn what_is_no_number_comes_last() {
        let relevance = [1.0, 0.5, f32::NAN, f32::NEG_INFINITY];
        let apart = |_: usize, _: usize| 0.0;
        assert_eq!(diversify(&relevance, apart, 4), [0, 1, 2, 3]);
        assert_eq!(diversify(&[f32::NAN; 3], apart, 2), [0, 1]);
        assert_eq!(diversify(&[], apart, 2), [0_usize; 0]);
    }
}
