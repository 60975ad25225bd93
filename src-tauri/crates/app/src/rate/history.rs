//! Throughlines as they were, and new ones that go on from there.

use throughline_core::feedback::{Standing, before, branch};
use throughline_library::{Library, Throughline};

use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::Thread;

impl Session {
    /// The throughline `id`, or the open one, as it stood at the time `then`, Unix milliseconds, without what was said from
    /// then on: thumbs and plays are as old as they were. Tracks and their vectors are those of today, and
    /// there is nothing to undo in the past.
    pub fn thread_before(&self, id: Option<i64>, then: i64) -> Result<Thread> {
        let throughline = match id {
            Some(id) => self.throughline(id)?,
            None => self.library().throughlines().open()?,
        };
        let events = self.library().events().of(throughline.id)?;
        let standing = Standing {
            undoable: None,
            ..Standing::of(&before(&events, then))
        };
        self.standing_thread(throughline, &standing, then)
    }

    /// Opens a new throughline that begins with what was said in the throughline `id`, before the time `then`,
    /// Unix milliseconds, if one is given; that one is kept as it is. Without a name of its own it has the
    /// name of the other with a number, or none if that has none. [`AppError::NothingSaid`] when there is
    /// nothing to begin with.
    pub fn branch_thread(
        &self,
        id: i64,
        name: Option<&str>,
        then: Option<i64>,
        now: i64,
    ) -> Result<Thread> {
        let origin = self.throughline(id)?;
        {
            let mut library = self.library();
            let mut events = library.events().of(origin.id)?;
            if let Some(then) = then {
                events = before(&events, then);
            }
            let last = events.last().ok_or(AppError::NothingSaid)?.id;
            let acts = branch(&events, last);
            if acts.is_empty() {
                return Err(AppError::NothingSaid);
            }
            let name = match (name, &origin.name) {
                (Some(name), _) => Some(name.to_owned()),
                (None, Some(name)) => Some(numbered(&library, name)?),
                (None, None) => None,
            };
            let tx = library.begin()?;
            let Throughline { id, .. } = tx.throughlines_mut().start(now)?;
            tx.throughlines_mut().rename(id, name.as_deref())?;
            for act in acts {
                tx.events_mut().append(id, act.what, act.at)?;
            }
            tx.commit()?;
        }
        self.thread(now)
    }
}

/// `name` with the first number, from 2, that makes it a new one.
fn numbered(library: &Library, name: &str) -> Result<String> {
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let stem = stem.strip_suffix(' ').unwrap_or(name);
    let mut number = 2_u64;
    loop {
        let name = format!("{stem} {number}");
        if library.throughlines().named(&name)?.is_none() {
            return Ok(name);
        }
        number += 1;
    }
}
