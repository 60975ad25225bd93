//! What a build leaves behind for ranking: the library's statistics, how near each track is to its
//! neighbours, and which tracks are versions of one song. All of it follows from the vectors and names.

use std::num::NonZero;
use std::thread;

use ndarray::{Array2, Axis};
use throughline_core::embedding::{Recipe, Space};
use throughline_core::taste::hubs;
use throughline_core::track::TrackId;
use throughline_core::versions::{self, Evidence, Windows, families};
use throughline_library::{Library, Transaction, Vector, Version};

use crate::engine::Wanted;
use crate::error::{AppError, Result};
use crate::shelf::project;

/// Tracks that are compared with all others at once: bounds the table of cosines.
const BLOCK: usize = 256;

/// Nearest neighbours among which versions of a track are looked for. With ten copies of each song in a
/// library, the ten nearest linked every copy to its original; see `docs/discovery.md`.
const KIN: usize = 10;

/// What follows from the vectors of a library.
pub(crate) struct Frozen {
    /// The statistics.
    pub space: Space,
    /// Hub terms, one a vector.
    hubs: Vec<(TrackId, f32)>,
    /// Pairs of near places among the vectors.
    near: Vec<(usize, usize)>,
}

impl Frozen {
    /// What follows from `rows`, whose statistics are `space`. Every track is compared with all others on all
    /// cores: a second for some 4 000 tracks, quadratic in their number.
    pub fn of(space: Space, rows: &[Vector]) -> Result<Self> {
        let nearest = nearest(&project(&space, rows)?);
        let term = |near: &Vec<(usize, f32)>| {
            hubs::mean_similarity(near.iter().map(|&(_, cosine)| cosine))
        };
        Ok(Self {
            hubs: rows
                .iter()
                .map(|row| row.track)
                .zip(nearest.iter().map(term))
                .collect(),
            near: (0..)
                .zip(&nearest)
                .flat_map(|(track, near)| {
                    near.iter().take(KIN).map(move |&(other, _)| (track, other))
                })
                .collect(),
            space,
        })
    }

    /// Keeps all of it for `recipe`, whose vectors are `rows`. Versions that were heard are not replaced by
    /// ones that go by names alone.
    pub fn keep(
        &self,
        tx: &Transaction<'_>,
        recipe: &Recipe,
        rows: &[Vector],
        versions: Option<Vec<Version>>,
        now: i64,
    ) -> Result<()> {
        tx.keep_variations(recipe, rows)?;
        let space = tx.spaces_mut().add(recipe, &self.space, now)?;
        tx.hubs_mut().put(space, self.hubs.iter().copied())?;
        if let Some(versions) = versions {
            tx.versions_mut().put(versions)?;
        }
        Ok(())
    }

    /// The versions among `rows`, the same as before. Windows start at samples of `rate` Hz. Sound speaks for
    /// the model that it was measured with alone; for the others names do, and `None` says that what is
    /// known was heard and is better.
    pub fn versions(
        &self,
        library: &Library,
        recipe: &Recipe,
        rows: &[Vector],
        rate: Option<u32>,
    ) -> Result<Option<Vec<Version>>> {
        let rate = rate.filter(|_| recipe.model == Wanted::musicnn().model);
        let known = library.versions().all()?;
        if rate.is_none()
            && known
                .iter()
                .any(|version| version.kinship.evidence != Evidence::Name)
        {
            return Ok(None);
        }
        let all = library.tracks().all(recipe)?;
        let of = |row: &Vector| {
            let place = all.binary_search_by_key(&row.track, |track| track.id);
            place.map(|place| &all[place]).map_err(|_| {
                AppError::Internal(format!("track {} has vectors and no name", row.track))
            })
        };
        let known: Vec<_> = rows.iter().map(of).collect::<Result<_>>()?;
        let tracks: Vec<_> = known
            .iter()
            .map(|track| versions::Track {
                id: track.id,
                title: track.tags.title.as_deref(),
                artist: track.tags.artist.as_deref(),
                album: track.tags.album.as_deref(),
                duration_s: Some(track.duration_s),
                owned: track.path.is_some(),
            })
            .collect();
        let mut unread = None;
        let windows = |place: usize| {
            let stored = match library.vectors().windows(recipe, rows[place].track) {
                Ok(stored) => stored?,
                Err(error) => {
                    unread = Some(error);
                    return None;
                }
            };
            windows(&self.space, &stored, rate?)
        };
        let members = families(&tracks, &self.near, windows);
        if let Some(error) = unread {
            return Err(error.into());
        }
        let versions = members
            .into_iter()
            .zip(&tracks)
            .filter_map(|(member, track)| {
                Some(Version {
                    track: track.id,
                    family: member.family,
                    kinship: member.kinship?,
                })
            });
        Ok(Some(versions.collect()))
    }
}

/// The stored windows of a track as unit search vectors in `space`; a window by itself does not vary.
pub(crate) fn windows(
    space: &Space,
    stored: &throughline_library::Windows,
    rate: u32,
) -> Option<Windows> {
    let dimension = space.dimension() / 2;
    let raw = stored.matrix(dimension);
    let mut vectors = Array2::zeros((raw.nrows(), space.dimension()));
    for (mut vector, row) in vectors.outer_iter_mut().zip(raw.outer_iter()) {
        let mut row = row.to_vec();
        row.resize(space.dimension(), 0.0);
        vector.assign(&ndarray::Array1::from_vec(space.project(&row).ok()?));
    }
    let starts = stored.starts.iter();
    Some(Windows {
        starts_s: starts
            .map(|&start| start as f64 / f64::from(rate))
            .collect(),
        vectors,
    })
}

/// The nearest of all others of each row, `[tracks]`, at most [`hubs::NEIGHBOURS`], best first.
fn nearest(matrix: &Array2<f32>) -> Vec<Vec<(usize, f32)>> {
    let tracks = matrix.nrows();
    let firsts: Vec<usize> = (0..tracks).step_by(BLOCK).collect();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = firsts.len().div_ceil(cores).max(1);
    let block = |&first: &usize| -> Vec<Vec<(usize, f32)>> {
        let rows = matrix.slice_axis(Axis(0), (first..tracks.min(first + BLOCK)).into());
        let cosines = rows.dot(&matrix.t());
        let rows = (first..).zip(cosines.outer_iter());
        rows.map(|(track, cosines)| {
            let mut others: Vec<(usize, f32)> = cosines
                .iter()
                .copied()
                .enumerate()
                .filter(|&(other, _)| other != track)
                .collect();
            let order =
                |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            if others.len() > hubs::NEIGHBOURS {
                others.select_nth_unstable_by(hubs::NEIGHBOURS - 1, order);
                others.truncate(hubs::NEIGHBOURS);
            }
            others.sort_unstable_by(order);
            others
        })
        .collect()
    };
    thread::scope(|scope| {
        let workers: Vec<_> = firsts
            .chunks(share)
            .map(|firsts| scope.spawn(move || firsts.iter().flat_map(block).collect::<Vec<_>>()))
            .collect();
        let rows = workers.into_iter().flat_map(|worker| match worker.join() {
            Ok(rows) => rows,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        rows.collect()
    })
}
