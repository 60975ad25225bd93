//! What a throughline adds up to: its seeds and thumbs, and the list that comes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use throughline_core::embedding::Recipe;
use throughline_core::feedback::{Knob, Standing, Thousandths};
use throughline_core::taste::{InCharge, Knobs};
use throughline_core::track::TrackId;
use throughline_library::Throughline;

use super::standing;
use crate::discover::{self, Hit, Listed, Pool, Spoken, Wanted, Wishes};
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::shelf::Shelf;
use crate::view::{AnchorShare, Row, ScoreParts, SeedWeight, Thread, Thumb, Why};

/// Rows of the list in the window.
pub(super) const ROWS: usize = 100;

/// What is said of a list out of statistics of an earlier version.
const OUTDATED: &str = "this library was built by an earlier version: build it again, and the list will be \
    better measured";

impl Session {
    /// The open throughline as it stands at `now`, Unix milliseconds.
    pub fn thread(&self, now: i64) -> Result<Thread> {
        let open = self.library().throughlines().open()?;
        self.thread_of(open, now)
    }

    /// The throughline `id` as it stands at `now`, open or not.
    pub fn thread_at(&self, id: i64, now: i64) -> Result<Thread> {
        self.thread_of(self.throughline(id)?, now)
    }

    /// The throughline `id`.
    pub(super) fn throughline(&self, id: i64) -> Result<Throughline> {
        let all = self.library().throughlines().all()?;
        let found = all.into_iter().find(|throughline| throughline.id.0 == id);
        found.ok_or_else(|| AppError::NoThroughline(id.to_string()))
    }

    fn thread_of(&self, throughline: Throughline, now: i64) -> Result<Thread> {
        let standing = standing(&self.library(), &throughline)?;
        self.standing_thread(throughline, &standing, now)
    }

    /// What `throughline` adds up to at `now` where it stands as `standing` says.
    pub(super) fn standing_thread(
        &self,
        throughline: Throughline,
        standing: &Standing,
        now: i64,
    ) -> Result<Thread> {
        let knobs = knobs(standing);
        let weights = standing.weights.iter();
        let weights = weights.filter(|(_, weight)| **weight != Thousandths::ONE);
        let mut thread = Thread {
            id: throughline.id.0,
            name: throughline.name,
            seeds: self.tracks(&standing.seeds)?,
            liked: self.tracks(&standing.ups)?,
            disliked: self.tracks(&standing.downs.iter().copied().collect::<Vec<_>>())?,
            opposed: self.tracks(&standing.opposed)?,
            weights: weights
                .map(|(seed, weight)| SeedWeight {
                    id: seed.0,
                    weight: weight.get(),
                })
                .collect(),
            knobs: knobs.into(),
            check: None,
            in_charge: InCharge::Anchors.into(),
            rows: Vec::new(),
            undo: standing
                .undoable
                .map(|event| self.describe(event))
                .transpose()?,
            note: None,
        };
        if standing.seeds.is_empty() {
            return Ok(thread);
        }
        let recipe = self.recipe()?;
        let shelf = self.shelf_if_any()?;
        let spoken = self.spoken(&recipe, standing, shelf.as_deref())?;
        thread.note = self.unheard(&recipe, standing, &spoken, shelf.as_deref())?;
        drop(shelf);
        let wanted = Wanted {
            standing,
            spoken: &spoken,
            knobs,
            wishes: &Wishes::default(),
            now,
            rows: ROWS,
        };
        match self.listed(&wanted) {
            Ok((pool, listed)) => {
                let shelf = Arc::clone(pool.shelf());
                drop(pool);
                thread.check = Some(self.check(&listed)?);
                thread.in_charge = listed.in_charge.into();
                thread.rows = self.dressed(&shelf, standing, listed.hits)?;
                if shelf.outdated {
                    thread.note.get_or_insert_with(|| OUTDATED.to_owned());
                }
            }
            // An empty library speaks for itself, and so does a note on every seed.
            Err(AppError::NoTracks) => {}
            Err(AppError::NoThread) if spoken.is_empty() => {}
            Err(error @ AppError::NoThread) => thread.note = Some(error.to_string()),
            Err(error) => return Err(error),
        }
        Ok(thread)
    }

    /// What `standing` names, as far as it has vectors of `recipe`: seeds of both kinds, and thumbs whose
    /// tracks `shelf` does not hold any more.
    pub(crate) fn spoken(
        &self,
        recipe: &Recipe,
        standing: &Standing,
        shelf: Option<&Shelf>,
    ) -> Result<Vec<Spoken>> {
        let is_listed =
            |track: &TrackId| shelf.is_some_and(|shelf| shelf.index.vector(*track).is_some());
        let thumbs = standing
            .ups
            .iter()
            .chain(&standing.downs)
            .chain(standing.heard.keys());
        let named = standing.seeds.iter().chain(&standing.opposed);
        let ids: Vec<TrackId> = named
            .chain(thumbs.filter(|track| !is_listed(track)))
            .copied()
            .collect();
        let vectors = self.library().vectors().some(recipe, &ids)?;
        let spoken = vectors.into_iter().map(|vector| Spoken {
            id: vector.track,
            raw: vector.raw(),
            tags: vector.tags,
        });
        Ok(spoken.collect())
    }

    /// The vectors that serve; `None` before there are any.
    pub(super) fn shelf_if_any(&self) -> Result<Option<Arc<Shelf>>> {
        match self.shelf() {
            Ok(shelf) => Ok(Some(shelf)),
            Err(AppError::NoTracks) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The list for `wanted` out of the pool of the vectors that serve, and that pool as it was then: what
    /// else is asked of it keeps nobody waiting.
    pub(super) fn listed(&self, wanted: &Wanted<'_>) -> Result<(Arc<Pool>, Listed)> {
        let shelf = self.shelf()?;
        let mut held = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let pool = match held.take() {
            Some(pool) if pool.serves(&shelf) => pool,
            _ => Arc::new(Pool::of(shelf)),
        };
        let pool = held.insert(pool);
        // Copied only while an earlier answer is still looked into.
        let listed = discover::list(Arc::make_mut(pool), wanted)?;
        Ok((Arc::clone(pool), listed))
    }

    /// `hits` with the metadata of their tracks and anchors.
    pub(super) fn dressed(
        &self,
        shelf: &Shelf,
        standing: &Standing,
        hits: Vec<Hit>,
    ) -> Result<Vec<Row>> {
        let ids: Vec<_> = hits.iter().map(|hit| hit.row.id).collect();
        let tracks = self.tracks(&ids)?;
        let anchors: BTreeSet<TrackId> = hits
            .iter()
            .flat_map(|hit| hit.row.why.anchors.iter().map(|of| of.id))
            .collect();
        let titles: BTreeMap<i64, String> = self
            .tracks(&anchors.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|track| (track.id, track.title))
            .collect();
        Ok(tracks
            .into_iter()
            .zip(hits)
            .map(|(track, hit)| Row {
                thumb: standing.ups.contains(&hit.row.id).then_some(Thumb::Up),
                score: hit.row.why.parts.total(),
                likeness: hit.likeness,
                versions: shelf.facts.family(hit.row.id).len() - 1,
                why: told(&hit, &titles),
                seed_scores: hit.seed_scores,
                shared_tags: hit.shared_tags,
                track,
            })
            .collect())
    }
}

/// Where the knobs of a throughline stand.
pub(crate) fn knobs(standing: &Standing) -> Knobs {
    let default = Knobs::default();
    let place = |knob, default| {
        standing
            .knobs
            .get(&knob)
            .map_or(default, |place| place.get())
    };
    Knobs {
        breadth: place(Knob::Breadth, default.breadth),
        explore: place(Knob::Explore, default.explore),
    }
}

/// Why a row is there, as it is shown; `titles` are those of the anchors.
fn told(hit: &Hit, titles: &BTreeMap<i64, String>) -> Why {
    let why = &hit.row.why;
    Why {
        anchors: why
            .anchors
            .iter()
            .map(|of| AnchorShare {
                id: of.id.0,
                title: titles.get(&of.id.0).cloned().unwrap_or_default(),
                share: of.share,
            })
            .collect(),
        percentile: 100.0 * why.percentile,
        agreement: why.agreement.seeds,
        without_seed: Vec::new(),
        novelty: why.novelty,
        moment: None,
        in_charge: why.in_charge.into(),
        rank: hit.row.rank,
        parts: ScoreParts {
            anchors: why.parts.anchors,
            dislikes: why.parts.dislikes,
            head: why.parts.head,
            novelty: why.parts.novelty,
            uncertainty: why.parts.uncertainty,
            fatigue: why.parts.fatigue,
        },
    }
}
