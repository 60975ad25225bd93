//! What the system tells of folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use notify::event::{CreateKind, ModifyKind};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use throughline_audio::is_audio_name;

/// Why a folder with very many folders in it is not watched. Linux gives a user 8192 watches or more, by
/// `fs.inotify.max_user_watches`, and a folder takes one.
pub(super) const FULL: &str = "There are more folders than the system can watch";

/// Paths that are kept of what is heard at a time: more are taken for a change of everything.
const MOST: usize = 4096;

/// What was heard in a while.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Where something happened.
    pub paths: HashSet<PathBuf>,
    /// Whether something may have happened anywhere.
    pub everything: bool,
    /// Whether no room was left for a folder that came into one of those that are watched.
    full: bool,
}

/// What the system has told since somebody last listened. It tells at any time, also while a build keeps the
/// watch busy for hours: what it tells is sorted at once, and no more than [`MOST`] paths wait.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Heard>>);

impl Ear {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The watches of the system.
pub(super) struct Notices {
    /// `None` where the system has none to give.
    watcher: Option<RecommendedWatcher>,
    ear: Ear,
    watched: HashSet<PathBuf>,
    /// Those among them of which a part may not be watched.
    lost: HashSet<PathBuf>,
}

impl Notices {
    /// No watches yet.
    pub fn new() -> Self {
        let ear = Ear::default();
        let teller = ear.clone();
        let watcher = notify::recommended_watcher(move |told| hear(told, &mut teller.heard()))
            .inspect_err(|error| tracing::warn!(%error, "the system watches no folder"))
            .ok();
        Self {
            watcher,
            ear,
            watched: HashSet::new(),
            lost: HashSet::new(),
        }
    }

    /// Watches `folder` and all that lies in it, anew if it was watched; the error says why that cannot be.
    pub fn watch(&mut self, folder: &Path) -> Result<(), String> {
        self.ignore(folder);
        let Some(watcher) = &mut self.watcher else {
            return Err("The system watches no folders here".to_owned());
        };
        let Err(error) = watcher.watch(folder, RecursiveMode::Recursive) else {
            self.watched.insert(folder.to_owned());
            return Ok(());
        };
        tracing::warn!(folder = %folder.display(), %error, "it is not watched");
        // Those of its folders that had a place leave it to others.
        let _ = watcher.unwatch(folder);
        Err(match error.kind {
            ErrorKind::MaxFilesWatch => FULL.to_owned(),
            _ => "The system does not watch this folder".to_owned(),
        })
    }

    /// Watches `folder` no longer.
    pub fn ignore(&mut self, folder: &Path) {
        self.lost.remove(folder);
        if self.watched.remove(folder)
            && let Some(watcher) = &mut self.watcher
        {
            // One that is gone is not watched anyway.
            let _ = watcher.unwatch(folder);
        }
    }

    /// Whether the watch of `folder` has become incomplete since it began.
    pub fn is_lost(&self, folder: &Path) -> bool {
        self.lost.contains(folder)
    }

    /// Waits for `span`; gives what was heard since this was last asked.
    pub fn listen(&mut self, span: Duration) -> Heard {
        thread::sleep(span);
        let heard = std::mem::take(&mut *self.ear.heard());
        if heard.full {
            self.lost.clone_from(&self.watched);
        }
        heard
    }
}

/// Adds what the system has `told` to what was `heard`.
fn hear(told: notify::Result<Event>, heard: &mut Heard) {
    match told {
        Ok(event) if event.need_rescan() => heard.everything = true,
        Ok(Event { kind, paths, .. }) => {
            let paths = paths.into_iter();
            heard.paths.extend(paths.filter(|path| matters(kind, path)));
        }
        Err(error) => {
            tracing::warn!(%error, "a watch");
            heard.full |= matches!(error.kind, ErrorKind::MaxFilesWatch);
            heard.everything = true;
        }
    }
    heard.everything |= heard.paths.len() > MOST;
    if heard.everything {
        heard.paths.clear();
    }
}

/// Whether what happened at `path` can concern a library: a song was written, or anything came, went or was
/// renamed, which may have been a folder of songs. Reading is nothing.
fn matters(kind: EventKind, path: &Path) -> bool {
    match kind {
        EventKind::Access(_) => false,
        EventKind::Create(CreateKind::File)
        | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)) => is_audio_name(path),
        EventKind::Any
        | EventKind::Other
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, DataChange, RemoveKind, RenameMode};

    use super::*;

    #[test]
    fn what_concerns_no_song_is_not_heard() {
        let song = Path::new("/music/a.mp3");
        let cover = Path::new("/music/cover.jpg");
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        assert!(matters(written, song));
        assert!(!matters(written, cover));
        assert!(!matters(EventKind::Create(CreateKind::File), cover));
        assert!(matters(EventKind::Create(CreateKind::Folder), cover));
        assert!(
            matters(EventKind::Remove(RemoveKind::Any), cover),
            "it may have been a folder"
        );
        let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::Any));
        assert!(matters(renamed, cover), "so may this");
        assert!(
            !matters(EventKind::Access(AccessKind::Any), song),
            "a build reads"
        );
    }

    fn created(path: String) -> Event {
        Event::new(EventKind::Create(CreateKind::File)).add_path(path.into())
    }

    #[test]
    fn too_much_at_once_is_everything() {
        let mut heard = Heard::default();
        for n in 0..=MOST {
            assert!(!heard.everything);
            hear(Ok(created(format!("/music/{n}.mp3"))), &mut heard);
            assert!(heard.paths.len() <= MOST);
        }
        assert!(heard.everything);
        hear(Ok(created("/music/one more.mp3".to_owned())), &mut heard);
        assert!(heard.paths.is_empty(), "it is among everything");
    }

    #[test]
    fn what_is_told_while_nobody_listens_is_kept_once() {
        let mut notices = Notices::new();
        for _ in 0..3 {
            hear(
                Ok(created("/music/a.mp3".to_owned())),
                &mut notices.ear.heard(),
            );
        }
        let heard = notices.listen(Duration::ZERO);
        assert_eq!(heard.paths.len(), 1, "the same song");
        assert!(!heard.everything);
        assert!(
            notices.listen(Duration::ZERO).paths.is_empty(),
            "it was heard"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_watched_and_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let mut notices = Notices::new();
        assert!(notices.watch(&dir.path().join("away")).is_err());
        assert_eq!(notices.watch(dir.path()), Ok(()));
    }

    #[test]
    fn folders_are_lost_where_no_room_was_left_until_they_are_watched_anew() {
        let [there, later] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let (there, later) = (there.path(), later.path());
        let mut notices = Notices::new();
        notices.watch(there).unwrap();
        let full = notify::Error::new(ErrorKind::MaxFilesWatch);
        hear(Err(full), &mut notices.ear.heard());
        assert!(notices.listen(Duration::ZERO).everything);
        notices.watch(later).unwrap();
        assert!(notices.is_lost(there));
        assert!(!notices.is_lost(later), "there was room for this one");
        notices.watch(there).unwrap();
        notices.listen(Duration::ZERO);
        assert!(!notices.is_lost(there), "now it is whole");
    }
}
