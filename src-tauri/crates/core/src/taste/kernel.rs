//! Soft nearness: how many anchors are near a candidate, each counted by an exponential of its
//! similarity, and how loud each pocket of anchors speaks.

use std::cmp::Ordering;

use super::knobs::Knobs;
use super::score::Evidence;

mod exp;

use exp::exp;

/// Similarity over which an anchor's voice grows by a factor of e, in standard deviations of the
/// library. On the development half of the labelled packages 0.3 to 0.6 are level (precision@20 after 30
/// thumbs .440, .441, .437), 0.15 and 0.9 are behind by .008 and .011, two standard errors and more.
pub(super) const TEMPERATURE: f32 = 0.45;

/// Dislikes that a candidate is thought to have near it before any is given, in tracks at the edge of its
/// neighbourhood: how much evidence a dislike needs to count. On the development half 2 is better than
/// 1 by .005 (standard error .002, two draws of listeners, with variation and without), 3 is level, 5 behind.
pub(super) const PRIOR: f32 = 2.0;

/// The rank at which the levels of pockets are compared: half of the twenty rows that a listener looks
/// at, so that two pockets whose levels agree there share them evenly.
const LEVEL_RANK: usize = 10;

/// How far below the strongest pocket another is put at breadth 0.25, in units of similarity; nothing
/// at 0.5, without bound at 0. One standard deviation of the library hides all but the nearest.
const FADE: f32 = 1.0;

/// The most that one track can say, and that a pocket can be raised by: keeps every sum of products within an
/// `f32`. It stands for a similarity of 18 standard deviations, twice what real libraries reach.
const LOUDEST: f32 = 1e18;

/// `Σ w exp(s / T)` over `evidence` for each of `n` candidates.
pub(super) fn sums(evidence: &[Evidence<'_>], temperature: f32, n: usize) -> Vec<f32> {
    let mut sums = vec![0.0; n];
    for one in ordered(evidence).into_iter().filter(|one| one.weight > 0.0) {
        add(&mut sums, one.weight, one.similarity, temperature);
    }
    sums
}

/// Adds what a track of this weight, which is positive, says of each candidate: a loop without branches, which
/// the compiler turns into vector instructions.
fn add(sums: &mut [f32], weight: f32, similarity: &[f32], temperature: f32) {
    for (sum, &similarity) in sums.iter_mut().zip(similarity) {
        *sum += voice(weight, similarity, temperature);
    }
}

/// The likes as the knobs let them speak.
pub(super) struct Voices {
    temperature: f32,
    /// Of each pocket: its number, its factor, and its sums over the pool, `[n]`.
    pockets: Vec<(usize, f32, Vec<f32>)>,
}

impl Voices {
    /// The voices of `likes` over a pool of `n` candidates; `knobs` are within their range.
    pub(super) fn of(likes: &[Evidence<'_>], knobs: Knobs, n: usize) -> Self {
        let mut members: Vec<(usize, Vec<Evidence<'_>>)> = Vec::new();
        // In an order of their own, so that neither places nor the numbers of pockets matter.
        for like in ordered(likes) {
            match members
                .iter_mut()
                .find(|(pocket, _)| *pocket == like.pocket)
            {
                Some((_, members)) => members.push(*like),
                None => members.push((like.pocket, vec![*like])),
            }
        }
        let temperature = match members.len() {
            0 | 1 => TEMPERATURE * (1.0 - 2.0 * knobs.breadth).exp2(),
            _ => TEMPERATURE,
        };
        let sums: Vec<Vec<f32>> = members
            .iter()
            .map(|(_, members)| sums(members, temperature, n))
            .collect();
        let factors = factors(&sums, knobs.breadth);
        let pockets = members.iter().zip(factors).zip(sums);
        Self {
            temperature,
            pockets: pockets
                .map(|((&(pocket, _), factor), sums)| (pocket, factor, sums))
                .collect(),
        }
    }

    pub(super) fn temperature(&self) -> f32 {
        self.temperature
    }

    /// `Σ w exp(s / T)` over all likes, each pocket by its factor, for each of `n` candidates.
    pub(super) fn sums(&self, n: usize) -> Vec<f32> {
        let mut all = vec![0.0; n];
        for (_, factor, sums) in &self.pockets {
            for (all, sum) in all.iter_mut().zip(sums) {
                *all += factor * sum;
            }
        }
        all
    }

    /// What each of `likes`, the same ones, contributes to the sum of candidate `x`: shares that add up to 1
    /// (all 0 where none says anything).
    pub(super) fn shares(&self, likes: &[Evidence<'_>], x: usize) -> Vec<f32> {
        let factor = |pocket| {
            let found = self.pockets.iter().find(|(number, ..)| *number == pocket);
            found.map_or(0.0, |(_, factor, _)| *factor)
        };
        let said = |like: &Evidence<'_>| {
            if like.weight > 0.0 {
                factor(like.pocket) * voice(like.weight, like.similarity[x], self.temperature)
            } else {
                0.0
            }
        };
        let mut each: Vec<f32> = likes.iter().map(said).collect();
        let sum = each.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        for voice in &mut each {
            *voice /= sum;
        }
        each
    }
}

/// What each pocket's sums are multiplied by.
///
/// The strongest pocket is the one whose [`LEVEL_RANK`]-th candidate is the nearest. Below breadth 0.5 the
/// others fade out; above, they are raised until their levels meet the strongest one's.
fn factors(pockets: &[Vec<f32>], breadth: f32) -> Vec<f32> {
    let levels: Vec<f32> = pockets.iter().map(|sums| level(sums)).collect();
    let strongest = (1..levels.len()).fold(0, |best, other| {
        if levels[other] > levels[best] {
            other
        } else {
            best
        }
    });
    let factor = |pocket: usize| {
        if pocket == strongest {
            1.0
        } else if breadth < 0.5 {
            (-FADE / TEMPERATURE * (0.5 / breadth - 1.0)).exp()
        } else if levels[pocket] > 0.0 {
            (levels[strongest] / levels[pocket])
                .min(LOUDEST)
                .powf(2.0 * breadth - 1.0)
        } else {
            1.0
        }
    };
    (0..pockets.len()).map(factor).collect()
}

/// The value of rank [`LEVEL_RANK`] from the top; the least of a shorter list.
fn level(sums: &[f32]) -> f32 {
    let mut sums = sums.to_vec();
    let rank = LEVEL_RANK.min(sums.len());
    if rank == 0 {
        return 0.0;
    }
    *sums
        .select_nth_unstable_by(rank - 1, |a, b| b.total_cmp(a))
        .1
}

/// What one track of this weight, which is positive, says of one candidate.
fn voice(weight: f32, similarity: f32, temperature: f32) -> f32 {
    let said = (weight * exp(similarity / temperature)).min(LOUDEST);
    if similarity.is_finite() { said } else { 0.0 }
}

/// The evidence in an order that depends on what it says alone.
fn ordered<'e, 'a>(evidence: &'e [Evidence<'a>]) -> Vec<&'e Evidence<'a>> {
    let mut ordered: Vec<&Evidence<'_>> = evidence.iter().collect();
    ordered.sort_by(|a, b| {
        let columns = a.similarity.iter().zip(b.similarity);
        let mut differing = columns.map(|(x, y)| x.total_cmp(y));
        let by_column = differing.find(|order| order.is_ne());
        a.weight
            .total_cmp(&b.weight)
            .then(by_column.unwrap_or(Ordering::Equal))
    });
    ordered
}
