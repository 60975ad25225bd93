//! The candidates of the open throughline, held between thumbs.

use std::collections::HashSet;
use std::sync::Arc;

use throughline_core::taste::held::{Held, JOINING};
use throughline_core::taste::limits::Facts;
use throughline_core::track::TrackId;

use super::asked::Asked;
use super::{Hit, Wanted};
use crate::shelf::Shelf;

/// Tracks up to which a pool holds the whole library: every list is exact then, and a column over all of
/// them still takes a few milliseconds. Above, [`Held`] says what a pool takes in.
const WHOLE: usize = 20_000;

/// Candidates out of one shelf, and what limits ask of them.
pub(crate) struct Pool {
    shelf: Arc<Shelf>,
    held: Held,
    facts: Vec<Facts>,
    whole: bool,
    /// Thumbs that brought something in.
    grown: HashSet<TrackId>,
}

impl Pool {
    /// An empty pool out of `shelf`, or a full one where that is small.
    pub fn of(shelf: Arc<Shelf>) -> Self {
        let tracks = shelf.index.ids().len();
        let mut pool = Self {
            held: Held::new(shelf.space.dimension(), tracks, shelf.spread),
            facts: Vec::new(),
            grown: HashSet::new(),
            whole: tracks <= WHOLE,
            shelf,
        };
        if pool.whole {
            pool.held.extend(None, pool.shelf.candidates());
            pool.learn();
        }
        pool
    }

    /// Whether it is still the pool for `shelf`.
    pub fn serves(&self, shelf: &Arc<Shelf>) -> bool {
        Arc::ptr_eq(&self.shelf, shelf) && !self.held.wants_refill()
    }

    /// The shelf it is out of.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The candidates with their columns.
    pub fn held(&self) -> &Held {
        &self.held
    }

    /// What limits ask of each candidate.
    pub fn facts(&self) -> &[Facts] {
        &self.facts
    }

    /// Takes a track in that the listener spoke of, with its unit search vector.
    pub fn anchor(&mut self, id: TrackId, vector: &[f32]) {
        if !self.held.knows(id) {
            let hub = self.shelf.hub(id, vector);
            self.held.anchor(id, vector, hub);
        }
    }

    /// The cosine of an anchor and a track of the library.
    pub fn cosine(&self, anchor: TrackId, track: TrackId) -> Option<f32> {
        let anchor = self.held.anchor_vector(anchor)?;
        let track = self.shelf.index.vector(track)?;
        let dot: f32 = anchor.iter().zip(track).map(|(a, b)| a * b).sum();
        Some(dot.clamp(-1.0, 1.0))
    }

    /// Brings in the neighbours of the anchors of `asked`, if nothing is held yet.
    pub(super) fn fill(&mut self, asked: &Asked) {
        if self.whole || !self.held.ids().is_empty() {
            return;
        }
        let likes: Vec<TrackId> = asked.likes().collect();
        let share = Held::share(likes.len());
        for anchor in likes {
            self.join(None, anchor, share);
        }
        self.learn();
    }

    /// Brings in what a new thumb leads to; `false` when nothing was to be brought.
    pub(super) fn grow(&mut self, asked: &Asked, wanted: &Wanted<'_>, hits: &[Hit]) -> bool {
        let Some((track, liked)) = asked.newest.filter(|_| !self.whole) else {
            return false;
        };
        if !self.grown.insert(track) {
            return false;
        }
        let before = self.held.ids().len();
        let rows: Vec<_> = hits.iter().map(|hit| hit.row.clone()).collect();
        let headings = asked.headings(self, wanted, &rows);
        let joining = self.held.joining();
        for heading in headings {
            let shelf = Arc::clone(&self.shelf);
            self.held
                .extend(Some(track), shelf.some(shelf.near(&heading, joining)));
        }
        if liked {
            self.join(Some(track), track, JOINING);
        }
        self.learn();
        self.held.ids().len() > before
    }

    fn join(&mut self, by: Option<TrackId>, anchor: TrackId, tracks: usize) {
        let Some(vector) = self.held.anchor_vector(anchor) else {
            return;
        };
        let shelf = Arc::clone(&self.shelf);
        self.held
            .extend(by, shelf.some(shelf.near(&vector, tracks)));
    }

    /// Learns the facts of candidates that came in.
    fn learn(&mut self) {
        let known = self.facts.len();
        let new = self.held.ids()[known..].iter();
        let facts: Vec<_> = new.map(|&id| self.shelf.facts.get(id)).collect();
        self.facts.extend(facts);
    }
}
