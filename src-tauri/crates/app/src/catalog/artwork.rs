//! Pictures of albums: fetched when a row that shows one asks, and kept small in a folder that can be thrown
//! away.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use throughline_catalog::CatalogError;
use throughline_core::track::TrackId;

use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::Artwork;
use cache::Cache;

mod cache;

/// Folder of the pictures in a library's own.
const FOLDER: &str = "artwork";

/// Bytes of pictures that are kept at most: of 100 × 100 pixels each, more than ten thousand albums.
pub(crate) const LIMIT: u64 = 64 << 20;

/// How long no picture is asked for after there was no connection, or a refusal without a wait of its own.
const REST: Duration = Duration::from_secs(30);

/// The pictures of a session.
pub(crate) struct Artworks {
    cache: Cache,
    /// Pictures on their way, and those that failed, by their links.
    asked: Mutex<HashMap<String, Arc<OnceLock<Outcome>>>>,
    /// Until then, none is asked for.
    rest: Mutex<Option<Instant>>,
}

/// What became of a picture.
#[derive(Clone)]
enum Outcome {
    Came(Artwork),
    /// It is not asked for again.
    Failed,
    /// The network is away, or pictures are refused.
    NotNow,
}

impl Session {
    /// The picture of a track that is a song of the catalogue, kept or fetched now; `None` where there is
    /// none, or none can be had. Asked for by many at once, it is fetched once; one that failed is not asked
    /// for again by this session.
    pub fn artwork(&self, track: i64) -> Result<Option<Artwork>> {
        let mut songs = self.library().songs().of_tracks(&[TrackId(track)])?;
        let song = songs.remove(&TrackId(track));
        let Some(link) = song.and_then(|known| known.song.artwork) else {
            return Ok(None);
        };
        Ok(self.artwork.get(&link, || {
            let catalog = self
                .catalog()
                .map_err(|error| CatalogError::Settings(error.to_string()))?;
            catalog.handle().block_on(catalog.client.picture(&link))
        }))
    }

    /// Throws the pictures away that are kept; what failed may be asked for again.
    pub fn clear_artwork(&self) -> Result<()> {
        self.artwork.clear()
    }
}

impl Artworks {
    /// The pictures of the library in `library`.
    pub fn of(library: &Path) -> Self {
        Self {
            cache: Cache::new(library.join(FOLDER), LIMIT),
            asked: Mutex::default(),
            rest: Mutex::default(),
        }
    }

    /// Bytes of the pictures that are kept.
    pub fn bytes(&self) -> u64 {
        self.cache.bytes()
    }

    /// The picture at `link`: as it is kept, else what `fetch` brings, which one at a time is asked for it.
    fn get(
        &self,
        link: &str,
        fetch: impl FnOnce() -> Result<Artwork, CatalogError>,
    ) -> Option<Artwork> {
        if let Some(kept) = self.cache.get(link) {
            return Some(kept);
        }
        let once = Arc::clone(self.asked().entry(link.to_owned()).or_default());
        // Whoever comes meanwhile waits here.
        let outcome = once.get_or_init(|| self.fetch(link, fetch)).clone();
        if !matches!(outcome, Outcome::Failed) {
            let mut asked = self.asked();
            if asked
                .get(link)
                .is_some_and(|other| Arc::ptr_eq(other, &once))
            {
                asked.remove(link);
            }
        }
        match outcome {
            Outcome::Came(picture) => Some(picture),
            Outcome::Failed | Outcome::NotNow => None,
        }
    }

    fn fetch(&self, link: &str, fetch: impl FnOnce() -> Result<Artwork, CatalogError>) -> Outcome {
        // It may have come since it was looked for.
        if let Some(kept) = self.cache.get(link) {
            return Outcome::Came(kept);
        }
        if self.rest().is_some_and(|until| Instant::now() < until) {
            return Outcome::NotNow;
        }
        match fetch() {
            Ok(picture) => {
                self.cache.put(link, &picture);
                Outcome::Came(picture)
            }
            Err(error @ (CatalogError::Offline { .. } | CatalogError::Refused { .. })) => {
                let wait = error.retry_after().unwrap_or(REST);
                *self.rest() = Some(Instant::now() + wait);
                Outcome::NotNow
            }
            Err(error) => {
                tracing::debug!(%error, "a picture is not shown");
                Outcome::Failed
            }
        }
    }

    fn clear(&self) -> Result<()> {
        self.asked().clear();
        *self.rest() = None;
        self.cache.clear().map_err(|source| AppError::Io {
            path: self.cache.folder().to_owned(),
            source,
        })
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<String, Arc<OnceLock<Outcome>>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rest(&self) -> MutexGuard<'_, Option<Instant>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn passing() -> CatalogError {
        CatalogError::Passing {
            reason: "it stalled".to_owned(),
            retry_after: None,
        }
    }

    #[test]
    fn many_who_ask_at_once_share_one_fetch_and_a_failure() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = Artworks::of(folder.path());
        let fetched = AtomicUsize::new(0);
        let ask = |link: &str, came: bool| {
            pictures.get(link, || {
                fetched.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(20));
                came.then(cache::picture).ok_or_else(passing)
            })
        };
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert!(ask("good", true).is_some()));
                scope.spawn(|| assert!(ask("bad", false).is_none()));
            }
        });
        assert_eq!(fetched.load(Ordering::SeqCst), 2, "each once");
        assert!(ask("bad", true).is_none(), "it is not asked for again");
        assert!(ask("good", false).is_some(), "it is kept");
        pictures.clear().expect("files that can be removed");
        assert_eq!(pictures.bytes(), 0);
        assert!(ask("bad", true).is_some(), "all is forgotten");
    }

    #[test]
    fn a_network_that_is_away_is_left_in_peace_for_a_while() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = Artworks::of(folder.path());
        let away = || CatalogError::Offline {
            reason: "no way".to_owned(),
        };
        assert!(pictures.get("a", || Err(away())).is_none());
        let none = pictures.get("b", || panic!("nobody is to be asked"));
        assert!(none.is_none());
        *pictures.rest() = None;
        let picture = || Ok(cache::picture());
        assert!(pictures.get("a", picture).is_some(), "it was no failure");
    }
}
