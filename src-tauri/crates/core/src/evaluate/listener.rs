//! The simulated listener: likes one to three labels, gives thumbs accordingly, and wants more of them.
//!
//! Each label's tracks are split into a feedback half and a test half. Seeds, one for each liked label,
//! and thumbs come from the feedback half: three rounds of ten rows, each the best of what was not shown yet,
//! one thumb in ten the wrong way round. What counts is the share of liked tracks among the twenty best
//! of the test half, before the first round and after each. Every arm meets the same listeners:
//! halves, seeds, and which thumbs go wrong. Limits per artist and folding of versions are off.

use std::collections::BTreeMap;

use serde::Serialize;

use super::EvaluateError;
use super::arms::{Arm, Heard};
use super::draw::Draw;
use super::library::Labelled;

/// Rounds of thumbs.
const ROUNDS: usize = 3;

/// Rows that get a thumb in a round.
pub(super) const ROWS: usize = 10;

/// Rows of the test half that are judged.
const JUDGED: usize = 20;

/// Share of thumbs that go the wrong way.
const NOISE: f64 = 0.1;

/// Labels that a listener likes at most.
const MOST_LIKED: usize = 3;

/// Tracks that a label needs to be liked: two in each half. Smaller ones are there to be told apart.
const LEAST_TRACKS: usize = 4;

/// What the listeners found, by arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listeners {
    /// How many there were.
    pub listeners: usize,
    /// Points of a curve: before the first thumb, and after each round.
    pub rounds: usize,
    /// Mean precision@20 of each arm after 0, 10, 20 and 30 thumbs.
    pub arms: BTreeMap<&'static str, Vec<f64>>,
    /// The standard error of each mean.
    pub standard_error: BTreeMap<&'static str, Vec<f64>>,
}

/// One listener: what is liked, and what may be shown when.
struct Listener {
    seeds: Vec<usize>,
    liked: Vec<bool>,
    wrong: Vec<bool>,
    feedback: Vec<usize>,
    test: Vec<usize>,
}

/// Lets `listeners` listeners of `library`, whom `seed` determines, try every arm.
pub(super) fn simulate(
    library: &Labelled,
    listeners: usize,
    seed: u64,
) -> Result<Listeners, EvaluateError> {
    let likeable: Vec<Vec<usize>> = tracks_by_label(&library.labels)
        .into_values()
        .filter(|tracks| tracks.len() >= LEAST_TRACKS)
        .collect();
    if likeable.is_empty() {
        return Err(EvaluateError::NothingToLike);
    }
    let mut curves: BTreeMap<&'static str, Vec<[f64; ROUNDS + 1]>> = BTreeMap::new();
    for stream in 0..listeners {
        let listener = Listener::draw(library, &likeable, &mut Draw::of(seed, stream as u64));
        for arm in Arm::ALL {
            curves
                .entry(arm.name())
                .or_default()
                .push(listener.listen(library, arm));
        }
    }
    let over = |of: fn(&[f64]) -> f64| {
        let point = |curves: &[[f64; ROUNDS + 1]], round: usize| {
            of(&curves.iter().map(|curve| curve[round]).collect::<Vec<_>>())
        };
        let arms = curves.iter();
        arms.map(|(&name, curves)| {
            (
                name,
                (0..=ROUNDS).map(|round| point(curves, round)).collect(),
            )
        })
        .collect()
    };
    Ok(Listeners {
        listeners,
        rounds: ROUNDS + 1,
        arms: over(mean),
        standard_error: over(standard_error),
    })
}

impl Listener {
    fn draw(library: &Labelled, likeable: &[Vec<usize>], draw: &mut Draw) -> Self {
        let many = 1 + draw.below(MOST_LIKED.min(likeable.len()));
        let mut choice: Vec<usize> = (0..likeable.len()).collect();
        draw.shuffle(&mut choice);
        choice.truncate(many);
        let (mut feedback, mut test) = (Vec::new(), Vec::new());
        for mut tracks in tracks_by_label(&library.labels).into_values() {
            draw.shuffle(&mut tracks);
            let rest = tracks.split_off(tracks.len().div_ceil(2));
            feedback.extend(tracks);
            test.extend(rest);
        }
        feedback.sort_unstable();
        test.sort_unstable();
        let mut liked = vec![false; library.tracks()];
        let mut seeds = Vec::new();
        for &label in &choice {
            for &track in &likeable[label] {
                liked[track] = true;
            }
            let known = feedback
                .iter()
                .filter(|track| likeable[label].contains(track));
            let known: Vec<usize> = known.copied().collect();
            seeds.push(known[draw.below(known.len())]);
        }
        let wrong = (0..library.tracks()).map(|_| draw.happens(NOISE)).collect();
        Self {
            seeds,
            liked,
            wrong,
            feedback,
            test,
        }
    }

    /// Precision@20 on the test half before the first thumb and after each round.
    fn listen(&self, library: &Labelled, arm: Arm) -> [f64; ROUNDS + 1] {
        let mut heard = Heard::of(library, arm, &self.seeds);
        let mut open = self.feedback.clone();
        open.retain(|track| !self.seeds.contains(track));
        let mut curve = [0.0; ROUNDS + 1];
        for (round, point) in curve.iter_mut().enumerate() {
            let scores = heard.scores();
            let best = best(&scores, &self.test, JUDGED);
            let hits = best.iter().filter(|&&track| self.liked[track]).count();
            *point = hits as f64 / best.len().max(1) as f64;
            if round < ROUNDS {
                for track in self::best(&scores, &open, ROWS) {
                    open.retain(|&other| other != track);
                    heard.thumb(track, self.liked[track] != self.wrong[track]);
                }
            }
        }
        curve
    }
}

/// The tracks of each label, in order.
fn tracks_by_label(labels: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut tracks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (track, &label) in labels.iter().enumerate() {
        tracks.entry(label).or_default().push(track);
    }
    tracks
}

/// At most `rows` of `tracks`, the greatest score first, ties to the one that stands first.
fn best(scores: &[f32], tracks: &[usize], rows: usize) -> Vec<usize> {
    let mut order = tracks.to_vec();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order.truncate(rows);
    order
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn standard_error(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = mean(values);
    let square = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    (square / (n - 1.0) / n).sqrt()
}

#[cfg(test)]
mod tests;
