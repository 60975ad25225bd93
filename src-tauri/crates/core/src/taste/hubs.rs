//! Hubs: in many dimensions some tracks are near everything. A track's hub term says how near it is to
//! its own nearest neighbours, and is taken off its similarities.
//!
//! CSLS, cross-domain similarity local scaling (Conneau et al., ICLR 2018, arXiv 1710.04087):
//! `2 cos(x, y) − r(x) − r(y)`, r the mean cosine to the [`NEIGHBOURS`] nearest. It is 0 where two tracks
//! are as near as each is to its own neighbours. Divided by its standard deviation over the pairs of
//! the library, it means the same in every library and under every model.
//!
//! Hub terms and spread are computed when a space is fitted and frozen with it. A track that comes in
//! between gets its own term; the terms of the others wait for the next fit.

use ndarray::{ArrayView1, ArrayView2, Axis};

/// Neighbours that a hub term is the mean over. The source takes 10; on subsets of the development half of
/// the labelled packages 20 gives the same precision and takes away almost all skewness (.40 to .04, where
/// 10 leaves .26).
pub const NEIGHBOURS: usize = 20;

/// Pairs that the spread is estimated from, at the least: its error is then below 1 %.
const PAIRS: usize = 16_384;

/// Tracks that are compared with all others at once: bounds the table of cosines.
const BLOCK: usize = 256;

/// The hub term of a track: the mean of its [`NEIGHBOURS`] greatest cosines to other tracks (of all,
/// where there are fewer); 0 when there are none. `cosines` leaves out the track itself, in any order.
pub fn mean_similarity(cosines: impl IntoIterator<Item = f32>) -> f32 {
    let mut nearest: Vec<f32> = Vec::with_capacity(NEIGHBOURS + 1);
    for cosine in cosines.into_iter().filter(|cosine| cosine.is_finite()) {
        let place = nearest.partition_point(|&other| other >= cosine);
        if place < NEIGHBOURS {
            nearest.insert(place, cosine);
            nearest.truncate(NEIGHBOURS);
        }
    }
    if nearest.is_empty() {
        0.0
    } else {
        nearest.iter().sum::<f32>() / nearest.len() as f32
    }
}

/// The hub terms of `vectors`, unit vectors `[tracks, dimension]`, each against all others: exact, and
/// quadratic in the number of tracks. A large library asks its index for neighbours instead, and
/// [`mean_similarity`] for the term.
pub fn terms(vectors: &ArrayView2<'_, f32>) -> Vec<f32> {
    let tracks = vectors.nrows();
    let mut terms = Vec::with_capacity(tracks);
    for first in (0..tracks).step_by(BLOCK) {
        let block = vectors.slice_axis(Axis(0), (first..tracks.min(first + BLOCK)).into());
        let cosines = block.dot(&vectors.t());
        terms.extend((first..).zip(cosines.outer_iter()).map(|(track, row)| {
            let others = row.iter().enumerate().filter(|&(other, _)| other != track);
            mean_similarity(others.map(|(_, &cosine)| cosine))
        }));
    }
    terms
}

/// The hub-corrected similarity of two tracks with this `cosine` and these hub terms, `-4..=4`.
pub fn csls(cosine: f32, x: f32, y: f32) -> f32 {
    2.0 * cosine - x - y
}

/// The spread of a library: the standard deviation of [`csls`] over pairs of its `vectors`, unit vectors
/// `[tracks, dimension]` with their hub `terms` `[tracks]`. All pairs of a small library, of a large one
/// a fixed choice of at least [`PAIRS`]. 1 where there is nothing to measure.
pub fn spread(vectors: &ArrayView2<'_, f32>, terms: &[f32]) -> f32 {
    let tracks = vectors.nrows().min(terms.len());
    if tracks < 2 {
        return 1.0;
    }
    // Pairs at a distance of some steps, the distances drawn evenly: neighbours in order may be one album.
    let all = tracks / 2;
    let steps = PAIRS.div_ceil(tracks).clamp(1, all);
    let (mut count, mut sum, mut square) = (0.0_f64, 0.0_f64, 0.0_f64);
    for step in (1..=steps).map(|step| step * all / steps) {
        for x in 0..tracks {
            let y = (x + step) % tracks;
            let likeness = f64::from(csls(
                vectors.row(x).dot(&vectors.row(y)),
                terms[x],
                terms[y],
            ));
            if likeness.is_finite() {
                count += 1.0;
                sum += likeness;
                square += likeness * likeness;
            }
        }
    }
    let variance = square / count - (sum / count).powi(2);
    if variance > f64::from(f32::EPSILON) {
        variance.sqrt() as f32
    } else {
        1.0
    }
}

/// The column of similarities that [`Evidence`](super::Evidence) carries: of a track with this unit
/// `vector` `[dimension]` and hub `term` to a `pool`, unit vectors `[n, dimension]` with their hub terms
/// `[n]`, in units of the library's [`spread`].
pub fn column(
    vector: &ArrayView1<'_, f32>,
    term: f32,
    pool: &ArrayView2<'_, f32>,
    pool_terms: &[f32],
    spread: f32,
) -> Vec<f32> {
    let cosines = pool.dot(vector);
    let pairs = cosines.iter().zip(pool_terms);
    pairs
        .map(|(&cosine, &other)| csls(cosine, term, other) / spread)
        .collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    fn units() -> impl Strategy<Value = Array2<f32>> {
        (2..40_usize).prop_flat_map(|n| {
            prop::collection::vec(-1.0_f32..1.0, n * 5).prop_map(move |values| {
                let mut rows = Array2::from_shape_vec((n, 5), values).expect("n rows of five");
                for mut row in rows.outer_iter_mut() {
                    let norm = row.dot(&row).sqrt().max(1e-6);
                    row /= norm;
                }
                rows
            })
        })
    }

    proptest! {
        #[test]
        fn a_term_is_the_mean_of_the_greatest(cosines in prop::collection::vec(-1.0_f32..1.0, 0..40)) {
            let mut sorted = cosines.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            sorted.truncate(NEIGHBOURS);
            let expected = sorted.iter().sum::<f32>() / sorted.len().max(1) as f32;
            prop_assert!((mean_similarity(cosines) - expected).abs() < 1e-5);
        }

        #[test]
        fn similarity_is_mutual(rows in units()) {
            let (terms, spread) = (terms(&rows.view()), 0.7);
            let of = |x: usize| column(&rows.row(x), terms[x], &rows.view(), &terms, spread);
            prop_assert!((of(0)[1] - of(1)[0]).abs() < 1e-5, "{} and {}", of(0)[1], of(1)[0]);
        }

        #[test]
        fn spread_is_a_positive_number(rows in units()) {
            let found = spread(&rows.view(), &terms(&rows.view()));
            prop_assert!(found.is_finite() && found > 0.0, "{found}");
        }
    }

    #[test]
    fn a_hub_loses_what_its_neighbours_give_it() {
        assert!(
            csls(0.8, 0.5, 0.7) < csls(0.8, 0.5, 0.4),
            "a crowded track counts for less"
        );
    }

    #[test]
    fn small_libraries_have_a_measure() {
        let one = Array2::from_shape_vec((1, 2), vec![1.0, 0.0]).expect("one row");
        assert_eq!(terms(&one.view()), [0.0], "nobody else is there");
        for rows in [one, Array2::zeros((0, 2)), Array2::zeros((3, 2))] {
            let found = spread(&rows.view(), &terms(&rows.view()));
            assert_eq!(found.to_bits(), 1.0_f32.to_bits(), "nothing to measure");
        }
    }
}
