//! Lists that are asked for without a throughline of their own, and whys in full.

use std::path::PathBuf;
use std::sync::Arc;

use throughline_core::embedding::Recipe;
use throughline_core::feedback::{Act, Event, EventId, Standing, Thousandths, What, When};
use throughline_core::taste::Knobs;
use throughline_core::track::TrackId;

use super::guest::FileSeed;
use super::standing;
use super::thread::{ROWS, knobs};
use crate::discover::{self, Spoken, Wanted, Wishes};
use crate::engine::sample_rate;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::shelf::Shelf;
use crate::view::{Moment, Row, ThreadCheck, Why};

/// A seed as a face names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeedRef {
    /// A track of the library.
    Track(i64),
    /// An audio file.
    File(PathBuf),
}

/// What a list is asked for without a throughline of its own.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Seeds, each with what it weighs; one unless said otherwise.
    pub seeds: Vec<(SeedRef, f32)>,
    /// Negative seeds.
    pub opposed: Vec<SeedRef>,
    /// The throughline whose thumbs count.
    pub throughline: Option<String>,
    /// Where the knobs stand; else where that throughline has them, or where they are by default.
    pub breadth: Option<f32>,
    /// The same for the other knob.
    pub explore: Option<f32>,
    /// What the list may hold.
    pub wishes: Wishes,
    /// Rows at most.
    pub limit: usize,
}

/// A list without a throughline of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// What the seeds are to each other.
    pub check: ThreadCheck,
    /// The list, with its whole whys.
    pub rows: Vec<Row>,
}

impl Session {
    /// The list for `query` at `now`, Unix milliseconds, with whole whys. Nothing is stored.
    pub fn similar(&self, query: &Query, now: i64) -> Result<Similar> {
        let recipe = self.recipe()?;
        let mut events = self.said_in(query.throughline.as_deref(), query.seeds.is_empty())?;
        let mut outside = Vec::new();
        let mut say = |what| {
            let id = EventId(events.last().map_or(1, |event: &Event| event.id.0 + 1));
            events.push(Event { id, what, at: now });
        };
        for (seed, weight) in &query.seeds {
            let track = self.found(&recipe, seed, &mut outside)?;
            say(What::Did(Act::Seeded, track));
            let weight = Thousandths::of(*weight);
            if weight != Thousandths::ONE {
                say(What::Weighed(track, weight));
            }
        }
        for seed in &query.opposed {
            let track = self.found(&recipe, seed, &mut outside)?;
            say(What::Did(Act::Opposed, track));
        }
        let mut standing = Standing::of(&events);
        // What is asked for in one breath is of one age, whatever its order.
        let newest = When {
            at: now,
            after: standing.said.saturating_sub(1),
        };
        for when in standing.seeded.values_mut() {
            *when = newest;
        }
        let mut spoken = self.spoken(&recipe, &standing, self.shelf_if_any()?.as_deref())?;
        spoken.extend(outside);
        let stood = knobs(&standing);
        let wanted = Wanted {
            standing: &standing,
            spoken: &spoken,
            knobs: Knobs {
                breadth: query.breadth.unwrap_or(stood.breadth),
                explore: query.explore.unwrap_or(stood.explore),
            },
            wishes: &query.wishes,
            now,
            rows: query.limit,
        };
        let (pool, listed) = self.listed(&wanted)?;
        let without = discover::without_seeds(&pool, &wanted, &listed);
        let shelf = Arc::clone(pool.shelf());
        drop(pool);
        let check = self.check(&listed)?;
        let seeds = listed.seeds.clone();
        let mut rows = self.dressed(&shelf, &standing, listed.hits)?;
        let ids: Vec<_> = rows.iter().map(|row| TrackId(row.track.id)).collect();
        let moments = self.moments(&shelf, &seeds, &ids)?;
        for ((row, without), moment) in rows.iter_mut().zip(without).zip(moments) {
            row.why.without_seed = without;
            row.why.moment = moment;
        }
        Ok(Similar { check, rows })
    }

    /// The whole why of a row of the open throughline's list; [`AppError::UnknownTrack`] when it is not in
    /// it.
    pub fn why(&self, id: i64, now: i64) -> Result<Why> {
        let standing = {
            let library = self.library();
            standing(&library, &library.throughlines().open()?)?
        };
        let recipe = self.recipe()?;
        let spoken = self.spoken(&recipe, &standing, self.shelf_if_any()?.as_deref())?;
        let wanted = Wanted {
            standing: &standing,
            spoken: &spoken,
            knobs: knobs(&standing),
            wishes: &Wishes::default(),
            now,
            rows: ROWS,
        };
        let (pool, mut listed) = self.listed(&wanted)?;
        listed.hits.retain(|hit| hit.row.id == TrackId(id));
        let without = discover::without_seeds(&pool, &wanted, &listed);
        let shelf = Arc::clone(pool.shelf());
        drop(pool);
        let seeds = listed.seeds.clone();
        let mut row = self
            .dressed(&shelf, &standing, listed.hits)?
            .pop()
            .ok_or(AppError::UnknownTrack(id))?;
        row.why.without_seed = without.into_iter().flatten().collect();
        let mut moments = self.moments(&shelf, &seeds, &[TrackId(id)])?;
        row.why.moment = moments.pop().flatten();
        Ok(row.why)
    }

    /// What was said in the throughline called `name`, its seeds taken away unless they are `kept`;
    /// without a name, what holds for the whole library.
    fn said_in(&self, name: Option<&str>, kept: bool) -> Result<Vec<Event>> {
        let library = self.library();
        let throughline = match name {
            Some(name) => library
                .throughlines()
                .named(name)?
                .ok_or_else(|| AppError::NoThroughline(name.to_owned()))?,
            None => library.throughlines().open()?,
        };
        let mut events = library.events().of(throughline.id)?;
        if name.is_none() {
            events.retain(|event| event.what.is_everywhere());
        } else if !kept {
            events.retain(|event| {
                !matches!(
                    event.what,
                    What::Did(Act::Seeded | Act::Opposed, _) | What::Weighed(..)
                )
            });
        }
        Ok(events)
    }

    /// The track of a seed that a face names. A file that is none becomes one of `outside`.
    fn found(&self, recipe: &Recipe, seed: &SeedRef, outside: &mut Vec<Spoken>) -> Result<TrackId> {
        let spoken = match seed {
            SeedRef::Track(id) => {
                let track = TrackId(*id);
                let known = self.library().vectors().has(recipe, track)?;
                return if known {
                    Ok(track)
                } else {
                    Err(AppError::NotAnalysed(*id))
                };
            }
            SeedRef::File(path) => self.file_seed(path)?,
        };
        match spoken {
            FileSeed::Known(track) => Ok(track),
            FileSeed::Outside { raw, tags } => {
                let id = TrackId(-1 - outside.len() as i64);
                outside.push(Spoken { id, raw, tags });
                Ok(id)
            }
        }
    }

    /// The moments of the seeds and of each of `rows` that sound most alike.
    fn moments(
        &self,
        shelf: &Shelf,
        seeds: &[TrackId],
        rows: &[TrackId],
    ) -> Result<Vec<Option<Moment>>> {
        let Some(rate) = sample_rate(&shelf.recipe.model) else {
            return Ok(vec![None; rows.len()]);
        };
        let named: Vec<_> = seeds.iter().chain(rows).copied().collect();
        // The library is let go of before they are compared.
        let stored = self.library().vectors().windows_of(&shelf.recipe, &named)?;
        Ok(discover::moments(shelf, rate, &stored, seeds, rows))
    }
}
