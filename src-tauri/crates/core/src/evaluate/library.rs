//! A labelled library as the figures look at it: search vectors, hub terms, labels.

use ndarray::{Array2, ArrayView1, Axis};

use super::{EvaluateError, project, shared};
use crate::taste::hubs;

/// Queries that are compared with all tracks at once: bounds the table of similarities.
const QUERIES: usize = 256;

/// Tracks with their labels, in the space fitted to these very tracks.
pub(super) struct Labelled {
    /// Unit search vectors, `[tracks, dimension]`.
    pub vectors: Array2<f32>,
    /// Hub terms, `[tracks]`.
    pub terms: Vec<f32>,
    /// The label of each track, a number.
    pub labels: Vec<usize>,
    /// How many other tracks have the label of each, `[tracks]`.
    pub others: Vec<usize>,
    spread: f32,
    plain_term: f32,
    plain_spread: f32,
}

impl Labelled {
    /// `raw` vectors, each `[parts]`, with the label of each.
    pub(super) fn of(
        parts: &[usize],
        raw: &[&[f32]],
        labels: &[usize],
    ) -> Result<Self, EvaluateError> {
        if raw.len() != labels.len() {
            return Err(EvaluateError::Unpaired {
                vectors: raw.len(),
                labels: labels.len(),
            });
        }
        let others = shared(labels)?;
        let vectors = project(parts, raw)?;
        let terms = hubs::terms(&vectors.view());
        let mean = terms.iter().sum::<f32>() / terms.len() as f32;
        let same = vec![mean; terms.len()];
        Ok(Self {
            spread: hubs::spread(&vectors.view(), &terms),
            plain_spread: hubs::spread(&vectors.view(), &same),
            plain_term: mean,
            labels: labels.to_vec(),
            others,
            terms,
            vectors,
        })
    }

    /// Number of tracks.
    pub(super) fn tracks(&self) -> usize {
        self.labels.len()
    }

    /// The cosine of `track` to every track, `[tracks]`.
    pub(super) fn cosines(&self, track: usize) -> Vec<f32> {
        self.vectors.dot(&self.vectors.row(track)).to_vec()
    }

    /// The similarities of `track` with these `cosines`, as evidence carries them. Without `corrected`
    /// every track has the mean hub term: the same measure, blind to hubs.
    pub(super) fn similarities(&self, track: usize, cosines: &[f32], corrected: bool) -> Vec<f32> {
        let of = |(&cosine, &term): (&f32, &f32)| {
            if corrected {
                hubs::csls(cosine, self.terms[track], term) / self.spread
            } else {
                hubs::csls(cosine, self.plain_term, self.plain_term) / self.plain_spread
            }
        };
        cosines.iter().zip(&self.terms).map(of).collect()
    }

    /// Calls `see` for every track with all others, the most similar first: a track alone as the seed.
    pub(super) fn each_ranking(&self, corrected: bool, mut see: impl FnMut(usize, &[usize])) {
        let tracks = self.tracks();
        let mut order: Vec<usize> = Vec::with_capacity(tracks);
        for first in (0..tracks).step_by(QUERIES) {
            let queries = self
                .vectors
                .slice_axis(Axis(0), (first..tracks.min(first + QUERIES)).into());
            let cosines = queries.dot(&self.vectors.t());
            for (query, cosines) in (first..).zip(cosines.outer_iter()) {
                let similar = self.similarities(query, &cosines.to_vec(), corrected);
                super::rank(query, &ArrayView1::from(&similar), &mut order);
                see(query, &order);
            }
        }
    }
}
