//! The one writer of a build: what becomes of each file, in one transaction each.

use std::collections::HashMap;
use std::time::Instant;

use throughline_core::embedding::Features;
use throughline_core::track::{ContentHash, TrackId};
use throughline_library::{self as library, Analysed, Description, LibraryError, Stat};

use crate::catalog::state::State;
use crate::error::{AppError, Reason, Result};
use crate::view::{Failure, Progress};

use super::Build;
use super::order::Unfrozen;
use super::pipeline::{Job, Message, Place};

/// What became of a content.
type Outcome = Result<TrackId, Reason>;

/// Stores what the steps of the pipeline bring.
pub(super) struct Writer<'a, 'b> {
    build: &'a mut Build<'b>,
    /// How crawl and fetchers get on, in a build from the catalogue.
    songs: Option<&'a State>,
    begun: Instant,
    /// What became of each content in this build.
    outcomes: HashMap<ContentHash, Outcome>,
    /// Files that wait for what becomes of the same content.
    twins: HashMap<ContentHash, Vec<Job>>,
}

impl<'a, 'b> Writer<'a, 'b> {
    /// The writer of `build`, whose pipeline has `begun`.
    pub fn new(build: &'a mut Build<'b>, songs: Option<&'a State>, begun: Instant) -> Self {
        Self {
            build,
            songs,
            begun,
            outcomes: HashMap::new(),
            twins: HashMap::new(),
        }
    }

    /// Whether the build is to stop.
    pub fn cancelled(&self) -> bool {
        self.build.signals.cancelled()
    }

    /// The build as it stands.
    pub fn progress(&self, file: Option<String>, failure: Option<Failure>) -> Progress {
        let look = self.songs.map(State::look);
        self.build
            .tally
            .progress(self.begun.elapsed(), look, file, failure)
    }

    /// Stores what `message` brings; gives the failures that are to be told.
    pub fn take(&mut self, message: Message) -> Result<Vec<Failure>> {
        match message {
            Message::Started(_) => Ok(Vec::new()),
            Message::Stopped(error) => Err(error),
            Message::Decoded => {
                self.build.tally.decoded += 1;
                Ok(Vec::new())
            }
            Message::Embedded(embedded) => {
                let (job, hash, about, features) = *embedded;
                match self.store(&job, hash, &about, &features) {
                    Ok(track) => self.resolve(hash, Ok(track)),
                    // What the library cannot keep of one file costs that file alone.
                    Err(AppError::Library(error @ LibraryError::Features { .. })) => {
                        self.refuse(&job, Some(hash), Reason::model_failed(&error))
                    }
                    Err(error) => Err(error),
                }
            }
            Message::Known(job, hash, track) => {
                self.link(&job, track)?;
                self.resolve(hash, Ok(track))
            }
            Message::Twin(job, hash) => {
                if let Some(outcome) = self.outcomes.get(&hash).cloned() {
                    return Ok(self.follow(&job, &outcome)?.into_iter().collect());
                }
                self.twins.entry(hash).or_default().push(job);
                Ok(Vec::new())
            }
            Message::Failed(job, hash, reason) => self.refuse(&job, hash, reason),
        }
    }

    /// Notes that a file cannot be used, nor those of the same content.
    fn refuse(
        &mut self,
        job: &Job,
        hash: Option<ContentHash>,
        reason: Reason,
    ) -> Result<Vec<Failure>> {
        let mut failures = vec![self.fail(job, &reason)?];
        if let Some(hash) = hash {
            failures.extend(self.resolve(hash, Err(reason))?);
        }
        Ok(failures)
    }

    /// Notes what became of a content and lets the files that waited for it follow.
    fn resolve(&mut self, hash: ContentHash, outcome: Outcome) -> Result<Vec<Failure>> {
        let mut failures = Vec::new();
        for twin in self.twins.remove(&hash).unwrap_or_default() {
            failures.extend(self.follow(&twin, &outcome)?);
        }
        self.outcomes.insert(hash, outcome);
        Ok(failures)
    }

    /// Does with `twin` what was done with the file of the same content.
    fn follow(&mut self, twin: &Job, outcome: &Outcome) -> Result<Option<Failure>> {
        match outcome {
            Ok(track) => self.link(twin, *track).map(|()| None),
            Err(reason) => self.fail(twin, reason).map(Some),
        }
    }

    fn store(
        &mut self,
        job: &Job,
        hash: ContentHash,
        about: &Description,
        features: &Features,
    ) -> Result<TrackId> {
        let analysed = Analysed {
            file: job.file,
            stat: job.stat,
            hash,
            about,
            features,
        };
        let recipe = self.build.engine.embedder.recipe();
        let tx = self.build.library.begin()?;
        let track = tx.store(recipe, &analysed, self.build.now)?;
        Unfrozen::Heard.note(&tx, recipe)?;
        tx.commit()?;
        self.build.tally.added += 1;
        self.finish();
        Ok(track)
    }

    fn link(&mut self, job: &Job, track: TrackId) -> Result<()> {
        let recipe = self.build.engine.embedder.recipe();
        let tx = self.build.library.begin()?;
        tx.link(recipe, job.file, job.stat, track)?;
        Unfrozen::Linked.note(&tx, recipe)?;
        tx.commit()?;
        self.build.tally.moved += 1;
        self.finish();
        Ok(())
    }

    fn fail(&mut self, job: &Job, reason: &Reason) -> Result<Failure> {
        let why = library::Failure {
            code: reason.code.to_owned(),
            reason: reason.words.clone(),
        };
        // What only could not be reached is tried again by the next build: it is noted for a file that
        // looks like no real one, so the real one does not count as settled.
        let stat = if reason.is_passing() {
            Stat {
                size: 0,
                mtime_ns: 0,
            }
        } else {
            job.stat
        };
        let tx = self.build.library.begin()?;
        if let Place::Song(song, _) = &job.place
            && *reason == Reason::gone()
        {
            tx.songs_mut().mark_gone(*song)?;
        }
        tx.fail(self.build.engine.embedder.recipe(), job.file, stat, &why)?;
        tx.commit()?;
        self.build.tally.failed += 1;
        self.finish();
        Ok(Failure {
            file: job.file.0,
            path: job.shown(),
            code: why.code,
            reason: why.reason,
        })
    }

    fn finish(&mut self) {
        self.build.tally.pace.finish(self.begun.elapsed());
        self.build.signals.changed();
    }
}
