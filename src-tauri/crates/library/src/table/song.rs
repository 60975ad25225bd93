//! Songs of the catalogue: what it says of them, what became of them, and the file row of those that
//! are to be embedded.

use std::collections::HashMap;

use rusqlite::Connection;
use throughline_core::catalog::{ArtistId, Song, SongId};
use throughline_core::embedding::Recipe;
use throughline_core::track::TrackId;

use super::{FileId, Stat};
use crate::error::Result;

/// What the file row of a song looks like: its bytes are never on disk, so it never changes.
pub const SONG_STAT: Stat = Stat {
    size: 0,
    mtime_ns: 0,
};

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
    /// Its place among the wanted; seeds that no crawl ranked come first.
    pub rank: u32,
}

/// Songs of one genre, for a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenreCount {
    /// Its name; `None` for songs that have none.
    pub genre: Option<String>,
    /// Songs wanted.
    pub wanted: u64,
    /// Of these, embedded under the recipe.
    pub ready: u64,
    /// Of these, to be embedded.
    pub pending: u64,
    /// Of these, failed.
    pub failed: u64,
}

/// What the catalogue brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SongReport {
    /// Songs by what became of them, `None` for those that no crawl judged; most first.
    pub verdicts: Vec<(Option<String>, u64)>,
    /// Songs whose preview's link is dead.
    pub previews_gone: u64,
    /// Wanted songs by genre, most first.
    pub genres: Vec<GenreCount>,
}

/// Reads songs.
pub struct Songs<'a> {
    pub(crate) db: &'a Connection,
}

impl Songs<'_> {
    /// The songs `ids`, in that order; unknown ones are left out.
    pub fn get(&self, ids: &[SongId]) -> Result<Vec<StoredSong>> {
        todo!("{ids:?}")
    }

    /// The song of each of `tracks` that is one: the nearest, where several share a recording.
    pub fn of_tracks(&self, tracks: &[TrackId]) -> Result<HashMap<TrackId, StoredSong>> {
        todo!("{tracks:?}")
    }

    /// The track of a song, once it was embedded under any recipe.
    pub fn track(&self, song: SongId) -> Result<Option<TrackId>> {
        todo!("{song:?}")
    }

    /// At most `limit` songs with a pending job under `recipe` and a link that is not dead, nearest
    /// first.
    pub fn pending(&self, recipe: &Recipe, limit: usize) -> Result<Vec<PendingSong>> {
        todo!("{recipe:?} {limit}")
    }

    /// At most `limit` wanted songs whose link is dead, nearest first: to be looked up anew.
    pub fn gone(&self, limit: usize) -> Result<Vec<SongId>> {
        todo!("{limit}")
    }

    /// What the catalogue brought, and how far `recipe` is with it.
    pub fn report(&self, recipe: &Recipe) -> Result<SongReport> {
        todo!("{recipe:?}")
    }
}

/// Writes songs.
pub struct SongsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl SongsMut<'_> {
    /// Notes what the catalogue says of `songs`. What is known of a song stays, what is missing is
    /// filled in.
    pub fn upsert(&self, songs: &[Song], now: i64) -> Result<()> {
        todo!("{songs:?} {now}")
    }

    /// Plans every wanted song that has no job under `recipe`, a preview, and a link that is not dead:
    /// it becomes a file of the catalogue's source, which is made on demand, and a pending job. Returns
    /// how many.
    pub fn plan(&self, recipe: &Recipe, now: i64) -> Result<usize> {
        todo!("{recipe:?} {now}")
    }

    /// Plans one song as a guest: it can seed, it is not listed unless it was already. The song must be
    /// known.
    pub fn plan_guest(&self, recipe: &Recipe, song: SongId) -> Result<FileId> {
        todo!("{recipe:?} {song:?}")
    }

    /// Lets songs that failed under `recipe` be tried again, but for dead links. Returns how many.
    pub fn retry(&self, recipe: &Recipe) -> Result<usize> {
        todo!("{recipe:?}")
    }

    /// Notes that the link of a song's preview is dead.
    pub fn mark_gone(&self, song: SongId) -> Result<()> {
        todo!("{song:?}")
    }

    /// Gives a song a new link; its failed jobs are to be done again.
    pub fn refresh(&self, song: SongId, preview: &str) -> Result<()> {
        todo!("{song:?} {preview}")
    }

    /// Takes the songs of a genre off the list: file rows and jobs go, tracks, vectors and events stay,
    /// and no later crawl brings them back. One that the listener seeded or rated stays as a guest.
    /// Returns how many.
    pub fn remove_genre(&self, genre: &str) -> Result<usize> {
        todo!("{genre}")
    }

    /// The same for the songs of an artist.
    pub fn remove_artist(&self, artist: ArtistId) -> Result<usize> {
        todo!("{artist:?}")
    }
}
