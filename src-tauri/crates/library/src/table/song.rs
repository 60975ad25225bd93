//! Songs of the catalogue: what it says of them, what became of them, and which of them are to be
//! embedded: those have a file row, whose path is an address, and so a job, a failure, a track.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use throughline_core::catalog::{AlbumId, ArtistId, Song, SongId};
use throughline_core::embedding::Recipe;
use throughline_core::track::TrackId;

use super::job::OPEN;
use super::{FileId, Stat};
use crate::error::{LibraryError, Result};

mod report;
mod write;

pub use report::{ArtistSongs, SongCount, SongReport};
pub use write::SongsMut;

pub(super) use write::read_first;

/// What the file row of a song looks like: its bytes are never on disk, so it never changes.
pub const SONG_STAT: Stat = Stat {
    size: 0,
    mtime_ns: 0,
};

/// Why a song whose link is dead has no vectors, as [`Failure`](super::Failure) has it.
pub const GONE: &str = "preview_gone";

/// The same in words.
pub const GONE_WORDS: &str = "its preview is not in the catalogue any more";

/// A song and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSong {
    /// What the catalogue says.
    pub song: Song,
    /// What became of it, as in `wanted`, `no_preview`, `karaoke`, `removed`; `None` for one that no
    /// crawl judged.
    pub verdict: Option<String>,
    /// The song that it is a version of.
    pub version_of: Option<SongId>,
    /// Its place among the wanted.
    pub rank: Option<u32>,
    /// Its file row, once it is planned.
    pub file: Option<FileId>,
    /// Whether its preview's link is dead.
    pub preview_gone: bool,
    /// When it was first seen, Unix milliseconds.
    pub seen_at: i64,
}

/// A song that waits to be embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSong {
    /// Its file row.
    pub file: FileId,
    /// Its number.
    pub song: SongId,
    /// Its title.
    pub title: String,
    /// Its artist's name.
    pub artist: Option<String>,
    /// Where its preview streams from.
    pub preview: String,
    /// Its place among the wanted; 0 for one that no crawl ranked.
    pub rank: u32,
}

/// Reads songs.
pub struct Songs<'a> {
    pub(crate) db: &'a Connection,
}

/// What the catalogue says of a song, in the order of [`Song`].
pub(super) const FACTS: &str = "song.id, song.title, song.artist, song.artist_id, song.album,
    song.album_id, song.genre, song.year, song.duration_s, song.preview, song.artwork, song.page";

/// Columns of [`StoredSong`]: [`FACTS`] and these.
const FATE: &str = "verdict, version_of, rank, file_id, preview_gone, seen_at";

/// Songs that were seeds once and that no crawl wanted, which have a link and no job yet under the recipe in
/// parameters 1 and 2.
pub(super) const UNHEARD_GUESTS: &str = "file JOIN song ON song.file_id = file.id
    WHERE source_id IS NULL AND track_id IS NOT NULL AND verdict IS NOT 'wanted'
        AND preview IS NOT NULL AND preview_gone = 0
        AND NOT EXISTS (SELECT 1 FROM job WHERE job.file_id = file.id
            AND model = ?1 AND feature_version = ?2)";

/// Songs whose link is dead and is missed: those that are wanted, and guests that were heard once.
const DEAD: &str = "preview_gone = 1 AND (verdict = 'wanted'
    OR file_id IN (SELECT id FROM file WHERE source_id IS NULL AND track_id IS NOT NULL))";

impl Songs<'_> {
    /// The songs `ids`, in that order; unknown ones are left out.
    pub fn get(&self, ids: &[SongId]) -> Result<Vec<StoredSong>> {
        let sql = format!("SELECT {FACTS}, {FATE} FROM song WHERE id = ?1");
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut songs = Vec::with_capacity(ids.len());
        for id in ids {
            songs.extend(statement.query_row([key(*id)], stored).optional()?);
        }
        Ok(songs)
    }

    /// The song of each of `tracks` that is one: the nearest, where several share a recording.
    pub fn of_tracks(&self, tracks: &[TrackId]) -> Result<HashMap<TrackId, StoredSong>> {
        let sql = format!(
            "SELECT {FACTS}, {FATE}, file.track_id FROM json_each(?1) AS asked
             JOIN file ON file.track_id = asked.value JOIN song ON song.file_id = file.id
             ORDER BY rank IS NOT NULL, rank DESC, song.id DESC"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let tracks = serde_json::json!(tracks).to_string();
        let songs =
            statement.query_map([tracks], |row| Ok((TrackId(row.get(18)?), stored(row)?)))?;
        // The nearest comes last, and stays.
        Ok(songs.collect::<Result<_, _>>()?)
    }

    /// The track of a song, once it was embedded under any recipe.
    pub fn track(&self, song: SongId) -> Result<Option<TrackId>> {
        let mut statement = self.db.prepare_cached(
            "SELECT track_id FROM song JOIN file ON file.id = song.file_id WHERE song.id = ?1",
        )?;
        let track: Option<Option<i64>> = statement
            .query_row([key(song)], |row| row.get(0))
            .optional()?;
        Ok(track.flatten().map(TrackId))
    }

    /// The name of an artist, as the newest of its songs has it.
    pub fn artist(&self, artist: ArtistId) -> Result<Option<String>> {
        self.words("artist", "artist_id", artist.0)
    }

    /// The title of an album, as the newest of its songs has it.
    pub fn album(&self, album: AlbumId) -> Result<Option<String>> {
        self.words("album", "album_id", album.0)
    }

    /// What stands in `column` where `key` is `value`. Both are names from here.
    fn words(&self, column: &str, key: &str, value: u64) -> Result<Option<String>> {
        let sql = format!(
            "SELECT {column} FROM song WHERE {key} = ?1 AND {column} IS NOT NULL
             ORDER BY seen_at DESC, id LIMIT 1"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let row = statement.query_row([value.cast_signed()], |row| row.get(0));
        Ok(row.optional()?)
    }

    /// Tracks in the list that are songs.
    pub fn listed(&self) -> Result<u64> {
        let mut statement = self.db.prepare_cached(
            "SELECT count(DISTINCT track_id) FROM song JOIN file ON file.id = song.file_id
             WHERE source_id IS NOT NULL",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Whether any song was ever to be embedded, as a guest or not.
    pub fn any_planned(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM song WHERE file_id IS NOT NULL)";
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// How many guests `recipe` has not tried to hear yet.
    pub fn unheard_guests(&self, recipe: &Recipe) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM {UNHEARD_GUESTS}");
        let mut statement = self.db.prepare_cached(&sql)?;
        let recipe = params![recipe.model.0, recipe.feature_version.0];
        Ok(statement.query_row(recipe, |row| row.get(0))?)
    }

    /// How many songs have a pending job under `recipe` and a link that is not dead.
    pub fn waiting(&self, recipe: &Recipe) -> Result<u64> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT count(*) FROM job JOIN song ON song.file_id = job.file_id
             WHERE {OPEN} AND state = 'pending' AND preview IS NOT NULL AND preview_gone = 0"
        ))?;
        let recipe = params![recipe.model.0, recipe.feature_version.0];
        Ok(statement.query_row(recipe, |row| row.get(0))?)
    }

    /// At most `limit` songs with a pending job under `recipe` and a link that is not dead, nearest
    /// first.
    pub fn pending(&self, recipe: &Recipe, limit: usize) -> Result<Vec<PendingSong>> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT song.file_id, song.id, title, artist, preview, coalesce(rank, 0) AS place
             FROM job JOIN song ON song.file_id = job.file_id
             WHERE {OPEN} AND state = 'pending' AND preview IS NOT NULL AND preview_gone = 0
             ORDER BY place, song.id LIMIT ?3"
        ))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(
            params![recipe.model.0, recipe.feature_version.0, limit],
            |row| {
                Ok(PendingSong {
                    file: FileId(row.get(0)?),
                    song: id(row.get(1)?),
                    title: row.get(2)?,
                    artist: row.get(3)?,
                    preview: row.get(4)?,
                    rank: row.get(5)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The link of a song that was heard under `recipe` and is not known to be dead; the newest such song's.
    pub fn heard_link(&self, recipe: &Recipe) -> Result<Option<String>> {
        let mut statement = self.db.prepare_cached(
            "SELECT preview FROM job JOIN song ON song.file_id = job.file_id
             WHERE model = ?1 AND feature_version = ?2 AND state = 'done'
                AND preview IS NOT NULL AND preview_gone = 0
             ORDER BY job.file_id DESC LIMIT 1",
        )?;
        let recipe = params![recipe.model.0, recipe.feature_version.0];
        Ok(statement.query_row(recipe, |row| row.get(0)).optional()?)
    }

    /// At most `limit` songs whose link is dead, to be looked up anew: guests that were heard once, then the
    /// wanted, nearest first.
    pub fn gone(&self, limit: usize) -> Result<Vec<SongId>> {
        let sql = format!("SELECT id FROM song WHERE {DEAD} ORDER BY rank LIMIT ?1");
        let mut statement = self.db.prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map([limit], |row| row.get(0).map(id))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The key of a song's row: the same bits.
pub(super) fn key(song: SongId) -> i64 {
    song.0.cast_signed()
}

/// The song that [`key`] gave the key of.
pub(super) fn id(key: i64) -> SongId {
    SongId(key.cast_unsigned())
}

/// The song in the columns of [`FACTS`], which come first.
pub(super) fn facts(row: &Row<'_>) -> rusqlite::Result<Song> {
    Ok(Song {
        id: id(row.get(0)?),
        title: row.get(1)?,
        artist: row.get(2)?,
        artist_id: row
            .get::<_, Option<i64>>(3)?
            .map(|key| ArtistId(key.cast_unsigned())),
        album: row.get(4)?,
        album_id: row
            .get::<_, Option<i64>>(5)?
            .map(|key| AlbumId(key.cast_unsigned())),
        genre: row.get(6)?,
        year: row.get(7)?,
        duration_s: row.get(8)?,
        preview: row.get(9)?,
        artwork: row.get(10)?,
        page: row.get(11)?,
    })
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredSong> {
    Ok(StoredSong {
        song: facts(row)?,
        verdict: row.get(12)?,
        version_of: row.get::<_, Option<i64>>(13)?.map(id),
        rank: row.get(14)?,
        file: row.get::<_, Option<i64>>(15)?.map(FileId),
        preview_gone: row.get(16)?,
        seen_at: row.get(17)?,
    })
}

/// There is no such song.
fn unknown(song: SongId) -> LibraryError {
    LibraryError::Unknown {
        table: "song",
        row: key(song),
    }
}
