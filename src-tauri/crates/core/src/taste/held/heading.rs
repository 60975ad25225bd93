//! Where a list is heading: what to ask an index for, so that the pool keeps up with the thumbs.

use std::collections::BTreeMap;

use super::scored::evidence;
use super::window::{best_first, best_of};
use super::{Ask, Held};
use crate::taste::diversify::FLOOR;
use crate::taste::kernel::{self, PRIOR, TEMPERATURE};
use crate::track::TrackId;

/// A row, and what each like has of it, in the order of the likes.
type Carried = (usize, Vec<f32>);

impl Held {
    /// The directions `[dimension]` in which relevance rises from the most relevant candidates that `excluded` does
    /// not name: one for each pocket that has some among [`FLOOR`] times the rows of `ask`, in the order of pockets,
    /// since the mean of two pockets leads to neither, and one that is not in the list yet may have the better tracks
    /// further on. What exploring or limits would make of the list is not asked.
    ///
    /// The tracks with the greatest `2 x · heading − r(x)`, `r` their hub terms, are those that the score
    /// is about to want, and are considered ([`CONSIDERED`](super::CONSIDERED) of them for each). A heading is the
    /// gradient of the score's logarithms, the mean over the pocket's rows: each like by its share, less each dislike
    /// by its part in `prior + Σ w exp(s / T)`.
    ///
    /// # Panics
    /// As [`Held::list`].
    pub fn headings(&self, ask: &Ask<'_>, excluded: impl Fn(TrackId) -> bool) -> Vec<Vec<f32>> {
        let here = self.here(ask);
        let (parts, voices) = self.scored(ask, &here, None);
        if parts.is_empty() {
            return Vec::new();
        }
        let mut ranked = self.ranked(ask, &here, &parts, &excluded);
        let best = best_of(&mut ranked, ask.rows.saturating_mul(FLOOR));
        best.sort_unstable_by(best_first);
        let likes = self.known(ask.likes);
        let spoken = evidence(&likes);
        let mut pockets: BTreeMap<usize, Vec<Carried>> = BTreeMap::new();
        for &mut (.., place) in best {
            let shares = voices.shares(&spoken, place);
            let strongest = likes
                .iter()
                .zip(&shares)
                .max_by(|(_, a), (_, b)| a.total_cmp(b));
            if let Some(((voice, _), _)) = strongest {
                pockets
                    .entry(voice.pocket)
                    .or_default()
                    .push((place, shares));
            }
        }
        let best_of = |rows: Vec<Carried>| self.heading(ask, &rows[..rows.len().min(ask.rows)]);
        pockets.into_values().map(best_of).collect()
    }

    fn heading(&self, ask: &Ask<'_>, rows: &[Carried]) -> Vec<f32> {
        let mut heading = vec![0.0; self.vectors.dimension()];
        let mut lead = |column: &super::Column, weight: f32| {
            for (total, x) in heading.iter_mut().zip(column.vector.values(0)) {
                *total += weight / rows.len() as f32 * x;
            }
        };
        for (at, (_, column)) in self.known(ask.likes).into_iter().enumerate() {
            lead(column, rows.iter().map(|(_, shares)| shares[at]).sum());
        }
        let places: Vec<usize> = rows.iter().map(|(place, _)| *place).collect();
        let dislikes = self.columns(self.known(ask.dislikes), &places);
        let sums = kernel::sums(&evidence(&dislikes), TEMPERATURE, rows.len());
        for (one, (_, column)) in dislikes.iter().zip(self.known(ask.dislikes)) {
            let voices = kernel::sums(
                &evidence(std::slice::from_ref(one)),
                TEMPERATURE,
                rows.len(),
            );
            let parts = voices
                .iter()
                .zip(&sums)
                .map(|(voice, sum)| voice / (PRIOR + sum));
            lead(column, -parts.sum::<f32>());
        }
        heading
    }
}
