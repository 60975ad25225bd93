//! The learnt head: what the thumbs say beyond nearness to the anchors.
//!
//! A Bayesian logistic model on the search vectors, its prior mean the anchors' own score: one Newton
//! step from there (Rasmussen & Williams, *Gaussian Processes for Machine Learning*, 2006, section 3.4,
//! with the linear kernel). In its dual form it is a weighted sum of cosines to the judged tracks, so that it
//! needs no other features and as few parameters as there are thumbs.
//!
//! It is let in only where it ranks the thumbs it was not taught better than the anchors do, by the area
//! under the ROC curve with one thumb left out at a time.

use ndarray::{Array2, ArrayView1};

use super::kernel::{PRIOR, TEMPERATURE};

/// Thumbs from which on a head is tried: fewer make too few pairs to judge it by.
pub const LEAST_THUMBS: usize = 15;

/// Thumbs of each kind that the area under the curve needs to mean anything.
const LEAST_OF_A_KIND: usize = 3;

/// The newest thumbs that are looked at: bounds the cubic cost of a fit at about a million steps.
pub const MOST_JUDGED: usize = 100;

/// By how much the head must be better than the anchors: about the noise of the area over thirty thumbs,
/// so that a draw goes to the anchors.
const MARGIN: f64 = 0.02;

/// Least curvature of the likelihood at a judged track: keeps a thumb that contradicts the anchors
/// outright from being answered without measure.
const LEAST_CURVATURE: f64 = 0.05;

/// Log-odds of a like that no other like supports.
const UNSUPPORTED: f64 = 1e-9;

/// A track that the listener judged, among `m` of them.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// Whether it is liked: a seed or a thumb up.
    pub liked: bool,
    /// Whether it is a thumb. Seeds teach, but a head is not judged by them.
    pub thumb: bool,
    /// What it weighs, as in [`Evidence`](super::Evidence).
    pub weight: f32,
    /// Its similarity to every judged track, `[m]`, as in [`Evidence`](super::Evidence).
    pub similarity: &'a [f32],
    /// Its cosine to every judged track, `[m]`.
    pub cosine: &'a [f32],
}

/// Who orders the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InCharge {
    /// The anchors alone.
    Anchors,
    /// The anchors and what the head learnt from the thumbs.
    Head,
}

/// What was learnt, and whether it is of use.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Weight of the cosine to each judged track, `[m]`, in the order given.
    coefficients: Vec<f32>,
    /// Inverse of the cosines between the judged tracks with the noise of each on the diagonal, `[m, m]`.
    inverse: Array2<f32>,
    /// Area under the curve of the anchors alone, each thumb judged by the others, `0..=1`.
    pub anchors_auc: f64,
    /// The same with the head.
    pub head_auc: f64,
}

impl Head {
    /// Learns from `judged`, the newest last; `None` where there are fewer than [`LEAST_THUMBS`] thumbs,
    /// too few of a kind, or more tracks than [`MOST_JUDGED`] (the caller leaves out the oldest), and
    /// where a column is not `[m]` long.
    pub fn fit(judged: &[Judged<'_>]) -> Option<Self> {
        let m = judged.len();
        let of_kind = |liked| {
            judged
                .iter()
                .filter(|one| one.thumb && one.liked == liked)
                .count()
        };
        let (ups, downs) = (of_kind(true), of_kind(false));
        let fitting = judged
            .iter()
            .all(|one| one.similarity.len() == m && one.cosine.len() == m);
        if m > MOST_JUDGED
            || !fitting
            || ups + downs < LEAST_THUMBS
            || ups.min(downs) < LEAST_OF_A_KIND
        {
            return None;
        }
        let prior = left_out_log_odds(judged);
        let intercept = intercept(&prior, judged);
        // Curvature and residual of the log-likelihood at the prior, weighed by each judgement's weight.
        let mut system = Array2::zeros((m, m));
        let mut working = vec![0.0; m];
        for (i, one) in judged.iter().enumerate() {
            let p = logistic(prior[i] + intercept);
            let curvature = (p * (1.0 - p)).max(LEAST_CURVATURE);
            working[i] = (f64::from(u8::from(one.liked)) - p) / curvature;
            for (j, &cosine) in one.cosine.iter().enumerate() {
                system[[i, j]] = f64::from(cosine);
            }
            system[[i, i]] += 1.0 / (curvature * f64::from(one.weight.clamp(1e-3, 1e3)));
        }
        let inverse = inverse(system)?;
        let alpha: Vec<f64> = inverse
            .outer_iter()
            .map(|row| row.iter().zip(&working).map(|(r, z)| r * z).sum())
            .collect();
        // What the head says of each judged track when that one is left out (same book, equation 5.12).
        let with_head: Vec<f64> = (0..m)
            .map(|i| prior[i] + working[i] - alpha[i] / inverse[[i, i]])
            .collect();
        Some(Self {
            coefficients: alpha.iter().map(|&a| TEMPERATURE * a as f32).collect(),
            anchors_auc: area_under_curve(judged, &prior),
            head_auc: area_under_curve(judged, &with_head),
            inverse: inverse.mapv(|x| x as f32),
        })
    }

    /// Whether the head is let in.
    pub fn in_charge(&self) -> InCharge {
        if self.head_auc > self.anchors_auc + MARGIN {
            InCharge::Head
        } else {
            InCharge::Anchors
        }
    }

    /// What the head adds to each of `n` candidates, from the `cosines` of every judged track to them,
    /// each `[n]`, in the order of the fit. In units of similarity.
    pub fn column(&self, cosines: &[&[f32]]) -> Vec<f32> {
        let n = cosines.iter().map(|column| column.len()).min().unwrap_or(0);
        let mut head = vec![0.0; n];
        for (coefficient, column) in self.coefficients.iter().zip(cosines) {
            for (sum, cosine) in head.iter_mut().zip(*column) {
                *sum += coefficient * cosine;
            }
        }
        head
    }

    /// The posterior standard deviation of what the head says of a candidate, from its `cosines` to every
    /// judged track, `[m]`, in the order of the fit (same book, equation 3.24, where a unit vector's kernel
    /// with itself is 1). In units of similarity: the temperature for a candidate that is like none of them, and
    /// the less the more was judged near it.
    ///
    /// # Panics
    /// When `cosines` are not `[m]`.
    pub fn deviation(&self, cosines: &[f32]) -> f32 {
        let cosines = ArrayView1::from(cosines);
        let known = cosines.dot(&self.inverse.dot(&cosines));
        TEMPERATURE * (1.0 - known).clamp(0.0, 1.0).sqrt()
    }
}

/// Log-odds of a like by the anchors, each judged track left out of its own, `[m]`.
fn left_out_log_odds(judged: &[Judged<'_>]) -> Vec<f64> {
    (0..judged.len())
        .map(|i| {
            let (mut likes, mut dislikes) = (UNSUPPORTED, f64::from(PRIOR));
            for (_, other) in judged.iter().enumerate().filter(|&(j, _)| j != i) {
                let voice = f64::from(other.weight)
                    * f64::from(other.similarity[i] / TEMPERATURE)
                        .clamp(-50.0, 50.0)
                        .exp();
                *if other.liked {
                    &mut likes
                } else {
                    &mut dislikes
                } += voice;
            }
            (likes / dislikes).ln()
        })
        .collect()
}

/// Newton steps for the intercept; it is one number of a concave likelihood.
const STEPS: usize = 20;

/// The number that, added to `prior`, makes the expected number of likes the one that was seen.
fn intercept(prior: &[f64], judged: &[Judged<'_>]) -> f64 {
    let mut intercept = 0.0;
    for _ in 0..STEPS {
        let (mut residual, mut curvature) = (0.0, 1e-3);
        for (log_odds, one) in prior.iter().zip(judged) {
            let p = logistic(log_odds + intercept);
            residual += f64::from(u8::from(one.liked)) - p;
            curvature += p * (1.0 - p);
        }
        // A step of more than one would leave the range in which the curvature means anything.
        intercept += (residual / curvature).clamp(-1.0, 1.0);
    }
    intercept
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The share of pairs of a thumb up and a thumb down that `scores` puts in order; ties count half.
fn area_under_curve(judged: &[Judged<'_>], scores: &[f64]) -> f64 {
    let thumbs = |liked| {
        let pairs = judged.iter().zip(scores);
        pairs
            .filter(move |(one, _)| one.thumb && one.liked == liked)
            .map(|(_, &score)| score)
    };
    let (mut won, mut pairs) = (0.0, 0.0);
    for up in thumbs(true) {
        for down in thumbs(false) {
            won += if up > down {
                1.0
            } else if up < down {
                0.0
            } else {
                0.5
            };
            pairs += 1.0;
        }
    }
    won / f64::max(pairs, 1.0)
}

/// The inverse of a symmetric positive definite matrix by its Cholesky factor; `None` where it is none.
fn inverse(mut a: Array2<f64>) -> Option<Array2<f64>> {
    let n = a.nrows();
    // The lower factor L, in place.
    for j in 0..n {
        let pivot = a[[j, j]] - (0..j).map(|k| a[[j, k]] * a[[j, k]]).sum::<f64>();
        if !(pivot.is_finite() && pivot > 0.0) {
            return None;
        }
        a[[j, j]] = pivot.sqrt();
        for i in j + 1..n {
            let dot: f64 = (0..j).map(|k| a[[i, k]] * a[[j, k]]).sum();
            a[[i, j]] = (a[[i, j]] - dot) / a[[j, j]];
        }
    }
    // Its inverse, then the product of that with its own transpose.
    let mut lower = Array2::zeros((n, n));
    for j in 0..n {
        lower[[j, j]] = 1.0 / a[[j, j]];
        for i in j + 1..n {
            let dot: f64 = (j..i).map(|k| a[[i, k]] * lower[[k, j]]).sum();
            lower[[i, j]] = -dot / a[[i, i]];
        }
    }
    Some(lower.t().dot(&lower))
}

#[cfg(test)]
mod tests;
