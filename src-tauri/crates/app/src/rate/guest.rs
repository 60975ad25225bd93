//! Files from outside the library as seeds.

use std::path::{Path, PathBuf};

use throughline_core::embedding::with_variation;
use throughline_core::feedback::Act;
use throughline_core::track::TrackId;
use throughline_library::{Analysed, LibraryError, Scanned, Stat};

use crate::build::mtime_ns;
use crate::embed;
use crate::error::{AppError, Reason, Result};
use crate::session::Session;
use crate::view::Thread;

/// A file that is to be a seed.
pub(super) enum FileSeed {
    /// The library holds the same bytes.
    Known(TrackId),
    /// It does not: mean and variation, `[2 · dimension]`, and tag probabilities, `[tags]`.
    Outside { raw: Vec<f32>, tags: Vec<f32> },
}

impl Session {
    /// Makes audio files seeds of the open throughline. Those that the library does not hold are
    /// embedded on the spot and kept as guests: they can seed, they are not listed. When some cannot be
    /// used, the others seed and the note says which; when none can, that is the error.
    /// [`AppError::NoModel`] when something is to be embedded and the library's model is not here.
    pub fn seed_files(&self, paths: &[PathBuf], now: i64) -> Result<Thread> {
        let (mut ids, mut errors) = (Vec::new(), Vec::new());
        for path in paths {
            match self.guest(path, now) {
                Ok(id) => ids.push(id),
                Err(error @ AppError::UnreadableAudio { .. }) => errors.push(error),
                Err(error) => return Err(error),
            }
        }
        if ids.is_empty() && !errors.is_empty() {
            return Err(errors.swap_remove(0));
        }
        for id in ids {
            self.act(Act::Seeded, id.0, now)?;
        }
        let mut thread = self.thread(now)?;
        for error in errors {
            thread.note = Some(match thread.note {
                Some(note) => format!("{note}; {error}"),
                None => error.to_string(),
            });
        }
        Ok(thread)
    }

    /// A file as a seed: the library's own track where it holds the same bytes, else embedded now.
    pub(super) fn file_seed(&self, path: &Path) -> Result<FileSeed> {
        let unreadable = |reason: Reason| AppError::unreadable(path, reason);
        let hash = embed::content(path).map_err(unreadable)?;
        let recipe = self.recipe()?;
        if let Some(track) = embed::known(&self.library(), &recipe, hash)? {
            return Ok(FileSeed::Known(track));
        }
        let engine = self.serving_engine()?;
        let (_, features) =
            embed::embed_file(path, engine.embedder.as_ref()).map_err(unreadable)?;
        Ok(FileSeed::Outside {
            raw: with_variation(&features.pooled, &features.windows.view()),
            tags: features.tags,
        })
    }

    /// The track of a dropped file, which is stored as a guest if the library does not hold it.
    fn guest(&self, path: &Path, now: i64) -> Result<TrackId> {
        let unreadable = |reason: Reason| AppError::unreadable(path, reason);
        let io = |source| AppError::Io {
            path: path.to_owned(),
            source,
        };
        let hash = embed::content(path).map_err(unreadable)?;
        let recipe = self.recipe()?;
        if let Some(known) = embed::known(&self.library(), &recipe, hash)? {
            return Ok(known);
        }
        let path = std::fs::canonicalize(path).map_err(io)?;
        let metadata = std::fs::metadata(&path).map_err(io)?;
        let stat = Stat {
            size: metadata.len(),
            mtime_ns: mtime_ns(&metadata),
        };
        let engine = self.serving_engine()?;
        let embedder = engine.embedder.as_ref();
        let recipe = embedder.recipe();
        let (about, features) = embed::embed_file(&path, embedder).map_err(unreadable)?;
        let mut library = self.library();
        let tx = library.begin()?;
        tx.tag_names_mut().set(recipe, embedder.tag_names())?;
        let scanned = Scanned {
            path: path.clone(),
            stat,
        };
        let files = tx.files_mut().plan(recipe, &[scanned])?;
        let file = *files
            .first()
            .ok_or_else(|| AppError::Internal("a guest was not planned".to_owned()))?;
        let analysed = Analysed {
            file,
            stat,
            hash,
            about: &about,
            features: &features,
        };
        let track = tx
            .store(recipe, &analysed, now)
            .map_err(|error| match error {
                LibraryError::Features { .. } => unreadable(Reason::model_failed(&error)),
                error => error.into(),
            })?;
        tx.commit()?;
        Ok(track)
    }
}
