//! Tracks: what is known of a recording, and finding it by words.

use std::path::{Path, PathBuf};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use throughline_core::catalog::{Song, SongId};
use throughline_core::embedding::Recipe;
use throughline_core::track::{ContentHash, Tags, TrackId};

use crate::error::Result;
use crate::place::Place;

/// What a file says of its recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// What its tags say.
    pub tags: Tags,
    /// Length in seconds.
    pub duration_s: f64,
    /// Short name of the codec, as in `flac`.
    pub codec: String,
    /// Sample rate in Hz.
    pub sample_rate: u32,
    /// Number of channels.
    pub channels: u32,
}

impl Description {
    /// What the catalogue says of `song`; the whole song's length, or where that is not known its
    /// preview's, `preview_s`. Codec, rate and channels are the preview's.
    pub fn of_song(
        song: &Song,
        codec: &str,
        sample_rate: u32,
        channels: u32,
        preview_s: f64,
    ) -> Self {
        Self {
            tags: song.tags(),
            duration_s: song.duration_s.unwrap_or(preview_s),
            codec: codec.to_owned(),
            sample_rate,
            channels,
        }
    }
}

/// Whether a track can be ranked under a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has vectors and a file that is there.
    Ready,
    /// It is there, but was not analysed under this recipe.
    Pending,
    /// None of its files is there.
    Missing,
}

/// A track as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Its identity.
    pub id: TrackId,
    /// Its best file: one that is there before a missing one, one in a music folder before a guest.
    /// `None` when its folder was taken off the list, and for a song of the catalogue.
    pub path: Option<PathBuf>,
    /// Its number, where it is a song of the catalogue.
    pub song: Option<SongId>,
    /// What its tags say.
    pub tags: Tags,
    /// Length in seconds.
    pub duration_s: f64,
    /// Whether it can be ranked under the recipe that was asked for.
    pub status: Status,
}

/// A track by what lists are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its identity.
    pub id: TrackId,
    /// Its title, as its tags have it.
    pub title: Option<String>,
    /// Its artist.
    pub artist: Option<String>,
    /// Its album.
    pub album: Option<String>,
    /// Its best file, as in [`Track`], where it has no title to be called by.
    pub path: Option<PathBuf>,
}

/// Reads tracks.
pub struct Tracks<'a> {
    pub(crate) db: &'a Connection,
}

/// Columns of [`Track`]; parameters 1 and 2 are the recipe.
const COLUMNS: &str =
    "SELECT track.id, track.title, track.artist, track.album, track.year, track.genre,
        track.duration_s, best.path,
        CASE
            WHEN coalesce(best.missing, 1) THEN 'missing'
            WHEN EXISTS (SELECT 1 FROM vector
                WHERE model = ?1 AND feature_version = ?2 AND track_id = track.id) THEN 'ready'
            ELSE 'pending'
        END";

const BEST: &str = "LEFT JOIN file AS best ON best.id = (
        SELECT id FROM file WHERE track_id = track.id
        ORDER BY missing, source_id IS NULL, id LIMIT 1)";

/// Columns of [`Named`].
const NAMES: &str = "SELECT track.id, track.title, track.artist, track.album,
        iif(track.title IS NULL, (
            SELECT path FROM file WHERE track_id = track.id
            ORDER BY missing, source_id IS NULL, id LIMIT 1), NULL)";

impl Tracks<'_> {
    /// The tracks `ids`, in that order; unknown ones are left out.
    pub fn get(&self, recipe: &Recipe, ids: &[TrackId]) -> Result<Vec<Track>> {
        let ids = serde_json::json!(ids).to_string();
        let sql = format!(
            "{COLUMNS} FROM json_each(?3) AS wanted JOIN track ON track.id = wanted.value {BEST}
             ORDER BY wanted.key"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(
            params![recipe.model.0, recipe.feature_version.0, ids],
            track,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every track with a file in a music folder, in the order in which they became known.
    pub fn all(&self, recipe: &Recipe) -> Result<Vec<Track>> {
        let sql = format!(
            "{COLUMNS} FROM track JOIN listed ON listed.track_id = track.id {BEST} ORDER BY track.id"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(params![recipe.model.0, recipe.feature_version.0], track)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The names of every track with a file in a music folder, in the order in which they became known.
    pub fn names(&self) -> Result<Vec<Named>> {
        let sql = format!(
            "{NAMES} FROM track JOIN listed ON listed.track_id = track.id ORDER BY track.id"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([], named)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The names of all that [`Tracks::search`] finds, in its order.
    pub fn names_of(&self, text: &str) -> Result<Vec<Named>> {
        let Some(query) = fts_query(text) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "{NAMES} FROM (
                SELECT rowid AS id, {RANK} AS rank FROM track_text WHERE track_text MATCH ?1
             ) AS found JOIN track USING (id)
             WHERE EXISTS (SELECT 1 FROM file WHERE track_id = track.id AND source_id IS NOT NULL)
             ORDER BY found.rank, track.id"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([query], named)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Tracks in music folders where every word of `text` begins a word of title, artist, album or
    /// path below the folder, best first, at most `limit`. Case and diacritics do not count. Any text
    /// will do; one without a letter or digit finds nothing.
    pub fn search(&self, recipe: &Recipe, text: &str, limit: usize) -> Result<Vec<Track>> {
        let Some(query) = fts_query(text) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "{COLUMNS} FROM (
                SELECT rowid AS id, {RANK} AS rank FROM track_text
                WHERE track_text MATCH ?3
                    AND EXISTS (
                    SELECT 1 FROM file WHERE track_id = track_text.rowid AND source_id IS NOT NULL)
                ORDER BY rank, rowid LIMIT ?4
             ) AS found JOIN track USING (id) {BEST} ORDER BY found.rank, found.id"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(
            params![recipe.model.0, recipe.feature_version.0, query, limit],
            track,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Where a track lies, its best file first, as [`Track::path`] says; a song of the catalogue nowhere.
    pub fn paths(&self, track: TrackId) -> Result<Vec<PathBuf>> {
        let mut statement = self.db.prepare_cached(
            "SELECT path FROM file WHERE track_id = ?1 ORDER BY missing, source_id IS NULL, id",
        )?;
        let rows = statement.query_map([track.0], |row| row.get(0).map(Place::from_bytes))?;
        let places: Vec<Place> = rows.collect::<Result<_, _>>()?;
        Ok(places
            .iter()
            .filter_map(|place| place.path().map(Path::to_owned))
            .collect())
    }

    /// The track whose content has this hash.
    pub fn by_hash(&self, hash: ContentHash) -> Result<Option<TrackId>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT id FROM track WHERE content_hash = ?1")?;
        Ok(statement
            .query_row([&hash.0[..]], |row| row.get(0))
            .optional()?
            .map(TrackId))
    }

    /// The hash of a track's content.
    pub fn hash(&self, track: TrackId) -> Result<Option<ContentHash>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT content_hash FROM track WHERE id = ?1")?;
        let hash = statement
            .query_row([track.0], |row| row.get(0))
            .optional()?;
        Ok(hash.map(ContentHash))
    }

    /// The tracks of this title and artist, in whatever case, with the length of each in seconds; by
    /// ascending id.
    pub fn called(&self, title: &str, artist: Option<&str>) -> Result<Vec<(TrackId, f64)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, duration_s FROM track
             WHERE title = ?1 COLLATE NOCASE AND artist IS ?2 COLLATE NOCASE ORDER BY id",
        )?;
        let rows = statement.query_map(params![title, artist], |row| {
            Ok((TrackId(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Writes tracks. Only [`crate::Transaction::store`] does: a track comes with its vectors.
pub(crate) struct TracksMut<'a> {
    pub(crate) db: &'a Connection,
}

impl TracksMut<'_> {
    pub(crate) fn insert(
        &self,
        hash: ContentHash,
        about: &Description,
        now: i64,
    ) -> Result<TrackId> {
        self.db
            .prepare_cached(
                "INSERT INTO track
                (content_hash, duration_s, codec, sample_rate, channels, added_at)
                VALUES (?1, 0, '', 0, 0, ?2)",
            )?
            .execute(params![&hash.0[..], now])?;
        let id = TrackId(self.db.last_insert_rowid());
        self.describe(id, hash, about)?;
        Ok(id)
    }

    pub(crate) fn describe(
        &self,
        id: TrackId,
        hash: ContentHash,
        about: &Description,
    ) -> Result<()> {
        let Description { tags, .. } = about;
        self.db
            .prepare_cached(
                "UPDATE track SET content_hash = ?2, title = ?3, artist = ?4, album = ?5, year = ?6,
                    genre = ?7, duration_s = ?8, codec = ?9, sample_rate = ?10, channels = ?11
                 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                &hash.0[..],
                tags.title,
                tags.artist,
                tags.album,
                tags.year,
                tags.genre,
                about.duration_s,
                about.codec,
                about.sample_rate,
                about.channels,
            ])?;
        Ok(())
    }
}

/// What a word found in title, artist, album and path is worth: a song is looked for by its title.
const RANK: &str = "bm25(track_text, 8.0, 4.0, 2.0, 1.0)";

/// Words of a query that count. FTS5 refuses expressions deeper than 256.
const WORDS: usize = 32;

/// Characters of a query that count.
const CHARACTERS: usize = 512;

/// `text` as an FTS5 query: each word quoted, so that none is syntax, and completed. `None` when
/// there is nothing to look for.
fn fts_query(text: &str) -> Option<String> {
    let text: String = text.chars().take(CHARACTERS).collect();
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS)
        .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

impl FromSql for Status {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "ready" => Ok(Self::Ready),
            "pending" => Ok(Self::Pending),
            "missing" => Ok(Self::Missing),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

fn named(row: &Row<'_>) -> rusqlite::Result<Named> {
    let place = row.get::<_, Option<Vec<u8>>>(4)?.map(Place::from_bytes);
    Ok(Named {
        id: TrackId(row.get(0)?),
        title: row.get(1)?,
        artist: row.get(2)?,
        album: row.get(3)?,
        path: place.and_then(|place| place.path().map(Path::to_owned)),
    })
}

fn track(row: &Row<'_>) -> rusqlite::Result<Track> {
    let place = row.get::<_, Option<Vec<u8>>>(7)?.map(Place::from_bytes);
    Ok(Track {
        id: TrackId(row.get(0)?),
        tags: Tags {
            title: row.get(1)?,
            artist: row.get(2)?,
            album: row.get(3)?,
            year: row.get(4)?,
            genre: row.get(5)?,
        },
        duration_s: row.get(6)?,
        path: place
            .as_ref()
            .and_then(|place| place.path().map(Path::to_owned)),
        song: place.and_then(|place| place.song()),
        status: row.get(8)?,
    })
}
