//! How well a library of labelled tracks is ranked: one track alone, hubs, and a simulated listener.

use serde::Serialize;

use super::library::Labelled;
use super::listener::{self, Listeners};
use super::{EvaluateError, NEIGHBOURS, average_precision, skewness};

/// Listeners that are simulated unless more are asked for.
pub const LISTENERS: usize = 400;

/// All figures of one labelled library.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discovery {
    /// Every track as the only seed, similarities corrected for hubs, as lists are.
    pub leave_one_out: LeaveOneOut,
    /// The same by plain cosine.
    pub leave_one_out_plain: LeaveOneOut,
    /// The simulated listeners.
    pub listener: Listeners,
    /// How uneven the neighbourhoods are.
    pub hubs: HubFigures,
}

/// How well the neighbours of a track have its label, `0..=1`: means over all tracks whose label is
/// shared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LeaveOneOut {
    /// Share of the ten nearest that have the label.
    pub precision_at_10: f64,
    /// Share of the `R` nearest, where `R` other tracks have the label.
    pub r_precision: f64,
    /// Mean average precision over the whole ranking.
    pub map: f64,
}

/// How often tracks are among the ten nearest of others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HubFigures {
    /// Skewness of that count by plain cosine: 0 where all are alike, above 1 where hubs rule.
    pub skew_plain: f64,
    /// The same, corrected.
    pub skew_corrected: f64,
    /// Share of tracks that are in nobody's ten nearest by plain cosine, `0..=1`.
    pub unreachable_plain: f64,
    /// The same, corrected.
    pub unreachable_corrected: f64,
}

/// Judges raw vectors, each `[parts]`, by the labels of their tracks, a number each: the library's space
/// is fitted to them, and `listeners` listeners, whom `seed` determines, try every arm.
pub fn discovery(
    parts: &[usize],
    raw: &[&[f32]],
    labels: &[usize],
    listeners: usize,
    seed: u64,
) -> Result<Discovery, EvaluateError> {
    let library = Labelled::of(parts, raw, labels)?;
    let (leave_one_out, skew_corrected, unreachable_corrected) = neighbours(&library, true);
    let (leave_one_out_plain, skew_plain, unreachable_plain) = neighbours(&library, false);
    Ok(Discovery {
        leave_one_out,
        leave_one_out_plain,
        listener: listener::simulate(&library, listeners, seed)?,
        hubs: HubFigures {
            skew_plain,
            skew_corrected,
            unreachable_plain,
            unreachable_corrected,
        },
    })
}

/// Leave-one-out figures, skewness and unreachable share.
fn neighbours(library: &Labelled, corrected: bool) -> (LeaveOneOut, f64, f64) {
    let mut occurrences = vec![0_usize; library.tracks()];
    let mut figures = LeaveOneOut {
        precision_at_10: 0.0,
        r_precision: 0.0,
        map: 0.0,
    };
    let mut asked = 0.0;
    library.each_ranking(corrected, |query, order| {
        let nearest = NEIGHBOURS.min(order.len());
        for &other in &order[..nearest] {
            occurrences[other] += 1;
        }
        let relevant = library.others[query];
        if relevant > 0 {
            let hits = order
                .iter()
                .map(|&other| library.labels[other] == library.labels[query]);
            let among = |rows: usize| {
                hits.clone().take(rows).filter(|&hit| hit).count() as f64 / rows as f64
            };
            figures.precision_at_10 += among(nearest);
            figures.r_precision += among(relevant);
            figures.map += average_precision(hits.clone(), relevant);
            asked += 1.0;
        }
    });
    figures.precision_at_10 /= asked;
    figures.r_precision /= asked;
    figures.map /= asked;
    let unreachable = occurrences.iter().filter(|&&count| count == 0).count();
    let share = unreachable as f64 / occurrences.len() as f64;
    (figures, skewness(&occurrences), share)
}
