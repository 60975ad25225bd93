//! Writing songs: what the catalogue says, what is to be embedded, what is taken off the list.

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use throughline_core::catalog::crawl::{Judged, Origin, Verdict};
use throughline_core::catalog::{ArtistId, Song, SongId};
use throughline_core::embedding::Recipe;

use super::{FACTS, FileId, GONE, GONE_WORDS, SONG_STAT, UNHEARD_GUESTS, facts, key, unknown};
use crate::error::{LibraryError, Result};
use crate::place::{self, CATALOGUE};
use crate::table::{JobsMut, OPEN};

/// Writes songs.
pub struct SongsMut<'a> {
    pub(crate) db: &'a Connection,
}

/// A file row without a source whose song is wanted.
const WANTED_GUEST: &str = "source_id IS NULL
    AND id IN (SELECT file_id FROM song WHERE verdict = 'wanted')";

impl SongsMut<'_> {
    /// Notes what the catalogue says of `songs`. What is known of a song stays, what is missing is
    /// filled in.
    pub fn upsert(&self, songs: &[Song], now: i64) -> Result<()> {
        for song in songs {
            self.note(song, now)?;
        }
        Ok(())
    }

    /// Plans every wanted song that has no job under `recipe`, a preview, and a link that is not dead:
    /// it becomes a file of the catalogue's source, which is made on demand, and a pending job. A guest that
    /// another recipe has heard gets a pending job as well. One that is
    /// listed and whose link is dead gets a failed job, so that a recipe can come to its end. Returns how
    /// many are pending.
    pub fn plan(&self, recipe: &Recipe, now: i64) -> Result<usize> {
        self.db
            .prepare_cached(
                "INSERT INTO job (file_id, model, feature_version, state, reason_code, reason,
                    size, mtime_ns)
                 SELECT file_id, ?1, ?2, 'failed', ?3, ?4, ?5, ?6 FROM song
                 WHERE verdict = 'wanted' AND preview_gone = 1 AND file_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM job WHERE job.file_id = song.file_id
                        AND model = ?1 AND feature_version = ?2)",
            )?
            .execute(params![
                recipe.model.0,
                recipe.feature_version.0,
                GONE,
                GONE_WORDS,
                SONG_STAT.size,
                SONG_STAT.mtime_ns,
            ])?;
        let guests = self.plan_guests(recipe)?;
        let mut todo = self.db.prepare_cached(
            "SELECT id, file_id FROM song
             WHERE verdict = 'wanted' AND preview IS NOT NULL AND preview_gone = 0
                AND NOT EXISTS (SELECT 1 FROM job WHERE job.file_id = song.file_id
                    AND model = ?1 AND feature_version = ?2)",
        )?;
        let todo: Vec<(i64, Option<i64>)> = todo
            .query_map(params![recipe.model.0, recipe.feature_version.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        if todo.is_empty() && !self.has_wanted_guests()? {
            return Ok(guests);
        }
        let source = self.source(now)?;
        for &(song, file) in &todo {
            let file = match file {
                Some(file) => FileId(file),
                None => self.add_file(super::id(song), Some(source))?,
            };
            JobsMut { db: self.db }.pend(file, recipe, SONG_STAT)?;
        }
        // All that are wanted are listed, those that were guests so far as well.
        self.db
            .prepare_cached(&format!(
                "UPDATE file SET source_id = ?1 WHERE {WANTED_GUEST}"
            ))?
            .execute([source])?;
        Ok(guests + todo.len())
    }

    /// Plans the guests that `recipe` has not tried to hear yet; returns how many.
    fn plan_guests(&self, recipe: &Recipe) -> Result<usize> {
        let sql = format!(
            "INSERT INTO job (file_id, model, feature_version, state, size, mtime_ns)
             SELECT file.id, ?1, ?2, 'pending', ?3, ?4 FROM {UNHEARD_GUESTS}"
        );
        Ok(self.db.prepare_cached(&sql)?.execute(params![
            recipe.model.0,
            recipe.feature_version.0,
            SONG_STAT.size,
            SONG_STAT.mtime_ns,
        ])?)
    }

    /// Plans one song as a guest: it can seed, it is not listed unless it was already. The song must be
    /// known.
    pub fn plan_guest(&self, recipe: &Recipe, song: SongId) -> Result<FileId> {
        let known: Option<Option<i64>> = self
            .db
            .prepare_cached("SELECT file_id FROM song WHERE id = ?1")?
            .query_row([key(song)], |row| row.get(0))
            .optional()?;
        let file = match known.ok_or_else(|| unknown(song))? {
            Some(file) => FileId(file),
            None => self.add_file(song, None)?,
        };
        let done = "SELECT EXISTS (SELECT 1 FROM job WHERE file_id = ?1 AND model = ?2
            AND feature_version = ?3 AND state = 'done')";
        let done: bool = self.db.prepare_cached(done)?.query_row(
            params![file.0, recipe.model.0, recipe.feature_version.0],
            |row| row.get(0),
        )?;
        if !done {
            JobsMut { db: self.db }.pend(file, recipe, SONG_STAT)?;
        }
        Ok(file)
    }

    /// Lets songs that failed under `recipe` be tried again, but for dead links: those that failed for the
    /// reason `code`, or all. Returns how many.
    pub fn retry(&self, recipe: &Recipe, code: Option<&str>) -> Result<usize> {
        let mut retry = self.db.prepare_cached(&format!(
            "UPDATE job SET state = 'pending', reason_code = NULL, reason = NULL
             WHERE {OPEN} AND state = 'failed' AND (?3 IS NULL OR reason_code = ?3)
                AND file_id IN (SELECT file_id FROM song WHERE preview_gone = 0)"
        ))?;
        Ok(retry.execute(params![recipe.model.0, recipe.feature_version.0, code])?)
    }

    /// Notes that the link of a song's preview is dead.
    pub fn mark_gone(&self, song: SongId) -> Result<()> {
        let mut mark = self
            .db
            .prepare_cached("UPDATE song SET preview_gone = 1 WHERE id = ?1")?;
        if mark.execute([key(song)])? == 0 {
            return Err(unknown(song));
        }
        self.db
            .prepare_cached(
                "UPDATE job SET state = 'failed', reason_code = ?2, reason = ?3
                 WHERE state = 'pending' AND file_id = (SELECT file_id FROM song WHERE id = ?1)",
            )?
            .execute(params![key(song), GONE, GONE_WORDS])?;
        Ok(())
    }

    /// Gives a song a new link; its failed jobs are to be done again.
    pub fn refresh(&self, song: SongId, preview: &str) -> Result<()> {
        let mut link = self
            .db
            .prepare_cached("UPDATE song SET preview = ?2, preview_gone = 0 WHERE id = ?1")?;
        if link.execute(params![key(song), preview])? == 0 {
            return Err(unknown(song));
        }
        self.db
            .prepare_cached(
                "UPDATE job SET state = 'pending', reason_code = NULL, reason = NULL
                 WHERE state = 'failed' AND file_id = (SELECT file_id FROM song WHERE id = ?1)",
            )?
            .execute([key(song)])?;
        Ok(())
    }

    /// Takes the songs of a genre off the list: file rows and jobs go, tracks, vectors and events stay,
    /// and no later crawl brings them back. One that the listener seeded or rated stays as a guest.
    /// Returns how many.
    pub fn remove_genre(&self, genre: &str) -> Result<usize> {
        self.remove("genre = ?1", &genre)
    }

    /// The same for the songs of an artist.
    pub fn remove_artist(&self, artist: ArtistId) -> Result<usize> {
        self.remove("artist_id = ?1", &artist.0.cast_signed())
    }

    /// Notes what became of a song that is known, and by what it came if it is wanted. What is wanted stays
    /// wanted, what was removed stays removed.
    pub(crate) fn judge(&self, judged: &Judged, origin: Origin) -> Result<()> {
        let (rank, of) = match judged.verdict {
            Verdict::Known => return Ok(()),
            Verdict::Wanted { rank } => (Some(rank), None),
            Verdict::Version { of } => (None, Some(key(of))),
            _ => (None, None),
        };
        self.db
            .prepare_cached(
                "UPDATE song SET verdict = ?2, rank = ?3, version_of = ?4, origin = ?5
                 WHERE id = ?1 AND verdict IS NOT 'wanted' AND verdict IS NOT 'removed'",
            )?
            .execute(params![
                key(judged.song),
                judged.verdict.code(),
                rank,
                of,
                rank.map(|_| origin.code()),
            ])?;
        Ok(())
    }

    /// Notes what the catalogue says of `song`. Returns whether it says what [`super::Songs`] will say
    /// that it said at first, as far as a crawl goes by it.
    pub(crate) fn note(&self, song: &Song, now: i64) -> Result<bool> {
        let sql = format!("SELECT {FACTS}, first_seen FROM song WHERE id = ?1");
        let known = self
            .db
            .prepare_cached(&sql)?
            .query_row([key(song.id)], |row| {
                Ok((facts(row)?, row.get::<_, Option<String>>(12)?))
            })
            .optional()?;
        let Some((known, first)) = known else {
            self.insert(song, now)?;
            return Ok(true);
        };
        let first_seen = match &first {
            Some(first) => read_first(song.id, first)?,
            None => known.clone(),
        };
        let filled = fill(known.clone(), song);
        if filled != known {
            let first = match first {
                Some(first) => first,
                None => serde_json::json!(known).to_string(),
            };
            self.update(&filled, &first)?;
        }
        Ok(same_to_a_crawl(&first_seen, song))
    }

    fn insert(&self, song: &Song, now: i64) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO song (id, title, artist, artist_id, album, album_id, genre, year,
                    duration_s, preview, artwork, page, seen_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                key(song.id),
                song.title,
                song.artist,
                song.artist_id.map(|artist| artist.0.cast_signed()),
                song.album,
                song.album_id.map(|album| album.0.cast_signed()),
                song.genre,
                song.year,
                song.duration_s,
                song.preview,
                song.artwork,
                song.page,
                now,
            ])?;
        Ok(())
    }

    fn update(&self, song: &Song, first_seen: &str) -> Result<()> {
        self.db
            .prepare_cached(
                "UPDATE song SET artist = ?2, artist_id = ?3, album = ?4, album_id = ?5, genre = ?6,
                    year = ?7, duration_s = ?8, preview = ?9, artwork = ?10, page = ?11,
                    first_seen = ?12
                 WHERE id = ?1",
            )?
            .execute(params![
                key(song.id),
                song.artist,
                song.artist_id.map(|artist| artist.0.cast_signed()),
                song.album,
                song.album_id.map(|album| album.0.cast_signed()),
                song.genre,
                song.year,
                song.duration_s,
                song.preview,
                song.artwork,
                song.page,
                first_seen,
            ])?;
        Ok(())
    }

    /// Whether a guest has come to be wanted.
    fn has_wanted_guests(&self) -> Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM file WHERE {WANTED_GUEST})");
        let mut statement = self.db.prepare_cached(&sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Gives a song the file row that its address has, or a new one in `source`.
    fn add_file(&self, song: SongId, source: Option<i64>) -> Result<FileId> {
        let address = place::address(song);
        self.db
            .prepare_cached(
                "INSERT INTO file (source_id, path, size, mtime_ns) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![source, address, SONG_STAT.size, SONG_STAT.mtime_ns])?;
        let file = self
            .db
            .prepare_cached("SELECT id FROM file WHERE path = ?1")?
            .query_row([address], |row| row.get(0))?;
        self.db
            .prepare_cached("UPDATE song SET file_id = ?2 WHERE id = ?1")?
            .execute([key(song), file])?;
        Ok(FileId(file))
    }

    /// The catalogue's source, made on demand.
    fn source(&self, now: i64) -> Result<i64> {
        self.db
            .prepare_cached(
                "INSERT INTO source (path, added_at, kind) VALUES (?1, ?2, 'catalogue')
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![CATALOGUE, now])?;
        let mut statement = self
            .db
            .prepare_cached("SELECT id FROM source WHERE kind = 'catalogue'")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Removes the songs for which `which` holds with `value`. `which` is an expression from here.
    fn remove(&self, which: &str, value: &dyn ToSql) -> Result<usize> {
        let files = format!("SELECT file_id FROM song WHERE {which} AND file_id IS NOT NULL");
        self.db
            .prepare_cached(&format!(
                "UPDATE file SET source_id = NULL
                 WHERE id IN ({files}) AND track_id IN (SELECT track_id FROM event)"
            ))?
            .execute([value])?;
        let removed = self
            .db
            .prepare_cached(&format!(
                "UPDATE song SET verdict = 'removed', rank = NULL
                 WHERE {which} AND verdict IS NOT NULL AND verdict <> 'removed'"
            ))?
            .execute([value])?;
        self.db
            .prepare_cached(&format!(
                "DELETE FROM file WHERE id IN ({files}) AND source_id IS NOT NULL"
            ))?
            .execute([value])?;
        Ok(removed)
    }
}

/// What a crawl goes by: all but links, pictures and years.
fn same_to_a_crawl(a: &Song, b: &Song) -> bool {
    let by = |song: &Song| Song {
        year: None,
        preview: song.preview.as_ref().map(|_| String::new()),
        artwork: None,
        page: None,
        ..song.clone()
    };
    by(a) == by(b)
}

/// `known`, with what `song` says more.
fn fill(known: Song, song: &Song) -> Song {
    Song {
        id: known.id,
        title: known.title,
        artist: known.artist.or_else(|| song.artist.clone()),
        artist_id: known.artist_id.or(song.artist_id),
        album: known.album.or_else(|| song.album.clone()),
        album_id: known.album_id.or(song.album_id),
        genre: known.genre.or_else(|| song.genre.clone()),
        year: known.year.or(song.year),
        duration_s: known.duration_s.or(song.duration_s),
        preview: known.preview.or_else(|| song.preview.clone()),
        artwork: known.artwork.or_else(|| song.artwork.clone()),
        page: known.page.or_else(|| song.page.clone()),
    }
}

/// The song in the column `first_seen`.
pub(in crate::table) fn read_first(song: SongId, json: &str) -> Result<Song> {
    serde_json::from_str(json).map_err(|error| LibraryError::Row {
        table: "song",
        row: key(song),
        detail: format!("what was first seen of it is unreadable: {error}"),
    })
}
