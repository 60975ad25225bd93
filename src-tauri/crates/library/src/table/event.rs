//! What the listener said: an append-only list. Triggers abort every change and removal.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};
use throughline_core::feedback::{Act, Event, EventId, ThroughlineId, What};
use throughline_core::track::TrackId;

use super::must_exist;
use crate::error::{LibraryError, Result};

/// An event and when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// What was said.
    pub event: Event,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// Reads events.
pub struct Events<'a> {
    pub(crate) db: &'a Connection,
}

impl Events<'_> {
    /// What was said in `throughline` and about the whole library, oldest first.
    pub fn of(&self, throughline: ThroughlineId) -> Result<Vec<Event>> {
        Ok(self
            .timed(throughline)?
            .into_iter()
            .map(|said| said.event)
            .collect())
    }

    /// The same, with the time of each.
    pub fn timed(&self, throughline: ThroughlineId) -> Result<Vec<Said>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, act, track_id, undoes, at FROM event
             WHERE throughline_id = ?1 OR throughline_id IS NULL ORDER BY id",
        )?;
        let rows = statement.query_map([throughline.0], said)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Appends events.
pub struct EventsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl EventsMut<'_> {
    /// Appends what was said in `throughline` at the time `at`, Unix milliseconds. `Banished` and
    /// `Pardoned` hold for the whole library; an undo holds where the event it takes back did, which
    /// must be an act that is seen in `throughline`.
    pub fn append(&self, throughline: ThroughlineId, what: What, at: i64) -> Result<Event> {
        must_exist(self.db, "throughline", throughline.0)?;
        let (scope, act, track, undoes) = match what {
            What::Did(act, track) => {
                must_exist(self.db, "track", track.0)?;
                let everywhere = matches!(act, Act::Banished | Act::Pardoned);
                (
                    (!everywhere).then_some(throughline.0),
                    name(act),
                    Some(track.0),
                    None,
                )
            }
            What::Undid(event) => (self.scope(event, throughline)?, UNDID, None, Some(event.0)),
        };
        self.db
            .prepare_cached(
                "INSERT INTO event (throughline_id, at, act, track_id, undoes)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![scope, at, act, track, undoes])?;
        Ok(Event {
            id: EventId(self.db.last_insert_rowid()),
            what,
        })
    }

    /// The throughline in which an act that is seen in `throughline` holds; `None` for the whole library.
    fn scope(&self, event: EventId, throughline: ThroughlineId) -> Result<Option<i64>> {
        self.db
            .prepare_cached(
                "SELECT throughline_id FROM event
                 WHERE id = ?1 AND undoes IS NULL AND (throughline_id = ?2 OR throughline_id IS NULL)",
            )?
            .query_row([event.0, throughline.0], |row| row.get(0))
            .optional()?
            .ok_or(LibraryError::Unknown { table: "event", row: event.0 })
    }
}

/// What the table calls an event that takes another back.
const UNDID: &str = "undid";

const ACTS: [Act; 7] = [
    Act::Seeded,
    Act::Unseeded,
    Act::Up,
    Act::Down,
    Act::Cleared,
    Act::Banished,
    Act::Pardoned,
];

/// What the table calls an act.
fn name(act: Act) -> &'static str {
    match act {
        Act::Seeded => "seeded",
        Act::Unseeded => "unseeded",
        Act::Up => "up",
        Act::Down => "down",
        Act::Cleared => "cleared",
        Act::Banished => "banished",
        Act::Pardoned => "pardoned",
    }
}

struct Named(Act);

impl FromSql for Named {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let called = value.as_str()?;
        let act = ACTS.into_iter().find(|&act| name(act) == called);
        act.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

fn said(row: &Row<'_>) -> rusqlite::Result<Said> {
    let what = match row.get::<_, Option<i64>>(3)? {
        Some(undone) => What::Undid(EventId(undone)),
        None => What::Did(row.get::<_, Named>(1)?.0, TrackId(row.get(2)?)),
    };
    Ok(Said {
        event: Event {
            id: EventId(row.get(0)?),
            what,
        },
        at: row.get(4)?,
    })
}
