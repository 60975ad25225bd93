//! The library's vectors in memory, as ranking needs them: made from the database, thrown away and made again
//! whenever the library has changed.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ndarray::{Array2, ArrayView1, Axis};
use throughline_core::embedding::{Recipe, Space, parts_with_variation};
use throughline_core::taste::thread::Spread;
use throughline_core::taste::{TagStats, hubs};
use throughline_core::track::TrackId;
use throughline_library::{
    EXACT_BELOW, Library, NeighbourIndex, SpaceId, Stamp, StoredSpace, Track, Vector, Version,
};

use crate::discover::FactBook;
use crate::error::{AppError, Result};

/// The search vectors and tags of all tracks of the library under one recipe, and what ranking asks of them.
pub(crate) struct Shelf {
    /// What made them.
    pub recipe: Recipe,
    /// Nearest neighbours by search vector.
    pub index: NeighbourIndex,
    /// The statistics that made the search vectors.
    pub space: Space,
    /// The session's generation that this was read at.
    pub generation: u64,
    /// The space that counted then.
    pub newest: Option<SpaceId>,
    /// When it was read.
    pub read_at: Instant,
    /// How long reading it took.
    pub took: Duration,
    /// Names of the tags, in the order of their probabilities.
    pub tag_names: Vec<String>,
    /// What is known of the tracks beside their sound.
    pub facts: FactBook,
    /// Standard deviation of hub-corrected similarity over the library.
    pub spread: f32,
    /// How the cosines of random pairs spread.
    pub pairs: Spread,
    /// Whether the statistics are those of an earlier version, and what stands in for them is rough.
    pub outdated: bool,
    /// Hub terms, one a row of the index.
    hubs: Vec<f32>,
    /// How many tracks there were when all terms that are not frozen were last computed.
    hubs_among: usize,
    /// Tag probabilities of each track, `[tags]`.
    tags: HashMap<TrackId, Vec<f32>>,
    /// Tracks whose files are gone at present: they may seed, they are not listed.
    missing: HashSet<TrackId>,
}

/// The shelves in memory: the one that serves, and another while two are compared.
#[derive(Default)]
pub(crate) struct Shelves(Mutex<Vec<Arc<Shelf>>>);

/// How many shelves are kept: of a library of 100 000 tracks each takes hundreds of megabytes.
const KEPT: usize = 2;

impl Shelves {
    /// The shelf of `recipe`, if there is one that is `fresh`.
    pub fn find(&self, recipe: &Recipe, fresh: impl Fn(&Shelf) -> bool) -> Option<Arc<Shelf>> {
        let mut shelves = self.held();
        let place = shelves
            .iter()
            .position(|shelf| shelf.recipe == *recipe && fresh(shelf))?;
        // The one asked for last is let go of last.
        shelves[..=place].rotate_right(1);
        Some(Arc::clone(&shelves[0]))
    }

    /// Keeps `shelf` in place of an older one of its recipe.
    pub fn keep(&self, shelf: Shelf) -> Arc<Shelf> {
        let shelf = Arc::new(shelf);
        let mut shelves = self.held();
        shelves.retain(|other| other.recipe != shelf.recipe);
        shelves.insert(0, Arc::clone(&shelf));
        shelves.truncate(KEPT);
        shelf
    }

    fn held(&self) -> MutexGuard<'_, Vec<Arc<Shelf>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    pub recipe: Recipe,
    pub rows: Vec<Vector>,
    pub tracks: Vec<Track>,
    pub versions: Vec<Version>,
    pub newest: Option<SpaceId>,
    pub frozen: Option<StoredSpace>,
    pub outdated: bool,
    pub hubs: HashMap<TrackId, f32>,
    pub tag_names: Vec<String>,
}

impl Stored {
    /// Reads what is kept of `recipe`.
    pub fn read(library: &Library, recipe: &Recipe) -> Result<Self> {
        // Before the vectors: what comes between belongs to the next reading.
        let newest = library.spaces().newest(recipe)?;
        let rows = vectors(library, recipe)?;
        if rows.is_empty() {
            return Err(AppError::NoTracks);
        }
        // Statistics of an earlier version know nothing of variation.
        let newest_id = newest.as_ref().map(|stored| stored.id);
        let frozen = newest.filter(|stored| stored.space.dimension() == 2 * rows[0].pooled.len());
        let hubs = match &frozen {
            Some(stored) => library.hubs().of(stored.id)?.into_iter().collect(),
            None => HashMap::new(),
        };
        Ok(Self {
            outdated: newest_id.is_some() && frozen.is_none(),
            newest: newest_id,
            frozen,
            hubs,
            tracks: library.tracks().all(recipe)?,
            versions: library.versions().all()?,
            tag_names: library.tag_names().of(recipe)?,
            recipe: recipe.clone(),
            rows,
        })
    }

    /// The vectors, if their statistics are those of an earlier version.
    pub fn outdated(&self) -> Option<&[Vector]> {
        self.outdated.then_some(&self.rows)
    }
}

impl Shelf {
    /// The shelf of what is `stored`. While a first build is under way there are no frozen statistics
    /// yet; those of the tracks so far stand in, over `parts`, or the whole vector as one where those
    /// are not its own. Tracks that came since the statistics were frozen get a hub term here, the one that they
    /// had in the shelf `before` while that is about right, and an average one where they are too many to compare
    /// with all others between two looks at the list. `index` is where a graph is kept, and whether one is
    /// wanted.
    pub fn of(
        stored: Stored,
        parts: &[usize],
        before: Option<&Self>,
        generation: u64,
        index: (&Path, Search),
    ) -> Result<Self> {
        let Stored {
            recipe,
            rows,
            tracks,
            versions,
            newest,
            frozen,
            outdated,
            hubs,
            tag_names,
        } = stored;
        let (stamp, space) = match frozen {
            Some(stored) => {
                let (recipe, space) = (recipe.clone(), stored.id);
                (Some(Stamp { recipe, space }), stored.space)
            }
            None => (None, stand_in(parts, &rows)?),
        };
        let matrix = project(&space, &rows)?;
        let ids: Vec<_> = rows.iter().map(|row| row.track).collect();
        let before = before.filter(|before| ids.len() * 4 <= before.hubs_among * 5);
        let hubs_among = before.map_or(ids.len(), |before| before.hubs_among);
        let hubs = terms(&ids, &hubs, before, &matrix);
        let sample: Vec<usize> = Spread::sample(ids.len()).collect();
        let pairs = Spread::of(&matrix.select(Axis(0), &sample).view());
        let spread = hubs::spread(&matrix.view(), &hubs);
        let index = match (index, stamp) {
            ((dir, Search::Graph), Some(stamp)) => NeighbourIndex::open(dir, &stamp, ids, matrix),
            _ => NeighbourIndex::exact(ids, matrix),
        };
        let missing = rows
            .iter()
            .filter(|row| !row.present)
            .map(|row| row.track)
            .collect();
        let tags: HashMap<_, _> = rows.into_iter().map(|row| (row.track, row.tags)).collect();
        let stats = TagStats {
            mean: &space.tag_mean,
            std: &space.tag_std,
        };
        Ok(Self {
            facts: FactBook::of(&tracks, &versions, &tags, stats),
            recipe,
            index,
            space,
            tag_names,
            generation,
            newest,
            read_at: Instant::now(),
            took: Duration::ZERO,
            spread,
            pairs,
            outdated,
            hubs,
            hubs_among,
            tags,
            missing,
        })
    }

    /// The hub term of a track of the library.
    fn term(&self, track: TrackId) -> Option<f32> {
        let row = self.index.ids().binary_search(&track).ok()?;
        Some(self.hubs[row])
    }

    /// The same, or that of a unit search vector from outside.
    pub fn hub(&self, track: TrackId, vector: &[f32]) -> f32 {
        if let Some(term) = self.term(track) {
            return term;
        }
        let near = self.index.nearest(vector, hubs::NEIGHBOURS);
        hubs::mean_similarity(near.into_iter().map(|(_, cosine)| cosine))
    }

    /// The `k` tracks with the greatest `2 x · query − r(x)`, `r` their hub terms, for a `query`
    /// `[dimension]` of any length: nearness as lists see it. Exact where the index is scanned; with a
    /// graph, among four times as many of its nearest.
    pub fn near(&self, query: &[f32], k: usize) -> Vec<TrackId> {
        let ids = self.index.ids();
        let scored: Vec<(f32, usize)> = if ids.len() < EXACT_BELOW {
            let cosines = self.index.matrix().dot(&ArrayView1::from(query));
            (0..)
                .zip(cosines)
                .map(|(row, cosine)| (2.0 * cosine - self.hubs[row], row))
                .collect()
        } else {
            let near = self.index.nearest(query, 4 * k).into_iter();
            near.filter_map(|(id, _)| {
                let row = ids.binary_search(&id).ok()?;
                let dot = self.index.row(row).dot(&ArrayView1::from(query));
                Some((2.0 * dot - self.hubs[row], row))
            })
            .collect()
        };
        self.best(scored, k)
    }

    /// The same of the tracks in `rows` of the index, all of which are looked at.
    pub fn near_among(&self, query: &[f32], k: usize, rows: &[usize]) -> Vec<TrackId> {
        let scored = rows.iter().map(|&row| {
            let dot = self.index.row(row).dot(&ArrayView1::from(query));
            (2.0 * dot - self.hubs[row], row)
        });
        self.best(scored.collect(), k)
    }

    /// The tracks in the `k` best of the rows that are `scored`.
    fn best(&self, mut scored: Vec<(f32, usize)>, k: usize) -> Vec<TrackId> {
        let order = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if k > 0 && scored.len() > k {
            scored.select_nth_unstable_by(k - 1, order);
        }
        scored.truncate(k);
        scored.sort_unstable_by(order);
        scored
            .into_iter()
            .map(|(_, row)| self.index.ids()[row])
            .collect()
    }

    /// Every track that may be listed, with its unit search vector and its hub term.
    pub fn candidates(&self) -> impl Iterator<Item = (TrackId, ArrayView1<'_, f32>, f32)> {
        let rows = self.index.ids().iter().zip(&self.hubs).enumerate();
        rows.filter(|(_, (id, _))| !self.is_missing(**id))
            .map(|(row, (&id, &hub))| (id, self.index.row(row), hub))
    }

    /// Those of `ids` that may be listed, in the same way.
    pub fn some<'a>(
        &'a self,
        ids: impl IntoIterator<Item = TrackId> + 'a,
    ) -> impl Iterator<Item = (TrackId, ArrayView1<'a, f32>, f32)> {
        ids.into_iter()
            .filter(|&id| !self.is_missing(id))
            .filter_map(|id| {
                let row = self.index.ids().binary_search(&id).ok()?;
                Some((id, self.index.vector(id)?, self.hubs[row]))
            })
    }

    /// Whether the track's file is gone at present.
    pub fn is_missing(&self, track: TrackId) -> bool {
        self.missing.contains(&track)
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

/// The library's statistics over `rows`, which has at least one: means and variation of vectors with `parts`.
pub(crate) fn fit(parts: &[usize], rows: &[Vector]) -> Result<Space> {
    let tags = rows.first().map_or(0, |row| row.tags.len());
    let raw: Vec<Vec<f32>> = rows.iter().map(Vector::raw).collect();
    Ok(Space::fit(
        &parts_with_variation(parts),
        tags,
        raw.iter()
            .zip(rows)
            .map(|(raw, row)| (raw.as_slice(), row.tags.as_slice())),
    )?)
}

/// The same, whatever `parts` are.
pub(crate) fn stand_in(parts: &[usize], rows: &[Vector]) -> Result<Space> {
    let dimension = rows.first().map_or(0, |row| row.pooled.len());
    let sum = parts
        .iter()
        .try_fold(0_usize, |sum, &part| sum.checked_add(part));
    if sum == Some(dimension) {
        fit(parts, rows)
    } else {
        fit(&[dimension], rows)
    }
}

/// Unit search vectors of `rows`, `[tracks, dimension]`.
pub(crate) fn project(space: &Space, rows: &[Vector]) -> Result<Array2<f32>> {
    let mut matrix = Array2::zeros((rows.len(), space.dimension()));
    for (mut out, row) in matrix.rows_mut().into_iter().zip(rows) {
        out.assign(&ndarray::Array1::from_vec(space.project(&row.raw())?));
    }
    Ok(matrix)
}

/// Products of two numbers that terms are computed with between two looks at the list: a second at most.
const PRODUCTS: usize = 4_000_000_000;

/// Tracks whose terms stand for all where nothing is known yet.
const SAMPLED: usize = 64;

/// The hub term of each of `ids`: as it was `frozen`, or else in the shelf `before`, else computed now, else the
/// average.
fn terms(
    ids: &[TrackId],
    frozen: &HashMap<TrackId, f32>,
    before: Option<&Shelf>,
    matrix: &Array2<f32>,
) -> Vec<f32> {
    let known = |id: &TrackId| {
        let frozen = frozen.get(id).copied();
        frozen.or_else(|| before?.term(*id))
    };
    let computed = |row: usize| {
        let cosines = matrix.dot(&matrix.row(row));
        let others = cosines
            .iter()
            .enumerate()
            .filter(|&(other, _)| other != row);
        hubs::mean_similarity(others.map(|(_, &cosine)| cosine))
    };
    let mut terms: Vec<Option<f32>> = ids.iter().map(known).collect();
    let sum: f32 = terms.iter().flatten().sum();
    let old = terms.iter().flatten().count();
    let new = terms.len() - old;
    let few = new.saturating_mul(matrix.len()) <= PRODUCTS;
    let average = if few || old > 0 {
        sum / old.max(1) as f32
    } else {
        let sample = (0..SAMPLED).map(|place| computed(place * ids.len() / SAMPLED));
        sample.sum::<f32>() / SAMPLED as f32
    };
    for (row, term) in terms.iter_mut().enumerate() {
        term.get_or_insert_with(|| if few { computed(row) } else { average });
    }
    terms.into_iter().flatten().collect()
}
