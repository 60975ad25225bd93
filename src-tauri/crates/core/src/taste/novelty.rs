//! What exploring adds: the reward for being unlike what the listener spoke of or heard of late.

use super::kernel::TEMPERATURE;
use super::score::{Columns, Evidence};

/// What novelty is worth at most, in units of similarity, at explore 1. It is also the floor of relevance:
/// no row of a list lies further below the last of as many most relevant tracks, wherever the knobs stand.
pub const REACH: f32 = 2.0;

/// How much less near than the nearest candidate a track must be to count as wholly new, in standard
/// deviations of the library. Beyond it relevance alone decides, so exploring moves outwards within
/// a neighbourhood and not out of it.
const HORIZON: f32 = 1.0;

/// What the explore knob adds at its end for each posterior standard deviation of a head that is in charge: the
/// width of an upper confidence bound (Auer, JMLR 3, 2002). `docs/discovery.md` says what other widths did.
pub(super) const DEVIATIONS: f32 = 1.0;

/// What being unlike the other rows is worth at explore 1, for each unit by which its mean cosine to them is
/// less, in units of twice a cosine: as much as the same cosine to a like.
pub(super) const APART: f32 = 1.0;

/// What exploring adds to each of `n` candidates; empty where `explore` is 0.
///
/// With `near` the greatest `s + T ln w` over all that is known and `u` how far `near` stands between the
/// horizon (0) and the nearest candidate (1), it is `explore · REACH · (1 − u²)`. Being a square, it
/// moves the best place to look outwards step by step: to `u = HORIZON / (2 · explore · REACH)`
/// for a single seed.
pub(super) fn of(columns: &Columns<'_>, explore: f32, n: usize) -> Vec<f32> {
    if explore <= 0.0 {
        return Vec::new();
    }
    let near = nearest(columns, n);
    let nearest = near.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    near.iter()
        .map(|near| {
            let u = (1.0 + (near - nearest) / HORIZON).clamp(0.0, 1.0);
            if u.is_nan() {
                0.0
            } else {
                explore * REACH * (1.0 - u * u)
            }
        })
        .collect()
}

/// The greatest `s + T ln w` of each candidate over everything known, `[n]`.
fn nearest(columns: &Columns<'_>, n: usize) -> Vec<f32> {
    let mut near = vec![f32::NEG_INFINITY; n];
    let known = [columns.likes, columns.dislikes, columns.heard];
    for &Evidence {
        weight, similarity, ..
    } in known.into_iter().flatten()
    {
        if weight > 0.0 && weight.is_finite() {
            let offset = TEMPERATURE * weight.ln();
            for (near, s) in near.iter_mut().zip(similarity) {
                *near = near.max(if s.is_finite() { s + offset } else { *near });
            }
        }
    }
    near
}
