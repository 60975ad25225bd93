//! The score of a candidate: a sum of parts, each a pure function of columns of similarities.
//!
//! Every anchor's similarity to every candidate is computed once, as a column; a new thumb adds one
//! column, and nothing else has to be looked at again.

/// The two knobs of a throughline, each `0..=1`.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Knobs {
    /// How many of the liked pockets the list is drawn from: 0 one tight pocket, 1 all of them alike.
    pub breadth: f32,
    /// How much the unfamiliar counts: 0 the most relevant alone, 1 the newest within reach.
    pub explore: f32,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            breadth: 0.5,
            explore: 0.0,
        }
    }
}

/// What one track that the listener spoke of says about a pool of `n` candidates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence<'a> {
    /// What it weighs: the weight of a seed (1 unless the listener says otherwise) or of a thumb, times
    /// [`recency`](super::recency). Positive.
    pub weight: f32,
    /// The pocket of the thread it lies in; the same for all where the thread is coherent.
    pub pocket: usize,
    /// Its hub-corrected similarity to each candidate, `[n]`.
    pub similarity: &'a [f32],
}

/// All that is known about a pool of `n` candidates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns<'a> {
    /// Seeds and thumbed-up tracks.
    pub likes: &'a [Evidence<'a>],
    /// Thumbed-down tracks and negative seeds.
    pub dislikes: &'a [Evidence<'a>],
    /// What the learnt head adds, `[n]`; `None` while the anchors are in charge.
    pub head: Option<&'a [f32]>,
    /// How unfamiliar each candidate is, `[n]`, each `0..=1`; `None` counts as 0 throughout.
    pub novelty: Option<&'a [f32]>,
}

/// What each part adds to a candidate's score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Nearness to the likes.
    pub anchors: f32,
    /// Nearness to the dislikes, never positive.
    pub dislikes: f32,
    /// What the learnt head adds.
    pub head: f32,
    /// What exploring adds, never negative.
    pub novelty: f32,
}

impl Parts {
    /// The score.
    pub fn total(&self) -> f32 {
        self.anchors + self.dislikes + self.head + self.novelty
    }

    /// The score without what exploring adds.
    pub fn relevance(&self) -> f32 {
        self.anchors + self.dislikes + self.head
    }
}

/// Similarity over which an anchor's voice falls by a factor of e, in units of the space's spread.
const TEMPERATURE: f32 = 0.3;

/// The parts of every candidate's score, `[n]`; `n` is the length of the shortest column, and nothing is
/// scored where there is no like.
///
/// With `w` the weights and `s` the similarities, `anchors = T ln Σ w exp(s / T)` over the likes and
/// `dislikes = −T ln(1 + Σ w exp(s / T))` over the dislikes: the logarithm of the kernel ratio
/// `likes / (1 + dislikes)`.
pub fn score(columns: &Columns<'_>, knobs: Knobs) -> Vec<Parts> {
    let n = columns
        .likes
        .iter()
        .chain(columns.dislikes)
        .map(|evidence| evidence.similarity.len())
        .chain(columns.head.map(<[f32]>::len))
        .chain(columns.novelty.map(<[f32]>::len))
        .min();
    let n = if columns.likes.is_empty() {
        0
    } else {
        n.unwrap_or(0)
    };
    let anchors = kernel(columns.likes, 0.0, n);
    let dislikes = kernel(columns.dislikes, 1.0, n);
    (0..n)
        .map(|x| Parts {
            anchors: TEMPERATURE * anchors[x].ln(),
            dislikes: -TEMPERATURE * dislikes[x].ln(),
            head: columns.head.map_or(0.0, |head| head[x]),
            novelty: columns
                .novelty
                .map_or(0.0, |novelty| knobs.explore * novelty[x]),
        })
        .collect()
}

/// What each of `likes` contributes to the anchors' part of candidate `x`: shares that add up to 1.
pub fn shares(likes: &[Evidence<'_>], _knobs: Knobs, x: usize) -> Vec<f32> {
    let voices: Vec<f32> = likes
        .iter()
        .map(|like| like.weight * (like.similarity[x] / TEMPERATURE).exp())
        .collect();
    let sum: f32 = voices.iter().sum();
    voices.iter().map(|voice| voice / sum).collect()
}

/// `prior + Σ w exp(s / T)` for each of `n` candidates.
fn kernel(evidence: &[Evidence<'_>], prior: f32, n: usize) -> Vec<f32> {
    let mut sum = vec![prior; n];
    for one in evidence {
        for (total, s) in sum.iter_mut().zip(one.similarity) {
            *total += one.weight * (s / TEMPERATURE).exp();
        }
    }
    sum
}
