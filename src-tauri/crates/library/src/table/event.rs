//! What the listener said: an append-only list. Triggers abort every change and removal.

use std::collections::BTreeMap;

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Row, params};
use throughline_core::feedback::{Act, Event, EventId, Knob, Thousandths, ThroughlineId, What};
use throughline_core::track::TrackId;

use super::must_exist;
use crate::error::{LibraryError, Result};

/// Reads events.
pub struct Events<'a> {
    pub(crate) db: &'a Connection,
}

impl Events<'_> {
    /// What was said in `throughline` and about the whole library, oldest first.
    pub fn of(&self, throughline: ThroughlineId) -> Result<Vec<Event>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, act, track_id, undoes, value, at FROM event
             WHERE throughline_id = ?1 OR throughline_id IS NULL ORDER BY id",
        )?;
        let rows = statement.query_map([throughline.0], said)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The same of every throughline of which there is anything, in one query.
    pub fn of_each(&self) -> Result<BTreeMap<ThroughlineId, Vec<Event>>> {
        let mut statement = self.db.prepare_cached(
            "SELECT event.id, act, track_id, undoes, value, at, throughline.id FROM throughline
             JOIN event ON throughline_id = throughline.id OR throughline_id IS NULL
             ORDER BY event.id",
        )?;
        let mut rows = statement.query([])?;
        let mut each = BTreeMap::<_, Vec<_>>::new();
        while let Some(row) = rows.next()? {
            each.entry(ThroughlineId(row.get(6)?))
                .or_default()
                .push(said(row)?);
        }
        Ok(each)
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
        if let Some(track) = what.track() {
            must_exist(self.db, "track", track.0)?;
        }
        let (scope, undoes) = match what {
            What::Undid(event) => (self.scope(event, throughline)?, Some(event.0)),
            _ => ((!what.is_everywhere()).then_some(throughline.0), None),
        };
        let (act, value) = match what {
            What::Did(act, _) => (act.name(), None),
            What::Weighed(_, weight) => (WEIGHED, Some(weight)),
            What::DownNear(_, radius) => (DOWN_NEAR, Some(radius)),
            What::Turned(Knob::Breadth, place) => (BREADTH, Some(place)),
            What::Turned(Knob::Explore, place) => (EXPLORE, Some(place)),
            What::Undid(_) => (UNDID, None),
        };
        self.db
            .prepare_cached(
                "INSERT INTO event (throughline_id, at, act, track_id, undoes, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                scope,
                at,
                act,
                what.track().map(|track| track.0),
                undoes,
                value.map(|Thousandths(value)| value)
            ])?;
        Ok(Event {
            id: EventId(self.db.last_insert_rowid()),
            what,
            at,
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

// What the table calls events that are no acts.
const WEIGHED: &str = "weighed";
const DOWN_NEAR: &str = "down_near";
const BREADTH: &str = "breadth";
const EXPLORE: &str = "explore";
const UNDID: &str = "undid";

fn said(row: &Row<'_>) -> rusqlite::Result<Event> {
    let track = || row.get(2).map(TrackId);
    let value = || row.get(4).map(Thousandths);
    let what = match row.get_ref(1)?.as_str()? {
        UNDID => What::Undid(EventId(row.get(3)?)),
        WEIGHED => What::Weighed(track()?, value()?),
        DOWN_NEAR => What::DownNear(track()?, value()?),
        BREADTH => What::Turned(Knob::Breadth, value()?),
        EXPLORE => What::Turned(Knob::Explore, value()?),
        act => match Act::ALL.into_iter().find(|known| known.name() == act) {
            Some(act) => What::Did(act, track()?),
            None => Err(FromSqlError::InvalidType)?,
        },
    };
    Ok(Event {
        id: EventId(row.get(0)?),
        what,
        at: row.get(5)?,
    })
}
