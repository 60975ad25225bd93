//! What the system tells of folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

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
}

/// The watches of the system.
pub(super) struct Notices {
    /// `None` where the system has none to give.
    watcher: Option<RecommendedWatcher>,
    events: Receiver<notify::Result<Event>>,
    watched: HashSet<PathBuf>,
    /// No room was left for a folder that came into one of those that are watched.
    full: bool,
}

impl Notices {
    /// No watches yet.
    pub fn new() -> Self {
        let (tell, events) = mpsc::channel();
        let watcher = notify::recommended_watcher(tell)
            .inspect_err(|error| tracing::warn!(%error, "the system watches no folder"))
            .ok();
        Self {
            watcher,
            events,
            watched: HashSet::new(),
            full: false,
        }
    }

    /// Watches `folder` and all that lies in it; the error says why that cannot be.
    pub fn watch(&mut self, folder: &Path) -> Result<(), String> {
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
        if self.watched.remove(folder)
            && let Some(watcher) = &mut self.watcher
        {
            // One that is gone is not watched anyway.
            let _ = watcher.unwatch(folder);
        }
    }

    /// Whether the watch of `folder` has become incomplete.
    pub fn is_lost(&self, folder: &Path) -> bool {
        self.full && self.watched.contains(folder)
    }

    /// Listens for `span`.
    pub fn listen(&mut self, span: Duration) -> Heard {
        let (begun, mut heard) = (Instant::now(), Heard::default());
        while let Some(left) = span.checked_sub(begun.elapsed()) {
            match self.events.recv_timeout(left) {
                Ok(Ok(event)) => hear(event, &mut heard),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "a watch");
                    self.full |= matches!(error.kind, ErrorKind::MaxFilesWatch);
                    heard.everything = true;
                }
                Err(mpsc::RecvTimeoutError::Timeout) => break,
                // Without a watcher nobody ever tells anything.
                Err(mpsc::RecvTimeoutError::Disconnected) => std::thread::sleep(left),
            }
        }
        heard
    }
}

fn hear(event: Event, heard: &mut Heard) {
    heard.everything |= event.need_rescan() || heard.paths.len() > MOST;
    if heard.everything {
        return;
    }
    let kind = event.kind;
    let paths = event.paths.into_iter();
    heard.paths.extend(paths.filter(|path| matters(kind, path)));
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

    #[test]
    fn too_much_at_once_is_everything() {
        let mut heard = Heard::default();
        for n in 0..=MOST + 1 {
            let event = Event::new(EventKind::Create(CreateKind::File));
            hear(event.add_path(format!("/music/{n}.mp3").into()), &mut heard);
        }
        assert!(heard.everything);
        assert!(heard.paths.len() <= MOST + 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_watched_and_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let mut notices = Notices::new();
        assert!(notices.watch(&dir.path().join("away")).is_err());
        assert_eq!(notices.watch(dir.path()), Ok(()));
    }
}
