//! Which tracks are versions of one song. Derived from names and vectors when a build ends.

use rusqlite::{Connection, params};
use throughline_core::track::TrackId;
use throughline_core::versions::Kinship;

use crate::error::{LibraryError, Result};

/// A track that is a version of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The track.
    pub track: TrackId,
    /// The track that stands for its family.
    pub family: TrackId,
    /// What it is to that one.
    pub kinship: Kinship,
}

/// Reads versions.
pub struct Versions<'a> {
    pub(crate) db: &'a Connection,
}

impl Versions<'_> {
    /// Every track that is a version of another, ascending.
    pub fn all(&self) -> Result<Vec<Version>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT track_id, family, kinship FROM version ORDER BY track_id")?;
        let mut rows = statement.query([])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            let track = TrackId(row.get(0)?);
            let kinship = serde_json::from_str(&row.get::<_, String>(2)?);
            versions.push(Version {
                track,
                family: TrackId(row.get(1)?),
                kinship: kinship.map_err(|error| LibraryError::Row {
                    table: "version",
                    row: track.0,
                    detail: format!("its kinship is unreadable: {error}"),
                })?,
            });
        }
        Ok(versions)
    }
}

/// Writes versions.
pub struct VersionsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl VersionsMut<'_> {
    /// Sets which tracks are versions of others, in place of what was known.
    pub fn put(&self, versions: impl IntoIterator<Item = Version>) -> Result<()> {
        self.db.prepare_cached("DELETE FROM version")?.execute([])?;
        let mut insert = self.db.prepare_cached(
            "INSERT INTO version (track_id, family, kinship) VALUES (?1, ?2, ?3)",
        )?;
        for version in versions {
            let kinship = serde_json::json!(version.kinship).to_string();
            insert.execute(params![version.track.0, version.family.0, kinship])?;
        }
        Ok(())
    }
}
