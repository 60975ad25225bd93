//! What a build has done so far.

use std::time::Duration;

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

    /// The build as it stands `now` after its beginning.
    pub fn progress(
        &self,
        now: Duration,
        file: Option<String>,
        failure: Option<Failure>,
    ) -> Progress {
        Progress::Working {
            total: self.total,
            done: self.done(),
            decoded: self.decoded,
            added: self.added,
            moved: self.moved,
            unchanged: self.unchanged,
            failed: self.failed,
            tracks_per_s: self.pace.per_second(now),
            eta_s: self.pace.eta_s(self.total - self.done(), now),
            crawling: None,
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
            seconds: took.as_secs_f64(),
            cancelled,
        }
    }
}
