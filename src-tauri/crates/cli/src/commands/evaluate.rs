//! How well the library ranks labelled tracks.

use std::fs;
use std::path::PathBuf;

use serde::Serialize;
use throughline_app::Session;
use throughline_app::core::evaluate::{LeaveOneOut, Listeners};
use throughline_app::evaluate::Evaluation;
use throughline_app::sweep::read_labels;

use super::labels::table;
use super::lines;
use crate::args;
use crate::out::{Failed, Out, count};

/// Files that are named among those left out.
const NAMED: usize = 10;

/// The arms in the order in which they build on one another; the others follow.
const FIRST: [&str; 6] = [
    "fixed_centroid",
    "drifting_mean",
    "anchors",
    "anchors_negatives",
    "anchors_head",
    "shipped",
];

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    found: Evaluation,
    /// The picture, if one was asked for.
    svg: Option<PathBuf>,
}

/// Runs `evaluate`.
pub fn run(asked: &args::Evaluate, session: &Session, out: Out) -> Result<(), Failed> {
    let (labelled, bad) = read_labels(&table(&asked.labels)?);
    // Figures over half a table would be taken for those of the whole.
    if let Some(first) = bad.first() {
        let more = match bad.len() - 1 {
            0 => String::new(),
            n => format!(", and {} more", count(n, "bad line")),
        };
        return Err(Failed::Input(format!(
            "{}, {}: {}{more}",
            asked.labels.display(),
            first.what,
            first.reason
        )));
    }
    let found = session.evaluate(&labelled, asked.listeners as usize, asked.seed)?;
    if let Some(path) = &asked.svg {
        let title = format!("Liked among the first twenty: {}", found.model);
        fs::write(path, found.figures.listener.svg(&title))
            .map_err(|error| Failed::Output(format!("{}: {error}", path.display())))?;
    }
    let svg = asked.svg.clone();
    out.say(&Answer { found, svg }, words)
}

fn words(answer: &Answer) -> String {
    let Answer { found, svg } = answer;
    let figures = &found.figures;
    let mut paragraphs = Vec::new();
    if !found.left_out.is_empty() {
        let named = found.left_out.iter().take(NAMED);
        let mut left: Vec<_> = named
            .map(|left| format!("left out {}: {}", left.what, left.reason))
            .collect();
        if let Some(more @ 1..) = found.left_out.len().checked_sub(NAMED) {
            left.push(format!("left out {}", count(more, "more file")));
        }
        paragraphs.push(left.join("\n"));
    }
    paragraphs.push(format!(
        "{} on {} of {}",
        found.model,
        count(found.tracks, "track"),
        count(found.labels, "label")
    ));
    paragraphs.push(format!(
        "Each track as the only seed    precision@10  R-precision    MAP\n{}\n{}",
        alone("by cosine", &figures.leave_one_out_plain),
        alone("corrected for hubs", &figures.leave_one_out),
    ));
    let hubs = &figures.hubs;
    paragraphs.push(format!(
        "Among the ten nearest of others     skewness  never\n  {:<32} {:>8.2} {:>6.3}\n  {:<32} {:>8.2} {:>6.3}",
        "by cosine",
        hubs.skew_plain,
        hubs.unreachable_plain,
        "corrected for hubs",
        hubs.skew_corrected,
        hubs.unreachable_corrected
    ));
    paragraphs.push(listened(&figures.listener));
    paragraphs.extend(svg.as_ref().map(|path| format!("wrote {}", path.display())));
    paragraphs.join("\n\n")
}

fn alone(how: &str, figures: &LeaveOneOut) -> String {
    format!(
        "  {how:<28} {:>12.3} {:>12.3} {:>6.3}",
        figures.precision_at_10, figures.r_precision, figures.map
    )
}

/// A line an arm: precision@20 with its standard error at the start and after each round of thumbs, and
/// what the last is over that of the fixed centroid.
fn listened(found: &Listeners) -> String {
    let rest = found.arms.keys().filter(|name| !FIRST.contains(name));
    let names = FIRST.iter().chain(rest);
    let base = found.arms.get(FIRST[0]).and_then(|curve| curve.last());
    let rounds = (1..found.rounds).map(|round| format!("{:>13}", format!("round {round}")));
    let mut table = vec![format!(
        "{}: precision@20{:>14}{}   gain",
        count(found.listeners, "listener"),
        "start",
        rounds.collect::<String>()
    )];
    for name in names {
        let (Some(curve), Some(errors)) = (found.arms.get(name), found.standard_error.get(name))
        else {
            continue;
        };
        let points = curve.iter().zip(errors);
        let points = points.map(|(mean, error)| format!("  {mean:.3} ±{error:.3}"));
        let gain = base.zip(curve.last()).map(|(base, last)| last / base);
        table.push(format!(
            "  {name:<24}{}  {:>5.2}",
            points.collect::<String>(),
            gain.unwrap_or(f64::NAN)
        ));
    }
    lines(table.into_iter())
}
