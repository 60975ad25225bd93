//! What each command does: one call into the app, and its answer printed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use throughline_app::core::embedding::ModelId;
use throughline_app::view::{BuildReport, Failure, Progress, Track};
use throughline_app::{
    AppError, BuildRequest, DeviceChoice, DeviceRequest, Engines, Query, SeedRef, Session, Wanted,
    default_library,
};

use crate::args::{self, Cli, Command};
use crate::out::{Failed, Out, clock, count};
use crate::progress::Bar;
use crate::{INTERRUPTED, npy};

mod catalog;
mod doctor;
mod evaluate;
mod labels;
mod model;
mod salvage;
mod similar;
mod sweep;
mod throughline;

/// Name of the library that `demo` makes, beside the listener's own.
const DEMO_LIBRARY: &str = "throughline-demo";

/// How a command ended.
pub enum Outcome {
    /// It did what was asked.
    Done,
    /// The user stopped it.
    Cancelled,
}

/// Runs the command that was typed.
pub fn run(cli: Cli, out: Out) -> Result<Outcome, Failed> {
    let library = match (cli.library, &cli.command) {
        (Some(library), _) => Some(library),
        // What tries things out leaves the listener's own library alone.
        (None, Command::Demo { .. }) => {
            default_library().map(|own| own.with_file_name(DEMO_LIBRARY))
        }
        (None, _) => default_library(),
    };
    let library = library
        .ok_or_else(|| Failed::Usage("no home folder is known: say --library DIR".to_owned()))?;
    let make = |device: args::DeviceArgs| -> Result<Session, Failed> {
        Ok(Session::open(&library, engines(device)?)?)
    };
    let open = |device: DeviceRequest| -> Result<Session, Failed> {
        Ok(Session::open_existing(&library, engines(device)?)?)
    };
    // What is stored is enough for these, so no card is woken.
    let open_stored = || open(DeviceChoice::Cpu.into());
    match cli.command {
        Command::Build(build) => {
            let order = build.catalog.as_deref().map(catalog::order).transpose()?;
            let settings = catalog::settings(build.store.base_url.as_deref(), Some(build.previews));
            let session = Arc::new(make(build.engine.device)?.with_catalog(settings));
            begin_with(&session, build.engine.model.as_deref())?;
            let request = BuildRequest {
                folder: build.folder,
                retry_failed: build.retry_failed,
            };
            let report = watch(&session, out, |on_progress| match &order {
                Some(order) if request.retry_failed => {
                    session.build_catalog_again(order, now(), on_progress)
                }
                Some(order) => session.build_catalog(order, now(), on_progress),
                None => session.build(&request, now(), on_progress),
            })?;
            return ended(&report, out);
        }
        Command::Catalog(command) => {
            let settings = catalog::settings(command.base_url(), command.previews());
            let session = match (&command, command.device()) {
                (args::Catalog::Plan(plan), _) => make(plan.device)?,
                (_, Some(device)) => open(device.into())?,
                (args::Catalog::Report | args::Catalog::Remove { .. }, None) => open_stored()?,
                _ => make(args::DeviceArgs::processor())?,
            };
            return catalog::run(command, &Arc::new(session.with_catalog(settings)), out);
        }
        Command::Demo { folder, device } => {
            return demo(&Arc::new(make(device)?), folder.as_deref(), out);
        }
        Command::Tracks { search } => {
            let tracks =
                open_stored()?.search(search.as_deref().unwrap_or_default(), usize::MAX)?;
            list(tracks, out)?;
        }
        Command::Similar(similar) => {
            let session = open(similar.engine.device.into())?;
            if let Some(asked) = &similar.engine.model {
                serves(&session, asked)?;
            }
            similar::run(&similar, &session, out)?;
        }
        Command::Rate {
            id,
            verdict,
            throughline,
        } => {
            open_stored()?.rate_in(throughline.as_deref(), id, verdict, now())?;
            out.say(
                &Rated {
                    id,
                    verdict,
                    throughline,
                },
                |rated| format!("track {}: noted", rated.id),
            )?;
        }
        Command::Throughline(command) => throughline::run(command, &open_stored()?, out)?,
        Command::Path(between) => {
            let args::Between { from, to, steps } = between;
            let tracks = open_stored()?.path(from, to, steps.into())?;
            list(tracks, out)?;
        }
        Command::Embed(embed) => self::embed(&embed, out)?,
        Command::Failures => {
            let failures = open_stored()?.failures()?;
            let line = |failure: &Failure| format!("{}\n    {}", failure.path, failure.reason);
            out.say(&Failures { failures }, |answer| {
                lines(answer.failures.iter().map(line))
            })?;
        }
        Command::Use(wanted) => uses(&open_stored()?, &wanted, out)?,
        Command::Doctor(device) => doctor::doctor(&library, device, out)?,
        Command::Salvage => salvage::salvage(&library, out)?,
        Command::Model(command) => return model::run(command, out),
        Command::Sweep(sweep) => return sweep::run(sweep, out),
        Command::Evaluate(evaluate) => evaluate::run(&evaluate, &open_stored()?, out)?,
    }
    Ok(Outcome::Done)
}

/// Lists `tracks`.
fn list(tracks: Vec<Track>, out: Out) -> Result<(), Failed> {
    out.say(&Tracks { tracks }, |answer| {
        lines(answer.tracks.iter().map(track_line))
    })
}

/// Says what a build did, and how it ended.
fn ended(report: &BuildReport, out: Out) -> Result<Outcome, Failed> {
    out.say(report, said)?;
    Ok(how(report))
}

fn how(report: &BuildReport) -> Outcome {
    if report.cancelled {
        Outcome::Cancelled
    } else {
        Outcome::Done
    }
}

/// The models on `device`; a fall-back to another one is said on standard error.
fn engines(device: impl Into<DeviceRequest>) -> Result<Engines, Failed> {
    let engines = Engines::on(device);
    if let Some(survey) = engines.survey()
        && let Some(note) = survey.chosen.clone()?.note
    {
        eprintln!("note: {note}");
    }
    Ok(engines)
}

/// Lets a new library begin with the model that was asked for. One that has another says how to change.
fn begin_with(session: &Session, asked: Option<&str>) -> Result<(), Failed> {
    let Some(asked) = asked else { return Ok(()) };
    let wanted = session.wanted()?.model;
    if wanted.0 == asked {
        return Ok(());
    }
    if session.is_new()? {
        session.use_model(Wanted::of(ModelId(asked.to_owned())))?;
        return Ok(());
    }
    Err(Failed::Usage(format!(
        "this library uses {wanted}: say `use {asked}` first, then `build`"
    )))
}

/// Refuses to answer for another model than the one that serves.
fn serves(session: &Session, asked: &str) -> Result<(), Failed> {
    let serving = session.recipe()?.model;
    if serving.0 == asked {
        return Ok(());
    }
    Err(Failed::Usage(format!(
        "this library is served by {serving}: say `use {asked}` and `build` first"
    )))
}

/// Sets the model of a library.
fn uses(session: &Session, asked: &args::Use, out: Out) -> Result<(), Failed> {
    let wanted = reading(session.wanted_of(&asked.model)?, asked.reading)?;
    let status = session.use_model(wanted)?;
    out.say(&status, |status| match &status.next_model {
        Some(next) => format!(
            "{} is to take the place of {}: `build` embeds {} with it",
            next.name,
            status.model_name,
            count(next.total - next.done, "file")
        ),
        None => format!("{} serves this library", status.model_name),
    })
}

/// `wanted` with the choices of `reading`; musicnn has none.
fn reading(mut wanted: Wanted, reading: args::ReadingArgs) -> Result<Wanted, Failed> {
    if reading.any() && wanted == Wanted::musicnn() {
        return Err(Failed::Usage(
            "musicnn has nothing to choose: leave --layer, --pooling and --windows out".to_owned(),
        ));
    }
    wanted.reading = reading.over(wanted.reading);
    Ok(wanted)
}

#[derive(Serialize)]
struct Tracks {
    tracks: Vec<Track>,
}

#[derive(Serialize)]
struct Failures {
    failures: Vec<Failure>,
}

#[derive(Serialize)]
struct Rated {
    id: i64,
    verdict: throughline_app::Verdict,
    throughline: Option<String>,
}

#[derive(Serialize)]
struct Embedded {
    model: String,
    dimension: usize,
    files: usize,
    out: PathBuf,
}

/// A flag that Ctrl-C sets; a second one ends the program.
fn interrupt() -> Result<Arc<AtomicBool>, Failed> {
    let cancel = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&cancel);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    })
    .map_err(|error| Failed::Output(format!("Ctrl-C cannot be noticed: {error}")))?;
    Ok(cancel)
}

/// Runs a build with its progress on the terminal; Ctrl-C cancels it, and a second one ends it.
fn watch<T>(
    session: &Arc<Session>,
    out: Out,
    build: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<T, AppError>,
) -> Result<T, Failed> {
    let (cancelled, again) = (Arc::clone(session), AtomicBool::new(false));
    let handler = move || {
        if again.swap(true, Ordering::Relaxed) || cancelled.cancel_build().is_err() {
            std::process::exit(i32::from(INTERRUPTED));
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failed::Output(format!("Ctrl-C cannot be noticed: {error}")))?;
    let bar = Bar::new(!out.json);
    Ok(build(&mut |progress| bar.show(&progress))?)
}

/// Renders the demo collection, builds it, and shows the thread between two pieces of one style.
fn demo(session: &Arc<Session>, folder: Option<&Path>, out: Out) -> Result<Outcome, Failed> {
    let report = watch(session, out, |on_progress| {
        session.build_demo(folder, now(), on_progress)
    })?;
    if !out.json {
        out.say(&report, said)?;
    }
    if report.cancelled {
        return Ok(Outcome::Cancelled);
    }
    let tracks = session.search("", usize::MAX)?;
    let pieces = throughline_app::demo::pieces();
    let seeds: Vec<_> = pieces
        .iter()
        .filter(|piece| piece.style == pieces[0].style)
        .filter_map(|piece| tracks.iter().find(|track| track.title == piece.title))
        .take(2)
        .collect();
    let query = Query {
        seeds: seeds
            .iter()
            .map(|seed| (SeedRef::Track(seed.id), 1.0))
            .collect(),
        limit: 10,
        ..Query::default()
    };
    similar::say(session, &query, now(), out)?;
    Ok(Outcome::Done)
}

fn embed(embed: &args::Embed, out: Out) -> Result<(), Failed> {
    let wanted = match &embed.engine.model {
        Some(model) => Wanted::of(ModelId(model.clone())),
        None => Wanted::musicnn(),
    };
    let wanted = reading(wanted, embed.reading)?;
    let embedder = engines(embed.engine.device)?.get(&wanted)?.embedder;
    let mut rows = Vec::with_capacity(embed.files.len());
    for path in &embed.files {
        let (_, features) =
            throughline_app::embed_file(path, embedder.as_ref()).map_err(|reason| {
                AppError::UnreadableAudio {
                    path: path.clone(),
                    reason: reason.words,
                }
            })?;
        rows.push(features.pooled);
    }
    File::create(&embed.out)
        .and_then(|file| {
            let mut file = BufWriter::new(file);
            npy::write(&mut file, &rows, embedder.dimension())?;
            file.flush()
        })
        .map_err(|error| Failed::Output(format!("{}: {error}", embed.out.display())))?;
    let answer = Embedded {
        model: embedder.recipe().model.to_string(),
        dimension: embedder.dimension(),
        files: embed.files.len(),
        out: embed.out.clone(),
    };
    out.say(&answer, |answer| {
        format!(
            "{} of {} numbers in {}",
            count(answer.files, "row"),
            answer.dimension,
            answer.out.display()
        )
    })
}

fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn said(report: &BuildReport) -> String {
    let how = if report.cancelled {
        "cancelled"
    } else {
        "done"
    };
    let skipped = match report.skipped {
        0 => String::new(),
        n => format!(
            "\n{} given up: what they would have brought is missing (see `catalog report`, then \
             `catalog retry`)",
            count(n, "call")
        ),
    };
    format!(
        "{how} after {}: {} added, {} unchanged, {} moved or copied, {} missing, {} failed{}{skipped}",
        clock(report.seconds),
        report.added,
        report.unchanged,
        report.moved,
        report.missing,
        report.failed,
        if report.failed > 0 {
            " (see `failures`)"
        } else {
            ""
        }
    )
}

fn track_line(track: &Track) -> String {
    let by = track.artist.as_deref().unwrap_or("unknown artist");
    format!(
        "{:>6}  {:>5}  {} · {by}",
        track.id,
        clock(track.duration_s),
        track.title
    )
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
