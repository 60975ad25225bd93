//! What is considered after a thumb, and what of it joins the pool.
//!
//! A thumb makes thousands of tracks worth a look, and few of them ever come near the list. Kept all, they would make
//! every later thumb dearer; so only those stay that are among the best of the pool as it is scored now.

use super::window::{best_of, number};
use super::{Ask, Held};
use crate::taste::agreement::{neighbourhood, reach};

/// How far down the ranking a contender is, at most. After thirty thumbs in a million tracks 500 kept 98, 98 and 100 % of
/// the exact best 50 in pools of 11,000, 1,000 kept 98, 100 and 100 % in 12,300–14,800, and 2,000 all in 17,200–18,100.
const CONTENDERS: usize = 1000;

impl Held {
    /// The places from `since` on whose candidates are among the thousand most relevant of all for `ask`, in order.
    /// What exploring or limits would make of the list is not asked.
    ///
    /// # Panics
    /// As [`Held::list`].
    pub fn contenders(&self, ask: &Ask<'_>, since: usize) -> Vec<usize> {
        let here = self.here(ask);
        let (parts, _) = self.scored(ask, &here, None);
        if parts.is_empty() {
            return Vec::new();
        }
        let ranked = here
            .iter()
            .map(|&place| (number(parts[place].relevance()), self.ids[place], place));
        let mut ranked: Vec<_> = ranked.collect();
        let best = best_of(&mut ranked, CONTENDERS);
        let mut places: Vec<usize> = best
            .iter()
            .map(|(.., place)| *place)
            .filter(|place| *place >= since)
            .collect();
        places.sort_unstable();
        places
    }

    /// Lets go of the candidates from place `since` on, but for those at `places`, which close up.
    ///
    /// # Panics
    /// When `places`, from `since` on, do not ascend or are no candidates'.
    pub fn keep(&mut self, since: usize, places: &[usize]) {
        assert!(places.is_sorted(), "each stays behind the one before");
        for id in self.ids.get(since..).unwrap_or_default() {
            self.places.remove(id);
        }
        let len = self.ids.len().min(since + places.len());
        for (to, &from) in (since..).zip(places) {
            self.ids.swap(to, from);
            self.hubs.swap(to, from);
            self.brought.swap(to, from);
            self.vectors.copy(from, to);
            self.places.insert(self.ids[to], to);
        }
        self.ids.truncate(len);
        self.hubs.truncate(len);
        self.brought.truncate(len);
        self.vectors.truncate(len);
        let size = neighbourhood(self.library);
        for column in self.anchors.values_mut() {
            for (to, &from) in (since..).zip(places) {
                column.similarity.swap(to, from);
            }
            column.similarity.truncate(len);
            column.reach = reach(&column.similarity, size);
        }
    }
}
