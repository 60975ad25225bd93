//! Judges every reading by what was heard.

use std::ops::RangeInclusive;

use throughline_core::embedding::{Pooling, Reading, WindowCount};
use throughline_core::evaluate::{EvaluateError, agreement, chance};

use super::{Row, SweepProgress, SweepReport, Track, Vectors, numbered};
use crate::error::{AppError, Result};

/// Judges all readings of `layers`, whose vectors have `parts`, for `report`.
pub(super) fn fill(
    report: &mut SweepReport,
    tracks: &[Track],
    layers: RangeInclusive<usize>,
    vectors: &Vectors,
    parts: &[usize],
    on_progress: &mut dyn FnMut(SweepProgress),
) -> Result<()> {
    // Where there is a choice, vectors have two parts: the mean, and the deviation behind it.
    let poolings = if report.has_choice {
        vec![(Pooling::Mean, &parts[..1]), (Pooling::MeanStd, parts)]
    } else {
        vec![(Pooling::Mean, parts)]
    };
    let labels = numbered(tracks.iter().map(|track| track.labelled.label.as_str()));
    report.labels = labels.iter().max().map_or(0, |last| last + 1);
    report.chance = Some(chance(&labels).map_err(|error| broken(&error))?);
    let total = layers.clone().count();
    for (done, layer) in layers.enumerate() {
        on_progress(SweepProgress::Judging { done, total });
        let heard = tracks.iter().map(|track| vectors.layer(track.hash, layer));
        let heard = heard.collect::<Result<Vec<_>>>()?;
        for &(pooling, parts) in &poolings {
            let length: usize = parts.iter().sum();
            for (count, windows) in WindowCount::ALL.into_iter().enumerate() {
                let raw = heard.iter().map(|of_track| &of_track[count][..length]);
                let raw: Vec<_> = raw.collect();
                let figures = agreement(parts, &raw, &labels).map_err(|error| broken(&error))?;
                let reading = Reading {
                    layer,
                    pooling,
                    windows,
                };
                report.rows.push(Row { reading, figures });
            }
        }
    }
    report.best = best(report);
    Ok(())
}

/// The best of the rows that a library can use; of equals the first, which is the cheapest.
fn best(report: &SweepReport) -> Option<usize> {
    if !report.has_choice {
        return report.rows.len().checked_sub(1);
    }
    let worth = |row: &Row| (row.figures.map, row.figures.precision_at_10);
    let mut best = None;
    for (place, row) in report.rows.iter().enumerate() {
        if best.is_none_or(|(_, best)| worth(row) > best) {
            best = Some((place, worth(row)));
        }
    }
    best.map(|(place, _)| place)
}

fn broken(error: &EvaluateError) -> AppError {
    AppError::Internal(error.to_string())
}
