//! The candidates of the open throughline, held between thumbs.

use std::collections::HashSet;
use std::sync::Arc;

use throughline_core::taste::held::{CONSIDERED, Held, JOINING};
use throughline_core::taste::limits::Facts;
use throughline_core::track::TrackId;

use super::asked::Asked;
use super::{Wanted, Wishes};
use crate::shelf::Shelf;

/// Tracks up to which a pool holds the whole library: every list is exact then, and a column over all of
/// them still takes a few milliseconds. Above, [`Held`] says what a pool takes in.
const WHOLE: usize = 20_000;

/// How often the headings of a new pool are followed where thumbs were given before it was made: each time
/// they lead further, and hardly at all after the third.
const FRESH_ROUNDS: usize = 3;

/// Thumbs up near which is looked at once, the newest first; the others' turn comes with the next thumb. More were
/// given only where a long throughline is opened: what is considered takes memory until the best of it are kept.
const AT_ONCE: usize = 10;

/// Where filters admit more than one in so many tracks, the nearest of all kinds will do.
const RARE: usize = 10;

/// Candidates out of one shelf, and what limits ask of them.
#[derive(Clone)]
pub(crate) struct Pool {
    shelf: Arc<Shelf>,
    held: Held,
    facts: Vec<Facts>,
    whole: bool,
    /// Likes whose neighbours are in.
    joined: HashSet<TrackId>,
    /// Thumbs up near which more was looked for.
    considered: HashSet<TrackId>,
    /// Thumbs whose headings were followed.
    led: HashSet<TrackId>,
    /// Narrow wishes, and the likes near which was looked for what they admit.
    narrow: Option<(Wishes, HashSet<TrackId>)>,
}

impl Pool {
    /// An empty pool out of `shelf`, or a full one where that is small.
    pub fn of(shelf: Arc<Shelf>) -> Self {
        Self::holding(shelf, WHOLE)
    }

    /// The same, where a shelf of up to `whole` tracks is small.
    pub(super) fn holding(shelf: Arc<Shelf>, whole: usize) -> Self {
        let tracks = shelf.index.ids().len();
        let mut pool = Self {
            held: Held::new(shelf.space.dimension(), tracks, shelf.spread),
            facts: Vec::new(),
            joined: HashSet::new(),
            considered: HashSet::new(),
            led: HashSet::new(),
            narrow: None,
            whole: tracks <= whole,
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
    pub fn shelf(&self) -> &Arc<Shelf> {
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

    /// Lets go of anchors that `wanted` does not name, and of files that are no tracks: the next one may have
    /// the number of one before.
    pub(super) fn forget(&mut self, wanted: &Wanted<'_>) {
        let named: HashSet<TrackId> = wanted.standing.named().collect();
        self.held
            .retain_anchors(|anchor| anchor.0 >= 0 && named.contains(&anchor));
        let likes = self.narrow.as_mut().map(|(_, likes)| likes);
        for likes in [&mut self.joined, &mut self.considered]
            .into_iter()
            .chain(likes)
        {
            likes.retain(|anchor| anchor.0 >= 0);
        }
    }

    /// Brings in the neighbours of the likes of `asked` that are not in yet: many for a seed, some for a
    /// thumb. Where filters are set, as many of what they admit. What came in for others is left out of lists.
    pub(super) fn fill(&mut self, asked: &Asked, wanted: &Wanted<'_>) {
        if self.whole {
            return;
        }
        let share = Held::share(asked.seeds.len());
        for like in asked.likes() {
            if self.joined.insert(like) {
                let is_seed = wanted.standing.seeds.contains(&like);
                self.join(like, if is_seed { share } else { JOINING });
            }
        }
        if wanted.wishes.are_narrow() {
            self.admit(asked, wanted.wishes);
        }
        self.learn();
    }

    /// Brings in those neighbours of the likes that the filters admit, where these are rare: of one track in a thousand
    /// the nearest of all kinds are hardly ever one.
    fn admit(&mut self, asked: &Asked, wishes: &Wishes) {
        let mut near = match self.narrow.take() {
            Some((before, near)) if before == *wishes => near,
            _ => HashSet::new(),
        };
        let new: Vec<TrackId> = asked.likes().filter(|&like| near.insert(like)).collect();
        self.narrow = Some((wishes.clone(), near));
        if new.is_empty() {
            return;
        }
        let shelf = Arc::clone(&self.shelf);
        let ids = shelf.index.ids();
        let admitted: Vec<usize> = (0..ids.len())
            .filter(|&row| {
                shelf
                    .facts
                    .find(ids[row])
                    .is_some_and(|facts| asked.admits(facts))
            })
            .collect();
        if admitted.len() > ids.len() / RARE {
            return;
        }
        let share = Held::share(asked.likes().count());
        for like in new {
            if let Some(vector) = self.held.anchor_vector(like) {
                let near = shelf.near_among(&vector, share, &admitted);
                self.held.extend(Some(like), shelf.some(near));
            }
        }
    }

    /// How often what `asked` leads to is to be looked for: not where all is held or nothing new was said, a
    /// few times where much was said before the pool was made.
    pub(super) fn rounds(&self, asked: &Asked) -> usize {
        match asked.newest {
            Some(newest) if !self.whole && !self.led.contains(&newest) => {
                if self.led.is_empty() {
                    FRESH_ROUNDS
                } else {
                    1
                }
            }
            _ => 0,
        }
    }

    /// Considers what `asked` leads to, and brings in what contends for the list; `false` when nothing does.
    pub(super) fn grow(&mut self, asked: &Asked, wanted: &Wanted<'_>) -> bool {
        let Some(newest) = asked.newest else {
            return false;
        };
        self.led.insert(newest);
        let headings = asked.headings(self, wanted);
        let since = self.held.ids().len();
        let shelf = Arc::clone(&self.shelf);
        for heading in headings {
            let near = shelf.near(&heading, CONSIDERED);
            self.held.extend(Some(newest), shelf.some(near));
        }
        let new = |like: &TrackId| {
            !wanted.standing.seeds.contains(like) && !self.considered.contains(like)
        };
        let mut ups: Vec<TrackId> = asked.likes().filter(new).collect();
        for like in ups.drain(ups.len().saturating_sub(AT_ONCE)..) {
            self.considered.insert(like);
            self.join(like, CONSIDERED);
        }
        self.learn();
        let places = asked.contenders(self, wanted, since);
        self.held.keep(since, &places);
        self.facts.truncate(since);
        self.learn();
        !places.is_empty()
    }

    fn join(&mut self, anchor: TrackId, tracks: usize) {
        let Some(vector) = self.held.anchor_vector(anchor) else {
            return;
        };
        let shelf = Arc::clone(&self.shelf);
        self.held
            .extend(Some(anchor), shelf.some(shelf.near(&vector, tracks)));
    }

    /// Learns the facts of candidates that came in.
    fn learn(&mut self) {
        let known = self.facts.len();
        let new = self.held.ids()[known..].iter();
        let facts: Vec<_> = new.map(|&id| self.shelf.facts.get(id)).collect();
        self.facts.extend(facts);
    }
}

#[cfg(test)]
mod tests;
