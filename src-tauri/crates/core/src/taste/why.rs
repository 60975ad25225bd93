//! Why a row is in the list: what carries it, how near it is, what it shares with the seeds.

use ndarray::{ArrayView2, Axis};

use super::agreement::Agreement;
use super::head::InCharge;
use super::score::Parts;
use crate::track::TrackId;

/// What an anchor contributes to a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The anchor: a seed, or a track with a thumb up.
    pub id: TrackId,
    /// Its share of what all of them contribute, `0..=1`.
    pub share: f32,
}

/// Why a row is in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// What the score is made of; they add up to it.
    pub parts: Parts,
    /// The anchors by what they contribute, the greatest first; the shares add up to 1.
    pub anchors: Vec<Share>,
    /// Share of the library that is less like the anchors, `0..=1`: at 0.992 the row is closer than
    /// 99.2 % of it.
    pub percentile: f32,
    /// How many seeds lead to it.
    pub agreement: Agreement,
    /// How unfamiliar it is, `0..=1`: one less its greatest cosine to what the listener likes or has heard
    /// of late; 1 for what points away from all of it.
    pub novelty: f32,
    /// What decided.
    pub in_charge: InCharge,
}

/// Two windows, one of each of two tracks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Place of the seed's window.
    pub seed: usize,
    /// Place of the row's window.
    pub row: usize,
    /// Their cosine, `-1..=1`.
    pub cosine: f32,
}

/// The windows of a seed and of a row that are most alike: the moment at which to hear why.
///
/// Both are unit search vectors, `[windows, dimension]`; of equal pairs it is the earliest. `None` when
/// one has no windows, or their dimensions differ.
pub fn moment(seed: &ArrayView2<'_, f32>, row: &ArrayView2<'_, f32>) -> Option<Pair> {
    if seed.len_of(Axis(1)) != row.len_of(Axis(1)) {
        return None;
    }
    let cosines = seed.dot(&row.t());
    let pairs = cosines
        .indexed_iter()
        .filter(|(_, cosine)| cosine.is_finite());
    let best = pairs.reduce(|best, pair| if pair.1 > best.1 { pair } else { best });
    best.map(|((seed, row), cosine)| Pair {
        seed,
        row,
        cosine: cosine.clamp(-1.0, 1.0),
    })
}

/// How many shared tags a row names at most.
pub const SHARED_TAGS: usize = 4;

/// How far above the library's average, in standard deviations, a tag must stand in row and seeds.
const STANDS_OUT: f32 = 0.75;

/// Least probability at which a tag is said of a track at all. Both taggers' probabilities are low
/// throughout (a tag's average over real libraries is about 0.02–0.1), so a lower value would say
/// tags that the model does not hear.
const LEAST_PROBABILITY: f32 = 0.08;

/// Mean and standard deviation of every tag's probability over the library, each `[tags]`.
#[derive(Clone, Copy, Debug)]
pub struct TagStats<'a> {
    /// Means.
    pub mean: &'a [f32],
    /// Standard deviations.
    pub std: &'a [f32],
}

/// Places of the tags in which `row` and the mean of `seeds` (probabilities, each `[tags]`) both stand
/// well above the library's average, the most telling first. Tags that a whole library has are no
/// reason for one row, however probable.
pub fn shared_tags(row: &[f32], seeds: &[&[f32]], stats: TagStats<'_>) -> Vec<usize> {
    let tags = row.len();
    if seeds.is_empty() || stats.mean.len() != tags || stats.std.len() != tags {
        return Vec::new();
    }
    if seeds.iter().any(|seed| seed.len() != tags) {
        return Vec::new();
    }
    let seed_mean = |t: usize| seeds.iter().map(|seed| seed[t]).sum::<f32>() / seeds.len() as f32;
    let mut telling: Vec<(f32, usize)> = (0..tags)
        .filter_map(|t| {
            let (r, s) = (row[t], seed_mean(t));
            let above = |p: f32| (p - stats.mean[t]) / stats.std[t];
            let least = above(r).min(above(s));
            (stats.std[t] > 0.0 && r.min(s) >= LEAST_PROBABILITY && least >= STANDS_OUT)
                .then_some((least, t))
        })
        .collect();
    telling.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    telling.into_iter().map(|(_, t)| t).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_moment_is_the_pair_of_windows_most_alike() {
        let seed = array![[1.0, 0.0], [0.0, 1.0]];
        let row = array![[-1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [0.0, 1.0]];
        let found = moment(&seed.view(), &row.view());
        assert_eq!(
            found,
            Some(Pair {
                seed: 1,
                row: 2,
                cosine: 1.0
            }),
            "of two equal pairs the earlier"
        );
        assert_eq!(
            moment(&seed.view(), &ndarray::Array2::zeros((0, 2)).view()),
            None
        );
        assert_eq!(
            moment(&seed.view(), &ndarray::Array2::zeros((1, 3)).view()),
            None
        );
        let silent = array![[f32::NAN, 0.0]];
        assert_eq!(moment(&seed.view(), &silent.view()), None);
    }

    #[test]
    fn shared_tags_are_those_that_stand_out_in_row_and_seeds() {
        let stats = TagStats {
            mean: &[0.6, 0.05, 0.05, 0.001],
            std: &[0.1, 0.05, 0.05, 0.001],
        };
        let row = [0.62, 0.4, 0.3, 0.01];
        let seed = [0.65, 0.5, 0.04, 0.02];
        assert_eq!(
            shared_tags(&row, &[&seed], stats),
            [1],
            "tag 0 is everywhere, tag 2 is the row's alone, tag 3 is hardly heard at all"
        );
        assert_eq!(shared_tags(&row, &[], stats), Vec::<usize>::new());
    }
}
