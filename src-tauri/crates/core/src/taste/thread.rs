//! The thread check: do the seeds share one thread, form pockets, or have nothing in common?
//!
//! What "alike" means is read off the library itself: two seeds belong together when they are nearer to
//! each other than random tracks of this library are.

use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

mod sentence;
mod ward;

pub use sentence::sentence;

/// Tracks that [`Spread::of`] is best given: 500 make 124 750 pairs, whose mean and deviation are known
/// to under one per cent of the deviation, in some tens of milliseconds at 1024 dimensions.
pub const SPREAD_SAMPLE: usize = 500;

/// How far above the mean of random pairs, in their standard deviations, the mean cosine between two
/// groups of seeds must lie for them to be one pocket.
///
/// Measured on `MusiCNN` vectors of 301 and of 419 tracks of 13 and 18 soundtracks, 300 draws each. A
/// lower bar sees threads in chance, a higher one sees none in soundtracks, whose tracks differ much.
///
/// | deviations | 5 of 5 soundtracks: no thread | 3 and 2 of two: never mixed | 4 of one: one thread |
/// |---:|---:|---:|---:|
/// | 0.5 | .02 / .02 | .51 / .46 | .37 / .37 |
/// | 1 | .16 / .23 | .70 / .65 | .33 / .25 |
/// | **1.5** | **.47 / .53** | **.79 / .75** | **.19 / .12** |
/// | 2 | .71 / .81 | .91 / .92 | .11 / .07 |
const ALIKE: f32 = 1.5;

/// Mean cosine from which on two groups are alike in any library: one of a few clusters that lie opposite
/// each other spreads so much that deviations alone would put the bar out of reach.
const ALIKE_ANYWHERE: f32 = 0.8;

/// How the cosines of random pairs of a library's tracks spread. Kept with the search space, and frozen
/// as long as it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Their mean; about 0 in a centred space.
    pub mean: f32,
    /// Their standard deviation; 0 where there is no pair.
    pub deviation: f32,
}

impl Spread {
    /// The spread of all pairs of `sample`, unit search vectors `[tracks, dimension]`.
    pub fn of(sample: &ArrayView2<'_, f32>) -> Self {
        let tracks = sample.len_of(Axis(0));
        if tracks < 2 {
            return Self::default();
        }
        let cosines = sample.dot(&sample.t());
        let (mut sum, mut squares) = (0.0_f64, 0.0_f64);
        for (row, cosines) in cosines.outer_iter().enumerate() {
            for &cosine in cosines.iter().skip(row + 1) {
                let cosine = f64::from(cosine);
                sum += cosine;
                squares += cosine * cosine;
            }
        }
        let pairs = (tracks * (tracks - 1) / 2) as f64;
        let mean = sum / pairs;
        Self {
            mean: mean as f32,
            deviation: (squares / pairs - mean * mean).max(0.0).sqrt() as f32,
        }
    }

    /// Rows of a library of `tracks` that make a sample: [`SPREAD_SAMPLE`] at most, evenly spaced.
    pub fn sample(tracks: usize) -> impl Iterator<Item = usize> {
        let taken = tracks.min(SPREAD_SAMPLE);
        (0..taken).map(move |place| place * tracks / taken)
    }

    /// The mean cosine from which on two groups of seeds are alike.
    pub fn alike(&self) -> f32 {
        (self.mean + ALIKE * self.deviation).min(ALIKE_ANYWHERE)
    }
}

/// What the seeds are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// There is one seed, or none.
    OneSeed,
    /// All seeds are alike.
    OneThread,
    /// Some seeds are alike, in groups that are not.
    Pockets,
    /// No two seeds are alike.
    NoThread,
}

/// The answer of the thread check.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// What the seeds are to each other.
    pub kind: Kind,
    /// Places of the seeds by pocket, ascending within each; the pocket with the most seeds first, of
    /// equal ones that with the earliest seed. Seeds without a direction are in none.
    pub pockets: Vec<Vec<usize>>,
}

impl Thread {
    /// The pocket that each of `seeds` seeds lies in, by place. A seed without a direction counts to the
    /// first.
    pub fn pocket_of(&self, seeds: usize) -> Vec<usize> {
        let mut places = vec![0; seeds];
        for (pocket, members) in self.pockets.iter().enumerate() {
            for &seed in members {
                places[seed] = pocket;
            }
        }
        places
    }
}

/// Checks `seeds`, search vectors `[dimension]` of equal length with what each weighs (positive).
///
/// Ward's method (JASA 58, 1963), as `PinnerSage` uses it for what one person likes (arXiv 2007.03634),
/// makes a tree of the unit vectors; a pocket is a branch all of whose joints join what is alike: groups
/// with a mean cosine of [`Spread::alike`] at least. So a pocket cannot be stretched by a chain of seeds,
/// each near the next, whose ends have nothing in common. The order of the seeds, and the lengths of
/// their vectors, change nothing but the numbering.
pub fn thread(seeds: &[(&[f32], f32)], spread: Spread) -> Thread {
    let pockets = ward::pockets(seeds, spread.alike());
    let placed: usize = pockets.iter().map(Vec::len).sum();
    let kind = if placed < 2 {
        Kind::OneSeed
    } else if pockets.len() == 1 {
        Kind::OneThread
    } else if pockets.len() < placed {
        Kind::Pockets
    } else {
        Kind::NoThread
    };
    Thread { kind, pockets }
}

#[cfg(test)]
mod tests;
