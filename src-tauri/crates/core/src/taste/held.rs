//! The held pool: the candidates of a throughline and their similarities to its anchors, kept between
//! thumbs. A thumb costs one column, which is one product of the pool's matrix with one vector; then the
//! columns are scored and the list is put in order. No index is asked.

use std::collections::{BTreeMap, HashMap};

use ndarray::ArrayView1;

use crate::track::TrackId;

use super::agreement::{neighbourhood, reach};
use super::hubs::csls;

mod contenders;
mod fixed;
mod heading;
mod list;
mod scored;
mod window;

use fixed::Fixed;

pub use list::{Ask, Learnt, Row, Voice};

/// Candidates that a fresh pool is to have at least, shared out among the anchors: see
/// [`Held::share`].
pub const POOL: usize = 5000;

/// Neighbours of a new like that join the pool, whatever they are worth.
pub const JOINING: usize = 100;

/// Tracks near a new like, and on each of the [`Held::headings`], that are considered after a thumb: those of them
/// that are [`Held::contenders`] join the pool as well. What a listener likes is not always among the nearest of
/// anything: of a million tracks the best rows were as far as the 2,800th neighbour of the likes that carry them,
/// and with [`JOINING`] neighbours alone the pool lost three quarters of the exact best 50 in thirty thumbs. The
/// bench `taste` says what it keeps.
pub const CONSIDERED: usize = 2000;

/// Candidates at which a pool is full, and is better made anew than extended.
const FULL: usize = 5 * POOL;

/// Candidates of a throughline, and what its anchors are to them.
#[derive(Clone, Debug)]
pub struct Held {
    /// Tracks of the library, those included that are not held.
    library: usize,
    /// The library's spread, see [`hubs::spread`](super::hubs::spread).
    spread: f32,
    ids: Vec<TrackId>,
    places: HashMap<TrackId, usize>,
    /// Unit search vectors, one a candidate.
    vectors: Fixed,
    /// Hub term of each.
    hubs: Vec<f32>,
    /// The anchors that each came in for; empty for what was there from the start.
    brought: Vec<Vec<TrackId>>,
    anchors: BTreeMap<TrackId, Column>,
}

/// An anchor, and its similarity to every candidate.
#[derive(Clone, Debug)]
struct Column {
    /// The anchor's unit search vector, by itself.
    vector: Fixed,
    hub: f32,
    /// As [`hubs::column`](super::hubs::column) says, `[candidates]`.
    similarity: Vec<f32>,
    /// See [`reach`].
    reach: f32,
}

impl Held {
    /// An empty pool out of a library of `library` tracks with this [`hubs::spread`](super::hubs::spread), for search vectors of
    /// `dimension`. A spread that is not positive counts as 1.
    pub fn new(dimension: usize, library: usize, spread: f32) -> Self {
        Self {
            library,
            spread: if spread > 0.0 && spread.is_finite() {
                spread
            } else {
                1.0
            },
            ids: Vec::new(),
            places: HashMap::new(),
            vectors: Fixed::new(dimension),
            hubs: Vec::new(),
            brought: Vec::new(),
            anchors: BTreeMap::new(),
        }
    }

    /// How many neighbours each of `anchors` anchors brings into a fresh pool. They overlap, so the pool
    /// is smaller than their sum; that is why each brings half as much again as its part.
    pub fn share(anchors: usize) -> usize {
        (3 * POOL / (2 * anchors.max(1))).max(JOINING)
    }

    /// Takes candidates in: each a track, its unit search vector `[dimension]` and its hub term. Those
    /// whose vector has another dimension, is longer than one or is not finite are passed over.
    ///
    /// `by` is the anchor that they come in for, liked or not. Lists leave out what came in for anchors that are not
    /// asked for, so that taking a thumb back brings back the very list of before; `None` is for good.
    pub fn extend<'a>(
        &mut self,
        by: Option<TrackId>,
        candidates: impl IntoIterator<Item = (TrackId, ArrayView1<'a, f32>, f32)>,
    ) {
        let first = self.ids.len();
        for (id, vector, hub) in candidates {
            if let Some(&place) = self.places.get(&id) {
                let brought = &mut self.brought[place];
                match by {
                    Some(anchor) if !brought.is_empty() => brought.push(anchor),
                    Some(_) => {}
                    None => brought.clear(),
                }
            } else if self.vectors.push(vector.iter().copied()) {
                self.places.insert(id, self.ids.len());
                self.ids.push(id);
                self.hubs.push(if hub.is_finite() { hub } else { 0.0 });
                self.brought.push(by.into_iter().collect());
            }
        }
        if self.ids.len() == first {
            return;
        }
        let size = neighbourhood(self.library);
        for column in self.anchors.values_mut() {
            let more = self.vectors.cosines(first, column.vector.row(0));
            let more = more
                .zip(&self.hubs[first..])
                .map(|(cosine, x)| csls(cosine, column.hub, *x) / self.spread);
            column.similarity.extend(more);
            column.reach = reach(&column.similarity, size);
        }
    }

    /// Takes an anchor in, wanted or not: its unit search vector `[dimension]` and its hub term. One that
    /// is known already changes nothing, nor does a vector that would be no candidate's. A file that is not in
    /// the library takes an id that no track has.
    pub fn anchor(&mut self, id: TrackId, vector: &[f32], hub: f32) {
        let mut own = self.vectors.none();
        if self.anchors.contains_key(&id) || !own.push(vector.iter().copied()) {
            return;
        }
        let hub = if hub.is_finite() { hub } else { 0.0 };
        let cosines = self.vectors.cosines(0, own.row(0));
        let similarity: Vec<f32> = cosines
            .zip(&self.hubs)
            .map(|(cosine, x)| csls(cosine, hub, *x) / self.spread)
            .collect();
        let reach = reach(&similarity, neighbourhood(self.library));
        self.anchors.insert(
            id,
            Column {
                vector: own,
                hub,
                similarity,
                reach,
            },
        );
    }

    /// Lets go of the anchors that `keep` does not name.
    pub fn retain_anchors(&mut self, keep: impl Fn(TrackId) -> bool) {
        self.anchors.retain(|&id, _| keep(id));
    }

    /// Whether the pool is better made anew: it has taken in so many neighbours of new anchors that a thumb
    /// costs several times what it did.
    pub fn wants_refill(&self) -> bool {
        self.ids.len() >= FULL && self.ids.len() < self.library
    }

    /// Whether an anchor has its column.
    pub fn knows(&self, anchor: TrackId) -> bool {
        self.anchors.contains_key(&anchor)
    }

    /// The candidates, in the order of every column.
    pub fn ids(&self) -> &[TrackId] {
        &self.ids
    }

    /// The similarity of every candidate to an anchor, `[candidates]`, as [`hubs::column`](super::hubs::column) says.
    pub fn similarity(&self, anchor: TrackId) -> Option<&[f32]> {
        Some(&self.anchors.get(&anchor)?.similarity)
    }

    /// The unit search vector of an anchor, `[dimension]`.
    pub fn anchor_vector(&self, anchor: TrackId) -> Option<Vec<f32>> {
        Some(self.anchors.get(&anchor)?.vector.values(0).collect())
    }

    /// What two anchors are to each other: their cosine, and their similarity as
    /// [`hubs::column`](super::hubs::column) says.
    pub fn between(&self, a: TrackId, b: TrackId) -> Option<(f32, f32)> {
        let (a, b) = (self.anchors.get(&a)?, self.anchors.get(&b)?);
        let cosine = fixed::cosine(a.vector.row(0), b.vector.row(0));
        Some((cosine, csls(cosine, a.hub, b.hub) / self.spread))
    }

    /// The cosine of an anchor and the candidate at `place`, `-1..=1`.
    pub fn toward(&self, anchor: TrackId, place: usize) -> Option<f32> {
        Some(self.cosine(self.anchors.get(&anchor)?, place))
    }

    /// The cosine of the candidates at two places, `-1..=1`.
    pub fn likeness(&self, a: usize, b: usize) -> f32 {
        fixed::cosine(self.vectors.row(a), self.vectors.row(b))
    }
}

#[cfg(test)]
mod tests;
