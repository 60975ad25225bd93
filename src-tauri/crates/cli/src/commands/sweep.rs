//! The readings of a model, tried on labelled tracks.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use throughline_app::AppError;
use throughline_app::core::embedding::ModelId;
use throughline_app::sweep::{SweepReport, SweepRequest, read_labels, sweep};

use super::labels::table;
use super::{Outcome, interrupt, lines};
use crate::args;
use crate::out::{Failed, Out, count};
use crate::progress::Bar;

mod plot;
mod table;

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    report: SweepReport,
    /// Files that were written.
    written: Vec<PathBuf>,
}

/// Runs `sweep`.
pub fn run(asked: args::Sweep, out: Out) -> Result<Outcome, Failed> {
    if asked.layers.is_some() && asked.model == "musicnn" {
        let words = "musicnn has nothing to choose: leave --layers out";
        return Err(Failed::Usage(words.to_owned()));
    }
    let folder = asked
        .out
        .unwrap_or_else(|| PathBuf::from(format!("sweep-{}", asked.model)));
    let (tracks, bad_lines) = read_labels(&table(&asked.labels)?);
    let request = SweepRequest {
        model: ModelId(asked.model),
        tracks,
        layers: asked.layers,
        vectors: folder.join("vectors"),
    };
    let (cancel, bar) = (interrupt()?, Bar::new(!out.json));
    let swept = sweep(
        &super::engines(asked.device)?,
        &request,
        &cancel,
        &mut |progress| bar.show_sweep(&progress),
    );
    bar.end();
    let mut report = swept?;
    report.left_out.splice(0..0, bad_lines);
    let written = if report.cancelled {
        Vec::new()
    } else {
        write(&report, &folder, out)?
    };
    let answer = Answer { report, written };
    out.say(&answer, said)?;
    Ok(if answer.report.cancelled {
        Outcome::Cancelled
    } else {
        Outcome::Done
    })
}

/// Writes table and plot, for machines the report too; answers what was written.
fn write(report: &SweepReport, folder: &Path, out: Out) -> Result<Vec<PathBuf>, Failed> {
    let internal = |error: String| AppError::Internal(error);
    let mut files = vec![
        ("sweep.csv", table::csv(report)),
        ("sweep.svg", plot::svg(report).map_err(internal)?),
    ];
    if out.json {
        let json = serde_json::to_string_pretty(report);
        files.push((
            "sweep.json",
            json.map_err(|error| internal(error.to_string()))?,
        ));
    }
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text)
            .map_err(|error| Failed::Output(format!("{}: {error}", path.display())))?;
        written.push(path);
    }
    Ok(written)
}

fn said(answer: &Answer) -> String {
    let Answer { report, written } = answer;
    let mut paragraphs = Vec::new();
    if !report.left_out.is_empty() {
        let left = report.left_out.iter();
        let left = left.map(|left| format!("left out {}: {}", left.what, left.reason));
        paragraphs.push(lines(left));
    }
    if report.cancelled {
        paragraphs.push(format!(
            "stopped: {} heard, and kept; the same command goes on from there",
            count(report.heard, "track")
        ));
        return paragraphs.join("\n\n");
    }
    paragraphs.push(format!(
        "{} on {} of {}, {} of them heard now",
        report.name,
        count(report.tracks, "track"),
        count(report.labels, "label"),
        report.heard
    ));
    paragraphs.push(table::text(report));
    paragraphs.extend(advice(report));
    let written = written
        .iter()
        .map(|path| format!("wrote {}", path.display()));
    paragraphs.push(lines(written));
    paragraphs.join("\n\n")
}

/// Which reading is best, and how a library is told to use it.
fn advice(report: &SweepReport) -> Option<String> {
    let best = report.rows[report.best?];
    if !report.has_choice {
        return Some(format!(
            "{} has nothing to choose: a library always hears all its windows.",
            report.name
        ));
    }
    let reading = best.reading;
    Some(format!(
        "Best by mean average precision: {reading}. A library uses it after\n  \
         throughline-cli use {} --layer {} --pooling {} --windows {}\n\
         and the next build. {} were tried on {}: differences of a few hundredths may be chance.",
        report.model,
        reading.layer,
        reading.pooling,
        reading.windows,
        count(report.rows.len(), "reading"),
        count(report.tracks, "track")
    ))
}
