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

use ndarray::{Array1, Array2};

/// Seconds that a window vector stands for: 187 frames of `MusiCNN` are 2.99 s, segments of the other
/// models 3 s.
const WINDOW_S: f64 = 3.0;

/// Farthest that one track is moved against the other, in seconds: a cut of 3 s and some encoder delay.
const MOST_SHIFT_S: f64 = 4.0;

/// Steps of the move on each side of zero; half a second each, a sixth of a window.
const STEPS: i32 = 8;

/// Fewest windows, each counted by how far it is covered, that must meet: the shortest tracks that the
/// thresholds were measured with have six.
const LEAST_COVERED: f64 = 5.0;

/// Least share of the windows of the track that has fewer which must meet.
const LEAST_SHARE: f64 = 0.25;

/// Least variance of a track's windows that is more than rounding. Real tracks have .07 and more.
const LEAST_VARIANCE: f64 = 1e-6;

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
        let products = Products::of(a, b);
        (-STEPS..=STEPS)
            .map(|step| MOST_SHIFT_S * f64::from(step) / f64::from(STEPS))
            .filter_map(|shift_s| products.agreement(a, b, shift_s))
            // The first of equals.
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

/// Dot products of all windows. Every figure at every shift follows from them, since a moment of the
/// second track is a weighted sum of its windows.
struct Products {
    /// `[windows of a, windows of a]`
    aa: Array2<f64>,
    /// `[windows of a, windows of b]`
    ab: Array2<f64>,
    /// `[windows of b, windows of b]`
    bb: Array2<f64>,
}

impl Products {
    fn of(a: &Windows, b: &Windows) -> Self {
        let (a, b) = (a.vectors.mapv(f64::from), b.vectors.mapv(f64::from));
        Self {
            aa: a.dot(&a.t()),
            ab: a.dot(&b.t()),
            bb: b.dot(&b.t()),
        }
    }

    /// The agreement with `b` moved by `shift_s`.
    fn agreement(&self, a: &Windows, b: &Windows, shift_s: f64) -> Option<Agreement> {
        // Weight of each window of `a`, and what each window of `b` weighs in the mean of the moments.
        let mut left = Array1::<f64>::zeros(a.starts_s.len());
        let mut right = Array1::<f64>::zeros(b.starts_s.len());
        let mut likeness = 0.0;
        for (i, start) in a.starts_s.iter().enumerate() {
            let shares: Vec<(usize, f64)> = b.covering(start + shift_s).collect();
            let square: f64 = pairs(&shares)
                .map(|((k, s), (l, t))| s * t * self.bb[[k, l]])
                .sum();
            if square > 0.0 {
                let covered: f64 = shares.iter().map(|(_, share)| share).sum();
                left[i] = covered.min(1.0);
                for (k, share) in shares {
                    // The moment as a unit vector.
                    let share = left[i] * share / square.sqrt();
                    right[k] += share;
                    likeness += share * self.ab[[i, k]];
                }
            }
        }
        let total = left.sum();
        let fewer = a.starts_s.len().min(b.starts_s.len()) as f64;
        if total < LEAST_COVERED.max(LEAST_SHARE * fewer) {
            return None;
        }
        left /= total;
        right /= total;
        likeness /= total;
        let covariance = likeness - left.dot(&self.ab.dot(&right));
        let variances = [
            left.dot(&self.aa.diag()) - left.dot(&self.aa.dot(&left)),
            1.0 - right.dot(&self.bb.dot(&right)),
        ];
        // A track that never changes has no course to compare.
        let course = if variances.iter().all(|&variance| variance > LEAST_VARIANCE) {
            covariance / (variances[0] * variances[1]).sqrt()
        } else {
            0.0
        };
        Some(Agreement {
            course: course.clamp(-1.0, 1.0) as f32,
            likeness: likeness.clamp(-1.0, 1.0) as f32,
            shift_s,
        })
    }
}

/// Every ordered pair of `items`.
fn pairs<T: Copy>(items: &[T]) -> impl Iterator<Item = (T, T)> {
    items
        .iter()
        .flat_map(|&a| items.iter().map(move |&b| (a, b)))
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
        let (short, long) = (track(12, 0.3, 0.0), track(60, 0.3, 0.0));
        assert_eq!(
            Agreement::of(&short, &long),
            None,
            "four windows have no course"
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
