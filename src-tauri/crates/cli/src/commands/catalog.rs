//! `catalog`: plans of builds from the catalogue, and what came of them.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use throughline_app::Session;
use throughline_app::catalog::{CatalogSettings, Checked};
use throughline_app::core::catalog::crawl::Order;
use throughline_app::view::{
    ArtistCount, Bottleneck, CatalogReport, CatalogSeed, CatalogSong, Count, Plan, PlanRequest,
    Refreshed, SkippedCall, SourceCount, Stage,
};

use super::{Outcome, ended, how, lines, now, said, watch};
use crate::args;
use crate::out::{Failed, Out, clock, count};

/// The largest plan that is read, in bytes; one of a thousand seeds has a tenth of it.
const LARGEST_PLAN: u64 = 1 << 20;

/// Songs that a search lists, at most.
const FOUND: usize = 20;

/// How the catalogue is asked, from `base_url` if one is named, and its previews are streamed.
pub fn settings(base_url: Option<&str>, previews: Option<args::PreviewArgs>) -> CatalogSettings {
    let mut settings = CatalogSettings::from_environment();
    let named = &mut settings.named;
    if let Some(connections) = previews.and_then(|asked| asked.connections) {
        named.connections = Some(connections.into());
    }
    if let Some(bytes_per_s) = previews.and_then(|asked| asked.bytes_per_second) {
        named.bytes_per_s = Some(bytes_per_s);
    }
    if let Some(url) = base_url {
        settings.client.base_url = Some(url.to_owned());
    }
    settings
}

/// Runs one of the commands with `session`, which knows where the catalogue is.
pub fn run(command: args::Catalog, session: &Arc<Session>, out: Out) -> Result<Outcome, Failed> {
    match command {
        args::Catalog::Resume { .. } => {
            let report = watch(session, out, |told| session.resume_catalog(now(), told))?;
            return ended(&report, out);
        }
        args::Catalog::Grow { tracks, songs, .. } => {
            let grow = |told: &mut dyn FnMut(_)| session.grow_catalog(&tracks, songs, now(), told);
            return ended(&watch(session, out, grow)?, out);
        }
        args::Catalog::Refresh { .. } => {
            let refreshed = watch(session, out, |told| session.refresh_catalog(now(), told))?;
            out.say(&refreshed, refreshed_words)?;
            return Ok(how(&refreshed.build));
        }
        args::Catalog::Retry { .. } => {
            let report = watch(session, out, |told| session.retry_catalog(now(), told))?;
            return ended(&report, out);
        }
        args::Catalog::Remove { genre, artist } => {
            if let Some(genre) = genre {
                session.remove_genre(&genre)?;
            }
            if let Some(artist) = artist {
                session.remove_artist(artist)?;
            }
            out.say(&session.catalog_report()?, report_words)?;
        }
        args::Catalog::Plan(plan) => self::plan(&plan, session, out)?,
        args::Catalog::Check { .. } => return check(session, out),
        args::Catalog::Report => out.say(&session.catalog_report()?, report_words)?,
        args::Catalog::Search { text, .. } => {
            let songs = session.catalog_search(&text, FOUND, now())?;
            out.say(&Found { songs }, |found| {
                lines(found.songs.iter().map(song_line))
            })?;
        }
    }
    Ok(Outcome::Done)
}

/// The order in the plan that was written to `path`.
pub fn order(path: &Path) -> Result<Order, Failed> {
    let unusable = |why: String| Failed::Usage(format!("{} is no plan: {why}", path.display()));
    let file = File::open(path).map_err(|error| unusable(error.to_string()))?;
    let reader = BufReader::new(file.take(LARGEST_PLAN));
    let plan: Kept =
        serde_json::from_reader(reader).map_err(|error| unusable(error.to_string()))?;
    Ok(plan.order)
}

/// What is read of a plan.
#[derive(Deserialize)]
struct Kept {
    order: Order,
}

#[derive(Serialize)]
struct Found {
    songs: Vec<CatalogSong>,
}

#[derive(Serialize)]
struct Checks {
    checks: Vec<Checked>,
}

fn plan(asked: &args::Plan, session: &Session, out: Out) -> Result<(), Failed> {
    let text = |text: &String| match text.parse() {
        Ok(id) => CatalogSeed::Song { id },
        Err(_) => CatalogSeed::Text { text: text.clone() },
    };
    let artist = |name: &String| match name.parse() {
        Ok(id) => CatalogSeed::Artist { id },
        Err(_) => CatalogSeed::ArtistName { name: name.clone() },
    };
    let genre = |name: &String| CatalogSeed::Genre { name: name.clone() };
    let mut seeds: Vec<_> = asked.seeds.iter().map(text).collect();
    seeds.extend(asked.artists.iter().map(artist));
    seeds.extend(asked.genres.iter().map(genre));
    seeds.extend(asked.charts.then_some(CatalogSeed::Charts));
    seeds.extend(asked.own.then_some(CatalogSeed::Own));
    let request = PlanRequest {
        seeds,
        countries: asked.countries.clone(),
        size: asked.size,
    };
    let plan = session.plan_catalog(&request)?;
    if let Some(path) = &asked.out {
        let text = serde_json::to_string_pretty(&plan)
            .map_err(|error| Failed::Output(error.to_string()))?;
        File::create(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| Failed::Output(format!("{}: {error}", path.display())))?;
    }
    out.say(&plan, plan_words)
}

/// Asks the catalogue one of each; the first answer that did not come is the error.
fn check(session: &Session, out: Out) -> Result<Outcome, Failed> {
    let checks = session.check_catalog()?;
    out.say(&Checks { checks }, |answer| {
        lines(answer.checks.iter().map(|check| {
            let differences: Vec<_> = check
                .differences
                .iter()
                .map(|difference| format!("\n    {difference}"))
                .collect();
            format!(
                "{:<14} {}{}",
                check.what,
                check.outcome,
                differences.concat()
            )
        }))
    })?;
    Ok(Outcome::Done)
}

fn plan_words(plan: &Plan) -> String {
    let limit = match plan.limit {
        Bottleneck::Calls => "the calls that the catalogue allows",
        Bottleneck::Stream => "the previews' way through the network",
        Bottleneck::Embed => "embedding on this device",
    };
    let minutes = |minutes: f64| clock(minutes * 60.0);
    format!(
        "{} around {}\n\
         {:>10} of the catalogue  {}\n\
         {:>10.1} GB to stream, none kept  {}\n\
         {:>10} with {}, {:.1} clips/s  {}\n\
         about {} in all; what holds it up: {limit}",
        count(plan.songs, "song"),
        plan.seeds.join(", "),
        count(plan.calls, "call"),
        minutes(plan.call_minutes),
        plan.gigabytes,
        minutes(plan.stream_minutes),
        "embedding",
        plan.model,
        plan.clips_per_s,
        minutes(plan.embed_minutes),
        minutes(plan.minutes),
    )
}

fn refreshed_words(refreshed: &Refreshed) -> String {
    format!(
        "{} looked up anew: {} back, {} gone\n{}",
        count(refreshed.looked, "dead link"),
        refreshed.back,
        refreshed.gone,
        said(&refreshed.build)
    )
}

fn report_words(report: &CatalogReport) -> String {
    let mut words = format!(
        "{} known, {} wanted: {} in the library, {} waiting, {} failed, {} gone",
        count(report.known, "song"),
        report.wanted,
        report.tracks,
        report.pending,
        report.failed,
        report.gone,
    );
    if report.own > 0 {
        words.push_str("\nbeside ");
        words.push_str(&count(report.own, "track"));
        words.push_str(" of your own files");
    }
    if report.unfinished {
        words.push_str("\nthe build is not finished");
    }
    let mut table = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            words.push_str("\n\n");
            words.push_str(title);
            words.extend(lines.iter().map(|line| format!("\n{line}")));
        }
    };
    let counted = |counts: &[Count]| -> Vec<_> {
        let line = |it: &Count| format!("{:>7}  {}", it.count, it.words);
        counts.iter().map(line).collect()
    };
    let artist = |it: &ArtistCount| format!("{:>7}  {} ({})", it.count, it.name, it.id);
    let skipped = |it: &SkippedCall| format!("         {}: {}", it.words, it.reason);
    let stage = |it: &Stage| {
        let note = if it.busiest { ", busiest" } else { "" };
        format!("{:>7}  {}{note}", clock(it.seconds), it.words)
    };
    let source = |it: &SourceCount| {
        format!(
            "{:>7}{:>9}{:>8}  {}",
            it.wanted, it.ready, it.failed, it.words
        )
    };
    if !report.sources.is_empty() {
        let mut lines = vec![" wanted  library  failed".to_owned()];
        lines.extend(report.sources.iter().map(source));
        table("By what brought them", lines);
    }
    table("Genres", counted(&report.genres));
    table("Artists", report.artists.iter().map(artist).collect());
    table("Left out", counted(&report.dropped));
    table("Failed", counted(&report.failures));
    table(
        "Calls given up (`catalog retry` asks again)",
        report.skipped.iter().map(skipped).collect(),
    );
    table(
        "Time of all builds of this order, each stage for itself",
        report.stages.iter().map(stage).collect(),
    );
    words
}

fn song_line(song: &CatalogSong) -> String {
    let by = song.artist.as_deref().unwrap_or("unknown artist");
    let note = match (song.track, song.has_preview) {
        (Some(track), _) => format!("  [track {track}]"),
        (None, false) => "  [no preview]".to_owned(),
        (None, true) => String::new(),
    };
    format!(
        "{:>11}  {:>5}  {} · {by}{note}",
        song.song,
        clock(song.duration_s.unwrap_or_default()),
        song.title
    )
}
