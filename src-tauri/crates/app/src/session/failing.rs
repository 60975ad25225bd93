//! Files that could not be used: why, which are to be tried again, and which are not to be seen.

use std::collections::HashMap;

use throughline_library::{Failed, Failures, FileId};

use super::Session;
use crate::catalog::song_name;
use crate::error::Result;
use crate::view::{self, FailedReason, Failure, FailurePage, Which};

/// Most failures that a page has, whatever is asked for.
const LONGEST_PAGE: usize = 1000;

impl Session {
    /// Files that could not be used, and why, hidden ones too: by the model that builds, else by the one
    /// that serves.
    pub fn failures(&self) -> Result<Vec<Failure>> {
        let recipe = self.working_recipe()?;
        let failed = self.library().jobs().failures(&recipe)?;
        self.shown_failures(failed)
    }

    /// The kinds of reasons there are, and at most `limit` (and 1000) failures of `which`, hidden ones or those
    /// that are not, from number `offset` on.
    pub fn failure_page(
        &self,
        which: &Which,
        hidden: bool,
        offset: usize,
        limit: usize,
    ) -> Result<FailurePage> {
        let recipe = self.working_recipe()?;
        let library = self.library();
        let reasons = library.jobs().reasons(&recipe)?;
        let which = chosen(which);
        let limit = limit.min(LONGEST_PAGE);
        let failed = library
            .jobs()
            .page(&recipe, &which, Some(hidden), offset, limit)?;
        drop(library);
        let counted = reasons
            .iter()
            .filter(|reason| match &which {
                Failures::Reason(code) => reason.code == *code,
                Failures::All | Failures::File(_) => true,
            })
            .map(|reason| if hidden { reason.hidden } else { reason.shown });
        Ok(FailurePage {
            total: counted.sum::<u64>() as usize,
            failures: self.shown_failures(failed)?,
            reasons: reasons
                .into_iter()
                .map(|reason| FailedReason {
                    code: reason.code,
                    reason: reason.reason,
                    shown: reason.shown as usize,
                    hidden: reason.hidden as usize,
                })
                .collect(),
        })
    }

    /// Lets the next build try the failures `which` again. Answers how many there are.
    pub fn retry_failures(&self, which: &Which) -> Result<usize> {
        let recipe = self.working_recipe()?;
        let mut library = self.library();
        let tx = library.begin()?;
        let retried = tx.jobs_mut().retry(&recipe, &chosen(which))?;
        tx.commit()?;
        Ok(retried)
    }

    /// Hides the failures `which` from the listener, or shows them again. Answers how many there are.
    pub fn hide_failures(&self, which: &Which, hidden: bool) -> Result<usize> {
        let recipe = self.working_recipe()?;
        let mut library = self.library();
        let tx = library.begin()?;
        let changed = tx.jobs_mut().hide(&recipe, &chosen(which), hidden)?;
        tx.commit()?;
        Ok(changed)
    }

    /// `failed` for people: songs of the catalogue by their names.
    fn shown_failures(&self, failed: Vec<Failed>) -> Result<Vec<Failure>> {
        let songs: Vec<_> = failed.iter().filter_map(|failed| failed.song).collect();
        let songs = self.library().songs().get(&songs)?;
        let names: HashMap<_, _> = songs
            .into_iter()
            .map(|known| {
                (
                    known.song.id,
                    song_name(&known.song.title, known.song.artist.as_deref()),
                )
            })
            .collect();
        Ok(failed
            .into_iter()
            .map(|failed| Failure {
                file: failed.file.0,
                path: failed
                    .song
                    .and_then(|song| names.get(&song).cloned())
                    .unwrap_or_else(|| view::shown(&failed.path)),
                code: failed.failure.code,
                reason: failed.failure.reason,
            })
            .collect())
    }
}

fn chosen(which: &Which) -> Failures {
    match which {
        Which::All => Failures::All,
        Which::Reason { code } => Failures::Reason(code.clone()),
        Which::File { file } => Failures::File(FileId(*file)),
    }
}
