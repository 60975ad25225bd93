//! Library statistics, frozen when a build ends.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use throughline_core::embedding::{Recipe, Space};

use super::recipe;
use crate::blob;
use crate::error::{LibraryError, Result};

/// Identity of a space in one library; the newest of a recipe has the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpaceId(pub i64);

/// A space as it was frozen.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSpace {
    /// Its identity.
    pub id: SpaceId,
    /// When it was computed, Unix milliseconds.
    pub built_at: i64,
    /// The statistics.
    pub space: Space,
}

/// Reads spaces.
pub struct Spaces<'a> {
    pub(crate) db: &'a Connection,
}

impl Spaces<'_> {
    /// The space that counts for `recipe`: the newest.
    pub fn newest(&self, recipe: &Recipe) -> Result<Option<StoredSpace>> {
        self.db
            .prepare_cached(
                "SELECT id, built_at, tracks, parts, mean, tag_mean, tag_std FROM space
                 WHERE model = ?1 AND feature_version = ?2 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![recipe.model.0, recipe.feature_version.0], |row| {
                Ok(stored(row))
            })
            .optional()?
            .transpose()
    }

    /// Which space counts for `recipe`: when it is another one, a build has ended that brought or took vectors. Of
    /// files that only went or came back it says nothing.
    pub fn newest_id(&self, recipe: &Recipe) -> Result<Option<SpaceId>> {
        let mut statement = self.db.prepare_cached(
            "SELECT max(id) FROM space WHERE model = ?1 AND feature_version = ?2",
        )?;
        let recipe = params![recipe.model.0, recipe.feature_version.0];
        let id: Option<i64> = statement.query_row(recipe, |row| row.get(0))?;
        Ok(id.map(SpaceId))
    }

    /// Every recipe that has a space, in the order in which each got its first, and how many tracks in
    /// music folders have vectors of it.
    pub fn recipes(&self) -> Result<Vec<(Recipe, u64)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT model, feature_version, (
                SELECT count(*) FROM vector JOIN listed ON listed.track_id = vector.track_id
                WHERE vector.model = space.model AND vector.feature_version = space.feature_version)
             FROM space GROUP BY model, feature_version ORDER BY min(id)",
        )?;
        let rows = statement.query_map([], |row| Ok((recipe(row, 0)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Writes spaces.
pub struct SpacesMut<'a> {
    pub(crate) db: &'a Connection,
}

impl SpacesMut<'_> {
    /// Freezes `space` for `recipe`: from now on it counts. Older ones stay.
    pub fn add(&self, recipe: &Recipe, space: &Space, now: i64) -> Result<SpaceId> {
        let parts = serde_json::json!(space.parts).to_string();
        self.db
            .prepare_cached(
                "INSERT INTO space
                    (model, feature_version, built_at, tracks, parts, mean, tag_mean, tag_std)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                recipe.model.0,
                recipe.feature_version.0,
                now,
                space.tracks,
                parts,
                blob::from_floats(&space.mean),
                blob::from_floats(&space.tag_mean),
                blob::from_floats(&space.tag_std),
            ])?;
        Ok(SpaceId(self.db.last_insert_rowid()))
    }
}

fn stored(row: &Row<'_>) -> Result<StoredSpace> {
    let id: i64 = row.get(0)?;
    let wrong = |detail| LibraryError::Row {
        table: "space",
        row: id,
        detail,
    };
    let parts: Vec<usize> = serde_json::from_str(&row.get::<_, String>(3)?)
        .map_err(|error| wrong(format!("its parts are unreadable: {error}")))?;
    let floats = |column| -> Result<Vec<f32>> {
        blob::to_floats(&row.get::<_, Vec<u8>>(column)?).map_err(wrong)
    };
    let space = Space {
        mean: floats(4)?,
        tag_mean: floats(5)?,
        tag_std: floats(6)?,
        tracks: row.get(2)?,
        parts,
    };
    let dimension = space
        .parts
        .iter()
        .try_fold(0_usize, |sum, &part| sum.checked_add(part));
    if dimension != Some(space.mean.len()) || space.tag_mean.len() != space.tag_std.len() {
        return Err(wrong(
            "its parts, means and deviations differ in length".into(),
        ));
    }
    Ok(StoredSpace {
        id: SpaceId(id),
        built_at: row.get(1)?,
        space,
    })
}
