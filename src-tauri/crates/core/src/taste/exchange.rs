//! Exploring: a list moves outwards by exchanges, the cheapest first.
//!
//! An exchange puts a candidate from outside the list in the place of a row. What it costs is the worth that
//! the list loses; what it gains is novelty, and rows that are less like each other. Its *price* is the one
//! divided by the other, and the knob is the highest price that is paid (after the swaps of Yu, Lakshmanan &
//! Amer-Yahia, EDBT 2009, which pay by a budget).
//!
//! The order of exchanges does not depend on where the knob stands: turned further, it goes on from the list
//! that it had. And none is made that lowers the novelty of the rows or brings them closer together. So both
//! rise with the knob in every library and for every set of seeds, by construction and not on average.

/// What is known of each candidate that may become a row, `[n]` each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    /// What it is worth without exploring, in units of similarity.
    pub worth: &'a [f32],
    /// What exploring at its furthest adds to it, in the same units.
    pub reward: &'a [f32],
    /// How unfamiliar it is.
    pub novelty: &'a [f32],
}

/// A row of the list, the candidate that may take its place, and what that costs.
#[derive(Clone, Copy)]
struct Exchange {
    row: usize,
    candidate: usize,
    price: f32,
}

/// The rows while they are exchanged.
struct Rows<'a> {
    window: Window<'a>,
    list: &'a mut [usize],
    /// Likeness of each row to the whole window, `[rows][n]`.
    likeness: Vec<Vec<f32>>,
    /// Sum of each candidate's likeness to the rows, `[n]`.
    near: Vec<f32>,
    /// Candidates that were never a row.
    outside: Vec<usize>,
    /// What a sum of likenesses to the other rows is worth less for each unit.
    apart: f32,
}

/// Exchanges rows of `list`, places in the `window`, for candidates that are not in it, as long as one costs
/// at most `most`, `0..=1`. A row that has left does not come back.
///
/// `likeness(a, b)` is the cosine of two candidates, and `apart` what it is worth to a row to be less like
/// the others by a mean cosine of 1, in units of similarity.
pub(super) fn exchange(
    list: &mut [usize],
    window: Window<'_>,
    likeness: impl Fn(usize, usize) -> f32,
    apart: f32,
    most: f32,
) {
    let n = window.worth.len();
    if list.len() >= n {
        return;
    }
    let to_all = |row: usize| -> Vec<f32> { (0..n).map(|other| likeness(row, other)).collect() };
    let to_rows: Vec<Vec<f32>> = list.iter().map(|&row| to_all(row)).collect();
    let mut near = vec![0.0; n];
    for row in &to_rows {
        for (near, likeness) in near.iter_mut().zip(row) {
            *near += likeness;
        }
    }
    let mut rows = Rows {
        window,
        outside: (0..n).filter(|place| !list.contains(place)).collect(),
        apart: apart / list.len().saturating_sub(1).max(1) as f32,
        likeness: to_rows,
        near,
        list,
    };
    while let Some(cheapest) = rows.cheapest().filter(|cheapest| cheapest.price <= most) {
        rows.make(cheapest, to_all(cheapest.candidate));
    }
}

impl Rows<'_> {
    /// The exchange with the least price; of equal ones that of the first row, and of its first candidate.
    fn cheapest(&self) -> Option<Exchange> {
        let Window {
            worth,
            reward,
            novelty,
        } = self.window;
        let mut best: Option<Exchange> = None;
        for (row, (&old, likeness)) in self.list.iter().zip(&self.likeness).enumerate() {
            let to_others = self.near[old] - likeness[old];
            for &new in &self.outside {
                let closer = self.near[new] - likeness[new] - to_others;
                let gain = reward[new] - reward[old] - self.apart * closer;
                let loss = worth[old] - worth[new];
                let least = best.map_or(f32::INFINITY, |best| best.price);
                if closer <= 0.0
                    && gain > 0.0
                    && novelty[new] >= novelty[old]
                    && loss < least * gain
                {
                    best = Some(Exchange {
                        row,
                        candidate: new,
                        price: loss / gain,
                    });
                }
            }
        }
        best
    }

    /// Makes an exchange; `likeness` is that of the candidate to the whole window.
    fn make(&mut self, exchange: Exchange, likeness: Vec<f32>) {
        let left = &mut self.likeness[exchange.row];
        for ((near, new), old) in self.near.iter_mut().zip(&likeness).zip(left.iter()) {
            *near += new - old;
        }
        *left = likeness;
        self.list[exchange.row] = exchange.candidate;
        self.outside.retain(|&place| place != exchange.candidate);
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
        fn likeness(&self, a: usize, b: usize) -> f32 {
            let (a, b) = (&self.vectors[a], &self.vectors[b]);
            a.iter().zip(b).map(|(x, y)| x * y).sum()
        }

        fn at(&self, rows: usize, most: f32) -> Vec<usize> {
            let window = Window {
                worth: &self.worth,
                reward: &self.reward,
                novelty: &self.novelty,
            };
            let mut list: Vec<usize> = (0..rows.min(self.vectors.len())).collect();
            exchange(&mut list, window, |a, b| self.likeness(a, b), 2.0, most);
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
            pairs.map(|(a, b)| self.likeness(a, b)).sum()
        }
    }

    proptest! {
        #[test]
        fn novelty_and_distance_rise_with_the_knob(window in drawn(), rows in 1..12_usize) {
            let lists: Vec<_> = (0_u8..=8).map(|eighth| window.at(rows, f32::from(eighth) / 8.0)).collect();
            for pair in lists.windows(2) {
                let novelty = |list| Drawn::sum(&window.novelty, list);
                prop_assert!(novelty(&pair[1]) >= novelty(&pair[0]) - 1e-5, "{:?}", pair);
                prop_assert!(window.pairs(&pair[1]) <= window.pairs(&pair[0]) + 1e-4, "{:?}", pair);
                let distinct: std::collections::BTreeSet<_> = pair[1].iter().collect();
                prop_assert_eq!(distinct.len(), pair[1].len());
            }
        }

        #[test]
        fn what_is_paid_is_worth_it(window in drawn(), rows in 1..12_usize, most in 0.0_f32..=1.0) {
            let (before, after) = (window.at(rows, -1e9), window.at(rows, most));
            let change = |of: &[f32]| Drawn::sum(of, &after) - Drawn::sum(of, &before);
            let others = before.len().saturating_sub(1).max(1) as f32;
            let apart = 2.0 / others * (window.pairs(&before) - window.pairs(&after));
            let gain = change(&window.reward) + apart;
            prop_assert!(-change(&window.worth) <= most * gain + 1e-4, "{:?} for {gain}", change(&window.worth));
        }
    }

    #[test]
    fn the_cheapest_exchange_comes_first() {
        // Three pairs of a row and a candidate that is as new: the second costs least.
        let window = Window {
            worth: &[1.0, 0.5, 0.8, 0.2, 0.3, 0.0],
            reward: &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            novelty: &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        };
        let at = |most| {
            let mut list = [0, 1, 2];
            exchange(&mut list, window, |_, _| 0.0, 1.0, most);
            list
        };
        assert_eq!(at(0.1), [0, 1, 2]);
        assert_eq!(at(0.25), [0, 4, 2], "half of worth for one of .3");
        assert_eq!(at(0.65), [0, 4, 3]);
        assert_eq!(at(1.0), [5, 4, 3]);
    }

    #[test]
    fn a_list_of_everything_stays() {
        let window = Window {
            worth: &[1.0, 0.5],
            reward: &[0.0, 1.0],
            novelty: &[0.0, 1.0],
        };
        for all in [&mut [1, 0][..], &mut []] {
            let before = all.to_vec();
            exchange(all, window, |_, _| 0.0, 1.0, 1.0);
            assert_eq!(all, before);
        }
    }
}
