//! The held pool: the candidates of a throughline and their similarities to its anchors, kept between
//! thumbs. A thumb costs one column, which is one product of the pool's matrix with one vector; then the
//! columns are scored and the list is put in order. No index is asked.

use std::collections::{BTreeMap, HashMap};

use ndarray::{ArrayView1, ArrayView2, Axis};

use crate::track::TrackId;

use super::agreement::{neighbourhood, reach};
use super::hubs::csls;

mod list;

pub use list::{Ask, Row, Voice};

/// Candidates that a fresh pool is to have at least, shared out among the anchors: see
/// [`Held::share`].
pub const POOL: usize = 5000;

/// Neighbours of a new anchor that join the pool.
pub const JOINING: usize = 200;

/// Candidates at which a pool is full, and is better made anew than extended.
const FULL: usize = 4 * POOL;

/// Candidates of a throughline, and what its anchors are to them.
#[derive(Clone, Debug)]
pub struct Held {
    dimension: usize,
    /// Tracks of the library, those included that are not held.
    library: usize,
    ids: Vec<TrackId>,
    places: HashMap<TrackId, usize>,
    /// Unit search vectors, `[candidates · dimension]`.
    vectors: Vec<f32>,
    /// Hub term of each.
    hubs: Vec<f32>,
    /// The anchors that each came in for; empty for what was there from the start.
    brought: Vec<Vec<TrackId>>,
    anchors: BTreeMap<TrackId, Column>,
}

/// An anchor, and its similarity to every candidate.
#[derive(Clone, Debug)]
struct Column {
    /// Unit search vector `[dimension]`.
    vector: Vec<f32>,
    hub: f32,
    /// Hub-corrected, `[candidates]`.
    similarity: Vec<f32>,
    /// See [`reach`].
    reach: f32,
}

impl Held {
    /// An empty pool out of a library of `library` tracks, for search vectors of `dimension`.
    pub fn new(dimension: usize, library: usize) -> Self {
        Self {
            dimension,
            library,
            ids: Vec::new(),
            places: HashMap::new(),
            vectors: Vec::new(),
            hubs: Vec::new(),
            brought: Vec::new(),
            anchors: BTreeMap::new(),
        }
    }

    /// How many neighbours each of `anchors` anchors brings into a fresh pool. They overlap, so the pool
    /// is smaller than their sum; that is why each brings twice its part.
    pub fn share(anchors: usize) -> usize {
        (2 * POOL / anchors.max(1)).max(JOINING)
    }

    /// Takes candidates in: each a track, its unit search vector `[dimension]` and its hub term. Those
    /// whose vector has another length or is not finite are passed over.
    ///
    /// `by` is the anchor whose neighbours they are. Lists leave out what came in for anchors that are not
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
            } else if vector.len() == self.dimension && vector.iter().all(|x| x.is_finite()) {
                self.places.insert(id, self.ids.len());
                self.ids.push(id);
                self.vectors.extend(vector);
                self.hubs.push(if hub.is_finite() { hub } else { 0.0 });
                self.brought.push(by.into_iter().collect());
            }
        }
        if self.ids.len() == first {
            return;
        }
        let fresh = view(&self.vectors[first * self.dimension..], self.dimension);
        let size = neighbourhood(self.library);
        for column in self.anchors.values_mut() {
            let more = similarities(fresh, &self.hubs[first..], &column.vector, column.hub);
            column.similarity.extend(more);
            column.reach = reach(&column.similarity, size);
        }
    }

    /// Takes an anchor in, wanted or not: its unit search vector `[dimension]` and its hub term. One that
    /// is known already, or has another length, or is not finite, changes nothing. A file that is not in
    /// the library takes an id that no track has.
    pub fn anchor(&mut self, id: TrackId, vector: &[f32], hub: f32) {
        let sound = vector.len() == self.dimension && vector.iter().all(|x| x.is_finite());
        if !sound || self.anchors.contains_key(&id) {
            return;
        }
        let similarity = similarities(self.matrix(), &self.hubs, vector, hub);
        let reach = reach(&similarity, neighbourhood(self.library));
        self.anchors.insert(
            id,
            Column {
                vector: vector.to_vec(),
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

    /// Hub-corrected similarity of every candidate to an anchor, `[candidates]`.
    pub fn similarity(&self, anchor: TrackId) -> Option<&[f32]> {
        Some(&self.anchors.get(&anchor)?.similarity)
    }

    /// Unit search vectors, `[candidates, dimension]`.
    pub fn matrix(&self) -> ArrayView2<'_, f32> {
        view(&self.vectors, self.dimension)
    }

    /// How unfamiliar each candidate is, `[candidates]`, each `0..=1`: one less the greater of its
    /// greatest cosine to a liked anchor and of how tired the listener is of it, `fatigue` (as
    /// [`Standing::fatigue`](crate::feedback::Standing::fatigue) gives it). What points away from every
    /// anchor is as unfamiliar as can be.
    pub fn novelty(
        &self,
        liked: impl IntoIterator<Item = TrackId>,
        fatigue: impl Fn(TrackId) -> f32,
    ) -> Vec<f32> {
        let mut familiar: Vec<f32> = self
            .ids
            .iter()
            .map(|&id| fatigue(id).clamp(0.0, 1.0))
            .collect();
        for column in liked.into_iter().filter_map(|id| self.anchors.get(&id)) {
            let near = column.similarity.iter().zip(&self.hubs);
            for (familiar, (similarity, hub)) in familiar.iter_mut().zip(near) {
                // The cosine back from its hub-corrected form.
                *familiar = familiar.max((similarity + hub + column.hub) / 2.0);
            }
        }
        familiar.into_iter().map(|x| 1.0 - x.min(1.0)).collect()
    }
}

/// A matrix of `dimension` columns over `vectors`.
fn view(vectors: &[f32], dimension: usize) -> ArrayView2<'_, f32> {
    let rows = vectors.len().checked_div(dimension).unwrap_or(0);
    ArrayView2::from_shape((rows, dimension), vectors).expect("a whole number of rows")
}

/// Hub-corrected similarities of the rows of `vectors` to an anchor.
fn similarities(vectors: ArrayView2<'_, f32>, hubs: &[f32], anchor: &[f32], hub: f32) -> Vec<f32> {
    debug_assert_eq!(vectors.len_of(Axis(0)), hubs.len());
    let cosines = vectors.dot(&ArrayView1::from(anchor));
    cosines
        .iter()
        .zip(hubs)
        .map(|(cosine, x)| csls(cosine.clamp(-1.0, 1.0), hub, *x))
        .collect()
}

#[cfg(test)]
mod tests;
