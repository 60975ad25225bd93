//! The library's vectors in memory, as ranking needs them: made from the database, thrown away and made again
//! whenever the library has changed.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

use ndarray::Array2;
use throughline_core::embedding::{Embedder, Recipe, Space};
use throughline_core::taste::TagStats;
use throughline_core::track::TrackId;
use throughline_library::{Library, NeighbourIndex, Stamp, StoredSpace, Vector};

use crate::error::{AppError, Result};

/// The search vectors and tags of all tracks of the library.
pub(crate) struct Shelf {
    /// Nearest neighbours by search vector.
    pub index: NeighbourIndex,
    /// The statistics that made the search vectors.
    pub space: Space,
    /// The session's generation that this was read at.
    pub generation: u64,
    /// When it was read.
    pub read_at: Instant,
    /// Tag probabilities of each track, `[tags]`.
    tags: HashMap<TrackId, Vec<f32>>,
    /// Tracks whose files are gone at present: they may seed, they are not listed.
    missing: HashSet<TrackId>,
}

/// How neighbours are found in a large library; a small one is always scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// By scanning it: nothing to prepare.
    Scan,
    /// By a graph, which may have to be made first.
    Graph,
}

/// What the library holds for a shelf.
pub(crate) struct Stored {
    rows: Vec<Vector>,
    frozen: Option<StoredSpace>,
}

impl Stored {
    /// Reads what `embedder` made.
    pub fn read(library: &Library, embedder: &dyn Embedder) -> Result<Self> {
        let recipe = embedder.recipe();
        let rows = vectors(library, recipe)?;
        if rows.is_empty() {
            return Err(AppError::NoTracks);
        }
        Ok(Self {
            rows,
            frozen: library.spaces().newest(recipe)?,
        })
    }
}

impl Shelf {
    /// The shelf of what is `stored`. While a first build is under way there are no frozen statistics
    /// yet; those of the tracks so far stand in.
    pub fn of(
        stored: Stored,
        dir: &Path,
        embedder: &dyn Embedder,
        generation: u64,
        search: Search,
    ) -> Result<Self> {
        let Stored { rows, frozen } = stored;
        let (stamp, space) = match frozen {
            Some(stored) => (
                Some(Stamp {
                    recipe: embedder.recipe().clone(),
                    space: stored.id,
                }),
                stored.space,
            ),
            None => (None, fit(embedder, &rows)?),
        };
        let mut matrix = Array2::zeros((rows.len(), space.dimension()));
        for (mut out, row) in matrix.rows_mut().into_iter().zip(&rows) {
            out.assign(&ndarray::Array1::from_vec(space.project(&row.pooled)?));
        }
        let ids: Vec<_> = rows.iter().map(|row| row.track).collect();
        let index = match (search, stamp) {
            (Search::Graph, Some(stamp)) => NeighbourIndex::open(dir, &stamp, ids, matrix),
            _ => NeighbourIndex::exact(ids, matrix),
        };
        let missing = rows
            .iter()
            .filter(|row| !row.present)
            .map(|row| row.track)
            .collect();
        let tags = rows.into_iter().map(|row| (row.track, row.tags)).collect();
        Ok(Self {
            index,
            space,
            generation,
            read_at: Instant::now(),
            tags,
            missing,
        })
    }

    /// Whether the track's file is gone at present.
    pub fn is_missing(&self, track: TrackId) -> bool {
        self.missing.contains(&track)
    }

    /// How many tracks' files are gone at present.
    pub fn missing(&self) -> usize {
        self.missing.len()
    }

    /// Tag probabilities of `track`, `[tags]`.
    pub fn tags(&self, track: TrackId) -> Option<&[f32]> {
        self.tags.get(&track).map(Vec::as_slice)
    }

    /// Mean and standard deviation of every tag over the library.
    pub fn tag_stats(&self) -> TagStats<'_> {
        TagStats {
            mean: &self.space.tag_mean,
            std: &self.space.tag_std,
        }
    }
}

/// The vectors of all tracks of the library, by ascending id.
pub(crate) fn vectors(library: &Library, recipe: &Recipe) -> Result<Vec<Vector>> {
    let mut rows = Vec::new();
    library.vectors().each(recipe, |row| rows.push(row))?;
    Ok(rows)
}

/// The library's statistics over `rows`.
pub(crate) fn fit(embedder: &dyn Embedder, rows: &[Vector]) -> Result<Space> {
    Ok(Space::fit(
        embedder.parts(),
        embedder.tag_names().len(),
        rows.iter()
            .map(|row| (row.pooled.as_slice(), row.tags.as_slice())),
    )?)
}
