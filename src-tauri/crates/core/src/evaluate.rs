//! How well a set of vectors puts tracks of one label together: every track asks once for its neighbours
//! among all the others (leave one out), and the answers are judged by the labels.

use ndarray::{Array2, ArrayView1, Axis};
use serde::Serialize;

use crate::embedding::{Space, SpaceError};

mod arms;
mod discovery;
mod draw;
mod library;
mod listener;
mod plot;

pub use discovery::{Discovery, HubFigures, LISTENERS, LeaveOneOut, discovery};
pub use listener::Listeners;

/// Neighbours that precision and hubs are counted over, the usual ten.
pub const NEIGHBOURS: usize = 10;

/// Queries that are compared with all tracks at once: bounds the table of similarities.
const QUERIES: usize = 256;

/// Figures of one set of vectors, or of chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Share of a query's [`NEIGHBOURS`] nearest tracks (of all others, where there are fewer) that have
    /// its label, `0..=1`: the mean over the queries.
    pub precision_at_10: f64,
    /// Mean average precision over the whole ranking, `0..=1`.
    pub map: f64,
    /// Skewness of how often a track is among the nearest of others: 0 when all are alike, above 1 when a
    /// few hubs are near everything.
    pub hub_skew: f64,
}

/// Why there is nothing to evaluate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// Every label has one track.
    #[error("no two tracks share a label")]
    NothingShared,
    /// No label has tracks enough to be split into halves.
    #[error("no label has four tracks")]
    NothingToLike,
    /// A vector is without a label, or a label without a vector.
    #[error("{vectors} vectors and {labels} labels")]
    Unpaired {
        /// Number of vectors.
        vectors: usize,
        /// Number of labels.
        labels: usize,
    },
    /// The vectors have different lengths.
    #[error(transparent)]
    Space(#[from] SpaceError),
}

/// Judges raw vectors, each `[parts]`, by the labels of their tracks, a number each.
///
/// They are compared by the cosine of what [`Space`] makes of them, fitted to these very vectors as a
/// library's is to its own. Of equally near tracks the one that stands first comes first. Tracks whose
/// label nobody shares ask nothing, but are among the answers.
pub fn agreement(
    parts: &[usize],
    raw: &[&[f32]],
    labels: &[usize],
) -> Result<Agreement, EvaluateError> {
    let tracks = raw.len();
    if tracks != labels.len() {
        return Err(EvaluateError::Unpaired {
            vectors: tracks,
            labels: labels.len(),
        });
    }
    let shared = shared(labels)?;
    let vectors = project(parts, raw)?;
    let nearest = NEIGHBOURS.min(tracks - 1);
    let mut occurrences = vec![0_usize; tracks];
    let (mut precision, mut map) = (0.0, 0.0);
    let mut order: Vec<usize> = Vec::with_capacity(tracks);
    for first in (0..tracks).step_by(QUERIES) {
        let queries = vectors.slice_axis(Axis(0), (first..tracks.min(first + QUERIES)).into());
        let similarities = queries.dot(&vectors.t());
        for (query, similar) in (first..).zip(similarities.outer_iter()) {
            rank(query, &similar, &mut order);
            for &other in &order[..nearest] {
                occurrences[other] += 1;
            }
            let relevant = shared[query];
            if relevant > 0 {
                let hits = order.iter().map(|&other| labels[other] == labels[query]);
                let among = hits.clone().take(nearest).filter(|&hit| hit).count();
                precision += among as f64 / nearest as f64;
                map += average_precision(hits, relevant);
            }
        }
    }
    let asked = shared.iter().filter(|&&others| others > 0).count() as f64;
    Ok(Agreement {
        precision_at_10: precision / asked,
        map: map / asked,
        hub_skew: skewness(&occurrences),
    })
}

/// What [`agreement`] gives on average when neighbours are drawn by lot.
pub fn chance(labels: &[usize]) -> Result<Agreement, EvaluateError> {
    let shared = shared(labels)?;
    let others = (labels.len() - 1) as f64;
    let harmonic: f64 = (1..labels.len()).map(|rank| 1.0 / rank as f64).sum();
    let (mut precision, mut map, mut asked) = (0.0, 0.0, 0.0);
    for relevant in shared.into_iter().filter(|&relevant| relevant > 0) {
        let relevant = relevant as f64;
        precision += relevant / others;
        // The precision at a rank that is a hit: that hit, and what is expected of the ranks before it.
        map += if others > 1.0 {
            (harmonic + (relevant - 1.0) / (others - 1.0) * (others - harmonic)) / others
        } else {
            1.0
        };
        asked += 1.0;
    }
    // A track's occurrences are a binomial variable: the other tracks each draw it or do not.
    let drawn = (NEIGHBOURS as f64).min(others) / others;
    let spread = (others * drawn * (1.0 - drawn)).sqrt();
    Ok(Agreement {
        precision_at_10: precision / asked,
        map: map / asked,
        hub_skew: if spread > 0.0 {
            (1.0 - 2.0 * drawn) / spread
        } else {
            0.0
        },
    })
}

/// How many other tracks have the label of each.
fn shared(labels: &[usize]) -> Result<Vec<usize>, EvaluateError> {
    let mut sorted = labels.to_vec();
    sorted.sort_unstable();
    let others = |label| {
        let before = sorted.partition_point(|&other| other < label);
        sorted[before..].partition_point(|&other| other == label) - 1
    };
    let shared: Vec<usize> = labels.iter().map(|&label| others(label)).collect();
    if shared.iter().any(|&others| others > 0) {
        Ok(shared)
    } else {
        Err(EvaluateError::NothingShared)
    }
}

/// Search vectors in the space of `raw`, `[tracks, dimension]`.
fn project(parts: &[usize], raw: &[&[f32]]) -> Result<Array2<f32>, SpaceError> {
    let space = Space::fit(parts, 0, raw.iter().map(|&row| (row, &[][..])))?;
    let mut vectors = Array2::zeros((raw.len(), space.dimension()));
    for (mut vector, row) in vectors.outer_iter_mut().zip(raw) {
        vector.assign(&ArrayView1::from(&space.project(row)?));
    }
    Ok(vectors)
}

/// Every track but `query`, the most similar first, into `order`.
fn rank(query: usize, similar: &ArrayView1<'_, f32>, order: &mut Vec<usize>) {
    order.clear();
    order.extend((0..similar.len()).filter(|&other| other != query));
    order.sort_by(|&a, &b| similar[b].total_cmp(&similar[a]));
}

/// The mean over the `relevant` hits of the precision at their ranks.
fn average_precision(hits: impl Iterator<Item = bool>, relevant: usize) -> f64 {
    let (mut found, mut sum) = (0_usize, 0.0);
    for (rank, _) in (1_usize..).zip(hits).filter(|&(_, hit)| hit) {
        found += 1;
        sum += found as f64 / rank as f64;
    }
    sum / relevant as f64
}

/// Third standardised moment; 0 where all values are the same.
fn skewness(values: &[usize]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<usize>() as f64 / n;
    let moment = |power| {
        let powers = values.iter().map(|&x| (x as f64 - mean).powi(power));
        powers.sum::<f64>() / n
    };
    let variance = moment(2);
    if variance > 0.0 {
        moment(3) / variance.powf(1.5)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(parts: &[usize], raw: &[Vec<f32>], labels: &[usize]) -> Agreement {
        let raw: Vec<&[f32]> = raw.iter().map(Vec::as_slice).collect();
        agreement(parts, &raw, labels).expect("some labels are shared")
    }

    /// Vectors of two parts, 2 and 3 long, with labels; two tracks at least share one.
    fn labelled() -> impl Strategy<Value = (Vec<Vec<f32>>, Vec<usize>)> {
        let track = (prop::collection::vec(-5.0_f32..5.0, 5), 0..4_usize);
        prop::collection::vec(track, 5..40).prop_map(|tracks| tracks.into_iter().unzip())
    }

    proptest! {
        #[test]
        fn figures_stay_in_their_ranges_and_come_out_the_same_again((raw, labels) in labelled()) {
            let found = of(&[2, 3], &raw, &labels);
            prop_assert!((0.0..=1.0).contains(&found.precision_at_10), "{found:?}");
            prop_assert!((0.0..=1.0 + 1e-12).contains(&found.map), "{found:?}");
            prop_assert!(found.hub_skew.is_finite(), "{found:?}");
            prop_assert_eq!(found, of(&[2, 3], &raw, &labels));
        }

        #[test]
        fn only_which_labels_are_the_same_counts((raw, labels) in labelled()) {
            let renamed: Vec<usize> = labels.iter().map(|label| 900 - 7 * label).collect();
            prop_assert_eq!(of(&[2, 3], &raw, &labels), of(&[2, 3], &raw, &renamed));
        }

        #[test]
        fn how_large_a_part_is_does_not_matter((raw, labels) in labelled()) {
            let louder: Vec<Vec<f32>> = raw
                .iter()
                .map(|row| (0..).zip(row).map(|(n, x)| if n < 2 { x * 4.0 } else { *x }).collect())
                .collect();
            prop_assert_eq!(of(&[2, 3], &raw, &labels), of(&[2, 3], &louder, &labels));
        }

        #[test]
        fn tracks_that_sound_like_their_label_find_each_other(labels in prop::collection::vec(0..4_usize, 8..40)) {
            let raw: Vec<Vec<f32>> = labels
                .iter()
                .map(|&label| (0..4).map(|n| f32::from(u8::from(n == label))).collect())
                .collect();
            let found = of(&[4], &raw, &labels);
            prop_assert!((found.map - 1.0).abs() < 1e-9, "every hit comes before every miss: {found:?}");
        }

        #[test]
        fn chance_is_the_mean_over_many_draws(labels in prop::collection::vec(0..3_usize, 12..30), seed in 1..u32::MAX) {
            let mut state = seed;
            let mut noise = || {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state as f32 / u32::MAX as f32 - 0.5
            };
            let draws = 200;
            let (mut precision, mut map) = (0.0, 0.0);
            for _ in 0..draws {
                let raw: Vec<Vec<f32>> = labels.iter().map(|_| (0..40).map(|_| noise()).collect()).collect();
                let found = of(&[40], &raw, &labels);
                precision += found.precision_at_10 / f64::from(draws);
                map += found.map / f64::from(draws);
            }
            let expected = chance(&labels).unwrap();
            prop_assert!((precision - expected.precision_at_10).abs() < 0.03, "{precision} for {expected:?}");
            prop_assert!((map - expected.map).abs() < 0.03, "{map} for {expected:?}");
        }
    }

    #[test]
    fn figures_worked_out_by_hand() {
        // On a line about their mean, 0: the nearest of each by direction, ties by place.
        let raw = [vec![-3.0], vec![-1.0], vec![1.0], vec![3.0]];
        let found = of(&[1], &raw, &[0, 0, 1, 0]);
        // 0 asks: 1 (hit), 2, 3 (hit). 1 asks: 0 (hit), 2, 3 (hit). 3 asks: 2, 0 (hit), 1 (hit).
        let by_rank = [1.0, 2.0 / 3.0, 1.0, 2.0 / 3.0, 1.0 / 2.0, 2.0 / 3.0];
        assert!((found.map - by_rank.iter().sum::<f64>() / 6.0).abs() < 1e-12);
        assert!((found.precision_at_10 - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(
            found.hub_skew.to_bits(),
            0.0_f64.to_bits(),
            "each is near all three"
        );
    }

    #[test]
    fn a_hub_shows_in_the_skewness() {
        assert!(skewness(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 31]) > 2.5);
        assert!(skewness(&[31, 31, 31, 31, 31, 31, 31, 31, 31, 1]) < -2.5);
        assert_eq!(skewness(&[4, 4, 4]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn small_sets_give_figures_or_say_why_not() {
        assert_eq!(chance(&[]), Err(EvaluateError::NothingShared));
        assert_eq!(chance(&[5, 6]), Err(EvaluateError::NothingShared));
        assert_eq!(
            agreement(&[1], &[&[1.0]], &[0]),
            Err(EvaluateError::NothingShared)
        );
        let pair = Agreement {
            precision_at_10: 1.0,
            map: 1.0,
            hub_skew: 0.0,
        };
        assert_eq!(chance(&[3, 3]), Ok(pair));
        // Equal vectors lie on their mean: all that is left of them is zero.
        assert_eq!(agreement(&[1], &[&[2.0], &[2.0]], &[3, 3]), Ok(pair));
        let unpaired = EvaluateError::Unpaired {
            vectors: 1,
            labels: 2,
        };
        assert_eq!(agreement(&[1], &[&[1.0]], &[0, 0]), Err(unpaired));
        assert!(matches!(
            agreement(&[1], &[&[1.0], &[1.0, 2.0]], &[0, 0]),
            Err(EvaluateError::Space(_))
        ));
    }
}
