//! Ranking: from seeds and thumbs to a list, and why each row is there.
//!
//! `profile` says what is looked for, `score` measures candidates against it, `diversify` orders them,
//! `why` puts what row and seeds share into words. [`rank`] joins the first three.

use ndarray::{Array1, ArrayView1};

use crate::track::TrackId;

mod agreement;
mod diversify;
mod head;
pub mod held;
pub mod hubs;
mod kernel;
mod knobs;
pub mod limits;
mod novelty;
pub mod path;
mod profile;
mod recency;
mod score;
pub mod thread;
pub mod why;

pub use agreement::{Agreement, agreement, neighbourhood, reach};
pub use diversify::{DEFAULT_RELEVANCE, FLOOR, diversify, mmr};
pub use head::{Head, InCharge, Judged, LEAST_THUMBS, MOST_JUDGED};
pub use knobs::Knobs;
pub use novelty::REACH;
pub use profile::{Anchor, Profile};
pub use recency::{FATIGUE_HALF_LIFE_DAYS, HALF_LIFE_DAYS, HALF_LIFE_EVENTS, fatigue, recency};
pub use score::{Columns, Evidence, Parts, TIREDNESS, score};
pub use why::{SHARED_TAGS, TagStats, shared_tags};

/// A track that may come into the list, with its unit search vector `[dimension]`.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The track.
    pub id: TrackId,
    /// Its unit search vector.
    pub vector: ArrayView1<'a, f32>,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The track.
    pub id: TrackId,
    /// Cosine to the profile's centre, `-1..=1`.
    pub score: f32,
    /// Cosine to each seed, in the order of the profile's seeds.
    pub seed_scores: Vec<f32>,
}

/// Ranks `pool` against `profile` and gives at most `limit` rows, in list order.
///
/// Tracks that `excluded` names never come back, nor do the seeds. A track that
/// stands twice in `pool` comes once. `relevance` is MMR's λ, `0..=1`: 1 orders by score alone.
/// Equal input gives an equal list: ties fall to the smaller track id.
pub fn rank(
    profile: &Profile,
    pool: &[Candidate<'_>],
    excluded: impl Fn(TrackId) -> bool,
    limit: usize,
    relevance: f32,
) -> Vec<Ranked> {
    let centre = ArrayView1::from(profile.centre());
    let mut scored: Vec<(f32, Candidate<'_>)> = pool
        .iter()
        .filter(|candidate| !excluded(candidate.id) && !profile.is_seed(candidate.id))
        .map(|candidate| (cosine(&centre, &candidate.vector), *candidate))
        .collect();
    scored.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.id.cmp(&y.id)));
    scored.dedup_by_key(|(_, candidate)| candidate.id);
    mmr(&scored, limit, relevance)
        .into_iter()
        .map(|place| {
            let (score, candidate) = scored[place];
            Ranked {
                id: candidate.id,
                score,
                seed_scores: profile
                    .seeds()
                    .map(|seed| cosine(&seed.vector.as_slice().into(), &candidate.vector))
                    .collect(),
            }
        })
        .collect()
}

/// Dot product of two unit vectors, held to `-1..=1` against rounding.
fn cosine(a: &ArrayView1<'_, f32>, b: &ArrayView1<'_, f32>) -> f32 {
    a.dot(b).clamp(-1.0, 1.0)
}

/// A unit copy of `vector`; `None` for a vector without a direction (zero, or not finite).
fn unit(vector: &[f32]) -> Option<Vec<f32>> {
    let v = Array1::from_iter(vector.iter().map(|&x| f64::from(x)));
    let norm = v.dot(&v).sqrt();
    (norm.is_finite() && norm > 0.0).then(|| v.iter().map(|x| (x / norm) as f32).collect())
}

#[cfg(test)]
mod tests;
