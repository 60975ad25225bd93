//! The graph: usearch's HNSW, built in order on one thread, so that equal vectors give an equal graph.

use std::path::Path;

use ndarray::Array2;
use throughline_core::track::TrackId;
use usearch::{Index, IndexOptions, MetricKind, ScalarKind};

use super::stamp::{Sidecar, Stamp};

/// The graph is asked only for less than one in this many tracks; above, a scan costs no more.
pub(super) const SMALLEST_SHARE: usize = 20;

/// Neighbours a node: `M` of Malkov & Yashunin, arXiv 1603.09320, and usearch's default.
const CONNECTIVITY: usize = 16;

/// Candidates held while inserting: `efConstruction` of the same, and usearch's default.
const EXPANSION_ADD: usize = 128;

/// Candidates held while searching, at least: `ef` of the same. Twice usearch's default, since a list
/// asks for tens of tracks.
const EXPANSION_SEARCH: usize = 128;

/// Searches that can run at once; one more is answered by a scan.
const SEARCHES: usize = 32;

/// A graph over the rows of a matrix.
pub(super) struct Hnsw(Index);

impl Hnsw {
    /// The graph of `vectors` from its file in `dir`, or built and written there. `None` when
    /// neither can be done: a scan answers too.
    pub(super) fn open(
        dir: &Path,
        stamp: &Stamp,
        ids: &[TrackId],
        vectors: &Array2<f32>,
    ) -> Option<Self> {
        let path = stamp.path(dir);
        let sidecar = sidecar(stamp, ids, vectors);
        match sidecar
            .read(&path)
            .and_then(|bytes| Self::load(vectors, &bytes))
        {
            Ok(graph) => return Some(graph),
            Err(reason) => tracing::info!(path = %path.display(), reason, "building the index"),
        }
        let (graph, bytes) = Self::build(vectors)
            .inspect_err(|error| tracing::warn!(%error, "no index: searching by scan"))
            .ok()?;
        if let Err(error) = sidecar.write(&path, &bytes) {
            tracing::warn!(path = %path.display(), %error, "the index is not kept");
        }
        Some(graph)
    }

    /// Rows among which are about the `k` nearest to the unit vector `query`; `None` when it fails.
    pub(super) fn nearest(&self, query: &[f32], k: usize) -> Option<Vec<usize>> {
        let found = self
            .0
            .search(query, k.max(EXPANSION_SEARCH))
            .inspect_err(|error| tracing::warn!(%error, "searching by scan"))
            .ok()?;
        // A node that no path leads to is not found: then the scan fills the list.
        (found.keys.len() >= k).then(|| found.keys.into_iter().map(|row| row as usize).collect())
    }

    fn load(vectors: &Array2<f32>, bytes: &[u8]) -> Result<Self, String> {
        let index = Index::new(&options(vectors.ncols())).map_err(words)?;
        index.load_from_buffer(bytes).map_err(words)?;
        index
            .reserve_capacity_and_threads(vectors.nrows(), SEARCHES)
            .map_err(words)?;
        if (index.size(), index.dimensions()) == vectors.dim() {
            Ok(Self(index))
        } else {
            Err("it holds another number of vectors".into())
        }
    }

    /// The graph, and the bytes of its file.
    fn build(vectors: &Array2<f32>) -> Result<(Self, Vec<u8>), String> {
        let index = Index::new(&options(vectors.ncols())).map_err(words)?;
        index
            .reserve_capacity_and_threads(vectors.nrows(), 1)
            .map_err(words)?;
        for (row, vector) in vectors.rows().into_iter().enumerate() {
            index.add(row as u64, &vector.to_vec()).map_err(words)?;
        }
        let mut bytes = vec![0; index.serialized_length()];
        index.save_to_buffer(&mut bytes).map_err(words)?;
        index
            .reserve_capacity_and_threads(vectors.nrows(), SEARCHES)
            .map_err(words)?;
        Ok((Self(index), bytes))
    }
}

/// What must be written beside a file for it to hold the graph of `vectors`.
pub(super) fn sidecar(stamp: &Stamp, ids: &[TrackId], vectors: &Array2<f32>) -> Sidecar {
    let usearch = usearch::version();
    let format =
        format!("usearch {usearch}, ip, f32, M {CONNECTIVITY}, efConstruction {EXPANSION_ADD}");
    Sidecar::of(format, stamp, ids, vectors)
}

fn words(error: impl std::error::Error) -> String {
    error.to_string()
}

fn options(dimensions: usize) -> IndexOptions {
    IndexOptions {
        dimensions,
        metric: MetricKind::IP,
        quantization: ScalarKind::F32,
        connectivity: CONNECTIVITY,
        expansion_add: EXPANSION_ADD,
        expansion_search: EXPANSION_SEARCH,
        multi: false,
    }
}
