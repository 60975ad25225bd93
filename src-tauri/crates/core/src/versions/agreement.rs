//! Whether two tracks sound the same at the same times: their windows laid over each other.
//!
//! The windows of two rips of one recording do not begin at the same moments: a lead-in was cut, or the
//! track is longer by a fade, and windows are spread over its length. So the second track is moved
//! against the first, a step at a time, and what it sounds like at a moment between two windows is the
//! mean of both, weighted by how much of the moment each covers.
//!
//! Two figures come of it, at the shift that agrees best. *Likeness* is the mean cosine of the
//! windows; songs of one album reach .85. *Course* takes each track's own mean away first and
//! correlates what is left: whether both change alike, at the same moments. Different songs do not,
//! however alike they sound, and a change of level or codec moves all windows of a track the same way,
//! so that it hardly touches the course.

use ndarray::Array2;

/// Seconds that a window vector stands for: MusiCNN's 187 frames are 2.99 s, the segments of the other
/// models 3 s.
const WINDOW_S: f64 = 3.0;

/// Farthest that one track is moved against the other, in seconds: a cut of 3 s and some encoder delay.
const MOST_SHIFT_S: f64 = 4.0;

/// Steps of the move on each side of zero; half a second each, a sixth of a window.
const STEPS: i32 = 8;

/// Fewest windows, each counted by how far it is covered, that must meet. Fewer have no course.
const LEAST_COVERED: f64 = 3.0;

/// Least share of the windows of the track that has fewer which must meet.
const LEAST_SHARE: f64 = 0.25;

/// What one track sounds like at several moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Windows {
    /// First second of each window, ascending, `[windows]`.
    pub starts_s: Vec<f64>,
    /// Their unit search vectors, `[windows, dimension]`.
    pub vectors: Array2<f32>,
}

/// How far two tracks sound the same at the same times.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Agreement {
    /// Correlation of the windows after each track's mean was taken away, `-1..=1`.
    pub course: f32,
    /// Mean cosine of the windows, `-1..=1`.
    pub likeness: f32,
    /// Seconds by which the second track runs ahead of the first.
    pub shift_s: f64,
}

impl Agreement {
    /// Lays the windows of `b` over those of `a`. `None` when too few meet, when the dimensions
    /// differ, or when a value is not finite.
    pub fn of(a: &Windows, b: &Windows) -> Option<Self> {
        if a.vectors.ncols() != b.vectors.ncols() || !a.is_sound() || !b.is_sound() {
            return None;
        }
        (-STEPS..=STEPS)
            .filter_map(|step| at(a, b, MOST_SHIFT_S * f64::from(step) / f64::from(STEPS)))
            // The first of equals, so that silence does not make the answer hang on rounding.
            .reduce(|best, next| {
                if next.likeness > best.likeness {
                    next
                } else {
                    best
                }
            })
    }

    /// Both figures as one, their mean: what is held against a threshold.
    pub fn score(self) -> f32 {
        f32::midpoint(self.course, self.likeness)
    }
}

impl Windows {
    fn is_sound(&self) -> bool {
        self.starts_s.len() == self.vectors.nrows()
            && self.starts_s.is_sorted()
            && self.starts_s.iter().all(|start| start.is_finite())
            && self.vectors.iter().all(|x| x.is_finite())
    }

    /// Which of the windows cover the one that begins at `start_s`, and by what share of it.
    fn covering(&self, start_s: f64) -> impl Iterator<Item = (usize, f64)> {
        let first = self.starts_s.partition_point(|&s| s <= start_s - WINDOW_S);
        self.starts_s[first..]
            .iter()
            .map(move |s| 1.0 - (s - start_s).abs() / WINDOW_S)
            .take_while(|&share| share > 0.0)
            .enumerate()
            .map(move |(k, share)| (first + k, share))
    }
}

/// The agreement with `b` moved by `shift_s`.
fn at(a: &Windows, b: &Windows, shift_s: f64) -> Option<Agreement> {
    let dimension = a.vectors.ncols();
    let mut weights = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (row, start) in a.vectors.rows().into_iter().zip(&a.starts_s) {
        let mut sound = vec![0.0_f64; dimension];
        let mut covered = 0.0;
        for (k, share) in b.covering(start + shift_s) {
            covered += share;
            for (sum, &x) in sound.iter_mut().zip(b.vectors.row(k)) {
                *sum += share * f64::from(x);
            }
        }
        let norm = sound.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm > 0.0 {
            weights.push(covered.min(1.0));
            left.extend(row.iter().map(|&x| f64::from(x)));
            right.extend(sound.iter().map(|x| x / norm));
        }
    }
    let total: f64 = weights.iter().sum();
    let fewer = a.starts_s.len().min(b.starts_s.len()) as f64;
    if total < LEAST_COVERED.max(LEAST_SHARE * fewer) {
        return None;
    }
    for weight in &mut weights {
        *weight /= total;
    }
    let left = Array2::from_shape_vec((weights.len(), dimension), left).ok()?;
    let right = Array2::from_shape_vec((weights.len(), dimension), right).ok()?;
    let likeness = product(&left, &right, &weights);
    let (left, right) = (without_mean(left, &weights), without_mean(right, &weights));
    let spread = (product(&left, &left, &weights) * product(&right, &right, &weights)).sqrt();
    // Tracks that never change have no course to compare.
    let course = if spread > 1e-9 {
        product(&left, &right, &weights) / spread
    } else {
        0.0
    };
    Some(Agreement {
        course: course.clamp(-1.0, 1.0) as f32,
        likeness: likeness.clamp(-1.0, 1.0) as f32,
        shift_s,
    })
}

/// The weighted mean of the dot products of rows.
fn product(a: &Array2<f64>, b: &Array2<f64>, weights: &[f64]) -> f64 {
    let rows = a.rows().into_iter().zip(b.rows());
    rows.zip(weights).map(|((x, y), w)| w * x.dot(&y)).sum()
}

/// `rows` less their weighted mean.
fn without_mean(mut rows: Array2<f64>, weights: &[f64]) -> Array2<f64> {
    let mean = ndarray::ArrayView1::from(weights).dot(&rows);
    rows -= &mean;
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A track of `seconds` that turns in a plane by `speed` radians a second, heard from `from`.
    fn track(seconds: u32, speed: f64, from: f64) -> Windows {
        let starts_s: Vec<f64> = (0..seconds / 3).map(|k| f64::from(k) * 3.0).collect();
        let vectors = starts_s
            .iter()
            .flat_map(|start| {
                let angle = (start + from) * speed;
                [angle.cos() as f32, angle.sin() as f32]
            })
            .collect();
        let vectors = Array2::from_shape_vec((starts_s.len(), 2), vectors).unwrap();
        Windows { starts_s, vectors }
    }

    proptest! {
        #[test]
        fn a_shift_is_found(shift in -3.0_f64..3.0, speed in 0.15_f64..0.4) {
            let found = Agreement::of(&track(60, speed, 0.0), &track(60, speed, -shift)).unwrap();
            prop_assert!((found.shift_s - shift).abs() <= 0.5, "{shift} s, found {}", found.shift_s);
            prop_assert!(found.course > 0.95 && found.likeness > 0.95, "{found:?}");
        }

        #[test]
        fn both_ways_agree_on_one_grid(speed in 0.1_f64..0.5, other in 0.1_f64..0.5) {
            let (a, b) = (track(60, speed, 0.0), track(60, other, 1.0));
            let (forth, back) = (Agreement::of(&a, &b).unwrap(), Agreement::of(&b, &a).unwrap());
            prop_assert!((forth.likeness - back.likeness).abs() < 0.1, "{forth:?} {back:?}");
        }

        #[test]
        fn nothing_panics(
            starts in prop::collection::vec(any::<f64>(), 0..6),
            values in prop::collection::vec(any::<f32>(), 0..12),
        ) {
            let rows = values.len() / 2;
            let vectors = Array2::from_shape_vec((rows, 2), values[..rows * 2].to_vec()).unwrap();
            let hostile = Windows { starts_s: starts, vectors };
            prop_assert!(Agreement::of(&hostile, &hostile).is_none_or(|found| found.course <= 1.0));
        }
    }

    #[test]
    fn too_little_is_no_evidence() {
        let (short, long) = (track(6, 0.3, 0.0), track(60, 0.3, 0.0));
        assert_eq!(
            Agreement::of(&short, &long),
            None,
            "two windows have no course"
        );
        let mut broken = long.clone();
        broken.vectors[[3, 0]] = f32::NAN;
        assert_eq!(
            Agreement::of(&broken, &long),
            None,
            "a value that is no number"
        );
    }

    #[test]
    fn what_never_changes_has_no_course() {
        let still = track(60, 0.0, 0.0);
        let found = Agreement::of(&still, &still).unwrap();
        assert!(found.likeness > 0.999, "they are equal");
        assert!(
            found.course.abs() < 1e-6,
            "but nothing happens in them: {found:?}"
        );
    }
}
