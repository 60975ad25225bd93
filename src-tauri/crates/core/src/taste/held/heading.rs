//! Where a list is heading: what to ask an index for, so that the pool keeps up with the thumbs.

use std::collections::BTreeMap;

use super::scored::evidence;
use super::{Ask, Held, Row};
use crate::taste::kernel::{self, PRIOR, TEMPERATURE};

impl Held {
    /// The directions `[dimension]` in which relevance rises from `rows`, the list for `ask`: one for
    /// each pocket that carries rows, in the order of pockets, since the mean of two pockets leads to
    /// neither.
    ///
    /// The tracks with the greatest `2 x · heading − r(x)`, `r` their hub terms, are those that the score
    /// is about to want, and join the pool ([`Held::joining`] of them for each, by [`Held::extend`]). A
    /// heading is the gradient of the score's logarithms, the mean over the pocket's rows: each like by its
    /// share, less each dislike by its part in `prior + Σ w exp(s / T)`.
    pub fn headings(&self, ask: &Ask<'_>, rows: &[Row]) -> Vec<Vec<f32>> {
        let mut pockets: BTreeMap<usize, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            let strongest = row.why.anchors.first().and_then(|share| {
                let mut voices = ask.likes.iter();
                voices.find(|voice| voice.anchor == share.id)
            });
            if let Some(voice) = strongest {
                pockets.entry(voice.pocket).or_default().push(row);
            }
        }
        let headings = pockets.values().map(|rows| self.heading(ask, rows));
        headings.collect()
    }

    fn heading(&self, ask: &Ask<'_>, rows: &[&Row]) -> Vec<f32> {
        let mut weights = BTreeMap::new();
        for share in rows.iter().flat_map(|row| &row.why.anchors) {
            *weights.entry(share.id).or_insert(0.0) += share.share;
        }
        let dislikes = self.known(ask.dislikes);
        let sums = kernel::sums(&evidence(&dislikes), TEMPERATURE, self.ids.len());
        for one in &dislikes {
            let voices = kernel::sums(&evidence(&[*one]), TEMPERATURE, self.ids.len());
            let parts = rows
                .iter()
                .map(|row| voices[row.place] / (PRIOR + sums[row.place]));
            *weights.entry(one.0.anchor).or_insert(0.0) -= parts.sum::<f32>();
        }
        let mut heading = vec![0.0; self.vectors.dimension()];
        for (anchor, weight) in weights {
            if let Some(column) = self.anchors.get(&anchor) {
                for (total, x) in heading.iter_mut().zip(column.vector.values(0)) {
                    *total += weight / rows.len() as f32 * x;
                }
            }
        }
        heading
    }
}
