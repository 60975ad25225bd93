//! What models made of tracks: pooled vectors, tag probabilities, windows.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use throughline_core::embedding::{Features, Recipe, variation};
use throughline_core::track::TrackId;

use crate::blob::{self, PooledAs, Windows};
use crate::error::{LibraryError, Result};

/// What a model made of a track, without the windows.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// The track.
    pub track: TrackId,
    /// Whether one of its files in a music folder is there. A track that is not keeps its vectors but
    /// stays out of results.
    pub present: bool,
    /// Mean over all windows, `[dimension]`, before any library statistics; of float16 precision.
    pub pooled: Vec<f32>,
    /// Standard deviation over all windows, `[dimension]`.
    pub variation: Vec<f32>,
    /// Tag probabilities, `[tags]`.
    pub tags: Vec<f32>,
}

/// Reads vectors.
pub struct Vectors<'a> {
    pub(crate) db: &'a Connection,
}

impl Vector {
    /// Mean and variation joined, `[2 · dimension]`: what a [`Space`](throughline_core::embedding::Space)
    /// takes.
    pub fn raw(&self) -> Vec<f32> {
        [self.pooled.as_slice(), &self.variation].concat()
    }
}

impl Vectors<'_> {
    /// Shows `visit` the vector of every track with a file in a music folder, present or missing, by
    /// ascending [`TrackId`]. All have the same lengths.
    pub fn each(&self, recipe: &Recipe, mut visit: impl FnMut(Vector)) -> Result<()> {
        let mut statement = self.db.prepare_cached(
            "SELECT vector.track_id, present, pooled_as, pooled, tags, deviation,
                CASE WHEN deviation IS NULL THEN windows END
             FROM vector JOIN listed ON listed.track_id = vector.track_id
                LEFT JOIN variation USING (model, feature_version, track_id)
             WHERE model = ?1 AND feature_version = ?2 ORDER BY vector.track_id",
        )?;
        let mut rows = statement.query(params![recipe.model.0, recipe.feature_version.0])?;
        let mut first = None;
        while let Some(row) = rows.next()? {
            let vector = vector(row)?;
            let lengths = (vector.pooled.len(), vector.tags.len());
            let expected = *first.get_or_insert(lengths);
            if lengths != expected {
                return Err(wrong(
                    vector.track,
                    format!("lengths {lengths:?}, others have {expected:?}"),
                ));
            }
            visit(vector);
        }
        Ok(())
    }

    /// How many tracks [`Vectors::each`] shows.
    pub fn count(&self, recipe: &Recipe) -> Result<u64> {
        let mut statement = self.db.prepare_cached(
            "SELECT count(*) FROM vector JOIN listed ON listed.track_id = vector.track_id
             WHERE model = ?1 AND feature_version = ?2",
        )?;
        let recipe = params![recipe.model.0, recipe.feature_version.0];
        Ok(statement.query_row(recipe, |row| row.get(0))?)
    }

    /// The vector of one track, listed or not.
    pub fn get(&self, recipe: &Recipe, track: TrackId) -> Result<Option<Vector>> {
        Ok(self.some(recipe, &[track])?.pop())
    }

    /// The vectors of `tracks`, listed or not, by ascending [`TrackId`]; those that have none are left out.
    pub fn some(&self, recipe: &Recipe, tracks: &[TrackId]) -> Result<Vec<Vector>> {
        let tracks = serde_json::json!(tracks).to_string();
        // Not by the view `listed`, which would be made for every file before one of them is looked up.
        let mut statement = self.db.prepare_cached(
            "SELECT track_id,
                coalesce((SELECT max(1 - missing) FROM file
                    WHERE file.track_id = vector.track_id AND source_id IS NOT NULL), 0),
                pooled_as, pooled, tags, deviation,
                CASE WHEN deviation IS NULL THEN windows END
             FROM vector LEFT JOIN variation USING (model, feature_version, track_id)
             WHERE model = ?1 AND feature_version = ?2
                AND track_id IN (SELECT value FROM json_each(?3))
             ORDER BY track_id",
        )?;
        let row = params![recipe.model.0, recipe.feature_version.0, tracks];
        let rows = statement.query_map(row, |row| Ok(vector(row)))?;
        rows.map(|row| row?).collect()
    }

    /// The row id of every vector, of whatever recipe, that cannot be read, windows included, and why.
    pub(crate) fn unreadable(&self) -> Result<Vec<(i64, LibraryError)>> {
        let mut statement = self.db.prepare(
            "SELECT vector.track_id, 0, pooled_as, pooled, tags, deviation, windows, vector.rowid
             FROM vector LEFT JOIN variation USING (model, feature_version, track_id)
             ORDER BY vector.rowid",
        )?;
        let mut rows = statement.query([])?;
        let mut unreadable = Vec::new();
        while let Some(row) = rows.next()? {
            let read = || -> Result<()> {
                let vector = vector(row)?;
                blob::to_windows(&row.get::<_, Vec<u8>>(6)?, vector.pooled.len())
                    .map_err(|detail| wrong(vector.track, detail))?;
                Ok(())
            };
            let rowid: i64 = row.get(7)?;
            match read() {
                Ok(()) => {}
                Err(error @ LibraryError::Row { .. }) => unreadable.push((rowid, error)),
                // A value of another type.
                Err(LibraryError::Damaged { detail }) => {
                    let track = TrackId(row.get(0).unwrap_or(rowid));
                    unreadable.push((rowid, wrong(track, detail)));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(unreadable)
    }

    /// Whether a track has vectors.
    pub fn has(&self, recipe: &Recipe, track: TrackId) -> Result<bool> {
        let mut statement = self.db.prepare_cached(
            "SELECT EXISTS (
                SELECT 1 FROM vector WHERE model = ?1 AND feature_version = ?2 AND track_id = ?3)",
        )?;
        let row = params![recipe.model.0, recipe.feature_version.0, track.0];
        Ok(statement.query_row(row, |row| row.get(0))?)
    }

    /// The windows of those of `tracks` that have any, in one query.
    pub fn windows_of(
        &self,
        recipe: &Recipe,
        tracks: &[TrackId],
    ) -> Result<HashMap<TrackId, Windows>> {
        let tracks = serde_json::json!(tracks).to_string();
        let mut statement = self.db.prepare_cached(
            "SELECT track_id, pooled_as, length(pooled), windows
             FROM vector WHERE model = ?1 AND feature_version = ?2
                AND track_id IN (SELECT value FROM json_each(?3))",
        )?;
        let mut rows =
            statement.query(params![recipe.model.0, recipe.feature_version.0, tracks])?;
        let mut windows = HashMap::new();
        while let Some(row) = rows.next()? {
            let (track, kept_as) = (TrackId(row.get(0)?), row.get::<_, PooledAs>(1)?);
            let dimension = row.get::<_, usize>(2)? / kept_as.size();
            let read = blob::to_windows(&row.get::<_, Vec<u8>>(3)?, dimension);
            windows.insert(track, read.map_err(|detail| wrong(track, detail))?);
        }
        Ok(windows)
    }

    /// The windows of one track.
    pub fn windows(&self, recipe: &Recipe, track: TrackId) -> Result<Option<Windows>> {
        let row: Option<(PooledAs, usize, Vec<u8>)> = self
            .db
            .prepare_cached(
                "SELECT pooled_as, length(pooled), windows FROM vector
                 WHERE model = ?1 AND feature_version = ?2 AND track_id = ?3",
            )?
            .query_row(
                params![recipe.model.0, recipe.feature_version.0, track.0],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        row.map(|(kept_as, bytes, windows)| blob::to_windows(&windows, bytes / kept_as.size()))
            .transpose()
            .map_err(|detail| wrong(track, detail))
    }
}

/// Writes vectors. Only [`crate::Transaction::store`] does.
pub(crate) struct VectorsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl VectorsMut<'_> {
    /// Sets the vectors of a track.
    pub(crate) fn put(&self, recipe: &Recipe, track: TrackId, features: &Features) -> Result<()> {
        let refused = |detail| LibraryError::Features { detail };
        blob::check(features).map_err(refused)?;
        let pooled = blob::from_halves(&features.pooled).map_err(refused)?;
        self.db
            .prepare_cached(
                "INSERT INTO vector
                    (track_id, model, feature_version, pooled_as, pooled, tags, windows)
                 VALUES (?1, ?2, ?3, 'f16', ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET pooled_as = excluded.pooled_as,
                    pooled = excluded.pooled, tags = excluded.tags, windows = excluded.windows",
            )?
            .execute(params![
                track.0,
                recipe.model.0,
                recipe.feature_version.0,
                pooled,
                blob::from_floats(&features.tags),
                blob::from_windows(features),
            ])?;
        let deviation = variation(&features.windows.view());
        self.db
            .prepare_cached(
                "INSERT INTO variation (track_id, model, feature_version, deviation)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET deviation = excluded.deviation",
            )?
            .execute(params![
                track.0,
                recipe.model.0,
                recipe.feature_version.0,
                blob::from_halves(&deviation).map_err(refused)?,
            ])?;
        Ok(())
    }

    /// Keeps how much each of `rows` varies, where that was computed from the windows so far.
    pub(crate) fn keep_variations(&self, recipe: &Recipe, rows: &[Vector]) -> Result<()> {
        let mut insert = self.db.prepare_cached(
            "INSERT OR IGNORE INTO variation (track_id, model, feature_version, deviation)
             VALUES (?1, ?2, ?3, ?4)",
        )?;
        for row in rows {
            let deviation =
                blob::from_halves(&row.variation).map_err(|detail| wrong(row.track, detail))?;
            let (model, version) = (&recipe.model.0, &recipe.feature_version.0);
            insert.execute(params![row.track.0, model, version, deviation])?;
        }
        Ok(())
    }

    /// Removes the vectors of a track, those of every recipe.
    pub(crate) fn remove(&self, track: TrackId) -> Result<()> {
        self.db
            .prepare_cached("DELETE FROM vector WHERE track_id = ?1")?
            .execute([track.0])?;
        Ok(())
    }
}

fn vector(row: &Row<'_>) -> Result<Vector> {
    let track = TrackId(row.get(0)?);
    let kept_as: PooledAs = row.get(2)?;
    let pooled: Vec<u8> = row.get(3)?;
    let tags: Vec<u8> = row.get(4)?;
    let deviation: Option<Vec<u8>> = row.get(5)?;
    let windows: Option<Vec<u8>> = row.get(6)?;
    let read = || -> Result<_, String> {
        let pooled = kept_as.read(&pooled)?;
        let variation = if let Some(bytes) = deviation {
            PooledAs::F16.read(&bytes)?
        } else {
            let windows = blob::to_windows(&windows.unwrap_or_default(), pooled.len())?;
            variation(&windows.matrix(pooled.len()).view())
        };
        if variation.len() != pooled.len() {
            return Err("its mean and deviation differ in length".to_owned());
        }
        Ok((pooled, variation, blob::to_floats(&tags)?))
    };
    let (pooled, variation, tags) = read().map_err(|detail| wrong(track, detail))?;
    Ok(Vector {
        track,
        present: row.get(1)?,
        pooled,
        variation,
        tags,
    })
}

fn wrong(track: TrackId, detail: String) -> LibraryError {
    LibraryError::Row {
        table: "vector",
        row: track.0,
        detail,
    }
}
