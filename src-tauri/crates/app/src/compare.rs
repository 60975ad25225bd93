//! Two models compared by ear: their lists for the same seeds, side by side and blind.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use throughline_core::embedding::Recipe;
use throughline_core::feedback::{Standing, ThroughlineId};
use throughline_core::track::TrackId;
use throughline_library::{Vote, Winner};

use crate::discover::{self, Pool, Wanted, Wishes};
use crate::engine::name_of;
use crate::error::{AppError, Result};
use crate::rate::{knobs, standing};
use crate::session::Session;
use crate::shelf::{Search, Shelf};
use crate::uses::Used;
use crate::view::{Comparable, Revealed, Side, Track, Trial, Verdicts};

/// Rows of each list: what can be listened through before a vote.
const ROWS: usize = 8;

/// Trials that may still be voted on; an older one has long left the screen.
const OPEN_TRIALS: usize = 16;

/// Trials that were shown and not voted on yet.
#[derive(Default)]
pub(crate) struct Trials {
    shown: u64,
    open: VecDeque<Shown>,
}

/// A trial that was shown, and whose lists they were.
struct Shown {
    id: u64,
    throughline: ThroughlineId,
    seeds: Vec<TrackId>,
    a: Heard,
    b: Heard,
    a_is_left: bool,
}

/// A recipe whose vectors the library has.
#[derive(Clone)]
struct Heard {
    id: String,
    name: String,
    tracks: u64,
    recipe: Recipe,
}

impl Session {
    /// The models that can be compared: those whose vectors this library has, the oldest first.
    pub fn comparable(&self) -> Result<Vec<Comparable>> {
        let heard = self.heard()?;
        Ok(heard
            .into_iter()
            .map(
                |Heard {
                     id, name, tracks, ..
                 }| Comparable {
                    id,
                    name,
                    tracks: tracks as usize,
                },
            )
            .collect())
    }

    /// The lists of the models `a` and `b` for the seeds of the open throughline, or for one track of the
    /// library when there are none. Which list stands on which side, and which track it is, follows from
    /// `now` (Unix milliseconds) and the number of votes so far. Needs no model: the vectors are there.
    pub fn trial(&self, a: &str, b: &str, now: i64) -> Result<Trial> {
        let (a, b) = self.pair(a, b)?;
        let (throughline, mut standing, votes) = {
            let library = self.library();
            let throughline = library.throughlines().open()?;
            let standing = standing(&library, &throughline)?;
            (throughline.id, standing, library.votes().count()?)
        };
        let (shelf_a, shelf_b) = (self.shelf_for(&a)?, self.shelf_for(&b)?);
        let draw = scramble(scramble(now as u64) ^ votes);
        let a_is_left = draw & 1 == 0;
        let seeds = if standing.seeds.is_empty() {
            let track = any_track(&shelf_a, &shelf_b, &standing, draw >> 1)?;
            standing = Standing {
                seeds: vec![track],
                banished: standing.banished,
                ..Standing::default()
            };
            vec![track]
        } else {
            self.heard_by_both(&standing.seeds, &a, &b)?
        };
        standing.seeds.clone_from(&seeds);
        let list = |of: &Heard, shelf: Arc<Shelf>| -> Result<Vec<Track>> {
            let wanted = Wanted {
                standing: &standing,
                spoken: &self.spoken(&of.recipe, &standing, Some(&shelf))?,
                knobs: knobs(&standing),
                wishes: &Wishes::default(),
                now,
                rows: ROWS,
            };
            let listed = discover::list(&mut Pool::of(shelf), &wanted)?;
            let ids: Vec<_> = listed.hits.iter().map(|hit| hit.row.id).collect();
            self.tracks(&ids)
        };
        let (of_a, of_b) = (list(&a, shelf_a)?, list(&b, shelf_b)?);
        let (left, right) = if a_is_left {
            (of_a, of_b)
        } else {
            (of_b, of_a)
        };
        let id = self.show(|id| Shown {
            id,
            throughline,
            seeds: seeds.clone(),
            a,
            b,
            a_is_left,
        });
        Ok(Trial {
            id,
            seeds: self.tracks(&seeds)?,
            left,
            right,
        })
    }

    /// Keeps the vote on a trial, and tells whose lists they were. Each trial takes one vote.
    pub fn vote(&self, trial: u64, side: Side, now: i64) -> Result<Revealed> {
        let mut trials = self.trials.lock().unwrap_or_else(PoisonError::into_inner);
        let over =
            || AppError::NotComparable("that comparison is over: ask for another".to_owned());
        let place = trials.open.iter().position(|shown| shown.id == trial);
        let place = place.ok_or_else(over)?;
        let shown = &trials.open[place];
        let winner = match (side, shown.a_is_left) {
            (Side::Tie, _) => Winner::Tie,
            (Side::Left, true) | (Side::Right, false) => Winner::A,
            (Side::Left, false) | (Side::Right, true) => Winner::B,
        };
        let tally = {
            let mut library = self.library();
            let tx = library.begin()?;
            tx.votes_mut().append(&Vote {
                at: now,
                throughline: shown.throughline,
                seeds: shown.seeds.clone(),
                a: shown.a.recipe.clone(),
                b: shown.b.recipe.clone(),
                winner,
            })?;
            tx.commit()?;
            library.votes().tally(&shown.a.recipe, &shown.b.recipe)?
        };
        let (a, b) = (shown.a.id.clone(), shown.b.id.clone());
        let (left, right) = if shown.a_is_left {
            (a.clone(), b.clone())
        } else {
            (b.clone(), a.clone())
        };
        trials.open.remove(place);
        Ok(Revealed {
            left,
            right,
            verdicts: Verdicts {
                a,
                b,
                a_votes: tally.a as usize,
                b_votes: tally.b as usize,
                ties: tally.ties as usize,
            },
        })
    }

    /// The recipes whose vectors the library has, and whose statistics are frozen. A model is called by
    /// its own name, unless several readings of it are there.
    fn heard(&self) -> Result<Vec<Heard>> {
        let uses = self.uses()?;
        let mut recipes = self.library().spaces().recipes()?;
        recipes.retain(|(_, tracks)| *tracks > 0);
        let readings = |recipe: &Recipe| {
            let same = recipes
                .iter()
                .filter(|(other, _)| other.model == recipe.model);
            same.count()
        };
        Ok(recipes
            .iter()
            .map(|(recipe, tracks)| {
                let name = name_of(&recipe.model);
                let (id, name) = if readings(recipe) == 1 {
                    (recipe.model.to_string(), name)
                } else {
                    let reading = uses.written_by(recipe).map_or_else(
                        || recipe.feature_version.to_string(),
                        |used| used.wanted.reading.to_string(),
                    );
                    (recipe.to_string(), format!("{name}, {reading}"))
                };
                Heard {
                    id,
                    name,
                    tracks: *tracks,
                    recipe: recipe.clone(),
                }
            })
            .collect())
    }

    fn pair(&self, a: &str, b: &str) -> Result<(Heard, Heard)> {
        let heard = self.heard()?;
        let find = |id: &str| {
            let found = heard.iter().find(|heard| heard.id == id).cloned();
            found.ok_or_else(|| {
                let words = format!("this library has no vectors of {id}: use it and build first");
                AppError::NotComparable(words)
            })
        };
        if a == b {
            let words = "choose two different models".to_owned();
            return Err(AppError::NotComparable(words));
        }
        Ok((find(a)?, find(b)?))
    }

    fn shelf_for(&self, heard: &Heard) -> Result<Arc<Shelf>> {
        let used = Used::assumed(heard.recipe.clone());
        self.shelf_of(&used, false, Search::Scan)
    }

    /// Those of `seeds` that have vectors of both recipes.
    fn heard_by_both(&self, seeds: &[TrackId], a: &Heard, b: &Heard) -> Result<Vec<TrackId>> {
        let library = self.library();
        let mut both = Vec::new();
        for &seed in seeds {
            let vectors = library.vectors();
            if vectors.has(&a.recipe, seed)? && vectors.has(&b.recipe, seed)? {
                both.push(seed);
            }
        }
        if both.is_empty() {
            let words = "none of the seeds has been heard by both models".to_owned();
            return Err(AppError::NotComparable(words));
        }
        Ok(both)
    }

    fn show(&self, shown: impl FnOnce(u64) -> Shown) -> u64 {
        let mut trials = self.trials.lock().unwrap_or_else(PoisonError::into_inner);
        trials.shown += 1;
        let id = trials.shown;
        if trials.open.len() == OPEN_TRIALS {
            trials.open.pop_front();
        }
        trials.open.push_back(shown(id));
        id
    }
}

/// A track that both shelves hold and that may be shown, by the number `draw`.
fn any_track(a: &Shelf, b: &Shelf, standing: &Standing, draw: u64) -> Result<TrackId> {
    let both: Vec<TrackId> = a
        .index
        .ids()
        .iter()
        .copied()
        .filter(|&id| b.index.vector(id).is_some())
        .filter(|&id| !a.is_missing(id) && !standing.banished.contains(&id))
        .collect();
    let nothing = || AppError::NotComparable("no track has been heard by both models".to_owned());
    let place = draw.checked_rem(both.len() as u64).ok_or_else(nothing)?;
    Ok(both[place as usize])
}

/// Another number for every number, without a pattern that an ear could learn: the output of `SplitMix64`
/// (Steele, Lea and Flood, OOPSLA 2014), whose constants these are.
fn scramble(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
