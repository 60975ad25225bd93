//! What a build leaves behind for ranking: the library's statistics, how near each track is to its
//! neighbours, and which tracks are versions of one song. All of it follows from the vectors and names.

use ndarray::Array2;
use throughline_core::embedding::{Recipe, Space};
use throughline_core::taste::hubs;
use throughline_core::track::TrackId;
use throughline_core::versions::{self, Evidence, Windows, families_watched};
use throughline_library::{Library, Transaction, Vector, Version};

use crate::engine::Wanted;
use crate::error::{AppError, Result};
use crate::shelf::project;

mod nearest;

use nearest::nearest;

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
    /// What follows from `rows`, whose statistics are `space`. Every track is compared with all others:
    /// `docs/discovery.md` says how long that takes. `go_on` is told after every few how many were, and answers
    /// whether to go on; `None` when not.
    pub fn of(
        space: Space,
        rows: &[Vector],
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Self>> {
        let matrix = project(&space, rows)?;
        let Some(nearest) = nearest(&matrix.view(), hubs::NEIGHBOURS, go_on) else {
            return Ok(None);
        };
        let term = |near: &Vec<(usize, f32)>| {
            hubs::mean_similarity(near.iter().map(|&(_, cosine)| cosine))
        };
        Ok(Some(Self {
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
        }))
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
    /// known was heard and is better, or that `go_on`, which is told before each track how many were looked at,
    /// has said no.
    pub fn versions(
        &self,
        library: &Library,
        recipe: &Recipe,
        rows: &[Vector],
        rate: Option<u32>,
        go_on: &mut dyn FnMut(usize) -> bool,
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
        let members = families_watched(&tracks, &self.near, windows, go_on);
        if let Some(error) = unread {
            return Err(error.into());
        }
        let Some(members) = members else {
            return Ok(None);
        };
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
