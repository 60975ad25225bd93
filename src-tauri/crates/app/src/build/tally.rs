//! What a build has done so far.

use std::time::Duration;

use crate::catalog::state::Look;
use crate::view::{BuildReport, Failure, Progress};

use super::pace::Pace;

/// Counts of a build, and its pace.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Files to work on.
    pub total: usize,
    /// Files whose vectors were stored.
    pub added: usize,
    /// Files that were as the library knew them.
    pub unchanged: usize,
    /// Files recognised by content.
    pub moved: usize,
    /// Files that failed in this build.
    pub failed: usize,
    /// Files that failed in an earlier build and did not change since.
    pub remembered: usize,
    /// Files that are gone.
    pub missing: usize,
    /// Calls of the catalogue that were given up.
    pub skipped: usize,
    /// Files decoded, embedded or not yet.
    pub decoded: usize,
    /// When files were finished.
    pub pace: Pace,
}

impl Tally {
    /// Files finished.
    pub fn done(&self) -> usize {
        self.added + self.moved + self.failed
    }

    /// The build as it stands `now` after its beginning; `look` is at a build from the catalogue, which
    /// lasts as long as the slower of its calls and its songs.
    pub fn progress(
        &self,
        now: Duration,
        look: Option<Look>,
        file: Option<String>,
        failure: Option<Failure>,
    ) -> Progress {
        let total = look.as_ref().map_or(self.total, |look| look.total);
        let left = total.saturating_sub(self.done());
        let songs_s = self.pace.eta_s(left, now);
        let eta_s = match &look {
            Some(look) if look.crawling.paused.is_some() => None,
            Some(look) => songs_s.map(|songs_s| songs_s.max(look.calls_s)),
            None => songs_s,
        };
        Progress::Working {
            total: total.max(self.done()),
            done: self.done(),
            decoded: self.decoded,
            added: self.added,
            moved: self.moved,
            unchanged: self.unchanged,
            failed: self.failed,
            tracks_per_s: self.pace.per_second(now),
            eta_s,
            crawling: look.map(|look| look.crawling),
            file,
            failure,
        }
    }

    /// The build as it ended.
    pub fn report(&self, took: Duration, cancelled: bool) -> BuildReport {
        BuildReport {
            added: self.added,
            unchanged: self.unchanged,
            failed: self.failed + self.remembered,
            missing: self.missing,
            moved: self.moved,
            skipped: self.skipped,
            seconds: took.as_secs_f64(),
            cancelled,
        }
    }
}
