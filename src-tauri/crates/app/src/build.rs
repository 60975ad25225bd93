//! The first journey: folders of music become a library.
//!
//! Scan, then for each file that is new or changed: hash, decode, embed, store. Bounded queues join the
//! steps; decoders share the cores, one thread owns the model's device, and the calling thread is the only
//! writer. Every file is a job row, and a file's rows are stored in one transaction: a build that is
//! killed at any moment goes on where it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use throughline_library::{JobState, Library, Scanned, SourceId, Stat};

use crate::engine::Engine;
use crate::error::{AppError, Result};
use crate::shelf::{fit, vectors};
use crate::view::{BuildReport, Progress};

mod pace;
mod pipeline;
mod scan;
mod tally;

pub(crate) use scan::mtime_ns;
use tally::Tally;

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

/// Builds as `request` says into the library in `dir`. Cancelling is an outcome, not an error: the
/// report says so, and what was stored stays. `now` is Unix milliseconds.
pub(crate) fn run(
    dir: &Path,
    engine: &Engine,
    request: &BuildRequest,
    now: i64,
    signals: &Signals,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<BuildReport> {
    let begun = Instant::now();
    let mut library = Library::open(dir)?;
    let recipe = engine.embedder.recipe();
    let sources = folders(&mut library, request.folder.as_deref(), now)?;
    if request.retry_failed {
        let tx = library.begin()?;
        tx.jobs_mut().retry_all(recipe)?;
        tx.commit()?;
    }

    let mut tally = Tally::default();
    let mut todo = Vec::new();
    for (source, folder) in sources {
        if signals.cancelled() {
            break;
        }
        todo.extend(compare(
            &mut library,
            engine,
            source,
            &folder,
            signals,
            &mut tally,
            on_progress,
        )?);
    }
    tally.total = todo.len();

    if !signals.cancelled() && !todo.is_empty() {
        pipeline::run(
            dir,
            &mut library,
            engine,
            todo,
            now,
            signals,
            &mut tally,
            on_progress,
        )?;
    }
    let cancelled = signals.cancelled();
    if !cancelled {
        on_progress(Progress::Finishing);
        freeze_space(&mut library, engine, now, tally.added > 0)?;
        signals.changed();
    }
    let report = tally.report(begun.elapsed(), cancelled);
    on_progress(Progress::Finished { report });
    Ok(report)
}

/// The folders to go through: the one asked for, which becomes a source, or every source that is there.
fn folders(
    library: &mut Library,
    asked: Option<&Path>,
    now: i64,
) -> Result<Vec<(SourceId, PathBuf)>> {
    let Some(asked) = asked else {
        let sources = library.sources().all()?;
        return Ok(sources
            .into_iter()
            .filter(|source| source.path.is_dir())
            .map(|source| (source.id, source.path))
            .collect());
    };
    let folder =
        std::fs::canonicalize(asked).map_err(|_| AppError::FolderGone(asked.to_owned()))?;
    if !folder.is_dir() {
        return Err(AppError::FolderGone(asked.to_owned()));
    }
    let tx = library.begin()?;
    let source = tx.sources_mut().add(&folder, now)?;
    tx.commit()?;
    Ok(vec![(source, folder)])
}

/// Compares `folder` with what the library knows of it, notes what is gone, what is back and what is
/// to be done, and gives the latter.
fn compare(
    library: &mut Library,
    engine: &Engine,
    source: SourceId,
    folder: &Path,
    signals: &Signals,
    tally: &mut Tally,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Vec<pipeline::Job>> {
    on_progress(Progress::Scanning { files: 0 });
    let found = scan::scan(folder, |files| {
        if files % 100 == 0 {
            on_progress(Progress::Scanning { files });
        }
        !signals.cancelled()
    });
    on_progress(Progress::Scanning { files: found.len() });
    if signals.cancelled() {
        return Ok(Vec::new());
    }
    let recipe = engine.embedder.recipe();
    let mut known = library.files().under(source, recipe)?;
    let (mut back, mut scanned) = (Vec::new(), Vec::new());
    for file in found {
        let stat = Stat {
            size: file.size,
            mtime_ns: file.mtime_ns,
        };
        match known.remove(&file.path) {
            Some(file) if file.settled(stat) => {
                let failed = file
                    .job
                    .as_ref()
                    .is_some_and(|job| job.state == JobState::Failed);
                if failed {
                    tally.remembered += 1
                } else {
                    tally.unchanged += 1
                }
                if file.missing {
                    back.push(file.id);
                }
            }
            _ => scanned.push(Scanned {
                path: file.path,
                stat,
            }),
        }
    }
    let gone: Vec<_> = known.into_values().map(|file| file.id).collect();
    let tx = library.begin()?;
    tally.missing += tx.files_mut().mark_missing(&gone)?;
    tx.files_mut().mark_found(&back)?;
    let planned = tx.files_mut().plan(recipe, &scanned)?;
    tx.commit()?;
    if !gone.is_empty() || !back.is_empty() {
        signals.changed();
    }
    Ok(planned
        .into_iter()
        .zip(scanned)
        .map(|(file, Scanned { path, stat })| pipeline::Job { file, path, stat })
        .collect())
}

/// Computes and freezes the library's statistics, where tracks were added since they last were.
fn freeze_space(library: &mut Library, engine: &Engine, now: i64, added: bool) -> Result<()> {
    let embedder = &engine.embedder;
    let newest = library.spaces().newest(embedder.recipe())?;
    let rows = vectors(library, embedder.recipe())?;
    if rows.is_empty() || (!added && newest.is_some_and(|stored| stored.space.tracks == rows.len()))
    {
        return Ok(());
    }
    let space = fit(embedder.as_ref(), &rows)?;
    let tx = library.begin()?;
    tx.spaces_mut().add(embedder.recipe(), &space, now)?;
    tx.commit()?;
    Ok(())
}
