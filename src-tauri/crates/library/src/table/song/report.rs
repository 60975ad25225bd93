//! What the catalogue brought, in numbers.

use rusqlite::params;
use throughline_core::catalog::ArtistId;
use throughline_core::embedding::Recipe;

use super::{DEAD, Songs};
use crate::error::Result;

/// What the catalogue brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SongReport {
    /// Songs by what became of them, `None` for those that no crawl judged; most first.
    pub verdicts: Vec<(Option<String>, u64)>,
    /// Songs whose preview's link is dead, guests included.
    pub previews_gone: u64,
    /// Wanted songs by genre, most first.
    pub genres: Vec<SongCount>,
    /// Wanted songs by what brought them, most first: codes of
    /// [`Origin`](throughline_core::catalog::crawl::Origin); `some_artist` for artists' songs that an earlier
    /// version found.
    pub origins: Vec<SongCount>,
    /// Artists with songs that are embedded under the recipe, most first, at most 200.
    pub artists: Vec<ArtistSongs>,
}

/// Songs of one artist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtistSongs {
    /// The artist.
    pub id: ArtistId,
    /// Its name, as one of the songs has it.
    pub name: String,
    /// Wanted songs that are embedded under the recipe.
    pub ready: u64,
}

/// Songs of one genre, or that one thing brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SongCount {
    /// Its name; `None` for songs that have none.
    pub name: Option<String>,
    /// Songs wanted.
    pub wanted: u64,
    /// Of these, embedded under the recipe.
    pub ready: u64,
    /// Of these, to be embedded.
    pub pending: u64,
    /// Of these, failed.
    pub failed: u64,
}

impl Songs<'_> {
    /// What the catalogue brought, and how far `recipe` is with it.
    pub fn report(&self, recipe: &Recipe) -> Result<SongReport> {
        let mut statement = self.db.prepare_cached(
            "SELECT verdict, count(*) FROM song GROUP BY verdict ORDER BY count(*) DESC, verdict",
        )?;
        let verdicts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let gone = format!("SELECT count(*) FROM song WHERE {DEAD}");
        let mut gone = self.db.prepare_cached(&gone)?;
        let mut artists = self.db.prepare_cached(
            "SELECT artist_id, coalesce(max(artist), ''), count(*)
             FROM song JOIN job ON job.file_id = song.file_id
             WHERE model = ?1 AND feature_version = ?2 AND state = 'done'
                AND verdict = 'wanted' AND artist_id IS NOT NULL
             GROUP BY artist_id ORDER BY count(*) DESC, max(artist), artist_id LIMIT 200",
        )?;
        let of_recipe = params![recipe.model.0, recipe.feature_version.0];
        let artists = artists.query_map(of_recipe, |row| {
            Ok(ArtistSongs {
                id: ArtistId(row.get::<_, i64>(0)?.cast_unsigned()),
                name: row.get(1)?,
                ready: row.get(2)?,
            })
        })?;
        Ok(SongReport {
            verdicts: verdicts.collect::<Result<_, _>>()?,
            previews_gone: gone.query_row([], |row| row.get(0))?,
            genres: self.counts("genre", recipe)?,
            origins: self.counts("origin", recipe)?,
            artists: artists.collect::<Result<_, _>>()?,
        })
    }

    /// Wanted songs by what stands in `column`, a name from here.
    fn counts(&self, column: &str, recipe: &Recipe) -> Result<Vec<SongCount>> {
        let mut counts = self.db.prepare_cached(&format!(
            "SELECT {column}, count(*), count(*) FILTER (WHERE state = 'done'),
                count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'failed')
             FROM song LEFT JOIN job
                ON job.file_id = song.file_id AND model = ?1 AND feature_version = ?2
             WHERE verdict = 'wanted' GROUP BY {column} ORDER BY count(*) DESC, {column}"
        ))?;
        let recipe = params![recipe.model.0, recipe.feature_version.0];
        let counts = counts.query_map(recipe, |row| {
            Ok(SongCount {
                name: row.get(0)?,
                wanted: row.get(1)?,
                ready: row.get(2)?,
                pending: row.get(3)?,
                failed: row.get(4)?,
            })
        })?;
        Ok(counts.collect::<Result<_, _>>()?)
    }
}
