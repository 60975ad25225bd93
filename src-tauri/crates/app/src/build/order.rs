//! The end of a build: what ranking needs of the library as a whole is computed and frozen.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use throughline_core::embedding::{Recipe, parts_with_variation};
use throughline_library::{Library, StoredSpace, Transaction, Version};

use crate::error::Result;
use crate::freeze::Frozen;
use crate::shelf::{fit, vectors};
use crate::uses;
use crate::view::{Ordering, Progress};

use super::{Build, With};

/// Share of the work after which its pace is told: earlier it is that of caches that are still cold.
const TELLING: f64 = 0.02;

/// At most this often is the listener told how far a step is.
const OFTEN: Duration = Duration::from_millis(100);

impl Build<'_> {
    /// Puts the library in order, unless the build was cancelled before or is meanwhile; answers whether it
    /// was. Then what was frozen before serves on, and the next build begins with it again.
    pub(super) fn finish(
        &mut self,
        with: With<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<bool> {
        if self.signals.cancelled() {
            return Ok(true);
        }
        on_progress(Progress::at_the_end());
        let news = self.freeze(with, on_progress)?;
        if news == Some(true) {
            self.signals.changed();
        }
        Ok(news.is_none())
    }

    /// Computes what ranking needs of the library as a whole and freezes it, where it is not what it was;
    /// in the same transaction the recipe comes to serve, if all that it was to do is done. Answers whether
    /// anything was frozen or came to serve; `None` when it was cancelled, and nothing has changed.
    fn freeze(
        &mut self,
        with: With<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<bool>> {
        let embedder = self.engine.embedder.as_ref();
        let recipe = embedder.recipe();
        let newest = self.library.spaces().newest(recipe)?;
        let unfrozen: Option<Unfrozen> = self.library.settings().get(&unfrozen_key(recipe))?;
        let rows = if unfrozen.is_none() && self.is_frozen(newest.as_ref())? {
            Vec::new()
        } else {
            vectors(&self.library, recipe)?
        };
        let space = match rows.as_slice() {
            [] => None,
            rows => Some(fit(embedder.parts(), rows)?),
        };
        // Tags may be new where no vector is.
        let heard = unfrozen == Some(Unfrozen::Heard);
        let changed =
            space.filter(|space| heard || newest.is_none_or(|stored| stored.space != *space));
        let found: Option<(Frozen, Option<Vec<Version>>)> = match changed {
            Some(space) => {
                let cancelled = || self.signals.cancelled();
                let mut compared = Step::begin(Ordering::Comparing, rows.len());
                let mut compare = |done| {
                    compared.tell(done, on_progress);
                    !cancelled()
                };
                let Some(frozen) = Frozen::of(space, &rows, &mut compare)? else {
                    return Ok(None);
                };
                let rate = Some(embedder.sample_rate());
                let mut placed = Step::begin(Ordering::Versions, rows.len());
                let mut place = |done| {
                    placed.tell(done, on_progress);
                    !cancelled()
                };
                let versions = frozen.versions(&self.library, recipe, &rows, rate, &mut place)?;
                on_progress(Progress::at_the_end());
                Some((frozen, versions))
            }
            None => None,
        };
        if self.signals.cancelled() {
            return Ok(None);
        }
        let tx = self.library.begin()?;
        let mut news = found.is_some();
        if let Some((frozen, versions)) = found {
            frozen.keep(&tx, recipe, &rows, versions, self.now)?;
        }
        if uses::settle(&tx, with.engines, with.wanted, recipe)? {
            tracing::info!(%recipe, "another recipe serves");
            news = true;
        }
        tx.settings_mut().clear(&unfrozen_key(recipe))?;
        tx.commit()?;
        Ok(Some(news))
    }

    /// Whether `newest` is of the very tracks that the library has, where none was stored since: there are as
    /// many as there were. Looking at their vectors takes longer than at all files.
    fn is_frozen(&self, newest: Option<&StoredSpace>) -> Result<bool> {
        let embedder = self.engine.embedder.as_ref();
        let Some(StoredSpace { space, .. }) = newest else {
            return Ok(false);
        };
        let same = space.parts == parts_with_variation(embedder.parts());
        Ok(same && self.library.vectors().count(embedder.recipe())? == space.tracks as u64)
    }
}

/// What was stored since a library was put in order. It outlives a build that is cancelled or killed before its
/// end: tracks that were heard anew in place are as many as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unfrozen {
    /// Files of known content: which tracks there are may be new.
    Linked,
    /// Files that were heard: vectors and tags may be new too.
    Heard,
}

impl Unfrozen {
    /// Notes in `tx`, which stores it, that this was stored under `recipe`.
    pub fn note(self, tx: &Transaction<'_>, recipe: &Recipe) -> Result<()> {
        let key = unfrozen_key(recipe);
        if tx.settings().get::<Self>(&key)? < Some(self) {
            tx.settings_mut().set(&key, &self)?;
        }
        Ok(())
    }
}

/// Whether something was stored under `recipe` since `library` was put in order.
pub(super) fn is_unfrozen(library: &Library, recipe: &Recipe) -> Result<bool> {
    let unfrozen: Option<Unfrozen> = library.settings().get(&unfrozen_key(recipe))?;
    Ok(unfrozen.is_some())
}

/// Key of the setting that holds what was stored under `recipe` and is not frozen, an [`Unfrozen`].
fn unfrozen_key(recipe: &Recipe) -> String {
    format!("unfrozen:{recipe}")
}

impl Progress {
    /// A build that is being finished, at none of the steps that take long.
    fn at_the_end() -> Self {
        Self::Finishing {
            step: None,
            done: 0,
            total: 0,
            eta_s: None,
        }
    }
}

/// A step of putting a library in order, and when it was last told of.
struct Step {
    what: Ordering,
    total: usize,
    begun: Instant,
    told: Option<Instant>,
}

impl Step {
    fn begin(what: Ordering, total: usize) -> Self {
        Self {
            what,
            total,
            begun: Instant::now(),
            told: None,
        }
    }

    /// Says that `done` tracks are done, unless something was said a moment ago.
    fn tell(&mut self, done: usize, on_progress: &mut dyn FnMut(Progress)) {
        let soon = self.told.is_some_and(|told| told.elapsed() < OFTEN);
        if soon && done < self.total {
            return;
        }
        self.told = Some(Instant::now());
        on_progress(Progress::Finishing {
            step: Some(self.what),
            done,
            total: self.total,
            eta_s: left(done, self.total, self.begun.elapsed().as_secs_f64()),
        });
    }
}

/// Seconds that the rest of `total` takes, if `done` took `seconds`: each track takes about as long as any
/// other.
fn left(done: usize, total: usize, seconds: f64) -> Option<f64> {
    let share = done as f64 / total as f64;
    (share >= TELLING).then(|| seconds / share * (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn the_rest_takes_as_long_as_what_is_done() {
        assert_eq!(left(1, 1000, 0.5), None, "too early to tell");
        let near = |eta: Option<f64>, s: f64| eta.is_some_and(|eta| (eta - s).abs() < 1e-9);
        assert!(near(left(250, 1000, 10.0), 30.0));
        assert!(near(left(1000, 1000, 40.0), 0.0));
    }
}
