//! The first journey: folders of music and songs of the catalogue become a library.
//!
//! Scan, then for each file that is new or changed: hash, decode, embed, store. Bounded queues join the
//! steps; decoders share the cores, one thread owns the model's device, and the calling thread is the only
//! writer. Every file is a job row, and a file's rows are stored in one transaction: a build that is
//! killed at any moment goes on where it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use throughline_core::embedding::{Recipe, parts_with_variation};
use throughline_library::{CrawlId, JobState, Library, Scanned, SourceId, Stat, StoredSpace};

use crate::catalog::Chores;
use crate::engine::{Engine, Engines, Wanted};
use crate::error::{AppError, NOT_FETCHED, Result};
use crate::freeze::Frozen;
use crate::shelf::{fit, vectors};
use crate::uses;
use crate::view::{BuildReport, Progress, StageName};

mod pace;
mod pipeline;
mod scan;
mod tally;
mod times;
mod writer;

use pipeline::Work;
pub(crate) use pipeline::{Item, Job, Message, Place};
pub(crate) use scan::mtime_ns;
use tally::Tally;
pub(crate) use times::{Times, shown as stages_shown};

/// After how many more files the listener hears of a scan again.
const SCAN_STEP: usize = 100;

/// What to build.
#[derive(Clone, Debug, Default)]
pub struct BuildRequest {
    /// A folder to add; `None` goes through all folders that the library has.
    pub folder: Option<PathBuf>,
    /// Whether files that failed before are tried again although they did not change.
    pub retry_failed: bool,
}

/// What a build shares with the session that started it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signals {
    /// Set to stop the build.
    pub cancel: Arc<AtomicBool>,
    /// Raised whenever tracks were stored or went missing, so that readers know that they are behind.
    pub generation: Arc<AtomicU64>,
}

impl Signals {
    fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    pub(crate) fn changed(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }
}

/// What a build embeds with.
#[derive(Clone, Copy)]
pub(crate) struct With<'a> {
    /// Where the engine is from.
    pub engines: &'a Engines,
    /// What was wanted when the build began.
    pub wanted: &'a Wanted,
    /// The engine for it.
    pub engine: &'a Engine,
}

/// Builds as `request` says into the library in `dir`. Cancelling is an outcome, not an error: the
/// report says so, and what was stored stays. `now` is Unix milliseconds.
pub(crate) fn run(
    dir: &Path,
    with: With<'_>,
    request: &BuildRequest,
    now: i64,
    signals: &Signals,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<BuildReport> {
    let begun = Instant::now();
    let mut build = Build::begin(dir, with.engine, signals, now)?;
    build.retry_failed = request.retry_failed;
    let sources = build.sources(request.folder.as_deref())?;
    let mut todo = Vec::new();
    for (source, folder) in &sources {
        if !signals.cancelled() {
            todo.extend(build.compare(*source, folder, on_progress)?);
        }
    }
    build.tally.total = todo.len();
    if !signals.cancelled() && !todo.is_empty() {
        pipeline::run(&mut build, dir, Work::Files(todo), on_progress)?;
    }
    let cancelled = build.finish(with, on_progress)?;
    build.count_missing(&sources)?;
    Ok(build.tally.report(begun.elapsed(), cancelled))
}

/// Builds from the catalogue into the library in `dir`: fetches and embeds what is pending, while
/// `chores` find more. Otherwise as [`run`].
pub(crate) fn run_catalog(
    dir: &Path,
    with: With<'_>,
    chores: Chores,
    now: i64,
    signals: &Signals,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<BuildReport> {
    let begun = Instant::now();
    let mut build = Build::begin(dir, with.engine, signals, now)?;
    let recipe = build.recipe().clone();
    let again = (!chores.retry_failed).then_some(NOT_FETCHED);
    let tx = build.library.begin()?;
    tx.songs_mut().plan(&recipe, now)?;
    tx.songs_mut().retry(&recipe, again)?;
    tx.commit()?;
    let newest = || Ok::<_, AppError>(build.library.crawls().all()?.pop().map(|crawl| crawl.id));
    let crawl = match &chores.crawl {
        Some(crawl) => Some(crawl.id),
        None => newest()?,
    };
    if !signals.cancelled() {
        let catalog = Arc::clone(&chores.catalog);
        let before = catalog.client.streamed();
        let ran = pipeline::run(&mut build, dir, Work::Songs(Box::new(chores)), on_progress);
        let streamed = catalog.client.streamed().saturating_sub(before);
        build.times.add(StageName::Fetch, streamed);
        if let Some(crawl) = crawl {
            build.keep_times(crawl, catalog.connections)?;
        }
        ran?;
    }
    let cancelled = build.finish(with, on_progress)?;
    let skipped = build.library.crawls().skipped()?.into_iter();
    build.tally.skipped = skipped.filter(|call| Some(call.crawl) == crawl).count();
    Ok(build.tally.report(begun.elapsed(), cancelled))
}

/// A build under way.
struct Build<'a> {
    /// The connection of its one writer.
    library: Library,
    engine: &'a Engine,
    signals: &'a Signals,
    /// When it began, Unix milliseconds.
    now: i64,
    retry_failed: bool,
    tally: Tally,
    times: Arc<Times>,
}

impl<'a> Build<'a> {
    /// A build into the library in `dir` that has done nothing yet.
    fn begin(dir: &Path, engine: &'a Engine, signals: &'a Signals, now: i64) -> Result<Self> {
        Ok(Self {
            library: Library::open(dir)?,
            engine,
            signals,
            now,
            retry_failed: false,
            tally: Tally::default(),
            times: Arc::default(),
        })
    }

    /// Keeps how long the stages were busy in this build of `crawl`, whose previews had `connections`.
    fn keep_times(&mut self, crawl: CrawlId, connections: usize) -> Result<()> {
        let stages = self.times.kept(|stage| match stage {
            StageName::Fetch => connections,
            StageName::Decode => pipeline::decoders(),
            StageName::Crawl | StageName::Embed | StageName::Store => 1,
        });
        let tx = self.library.begin()?;
        tx.crawls_mut().spend(crawl, &stages, self.now)?;
        Ok(tx.commit()?)
    }

    fn recipe(&self) -> &Recipe {
        self.engine.embedder.recipe()
    }

    /// Freezes the statistics, unless the build was cancelled; answers whether it was.
    fn finish(&mut self, with: With<'_>, on_progress: &mut dyn FnMut(Progress)) -> Result<bool> {
        let cancelled = self.signals.cancelled();
        if !cancelled {
            on_progress(Progress::Finishing);
            if self.freeze(with)? {
                self.signals.changed();
            }
        }
        Ok(cancelled)
    }

    /// The folders to go through: the one asked for, which becomes a source, or every source that is
    /// there and does not lie in another.
    fn sources(&mut self, asked: Option<&Path>) -> Result<Vec<(SourceId, PathBuf)>> {
        if let Some(asked) = asked {
            let gone = || AppError::FolderGone(asked.to_owned());
            let folder = std::fs::canonicalize(asked).map_err(|_| gone())?;
            if !folder.is_dir() {
                return Err(gone());
            }
            let tx = self.library.begin()?;
            let source = tx.sources_mut().add(&folder, self.now)?;
            tx.commit()?;
            return Ok(vec![(source, folder)]);
        }
        let mut there = self.library.sources().all()?;
        there.retain(|source| source.path.is_dir());
        let outermost = |path: &Path| {
            there
                .iter()
                .all(|other| other.path == path || !path.starts_with(&other.path))
        };
        Ok(there
            .iter()
            .filter(|source| outermost(&source.path))
            .map(|source| (source.id, source.path.clone()))
            .collect())
    }

    /// Compares `folder` with what the library knows of it, notes what is gone, what is back and what
    /// is to be done, and gives the latter.
    fn compare(
        &mut self,
        source: SourceId,
        folder: &Path,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Job>> {
        let mut told = 0;
        on_progress(Progress::Scanning { files: 0 });
        let found = scan::scan(folder, |files| {
            if files >= told + SCAN_STEP {
                told = files;
                on_progress(Progress::Scanning { files });
            }
            !self.signals.cancelled()
        });
        on_progress(Progress::Scanning { files: found.len() });
        if self.signals.cancelled() {
            return Ok(Vec::new());
        }
        let mut known = self.library.files().under(source, self.recipe())?;
        let (mut back, mut scanned) = (Vec::new(), Vec::new());
        for found in found {
            let stat = Stat {
                size: found.size,
                mtime_ns: found.mtime_ns,
            };
            let file = known.remove(&found.path);
            let failed = file
                .as_ref()
                .and_then(|file| file.job.as_ref())
                .is_some_and(|job| job.state == JobState::Failed);
            match file {
                Some(file) if file.settled(stat) && !(failed && self.retry_failed) => {
                    if failed {
                        self.tally.remembered += 1;
                    } else {
                        self.tally.unchanged += 1;
                    }
                    if file.missing {
                        back.push(file.id);
                    }
                }
                _ => scanned.push(Scanned {
                    path: found.path,
                    stat,
                }),
            }
        }
        let gone: Vec<_> = known.into_values().map(|file| file.id).collect();
        let recipe = self.engine.embedder.recipe();
        let tx = self.library.begin()?;
        tx.files_mut().mark_missing(&gone)?;
        tx.files_mut().mark_found(&back)?;
        let planned = tx.files_mut().plan(recipe, &scanned)?;
        tx.commit()?;
        if !gone.is_empty() || !back.is_empty() {
            self.signals.changed();
        }
        Ok(planned
            .into_iter()
            .zip(scanned)
            .map(|(file, Scanned { path, stat })| Job {
                file,
                place: Place::File(path),
                stat,
            })
            .collect())
    }

    /// Computes what ranking needs of the library as a whole and freezes it, where it is not what it was;
    /// in the same transaction the recipe comes to serve, if all that it was to do is done. Answers whether
    /// anything was frozen or came to serve.
    fn freeze(&mut self, with: With<'_>) -> Result<bool> {
        let embedder = self.engine.embedder.as_ref();
        let recipe = embedder.recipe();
        let newest = self.library.spaces().newest(recipe)?;
        let rows = if self.is_frozen(newest.as_ref())? {
            Vec::new()
        } else {
            vectors(&self.library, recipe)?
        };
        let space = match rows.as_slice() {
            [] => None,
            rows => Some(fit(embedder.parts(), rows)?),
        };
        // Tags may be new where no vector is.
        let added = self.tally.added > 0;
        let changed =
            space.filter(|space| added || newest.is_none_or(|stored| stored.space != *space));
        let found = match changed {
            Some(space) => {
                let frozen = Frozen::of(space, &rows)?;
                let rate = Some(embedder.sample_rate());
                let versions = frozen.versions(&self.library, recipe, &rows, rate)?;
                Some((frozen, versions))
            }
            None => None,
        };
        let tx = self.library.begin()?;
        let mut news = found.is_some();
        if let Some((frozen, versions)) = found {
            frozen.keep(&tx, recipe, &rows, versions, self.now)?;
        }
        if uses::settle(&tx, with.engines, with.wanted, recipe)? {
            tracing::info!(%recipe, "another recipe serves");
            news = true;
        }
        tx.commit()?;
        Ok(news)
    }

    /// Whether `newest` is of the very tracks that the library has: none came in this build, and there are
    /// as many as there were. Looking at their vectors takes longer than at all files.
    fn is_frozen(&self, newest: Option<&StoredSpace>) -> Result<bool> {
        let embedder = self.engine.embedder.as_ref();
        let Some(StoredSpace { space, .. }) = newest else {
            return Ok(false);
        };
        let [added, moved] = [self.tally.added, self.tally.moved];
        let same =
            added == 0 && moved == 0 && space.parts == parts_with_variation(embedder.parts());
        Ok(same && self.library.vectors().count(embedder.recipe())? == space.tracks as u64)
    }

    /// Counts the files of `sources` that are gone, once those that only moved have been recognised.
    fn count_missing(&mut self, sources: &[(SourceId, PathBuf)]) -> Result<()> {
        for (source, _) in sources {
            self.tally.missing += self.library.files().missing_under(*source)? as usize;
        }
        Ok(())
    }
}
