//! The third journey: seeds and thumbs. Every act appends an event and answers with the list that
//! comes of it, in one round trip.

use serde::{Deserialize, Serialize};
use throughline_core::feedback::{Act, Event, EventId, Standing, What};
use throughline_core::track::TrackId;
use throughline_library::{Library, Throughline};

use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::Thread;

mod guest;
mod history;
mod keep;
mod query;
mod song;
mod steer;
mod thread;
mod words;

pub(crate) use thread::knobs;

pub use query::{Query, SeedRef, Similar};

/// Seeds of a throughline at most: each pair of them is looked at whenever the list is made.
pub(crate) const MOST_SEEDS: usize = 200;

/// A thumb, or taking it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Thumb up: the track moves the list.
    Up,
    /// Thumb down: the track leaves this throughline's list.
    Down,
    /// No thumb.
    Clear,
}

impl From<Verdict> for Act {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Up => Act::Up,
            Verdict::Down => Act::Down,
            Verdict::Clear => Act::Cleared,
        }
    }
}

impl Session {
    /// Makes tracks of the library seeds of the open throughline.
    pub fn seed_tracks(&self, ids: &[i64], now: i64) -> Result<Thread> {
        if ids.len() > MOST_SEEDS {
            return Err(AppError::TooManySeeds(ids.len()));
        }
        for &id in ids {
            self.must_have_vectors(TrackId(id))?;
        }
        for &id in ids {
            self.act(Act::Seeded, id, now)?;
        }
        self.thread(now)
    }

    /// Takes a seed away.
    pub fn unseed(&self, id: i64, now: i64) -> Result<Thread> {
        self.act(Act::Unseeded, id, now)?;
        self.thread(now)
    }

    /// Opens a new throughline; the one that was open is kept.
    pub fn clear_thread(&self, now: i64) -> Result<Thread> {
        {
            let mut library = self.library();
            let tx = library.begin()?;
            tx.throughlines_mut().start(now)?;
            tx.commit()?;
        }
        self.thread(now)
    }

    /// Sets or takes back a thumb in the open throughline.
    pub fn rate(&self, id: i64, verdict: Verdict, now: i64) -> Result<Thread> {
        self.act(verdict.into(), id, now)?;
        self.thread(now)
    }

    /// Sets or takes back a thumb in the throughline called `name`, which is made if there is none;
    /// in the open one without a name.
    pub fn rate_in(&self, name: Option<&str>, id: i64, verdict: Verdict, now: i64) -> Result<()> {
        self.track(id)?;
        let mut library = self.library();
        let open = library.throughlines().open()?.id;
        let tx = library.begin()?;
        let throughline = match name {
            Some(name) => tx.throughlines_mut().named(name, now)?.id,
            None => open,
        };
        tx.events_mut()
            .append(throughline, What::Did(verdict.into(), TrackId(id)), now)?;
        Ok(tx.commit()?)
    }

    /// Never shows the track again, in any throughline.
    pub fn banish(&self, id: i64, now: i64) -> Result<Thread> {
        self.act(Act::Banished, id, now)?;
        self.thread(now)
    }

    /// Takes back the last act in the open throughline.
    pub fn undo(&self, now: i64) -> Result<Thread> {
        {
            let mut library = self.library();
            let throughline = library.throughlines().open()?;
            let last = standing(&library, &throughline)?
                .undoable
                .ok_or(AppError::NothingToUndo)?;
            let tx = library.begin()?;
            tx.events_mut()
                .append(throughline.id, What::Undid(last.id), now)?;
            tx.commit()?;
        }
        self.thread(now)
    }

    /// Appends an act to the open throughline, unless it would change nothing.
    fn act(&self, act: Act, id: i64, now: i64) -> Result<()> {
        self.say(What::Did(act, TrackId(id)), now)
    }

    /// Appends what was said to the open throughline, unless it would change nothing.
    fn say(&self, what: What, now: i64) -> Result<()> {
        if let Some(track) = what.track() {
            self.track(track.0)?;
        }
        let mut library = self.library();
        let throughline = library.throughlines().open()?;
        let mut events = library.events().of(throughline.id)?;
        let before = Standing::of(&events);
        events.push(Event {
            id: EventId(i64::MAX),
            what,
            at: now,
        });
        let after = Standing {
            undoable: before.undoable,
            ..Standing::of(&events)
        };
        if after == before {
            return Ok(());
        }
        let tx = library.begin()?;
        tx.events_mut().append(throughline.id, what, now)?;
        Ok(tx.commit()?)
    }

    fn must_have_vectors(&self, id: TrackId) -> Result<()> {
        self.track(id.0)?;
        let recipe = self.recipe()?;
        if self.library().vectors().has(&recipe, id)? {
            Ok(())
        } else {
            Err(AppError::NotAnalysed(id.0))
        }
    }
}

/// How `throughline` stands. An act on the whole library from before it was begun still counts, but
/// undoing in this throughline does not take it back.
pub(crate) fn standing(library: &Library, throughline: &Throughline) -> Result<Standing> {
    let mut standing = Standing::of(&library.events().of(throughline.id)?);
    standing.undoable = standing
        .undoable
        .filter(|event| !event.what.is_everywhere() || event.at >= throughline.created_at);
    Ok(standing)
}
