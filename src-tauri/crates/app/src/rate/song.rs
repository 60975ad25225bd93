//! Songs of the catalogue as seeds.

use std::sync::Arc;

use throughline_audio::content_hash_of;
use throughline_core::catalog::{Song, SongId};
use throughline_core::feedback::Act;
use throughline_core::track::TrackId;
use throughline_library::{Analysed, Description, LibraryError, SONG_STAT};

use crate::embed;
use crate::error::{AppError, Reason, Result};
use crate::session::Session;
use crate::view::Thread;

impl Session {
    /// Makes a song of the catalogue a seed of the open throughline. One that has no vectors here is
    /// streamed, embedded on the spot and kept as a guest: it can seed, it is not listed. What the library
    /// has of a song, it is not asked for again. [`AppError::NoModel`] when something is to be embedded
    /// and the library's model is not here.
    pub fn seed_song(&self, song: u64, now: i64) -> Result<Thread> {
        let song = SongId(song);
        let track = match self.embedded(song)? {
            Some(track) => track,
            None => self.song_guest(song, now)?,
        };
        self.act(Act::Seeded, track.0, now)?;
        self.thread(now)
    }

    /// The track of a song that has vectors.
    fn embedded(&self, song: SongId) -> Result<Option<TrackId>> {
        let recipe = self.recipe()?;
        let library = self.library();
        let Some(track) = library.songs().track(song)? else {
            return Ok(None);
        };
        let has = library.vectors().has(&recipe, track)?;
        Ok(has.then_some(track))
    }

    /// Streams, embeds and stores a song as a guest.
    fn song_guest(&self, id: SongId, now: i64) -> Result<TrackId> {
        let engine = self.serving_engine()?;
        let embedder = engine.embedder.as_ref();
        let recipe = embedder.recipe();
        let song = self.song(id, now)?;
        let bytes: Arc<[u8]> = self.preview_of(&song)?.into();
        let hash = content_hash_of(&bytes);
        let unheard = |reason: Reason| unheard(&song, &reason);
        // The same recording may be here under another number.
        let known = embed::known(&self.library(), recipe, hash)?;
        let heard = match known {
            Some(_) => None,
            None => Some(embed::embed_bytes(bytes, embedder).map_err(unheard)?),
        };
        let mut library = self.library();
        let tx = library.begin()?;
        tx.tag_names_mut().set(recipe, embedder.tag_names())?;
        let file = tx.songs_mut().plan_guest(recipe, id)?;
        let track = match (known, &heard) {
            (Some(track), _) => {
                tx.link(recipe, file, SONG_STAT, track)?;
                track
            }
            (None, Some((preview, features))) => {
                let about = Description::of_song(
                    &song,
                    &preview.codec,
                    preview.sample_rate,
                    preview.channels,
                    preview.duration_s,
                );
                let analysed = Analysed {
                    file,
                    stat: SONG_STAT,
                    hash,
                    about: &about,
                    features,
                };
                tx.store(recipe, &analysed, now)
                    .map_err(|error| match error {
                        LibraryError::Features { .. } => unheard(Reason::model_failed(&error)),
                        error => error.into(),
                    })?
            }
            (None, None) => return Err(AppError::Internal("a song was not embedded".to_owned())),
        };
        tx.commit()?;
        Ok(track)
    }
}

/// The preview of `song` came, and is of no use.
fn unheard(song: &Song, reason: &Reason) -> AppError {
    AppError::UnreadableAudio {
        path: format!("the preview of “{}”", song.title).into(),
        reason: reason.words.clone(),
    }
}
