//! The score of a candidate: a sum of parts, each a pure function of columns of similarities.
//!
//! Every anchor's similarity to every candidate is computed once, as a column; a new thumb adds one
//! column, and nothing else has to be looked at again.
//!
//! Similarities are hub-corrected and in the library's own measure, see [`hubs`](super::hubs): 0 is the
//! edge of two tracks' neighbourhoods, 1 is one standard deviation of the library nearer.

use super::kernel::{self, PRIOR, TEMPERATURE, Voices};
use super::knobs::Knobs;
use super::novelty;

/// What one track that the listener spoke of says about a pool of `n` candidates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence<'a> {
    /// What it weighs: the weight of a seed (1 unless the listener says otherwise) or of a thumb (1),
    /// times [`recency`](super::recency). One that does not weigh more than 0 says nothing.
    pub weight: f32,
    /// The pocket of the thread it lies in; the same for all where the thread is coherent.
    pub pocket: usize,
    /// Its similarity to each candidate, `[n]`. One that is no number says nothing.
    pub similarity: &'a [f32],
}

/// All that is known about a pool of `n` candidates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns<'a> {
    /// Seeds and thumbed-up tracks.
    pub likes: &'a [Evidence<'a>],
    /// Thumbed-down tracks and negative seeds.
    pub dislikes: &'a [Evidence<'a>],
    /// Tracks played of late, weighed by [`fatigue`](super::fatigue).
    pub heard: &'a [Evidence<'a>],
    /// What the learnt head adds, `[n]`; `None` while the anchors are in charge.
    pub head: Option<&'a [f32]>,
    /// How tired the listener is of each candidate itself, `[n]`, `0..=1`; `None` is 0 throughout.
    pub fatigue: Option<&'a [f32]>,
}

/// What each part adds to a candidate's score, in units of similarity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Nearness to the likes.
    pub anchors: f32,
    /// Nearness to the dislikes, never positive.
    pub dislikes: f32,
    /// What the learnt head adds.
    pub head: f32,
    /// What exploring adds, `0..=`[`REACH`](super::REACH).
    pub novelty: f32,
    /// What exploring adds for what the learnt head is not sure of, never negative; 0 while the anchors are in
    /// charge. It is looked at for candidates that may become a row, not by [`score`].
    pub uncertainty: f32,
    /// What having been played of late takes off, never positive.
    pub fatigue: f32,
}

/// What a track played this moment loses, in units of similarity. Half a standard deviation of the
/// library: enough to let its neighbours pass, too little to hide what fits far better. A choice,
/// since the labelled sets say nothing of being tired of a song.
pub const TIREDNESS: f32 = 0.5;

impl Parts {
    /// The score: the sum of the parts.
    pub fn total(&self) -> f32 {
        self.worth() + self.novelty + self.uncertainty
    }

    /// The score without what exploring adds.
    pub fn worth(&self) -> f32 {
        self.relevance() + self.fatigue
    }

    /// What the listener's word alone gives: the score without what was added for variety.
    pub fn relevance(&self) -> f32 {
        self.anchors + self.dislikes + self.head
    }
}

impl Columns<'_> {
    /// Number of candidates: the length of the shortest column; 0 where nothing is liked.
    pub fn tracks(&self) -> usize {
        let spoken = [self.likes, self.dislikes, self.heard]
            .into_iter()
            .flatten();
        let extra = [self.head, self.fatigue].into_iter().flatten();
        let columns = spoken.map(|one| one.similarity.len());
        let n = columns.chain(extra.map(<[f32]>::len)).min().unwrap_or(0);
        if self.likes.is_empty() { 0 } else { n }
    }
}

/// The parts of every candidate's score, `[n]`; nothing is scored where nothing is liked.
///
/// With `w` the weights, `s` the similarities and `T` the temperature,
/// `anchors = T ln Σ w exp(s / T)` over the likes and `dislikes = −T ln(1 + Σ w exp(s / T) / 2)` over the
/// dislikes. Their sum orders as the kernel ratio `likes / (likes + dislikes + 2)` does, the estimate
/// of a like by two kernel densities (Nadaraya 1964, Watson 1964) with two tracks at the edge of the
/// neighbourhood for a prior, but as a sum of parts: each can be taken away without touching the others.
/// Pockets are weighed as [`Knobs::breadth`] says, novelty as [`Knobs::explore`] does.
///
/// The order of the evidence changes nothing, not even rounding.
pub fn score(columns: &Columns<'_>, knobs: Knobs) -> Vec<Parts> {
    scored(columns, knobs).0
}

/// The same, and the voices of the likes that it is made of, to say what carries a row.
pub(super) fn scored(columns: &Columns<'_>, knobs: Knobs) -> (Vec<Parts>, Voices) {
    let knobs = knobs.held();
    let n = columns.tracks();
    let voices = Voices::of(columns.likes, knobs, n);
    let likes = voices.sums(n);
    let dislikes = kernel::sums(columns.dislikes, TEMPERATURE, n);
    let novelty = novelty::of(columns, knobs.explore, n);
    let parts = (0..n)
        .map(|x| Parts {
            anchors: voices.temperature() * likes[x].max(f32::MIN_POSITIVE).ln(),
            dislikes: -TEMPERATURE * (dislikes[x] / PRIOR).ln_1p(),
            head: finite(columns.head, x),
            novelty: novelty.get(x).copied().unwrap_or(0.0),
            uncertainty: 0.0,
            fatigue: -TIREDNESS * finite(columns.fatigue, x).clamp(0.0, 1.0),
        })
        .collect();
    (parts, voices)
}

/// The value of `column` at `x`; 0 where there is no column or no number.
fn finite(column: Option<&[f32]>, x: usize) -> f32 {
    let value = column.map_or(0.0, |column| column[x]);
    if value.is_finite() { value } else { 0.0 }
}

#[cfg(test)]
mod tests;
