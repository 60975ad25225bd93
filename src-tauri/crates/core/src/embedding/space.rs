//! The space in which tracks are compared: each part of a raw vector centred on the library's mean
//! and L2-normalised, the parts concatenated, the whole normalised.

use ndarray::{ArrayView1, ArrayViewMut1};
use serde::{Deserialize, Serialize};

/// Library statistics that turn raw pooled features into search vectors. Frozen between builds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Space {
    /// Lengths of the parts; their sum is the dimension.
    pub parts: Vec<usize>,
    /// Mean of the raw vectors, `[dimension]`.
    pub mean: Vec<f32>,
    /// Mean of the tag probabilities, `[tags]`.
    pub tag_mean: Vec<f32>,
    /// Standard deviation of the tag probabilities, `[tags]`.
    pub tag_std: Vec<f32>,
    /// How many tracks it was computed from.
    pub tracks: usize,
}

/// Why a vector does not belong to a space.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// Its length is not the space's.
    #[error("a vector of {got} components in a space of {want}")]
    Dimension {
        /// Components that the vector has.
        got: usize,
        /// Components that the space has.
        want: usize,
    },
}

impl Space {
    /// Statistics of `rows`, each a raw vector `[dimension]` with its tag probabilities `[tags]`.
    /// Sums are kept in f64, so that the order of rows changes the result by rounding alone.
    pub fn fit<'a>(
        parts: &[usize],
        tags: usize,
        rows: impl IntoIterator<Item = (&'a [f32], &'a [f32])>,
    ) -> Result<Self, SpaceError> {
        let dimension = parts.iter().sum();
        let mut sum = vec![0.0_f64; dimension];
        let mut tag_sum = vec![0.0_f64; tags];
        let mut tag_square = vec![0.0_f64; tags];
        let mut tracks = 0_usize;
        for (raw, probabilities) in rows {
            check(raw.len(), dimension)?;
            check(probabilities.len(), tags)?;
            for (total, &x) in sum.iter_mut().zip(raw) {
                *total += f64::from(x);
            }
            for (t, &p) in probabilities.iter().enumerate() {
                tag_sum[t] += f64::from(p);
                tag_square[t] += f64::from(p) * f64::from(p);
            }
            tracks += 1;
        }
        let n = tracks.max(1) as f64;
        Ok(Self {
            parts: parts.to_vec(),
            mean: sum.iter().map(|total| (total / n) as f32).collect(),
            tag_mean: tag_sum.iter().map(|total| (total / n) as f32).collect(),
            tag_std: tag_sum
                .iter()
                .zip(&tag_square)
                .map(|(total, square)| (square / n - (total / n).powi(2)).max(0.0).sqrt() as f32)
                .collect(),
            tracks,
        })
    }

    /// Length of a vector.
    pub fn dimension(&self) -> usize {
        self.mean.len()
    }

    /// The unit search vector of the raw vector `raw`, both `[dimension]`. A part that equals the
    /// library's mean says nothing and stays zero, and so does one that is zero throughout.
    pub fn project(&self, raw: &[f32]) -> Result<Vec<f32>, SpaceError> {
        check(raw.len(), self.dimension())?;
        let mut out: Vec<f32> = raw.iter().zip(&self.mean).map(|(x, m)| x - m).collect();
        let mut start = 0;
        for &part in &self.parts {
            let place = start..start + part;
            if raw[place.clone()].iter().all(|&x| x == 0.0) {
                out[place].fill(0.0);
            } else {
                normalise(&mut out[place]);
            }
            start += part;
        }
        normalise(&mut out);
        Ok(out)
    }
}

fn check(got: usize, want: usize) -> Result<(), SpaceError> {
    if got == want {
        Ok(())
    } else {
        Err(SpaceError::Dimension { got, want })
    }
}

/// Scales `vector` to unit length; the zero vector stays as it is.
pub(crate) fn normalise(vector: &mut [f32]) {
    let norm = ArrayView1::from(&*vector)
        .fold(0.0_f64, |sum, &x| sum + f64::from(x) * f64::from(x))
        .sqrt();
    if norm > 0.0 {
        ArrayViewMut1::from(vector).mapv_inplace(|x| (f64::from(x) / norm) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn norm(v: &[f32]) -> f32 {
        v.iter().map(|x| x * x).sum::<f32>().sqrt()
    }

    fn rows() -> impl Strategy<Value = Vec<Vec<f32>>> {
        prop::collection::vec(prop::collection::vec(-5.0_f32..5.0, 5), 2..12)
    }

    proptest! {
        #[test]
        fn projections_are_unit_vectors_with_parts_of_equal_weight(rows in rows()) {
            let space = Space::fit(&[3, 2], 0, rows.iter().map(|r| (r.as_slice(), &[][..]))).unwrap();
            for row in &rows {
                let v = space.project(row).unwrap();
                let (a, b) = (norm(&v[..3]), norm(&v[3..]));
                if a > 0.0 && b > 0.0 {
                    prop_assert!((norm(&v) - 1.0).abs() < 1e-5);
                    prop_assert!((a - b).abs() < 1e-5, "parts weigh {a} and {b}");
                }
            }
        }

        #[test]
        fn order_of_rows_is_irrelevant(rows in rows()) {
            let fit = |rows: &[Vec<f32>]| {
                Space::fit(&[5], 0, rows.iter().map(|r| (r.as_slice(), &[][..]))).unwrap()
            };
            let (forth, back) = (fit(&rows), fit(&rows.iter().rev().cloned().collect::<Vec<_>>()));
            for (a, b) in forth.mean.iter().zip(&back.mean) {
                prop_assert!((a - b).abs() <= 1e-6 * a.abs().max(1.0));
            }
        }
    }

    #[test]
    fn a_part_of_zeros_says_nothing() {
        let rows = [[1.0, 2.0, 3.0], [2.0, 0.0, 1.0], [4.0, 1.0, 0.0]];
        let space = Space::fit(&[2, 1], 0, rows.iter().map(|row| (&row[..], &[][..]))).unwrap();
        let silent = space.project(&rows[2]).unwrap();
        assert_eq!(
            silent[2].to_bits(),
            0.0_f32.to_bits(),
            "not the mean's opposite"
        );
        assert!(
            (norm(&silent) - 1.0).abs() < 1e-6,
            "the other part carries it: {silent:?}"
        );
    }

    #[test]
    fn a_vector_of_another_length_is_refused() {
        let space = Space::fit(&[2], 0, [(&[1.0, 2.0][..], &[][..])]).unwrap();
        assert_eq!(
            space.project(&[1.0]),
            Err(SpaceError::Dimension { got: 1, want: 2 })
        );
    }
}
