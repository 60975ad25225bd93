//! The first journey: folders of music and songs of the catalogue become a library.
//!
//! Scan, then for each file that is new or changed: hash, decode, embed, store. Bounded queues join the
//! steps; decoders share the cores, one thread owns the model's device, and the calling thread is the only
//! writer. Every file is a job row, and a file's rows are stored in one transaction: a build that is
//! killed at any moment goes on where it was.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use throughline_core::embedding::Recipe;
use throughline_library::{CrawlId, JobState, KnownFile, Library, Scanned, SourceId};

use crate::catalog::Chores;
use crate::engine::{Engine, Engines, Wanted};
use crate::error::{AppError, NOT_FETCHED, Result};
use crate::files::is_online;
use crate::view::{BuildReport, Progress, StageName};

mod courtesy;
mod order;
mod pace;
mod pipeline;
mod scan;
mod tally;
mod times;
mod writer;

pub(crate) use courtesy::Courtesy;
use pipeline::Work;
pub(crate) use pipeline::{Item, Job, Message, Place};
use scan::Found;
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
    /// How much of the machine the build takes.
    pub courtesy: Arc<Courtesy>,
}

impl Signals {
    fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    pub(crate) fn changed(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }

    /// Does a piece of a build's work at the pace that is asked for.
    fn paced<T>(&self, work: impl FnOnce() -> T) -> T {
        self.courtesy.paced(|| self.cancelled(), work)
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
    let crawls: Vec<_> = chores.crawls.iter().map(|crawl| crawl.id).collect();
    let newest = build.library.crawls().all()?.pop().map(|crawl| crawl.id);
    // Stages are shared by all of them: their time is that of the first.
    let timed = crawls.first().copied().or(newest);
    if !signals.cancelled() {
        let catalog = Arc::clone(&chores.catalog);
        let before = catalog.client.streamed();
        let ran = pipeline::run(&mut build, dir, Work::Songs(Box::new(chores)), on_progress);
        let streamed = catalog.client.streamed().saturating_sub(before);
        build.times.add(StageName::Fetch, streamed);
        if let Some(crawl) = timed {
            build.keep_times(crawl, catalog.connections)?;
        }
        ran?;
    }
    let cancelled = build.finish(with, on_progress)?;
    let skipped = build.library.crawls().skipped()?.into_iter();
    let of_these = |crawl| crawls.contains(&crawl) || timed == Some(crawl);
    build.tally.skipped = skipped.filter(|call| of_these(call.crawl)).count();
    Ok(build.tally.report(begun.elapsed(), cancelled))
}

/// Whether `folder`, a source of the library in `dir`, is other than the library knows it: files are new, have
/// changed, came back, went or were never finished under `recipe`, or what was heard was not put in order. Failures of
/// files that stayed the same are none of that. Reads only, and no model is needed; `go_on` is asked at every entry of the folder.
pub(crate) fn differs(
    dir: &Path,
    recipe: &Recipe,
    source: SourceId,
    folder: &Path,
    mut go_on: impl FnMut() -> bool,
) -> Result<bool> {
    // Let go of again before the walk, which takes its time: a library that cannot be read costs none.
    let (mut known, away) = {
        let library = Library::open(dir)?;
        if order::is_unfrozen(&library, recipe)? {
            return Ok(true);
        }
        let known = library.files().under(source, recipe)?;
        (known, away_below(&library, folder)?)
    };
    let mut seen = scan::scan(folder, |_| go_on());
    seen.unread.extend(away);
    for found in &seen.found {
        if rests(found, &known) {
            continue;
        }
        let stat = found.stat();
        let same = known.remove(&found.path).is_some_and(|file| {
            let state = file.job.as_ref().map(|job| job.state);
            let settled = state.is_some_and(JobState::is_settled);
            settled && !file.missing && file.stat == stat
        });
        if !same {
            return Ok(true);
        }
    }
    let gone = known
        .iter()
        .any(|(path, file)| !file.missing && !seen.is_unread(path));
    // A scan that was broken off has missed files that are there.
    Ok(gone && go_on())
}

/// Whether `found` is known and was heard, and cannot be reached at present: it is as it was, or gone.
fn rests(found: &Found, known: &HashMap<PathBuf, KnownFile>) -> bool {
    let job = known.get(&found.path).and_then(|file| file.job.as_ref());
    found.is_out_of_reach() && job.is_some_and(|job| job.state == JobState::Done)
}

/// The folders among `all` that do not lie in another one: what is in those is seen with that one.
pub(crate) fn outermost(all: &[(SourceId, PathBuf)]) -> impl Iterator<Item = &(SourceId, PathBuf)> {
    let is_outermost = |path: &Path| {
        all.iter()
            .all(|(_, other)| other == path || !path.starts_with(other))
    };
    all.iter().filter(move |(_, path)| is_outermost(path))
}

/// The sources of `library` that lie in `folder` and are away: what is not found in them is not gone.
fn away_below(library: &Library, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut places = library.sources().places()?;
    places.retain(|(_, path, known)| {
        path != folder && path.starts_with(folder) && !is_online(path, *known)
    });
    Ok(places.into_iter().map(|(_, path, _)| path).collect())
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

    /// The folders to go through: the one asked for, which becomes a source, or every source that is
    /// there and does not lie in another.
    fn sources(&mut self, asked: Option<&Path>) -> Result<Vec<(SourceId, PathBuf)>> {
        if let Some(asked) = asked {
            let gone = || AppError::FolderGone(asked.to_owned());
            let places = self.library.sources().places()?;
            let place = |path: &Path| places.iter().find(|(_, known, _)| known == path);
            // A source keeps its path, although there may be a link by now where there was a folder.
            let folder = match place(asked) {
                Some((_, path, _)) => path.clone(),
                None => std::fs::canonicalize(asked).map_err(|_| gone())?,
            };
            if !is_online(&folder, place(&folder).is_some_and(|(_, _, known)| *known)) {
                return Err(gone());
            }
            let tx = self.library.begin()?;
            let source = tx.sources_mut().add(&folder, self.now)?;
            tx.commit()?;
            return Ok(vec![(source, folder)]);
        }
        let mut there = self.library.sources().places()?;
        there.retain(|(_, path, known)| is_online(path, *known));
        let there: Vec<_> = there.into_iter().map(|(id, path, _)| (id, path)).collect();
        Ok(outermost(&there).cloned().collect())
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
        let mut seen = scan::scan(folder, |files| {
            if files >= told + SCAN_STEP {
                told = files;
                on_progress(Progress::Scanning { files });
            }
            !self.signals.cancelled()
        });
        on_progress(Progress::Scanning {
            files: seen.found.len(),
        });
        if self.signals.cancelled() {
            return Ok(Vec::new());
        }
        seen.unread.extend(away_below(&self.library, folder)?);
        let mut known = self.library.files().under(source, self.recipe())?;
        // A disk that was unplugged meanwhile has lost nothing.
        if !is_online(folder, !known.is_empty()) {
            tracing::warn!(folder = %folder.display(), "it went away while it was scanned");
            return Ok(Vec::new());
        }
        let (mut back, mut scanned) = (Vec::new(), Vec::new());
        for found in &seen.found {
            let stat = found.stat();
            if rests(found, &known) {
                continue;
            }
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
                    path: found.path.clone(),
                    stat,
                }),
            }
        }
        known.retain(|path, _| !seen.is_unread(path));
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

    /// Counts the files of `sources` that are gone, once those that only moved have been recognised.
    fn count_missing(&mut self, sources: &[(SourceId, PathBuf)]) -> Result<()> {
        for (source, _) in sources {
            self.tally.missing += self.library.files().missing_under(*source)? as usize;
        }
        Ok(())
    }
}
