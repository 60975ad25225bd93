//! Hubs: in many dimensions some tracks are near everything. A track's hub term says how near it is to
//! its own nearest neighbours, and is taken off its similarities.
//!
//! CSLS, cross-domain similarity local scaling (Conneau et al., ICLR 2018, arXiv 1710.04087):
//! `2 cos(x, y) − r(x) − r(y)`, r the mean cosine to the [`NEIGHBOURS`] nearest.

/// Neighbours that a hub term is the mean over.
pub const NEIGHBOURS: usize = 10;

/// The hub term of a track: the mean of its `NEIGHBOURS` greatest cosines to other tracks (of all,
/// where there are fewer); 0 when there are none. `cosines` leaves out the track itself, in any order.
pub fn mean_similarity(cosines: impl IntoIterator<Item = f32>) -> f32 {
    let mut nearest: Vec<f32> = Vec::with_capacity(NEIGHBOURS + 1);
    for cosine in cosines {
        let place = nearest.partition_point(|&other| other >= cosine);
        if place < NEIGHBOURS {
            nearest.insert(place, cosine);
            nearest.truncate(NEIGHBOURS);
        }
    }
    if nearest.is_empty() {
        0.0
    } else {
        nearest.iter().sum::<f32>() / nearest.len() as f32
    }
}

/// The hub-corrected similarity of two tracks with this `cosine` and these hub terms, `-4..=4`.
pub fn csls(cosine: f32, x: f32, y: f32) -> f32 {
    2.0 * cosine - x - y
}
