//! Finding songs of the catalogue, and hearing them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use throughline_catalog::CatalogError;
use throughline_core::catalog::{Answer, Call, Country, Question, Song, SongId, Within};
use throughline_core::track::TrackId;

use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::CatalogSong;

/// Songs that a search answers with at most: what fits a list under a search box.
const MOST: usize = 25;

/// Who waits for an answer is told so, rather than kept waiting, when calls are blocked for longer than
/// this.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long somebody waits for an answer at most: a build that calls as well is let go first, twice at
/// three seconds a call, and the catalogue answers within seconds.
const ANSWER: Duration = Duration::from_secs(20);

impl Session {
    /// Songs of the catalogue that match `text`, the best first, at most `limit` of them and never more
    /// than 25. One call, which the library remembers: what was found can be a seed.
    /// [`AppError::Superseded`] when a newer search came before this one was asked, which is no call then.
    pub fn catalog_search(&self, text: &str, limit: usize, now: i64) -> Result<Vec<CatalogSong>> {
        let (term, limit) = (text.trim(), limit.min(MOST));
        if term.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let question = Question {
            country: self.country()?,
            call: Call::Search {
                term: term.to_owned(),
                within: Within::Anything,
                limit: limit as u32,
            },
        };
        let catalog = self.catalog()?;
        let searches = &catalog.searches;
        let this = searches.fetch_add(1, Ordering::Relaxed) + 1;
        let is_newest = || searches.load(Ordering::Relaxed) == this;
        let mut songs = self.ask_now(&question, is_newest)?.songs;
        songs.truncate(limit);
        let mut library = self.library();
        let tx = library.begin()?;
        tx.songs_mut().upsert(&songs, now)?;
        tx.commit()?;
        let songs = songs.into_iter().map(|song| {
            let track = library.songs().track(song.id)?;
            Ok(shown(song, track))
        });
        songs.collect()
    }

    /// The bytes of the preview of a track that is a song of the catalogue, streamed anew: nothing is kept
    /// of them. [`AppError::UnknownTrack`] for a track that is none.
    pub fn preview(&self, track: i64) -> Result<Vec<u8>> {
        let song = {
            let library = self.library();
            let mut songs = library.songs().of_tracks(&[TrackId(track)])?;
            songs.remove(&TrackId(track))
        };
        let song = song.ok_or(AppError::UnknownTrack(track))?.song;
        self.preview_of(&song)
    }

    /// The bytes of the preview of `song`; a link that is dead is noted as such.
    pub(crate) fn preview_of(&self, song: &Song) -> Result<Vec<u8>> {
        let link = song.preview.as_deref().ok_or_else(|| no_preview(song))?;
        let bytes = self.catalog()?.preview(link);
        if let Err(CatalogError::Gone) = bytes {
            let mut library = self.library();
            let tx = library.begin()?;
            tx.songs_mut().mark_gone(song.id)?;
            tx.commit()?;
        }
        Ok(bytes?)
    }

    /// Asks for somebody who waits: as soon as the limit allows, unless a refusal blocks all calls for long,
    /// or it is not `wanted` any more.
    fn ask_now(&self, question: &Question, wanted: impl Fn() -> bool) -> Result<Answer> {
        let catalog = self.catalog()?;
        let limit = catalog.client.limit().state()?;
        if limit.is_blocked && limit.wait > PATIENCE {
            return Err(AppError::Catalog(CatalogError::Refused {
                reason: format!("try again in {} s", limit.wait.as_secs()),
                retry_after: Some(limit.wait),
            }));
        }
        let answer = catalog.ask_within(question, ANSWER, wanted)?;
        answer.ok_or(AppError::Superseded)
    }

    /// The store that is asked: that of the newest build from the catalogue, else the United States'.
    fn country(&self) -> Result<Country> {
        let newest = self.library().crawls().all()?.pop();
        let first = newest.and_then(|crawl| crawl.order.countries.first().copied());
        Ok(first.unwrap_or(Country::US))
    }

    /// What the catalogue says of the song `id`: as the library remembers it, else asked for now.
    pub(crate) fn song(&self, id: SongId, now: i64) -> Result<Song> {
        let known = self.library().songs().get(&[id])?.pop();
        if let Some(known) =
            known.filter(|known| known.song.preview.is_some() && !known.preview_gone)
        {
            return Ok(known.song);
        }
        let question = Question {
            country: self.country()?,
            call: Call::Songs { ids: vec![id] },
        };
        let songs = self.ask_now(&question, || true)?.songs;
        let song = songs.into_iter().find(|song| song.id == id);
        let song = song.ok_or(AppError::UnknownSong(id.0))?;
        let mut library = self.library();
        let tx = library.begin()?;
        tx.songs_mut().upsert(std::slice::from_ref(&song), now)?;
        if let Some(link) = &song.preview {
            tx.songs_mut().refresh(id, link)?;
        }
        tx.commit()?;
        Ok(song)
    }
}

/// A song without a preview cannot be heard.
pub(crate) fn no_preview(song: &Song) -> AppError {
    AppError::NoPreview(song.title.clone())
}

fn shown(song: Song, track: Option<TrackId>) -> CatalogSong {
    CatalogSong {
        song: song.id.0,
        title: song.title,
        artist: song.artist,
        artist_id: song.artist_id.map(|artist| artist.0),
        album: song.album,
        genre: song.genre,
        year: song.year,
        duration_s: song.duration_s,
        has_preview: song.preview.is_some(),
        track: track.map(|track| track.0),
    }
}
