//! Order: maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998).

use super::{Candidate, cosine};

/// MMR's λ of the list: how much relevance counts against being unlike the rows above.
pub const DEFAULT_RELEVANCE: f32 = 0.9;

/// Picks at most `limit` of `scored` (relevance and candidate, best first) and gives their places in
/// the order picked: each time the one with the greatest
/// `λ · relevance − (1 − λ) · (greatest cosine to what is picked already)`.
/// The first pick is the most relevant one. Ties fall to the one that stands first in `scored`.
pub fn mmr(scored: &[(f32, Candidate<'_>)], limit: usize, lambda: f32) -> Vec<usize> {
    let mut closest = vec![0.0_f32; scored.len()];
    let mut left: Vec<usize> = (0..scored.len()).collect();
    let mut picked = Vec::with_capacity(limit.min(scored.len()));
    while picked.len() < limit && !left.is_empty() {
        let value = |place: usize| lambda * scored[place].0 - (1.0 - lambda) * closest[place];
        let mut best = 0;
        for at in 1..left.len() {
            if value(left[at]) > value(left[best]) {
                best = at;
            }
        }
        let place = left.remove(best);
        for &other in &left {
            let likeness = cosine(&scored[place].1.vector, &scored[other].1.vector);
            closest[other] = if picked.is_empty() {
                likeness
            } else {
                closest[other].max(likeness)
            };
        }
        picked.push(place);
    }
    picked
}
