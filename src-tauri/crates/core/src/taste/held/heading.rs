//! Where a list is heading: what to ask an index for, so that the pool keeps up with the thumbs.

use super::list::evidence;
use super::{Ask, Held, Row};
use crate::taste::kernel::{self, TEMPERATURE};

impl Held {
    /// The direction `[dimension]` in which relevance rises from `rows`, the list for `ask`; zero where
    /// there are none.
    ///
    /// The tracks with the greatest `2 x · heading − r(x)`, `r` their hub terms, are those that the score
    /// is about to want, and join the pool ([`Held::joining`] of them, by [`Held::extend`]). It is the
    /// gradient of the score's logarithms, the mean over the rows: each like by its share, less each
    /// dislike by its part in `1 + Σ w exp(s / T)`.
    pub fn heading(&self, ask: &Ask<'_>, rows: &[Row]) -> Vec<f32> {
        let mut weights = std::collections::BTreeMap::new();
        let each = 1.0 / rows.len().max(1) as f32;
        for share in rows.iter().flat_map(|row| &row.why.anchors) {
            *weights.entry(share.id).or_insert(0.0) += each * share.share;
        }
        let dislikes = self.known(ask.dislikes);
        let sums = kernel::sums(&evidence(&dislikes), TEMPERATURE, self.ids.len());
        for one in &dislikes {
            let voices = kernel::sums(&evidence(&[*one]), TEMPERATURE, self.ids.len());
            let parts = rows
                .iter()
                .map(|row| voices[row.place] / (1.0 + sums[row.place]));
            *weights.entry(one.0.anchor).or_insert(0.0) -= each * parts.sum::<f32>();
        }
        let mut heading = vec![0.0; self.vectors.dimension()];
        for (anchor, weight) in weights {
            if let Some(column) = self.anchors.get(&anchor) {
                for (total, x) in heading.iter_mut().zip(column.vector.values(0)) {
                    *total += weight * x;
                }
            }
        }
        heading
    }
}
