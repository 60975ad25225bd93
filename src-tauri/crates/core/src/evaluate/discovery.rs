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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_worked_out_by_hand() {
        // On a line about their mean, 0: the nearest of each by direction, ties by place.
        let raw = [[-3.0_f32], [-1.0], [1.0], [3.0]];
        let raw: Vec<&[f32]> = raw.iter().map(<[f32; 1]>::as_slice).collect();
        let library = Labelled::of(&[1], &raw, &[0, 0, 1, 0]).expect("a label is shared");
        let (found, skew, unreachable) = neighbours(&library, false);
        // 0 asks: 1 (hit), 2, 3 (hit). 1 asks: 0 (hit), 2, 3 (hit). 3 asks: 2, 0 (hit), 1 (hit).
        let by_rank = [1.0, 2.0 / 3.0, 1.0, 2.0 / 3.0, 1.0 / 2.0, 2.0 / 3.0];
        assert!(
            (found.map - by_rank.iter().sum::<f64>() / 6.0).abs() < 1e-12,
            "{found:?}"
        );
        assert!(
            (found.precision_at_10 - 2.0 / 3.0).abs() < 1e-12,
            "{found:?}"
        );
        assert!(
            (found.r_precision - 0.5).abs() < 1e-12,
            "one of the first two each time: {found:?}"
        );
        assert!(
            skew.abs() < 1e-12 && unreachable.abs() < 1e-12,
            "each is near all three"
        );
    }

    #[test]
    fn a_hub_is_corrected() {
        // A track in the middle of a ring is the nearest of all: its neighbourhood is crowded on every side.
        let mut raw: Vec<Vec<f32>> = (0..48)
            .map(|n| {
                let mut far = vec![0.0; 24];
                far[n / 2] = 3.0;
                far[(n / 2 + 1 + n % 2) % 24] = 1.0;
                far
            })
            .collect();
        raw.push(vec![1.0; 24]);
        let raw: Vec<&[f32]> = raw.iter().map(Vec::as_slice).collect();
        let labels: Vec<usize> = (0..49).map(|n| n / 8).collect();
        let library = Labelled::of(&[24], &raw, &labels).expect("labels are shared");
        let (_, plain, _) = neighbours(&library, false);
        let (_, corrected, _) = neighbours(&library, true);
        assert!(corrected < plain, "{corrected} after {plain}");
    }
}
