//! Nearest neighbours among search vectors: an exact scan, and for large libraries a graph that is
//! kept in a file. The file is a cache of what the database says and can be thrown away at any time.

use std::cmp::Ordering;
use std::path::Path;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use throughline_core::track::TrackId;

mod hnsw;
mod stamp;

pub use stamp::Stamp;

use hnsw::Hnsw;

/// Number of tracks below which the exact scan is used: up to here a listener cannot tell it from the
/// graph, an answer comes within a frame of a 60 Hz screen (16.7 ms), and there is nothing to build.
///
/// Fastest of 200 searches for 100 tracks among vectors of 400 components, on one core of an AMD EPYC
/// shared with compilers, as `index::tests::speed` prints them; the graph's recall@10 was 1 throughout.
///
/// | tracks | scan | graph | building the graph | reading it |
/// |---:|---:|---:|---:|---:|
/// | 5 000 | 0.34 ms | 0.25 ms | 2 s | 0.06 s |
/// | 20 000 | 1.5 ms | 0.86 ms | 36 s | 0.35 s |
/// | 50 000 | 4.7 ms | 0.94 ms | 138 s | 0.5 s |
/// | 100 000 | 9.5 ms | 1.5 ms | 314 s | 2.1 s |
pub const EXACT_BELOW: usize = 100_000;

/// Unit search vectors of the tracks of a library, and their neighbours. Held in memory.
pub struct NeighbourIndex {
    ids: Vec<TrackId>,
    vectors: Array2<f32>,
    graph: Option<Hnsw>,
}

impl NeighbourIndex {
    /// An index of `vectors`, `[tracks, dimension]`, each of unit length or zero, whose `ids` are
    /// strictly ascending. From [`EXACT_BELOW`] tracks on, the graph is read from its file in `dir`;
    /// when there is none, or one of other vectors, or a damaged one, it is built and written anew,
    /// which takes minutes: call it off the thread that answers, and answer by
    /// [`NeighbourIndex::exact`] meanwhile.
    ///
    /// # Panics
    /// When `ids` are not as many as the rows, or not ascending.
    pub fn open(dir: &Path, stamp: &Stamp, ids: Vec<TrackId>, vectors: Array2<f32>) -> Self {
        let mut index = Self::exact(ids, vectors);
        if index.ids.len() >= EXACT_BELOW {
            index.graph = Hnsw::open(dir, stamp, &index.ids, &index.vectors);
        }
        index
    }

    /// The same without a graph: every answer is exact.
    ///
    /// # Panics
    /// When `ids` are not as many as the rows, or not ascending.
    pub fn exact(ids: Vec<TrackId>, vectors: Array2<f32>) -> Self {
        assert_eq!(ids.len(), vectors.nrows(), "one id a row");
        assert!(ids.is_sorted_by(|a, b| a < b), "ids ascend");
        Self {
            ids,
            vectors,
            graph: None,
        }
    }

    /// The `k` tracks with the greatest cosine to `query`, `[dimension]`, of any length; best first,
    /// equal ones by id. Fewer when there are fewer tracks.
    ///
    /// # Panics
    /// When `query` has another dimension than the vectors.
    pub fn nearest(&self, query: &[f32], k: usize) -> Vec<(TrackId, f32)> {
        if self.ids.is_empty() || k == 0 {
            return Vec::new();
        }
        assert_eq!(
            query.len(),
            self.vectors.ncols(),
            "a query of the index's dimension"
        );
        let query = unit(query);
        let mut scored: Vec<(usize, f32)> = match self.candidates(&query, k) {
            Some(rows) => rows
                .into_iter()
                .map(|row| (row, self.vectors.row(row).dot(&query)))
                .collect(),
            None => self.vectors.dot(&query).into_iter().enumerate().collect(),
        };
        if k < scored.len() {
            scored.select_nth_unstable_by(k - 1, best_first);
            scored.truncate(k);
        }
        scored.sort_unstable_by(best_first);
        scored
            .into_iter()
            .map(|(row, score)| (self.ids[row], score))
            .collect()
    }

    /// The search vector of a track, `[dimension]`.
    pub fn vector(&self, track: TrackId) -> Option<ArrayView1<'_, f32>> {
        self.ids
            .binary_search(&track)
            .ok()
            .map(|row| self.vectors.row(row))
    }

    /// The search vector in a row of [`NeighbourIndex::matrix`], `[dimension]`.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> ArrayView1<'_, f32> {
        self.vectors.row(row)
    }

    /// Tracks, ascending: one a row of [`NeighbourIndex::matrix`].
    pub fn ids(&self) -> &[TrackId] {
        &self.ids
    }

    /// Search vectors, `[tracks, dimension]`.
    pub fn matrix(&self) -> ArrayView2<'_, f32> {
        self.vectors.view()
    }

    /// Rows to score; `None` for all.
    fn candidates(&self, query: &Array1<f32>, k: usize) -> Option<Vec<usize>> {
        let worth_it = k < self.ids.len() / hnsw::SMALLEST_SHARE && query.iter().any(|&x| x != 0.0);
        self.graph
            .as_ref()
            .filter(|_| worth_it)?
            .nearest(query.as_slice()?, k)
    }
}

/// Rows are in the order of their ids, so a tie of scores is broken by the row.
fn best_first(a: &(usize, f32), b: &(usize, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

fn unit(query: &[f32]) -> Array1<f32> {
    let norm = query
        .iter()
        .map(|&x| f64::from(x) * f64::from(x))
        .sum::<f64>()
        .sqrt();
    let scale = if norm > 0.0 { norm.recip() } else { 0.0 };
    query
        .iter()
        .map(|&x| (f64::from(x) * scale) as f32)
        .collect()
}

#[cfg(test)]
mod tests;
