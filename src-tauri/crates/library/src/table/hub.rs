//! Hub terms: how near each track is to its nearest neighbours in a frozen space. Derived from the
//! vectors, and kept since finding all neighbours takes seconds.

use rusqlite::{Connection, params};
use throughline_core::track::TrackId;

use super::SpaceId;
use crate::error::Result;

/// Reads hub terms.
pub struct Hubs<'a> {
    pub(crate) db: &'a Connection,
}

impl Hubs<'_> {
    /// The hub terms of a space, by ascending track.
    pub fn of(&self, space: SpaceId) -> Result<Vec<(TrackId, f32)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT track_id, similarity FROM hub WHERE space_id = ?1 ORDER BY track_id",
        )?;
        let rows = statement.query_map([space.0], |row| Ok((TrackId(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Writes hub terms.
pub struct HubsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl HubsMut<'_> {
    /// Sets the hub terms of a space, and forgets those of older spaces of its recipe.
    pub fn put(
        &self,
        space: SpaceId,
        terms: impl IntoIterator<Item = (TrackId, f32)>,
    ) -> Result<()> {
        self.db
            .prepare_cached(
                "DELETE FROM hub WHERE space_id IN (
                    SELECT old.id FROM space AS old JOIN space AS new
                        ON old.model = new.model AND old.feature_version = new.feature_version
                    WHERE new.id = ?1)",
            )?
            .execute([space.0])?;
        let mut insert = self.db.prepare_cached(
            "INSERT INTO hub (space_id, track_id, similarity) VALUES (?1, ?2, ?3)",
        )?;
        for (track, similarity) in terms {
            insert.execute(params![space.0, track.0, similarity])?;
        }
        Ok(())
    }
}
