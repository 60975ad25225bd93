//! Exploring: a list moves outwards by exchanges, the cheapest first.
//!
//! An exchange puts a candidate from outside the list in the place of a row (Yu, Lakshmanan & Amer-Yahia, EDBT
//! 2009, do so within a budget). It costs the worth that the list loses, and gains novelty and rows that are less
//! like each other. The knob is the price of a gain: at price `p` an exchange is made that costs less than
//! `p` times what it gains. The price rises in [`STEPS`] steps to where the knob stands.
//!
//! So a knob turned further goes on from the very list that it had before. And no exchange is made that lowers
//! the novelty of the rows or brings them closer together. Both therefore rise with the knob in every
//! library and for every set of seeds, by construction and not on average.

/// Steps of the knob. At each, a product of the window with the rows' sum is to be made, which bounds the cost.
const STEPS: u8 = 20;

/// Candidates that are tried for one row at one step: those after are worth less.
const TRIES: usize = 8;

/// What is known of the `n` candidates that may become rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    /// Unit vectors, `[n][dimension]`.
    pub vectors: &'a [Vec<f32>],
    /// What each is worth without exploring, in units of similarity; `[n]`.
    pub worth: &'a [f32],
    /// What exploring at its furthest adds to each, in the same units; `[n]`.
    pub reward: &'a [f32],
    /// How unfamiliar each is; `[n]`.
    pub novelty: &'a [f32],
}

/// Exchanges rows of `list`, places in the `window`, for candidates that are not in it, as `explore`, `0..=1`,
/// asks. A row that has left does not come back. `apart` says what it is worth to a row that its mean cosine to
/// the others is less by 1, in units of similarity.
pub(super) fn exchange(list: &mut [usize], window: Window<'_>, apart: f32, explore: f32) {
    let mut sum = vec![0.0; window.vectors.first().map_or(0, Vec::len)];
    for &row in list.iter() {
        add(&mut sum, 1.0, &window.vectors[row]);
    }
    let mut rows = Rows {
        outside: (0..window.worth.len())
            .filter(|place| !list.contains(place))
            .collect(),
        apart: apart / list.len().saturating_sub(1).max(1) as f32,
        window,
        list,
        near: likenesses(window.vectors, &sum),
        sum,
    };
    let steps = (explore.clamp(0.0, 1.0) * f32::from(STEPS)).round() as u8;
    for step in 1..=steps {
        rows.step(f32::from(step) / f32::from(STEPS));
    }
}

/// The rows while they are exchanged.
struct Rows<'w, 'l> {
    window: Window<'w>,
    list: &'l mut [usize],
    /// Sum of the rows' vectors: the product with it is a sum of likenesses.
    sum: Vec<f32>,
    /// Sum of each candidate's likenesses to the rows, as they were before a step; `[n]`.
    near: Vec<f32>,
    /// Candidates that were never a row.
    outside: Vec<usize>,
    /// What a sum of likenesses to the other rows takes off for each unit.
    apart: f32,
}

impl Rows<'_, '_> {
    /// Makes the exchanges that are worth their `price`, the row that is worth least for the candidate that is
    /// worth most; one a row.
    fn step(&mut self, price: f32) {
        let near = &self.near;
        // A row leaves itself out; a candidate, for now, the mean of the rows.
        let others = 1.0 - 1.0 / self.list.len().max(1) as f32;
        let value = |place: usize, near: f32| {
            let reward = self.window.reward[place] - self.apart * near;
            self.window.worth[place] + price * reward
        };
        let mut rows: Vec<(f32, usize)> = (0..self.list.len())
            .map(|at| (value(self.list[at], near[self.list[at]] - 1.0), at))
            .collect();
        let outside = self.outside.iter();
        let mut candidates: Vec<(f32, usize)> = outside
            .map(|&place| (value(place, near[place] * others), place))
            .collect();
        rows.sort_by(|(a, x), (b, y)| a.total_cmp(b).then(x.cmp(y)));
        candidates.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
        for (least, row) in rows {
            let old = self.list[row];
            let from = &self.window.vectors[old];
            let before = dot(from, &self.sum) - dot(from, from);
            // Two unit vectors are no more alike than 1: what is nearer to all rows, this one included, than this
            // one is would bring them closer together.
            let may = |new: usize| near[new] <= near[old];
            let found = candidates
                .iter()
                .take_while(|(value, _)| *value > least)
                .enumerate()
                .filter(|(_, (_, new))| {
                    self.window.novelty[*new] >= self.window.novelty[old] && may(*new)
                })
                .take(TRIES)
                .find(|(_, (_, new))| self.pays([old, *new], before, price));
            if let Some((at, &(_, new))) = found {
                candidates.remove(at);
                add(&mut self.sum, 1.0, &self.window.vectors[new]);
                add(&mut self.sum, -1.0, &self.window.vectors[old]);
                self.list[row] = new;
            }
        }
        let before = self.outside.len();
        self.outside.retain(|place| !self.list.contains(place));
        if self.outside.len() < before {
            self.near = likenesses(self.window.vectors, &self.sum);
        }
    }

    /// Whether `new` in the place of `old`, whose likenesses to the other rows add up to `before`, brings rows no
    /// closer together and is worth its `price`.
    fn pays(&self, [old, new]: [usize; 2], before: f32, price: f32) -> bool {
        let (from, to) = (&self.window.vectors[old], &self.window.vectors[new]);
        let closer = dot(to, &self.sum) - dot(to, from) - before;
        let gain = self.window.reward[new] - self.window.reward[old] - self.apart * closer;
        let loss = self.window.worth[old] - self.window.worth[new];
        closer <= 0.0 && gain > 0.0 && loss < price * gain
    }
}

/// Each vector's product with `sum`.
fn likenesses(vectors: &[Vec<f32>], sum: &[f32]) -> Vec<f32> {
    vectors.iter().map(|vector| dot(vector, sum)).collect()
}

/// The product of two vectors of one length: in sixteen sums that do not wait for each other, which the compiler
/// turns into vector instructions (four times as fast as `ndarray` does it without a library of its own).
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_left), (b, b_left)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    let mut sums = [0.0; 16];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let left = a_left.iter().zip(b_left).map(|(a, b)| a * b);
    sums.into_iter().chain(left).sum()
}

fn add(sum: &mut [f32], times: f32, vector: &[f32]) {
    for (sum, x) in sum.iter_mut().zip(vector) {
        *sum += times * x;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::taste::unit;

    /// A window: unit vectors, and worth, reward and novelty of each.
    #[derive(Debug)]
    struct Drawn {
        vectors: Vec<Vec<f32>>,
        worth: Vec<f32>,
        reward: Vec<f32>,
        novelty: Vec<f32>,
    }

    fn drawn() -> impl Strategy<Value = Drawn> {
        let one = (
            prop::collection::vec(-1.0_f32..1.0, 4),
            [-3.0_f32..1.0, 0.0_f32..2.0, 0.0_f32..1.0],
        );
        prop::collection::vec(one, 1..60).prop_map(|all| {
            let all = all
                .into_iter()
                .filter_map(|(vector, of)| Some((unit(&vector)?, of)));
            let (vectors, of): (Vec<_>, Vec<[f32; 3]>) = all.unzip();
            let column = |at: usize| of.iter().map(|of| of[at]).collect();
            Drawn {
                worth: column(0),
                reward: column(1),
                novelty: column(2),
                vectors,
            }
        })
    }

    impl Drawn {
        fn at(&self, rows: usize, explore: f32) -> Vec<usize> {
            let window = Window {
                vectors: &self.vectors,
                worth: &self.worth,
                reward: &self.reward,
                novelty: &self.novelty,
            };
            let mut list: Vec<usize> = (0..rows.min(self.worth.len())).collect();
            exchange(&mut list, window, 2.0, explore);
            list
        }

        fn sum(of: &[f32], list: &[usize]) -> f32 {
            list.iter().map(|&place| of[place]).sum()
        }

        /// Sum of the likenesses of all pairs of a list.
        fn pairs(&self, list: &[usize]) -> f32 {
            let pairs = list
                .iter()
                .enumerate()
                .flat_map(|(at, &a)| list[..at].iter().map(move |&b| (a, b)));
            pairs
                .map(|(a, b)| dot(&self.vectors[a], &self.vectors[b]))
                .sum()
        }
    }

    proptest! {
        #[test]
        fn novelty_and_distance_rise_with_the_knob(window in drawn(), rows in 1..12_usize) {
            let lists: Vec<_> = (0_u8..=32).map(|step| window.at(rows, f32::from(step) / 32.0)).collect();
            for pair in lists.windows(2) {
                let novelty = |list| Drawn::sum(&window.novelty, list);
                prop_assert!(novelty(&pair[1]) >= novelty(&pair[0]) - 1e-5, "{:?}", pair);
                prop_assert!(window.pairs(&pair[1]) <= window.pairs(&pair[0]) + 1e-4, "{:?}", pair);
                let distinct: std::collections::BTreeSet<_> = pair[1].iter().collect();
                prop_assert_eq!(distinct.len(), pair[1].len());
            }
        }

        #[test]
        fn what_is_paid_is_worth_it(window in drawn(), rows in 1..12_usize, explore in 0.0_f32..=1.0) {
            let (before, after) = (window.at(rows, 0.0), window.at(rows, explore));
            let change = |of: &[f32]| Drawn::sum(of, &after) - Drawn::sum(of, &before);
            let others = before.len().saturating_sub(1).max(1) as f32;
            let apart = 2.0 / others * (window.pairs(&before) - window.pairs(&after));
            let gain = change(&window.reward) + apart;
            // The knob stands at the nearest step.
            prop_assert!(-change(&window.worth) <= (explore + 0.025) * gain + 1e-4, "{:?} for {gain}", change(&window.worth));
        }
    }

    #[test]
    fn the_cheapest_exchange_comes_first() {
        // Three rows, and three candidates that are all as new.
        let unit = |at: usize| (0..6).map(|i| if i == at { 1.0 } else { 0.0 }).collect();
        let vectors: Vec<Vec<f32>> = (0..6).map(unit).collect();
        let window = Window {
            vectors: &vectors,
            worth: &[1.0, 0.5, 0.8, 0.2, 0.3, 0.0],
            reward: &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            novelty: &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        };
        let at = |explore| {
            let mut list = [0, 1, 2];
            exchange(&mut list, window, 1.0, explore);
            list
        };
        assert_eq!(at(0.15), [0, 1, 2], "nothing is to be had for so little");
        assert_eq!(at(0.25), [0, 4, 2], ".2 of worth for one of novelty");
        assert_eq!(at(0.65), [0, 4, 3], "the next costs .6");
        assert_eq!(
            at(1.0),
            [0, 4, 3],
            "the last would cost as much as it brings"
        );
    }

    #[test]
    fn rows_are_not_brought_together() {
        let vectors = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]].map(Vec::from);
        let window = Window {
            vectors: &vectors,
            worth: &[1.0, 0.5, 0.5],
            reward: &[0.0, 0.0, 9.0],
            novelty: &[0.0, 0.0, 1.0],
        };
        let mut list = [0, 1];
        exchange(&mut list, window, 1.0, 1.0);
        assert_eq!(list, [2, 1], "in the place of its like, not beside it");
    }

    #[test]
    fn a_list_of_everything_stays() {
        let vectors = [[1.0], [1.0]].map(Vec::from);
        let window = Window {
            vectors: &vectors,
            worth: &[1.0, 0.5],
            reward: &[0.0, 1.0],
            novelty: &[0.0, 1.0],
        };
        for all in [&mut [1, 0][..], &mut []] {
            let before = all.to_vec();
            exchange(all, window, 1.0, 1.0);
            assert_eq!(all, before);
        }
    }
}
