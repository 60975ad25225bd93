//! What is looked for: the anchors of a throughline and their centre.

use crate::track::TrackId;

use super::unit;

/// What a thumbed-up track weighs in the centre beside a seed, which weighs one. Half: the listener
/// chose the seeds, the thumbs only comment on what came of them.
const UP_WEIGHT: f64 = 0.5;

/// A track that the list is built around.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// The track; `None` for a file that is not in the library.
    pub id: Option<TrackId>,
    /// Its search vector `[dimension]`; its length is irrelevant.
    pub vector: Vec<f32>,
}

/// The anchors of a throughline and the unit vector in their middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    seeds: Vec<Anchor>,
    centre: Vec<f32>,
}

impl Profile {
    /// The profile of `seeds` and `ups` (thumbed up). Each anchor counts by its direction alone; order
    /// changes nothing. `None` when no seed has a direction, when lengths differ, or when
    /// the anchors cancel out.
    pub fn of(seeds: &[Anchor], ups: &[Anchor]) -> Option<Self> {
        // An anchor without a direction keeps its place and weighs nothing.
        let unit_anchors = |anchors: &[Anchor]| -> Vec<Anchor> {
            anchors
                .iter()
                .map(|anchor| Anchor {
                    id: anchor.id,
                    vector: unit(&anchor.vector).unwrap_or_else(|| vec![0.0; anchor.vector.len()]),
                })
                .collect()
        };
        let (seeds, ups) = (unit_anchors(seeds), unit_anchors(ups));
        let dimension = seeds.first()?.vector.len();
        let mut weighted: Vec<(f64, &[f32])> = seeds
            .iter()
            .map(|seed| (1.0, seed.vector.as_slice()))
            .chain(ups.iter().map(|up| (UP_WEIGHT, up.vector.as_slice())))
            .collect();
        if weighted.iter().any(|(_, vector)| vector.len() != dimension) {
            return None;
        }
        // Summed in an order of their own, so that the order they came in cannot even change rounding.
        weighted.sort_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| lexicographic(x, y)));
        let mut sum = vec![0.0_f64; dimension];
        for (weight, vector) in weighted {
            for (total, &x) in sum.iter_mut().zip(vector) {
                *total += weight * f64::from(x);
            }
        }
        let sum: Vec<f32> = sum.into_iter().map(|x| x as f32).collect();
        Some(Self {
            centre: unit(&sum)?,
            seeds,
        })
    }

    /// The unit vector in the middle of the anchors, `[dimension]`.
    pub fn centre(&self) -> &[f32] {
        &self.centre
    }

    /// The seeds that have a direction, in the order given, as unit vectors.
    pub fn seeds(&self) -> impl Iterator<Item = &Anchor> {
        self.seeds.iter()
    }

    /// Whether `track` is a seed.
    pub fn is_seed(&self, track: TrackId) -> bool {
        self.seeds.iter().any(|seed| seed.id == Some(track))
    }
}

fn lexicographic(a: &[f32], b: &[f32]) -> std::cmp::Ordering {
    a.iter()
        .zip(b)
        .map(|(x, y)| x.total_cmp(y))
        .find(|order| order.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}
