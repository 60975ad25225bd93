//! What happens in the music folders while the app is open: files come, change and go, disks are unplugged and
//! connected again.
//!
//! The system tells of changes where it can; folders that it cannot watch are gone through from time to time. A
//! folder in which things have calmed down is compared with the library, and if something is to be done, built:
//! gently, and giving way to every build that is asked for. A folder that is away is waited for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use throughline_library::{Library, SourceId};

use crate::build::{self, BuildRequest};
use crate::error::{AppError, Result};
use crate::files::is_online;
use crate::session::Session;
use crate::uses::Uses;
use crate::view::{Progress, Watching};

mod agenda;
mod notices;

use agenda::Agenda;
use notices::Notices;

/// Key of the setting: whether folders are watched. They are where it is not set.
const SETTING: &str = "watch";

/// How long things take; the defaults suit people, tests have less patience.
#[derive(Clone, Copy, Debug)]
pub struct WatchSettings {
    /// How often it is looked whether folders are there.
    pub glance: Duration,
    /// How long nothing must have happened in a folder before it is gone through: a file that is being copied
    /// is not read half.
    pub quiet: Duration,
    /// After how long it is gone through at the latest, in a folder that never comes to rest.
    pub longest: Duration,
    /// How often a folder is gone through that the system cannot watch.
    pub poll: Duration,
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self {
            glance: Duration::from_secs(2),
            quiet: Duration::from_secs(5),
            longest: Duration::from_mins(1),
            poll: Duration::from_mins(5),
        }
    }
}

/// What a face hears of a watch.
#[derive(Clone, Debug)]
pub enum Noticed {
    /// The library's status is another: a folder has gone or come back, or is watched in another way.
    Status,
    /// How a build gets on that nobody asked for and that has something to do. The last one is
    /// [`Progress::Finished`], unless the build broke off.
    Building(Progress),
}

impl Session {
    /// Watches the library's folders until `stop` is set, if the library is to be watched; `now` is Unix
    /// milliseconds. Everything that was done while nobody watched is found first. It blocks, and what goes
    /// wrong is logged: a watch that fails costs nothing else.
    pub fn watch(
        &self,
        settings: &WatchSettings,
        stop: &AtomicBool,
        now: &dyn Fn() -> i64,
        tell: &mut dyn FnMut(Noticed),
    ) {
        let mut watch = Watch {
            session: self,
            settings,
            stop,
            begun: Instant::now(),
            cancels: self.cancels(),
            folders: BTreeMap::new(),
            notices: Notices::new(),
        };
        while !stop.load(Ordering::Relaxed) {
            if let Err(error) = watch.turn(now, tell) {
                tracing::warn!(%error, "the folders were not looked at");
            }
        }
        self.note(None);
    }

    /// Sets whether the library's folders are watched.
    pub fn set_watching(&self, on: bool) -> Result<()> {
        let mut library = self.library();
        let tx = library.begin()?;
        tx.settings_mut().set(SETTING, &on)?;
        Ok(tx.commit()?)
    }

    /// Whether they are, and how.
    pub(crate) fn watching(&self, library: &Library) -> Result<Watching> {
        let note = self.unwatched.lock();
        Ok(Watching {
            on: library.settings().get(SETTING)?.unwrap_or(true),
            note: note.unwrap_or_else(PoisonError::into_inner).clone(),
        })
    }

    /// Notes why the system does not tell of changes; answers whether that is new.
    fn note(&self, why: Option<String>) -> bool {
        let mut note = self
            .unwatched
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let new = *note != why;
        *note = why;
        new
    }
}

/// A folder that is watched.
struct Folder {
    path: PathBuf,
    online: bool,
    /// Why the system does not tell of its changes; `None` where it does, or is not asked to.
    unwatched: Option<String>,
    agenda: Agenda,
}

/// A watch of one library.
struct Watch<'a> {
    session: &'a Session,
    settings: &'a WatchSettings,
    stop: &'a AtomicBool,
    begun: Instant,
    /// How often the listener had cancelled a build when that was last looked at.
    cancels: u64,
    folders: BTreeMap<SourceId, Folder>,
    notices: Notices,
}

impl Watch<'_> {
    /// Listens for a moment, looks at the folders, and goes through one in which something is to be done.
    fn turn(&mut self, now: &dyn Fn() -> i64, tell: &mut dyn FnMut(Noticed)) -> Result<()> {
        let heard = self.notices.listen(self.settings.glance);
        let at = self.begun.elapsed();
        for folder in self.folders.values_mut() {
            if heard.everything
                || heard
                    .paths
                    .iter()
                    .any(|path| path.starts_with(&folder.path))
            {
                folder.agenda.heard(at);
            }
        }
        let cancels = self.session.cancels();
        if cancels != std::mem::replace(&mut self.cancels, cancels) {
            // Whatever it was that is not done, the listener does not want it now.
            let folders = self.folders.values_mut();
            folders.for_each(|folder| folder.agenda.done(at));
        }
        let library = self.session.library();
        let on = self.session.watching(&library)?.on;
        let switching = Uses::read(&library)?.wish().is_some();
        let sources = if on {
            library.sources().all()?
        } else {
            Vec::new()
        };
        drop(library);
        // One that lies in another is seen with that one.
        let outermost = |path: &Path| {
            sources
                .iter()
                .all(|other| other.path == path || !path.starts_with(&other.path))
        };
        let sources: Vec<_> = sources
            .iter()
            .filter(|source| outermost(&source.path))
            .map(|source| (source.id, source.path.clone(), source.tracks))
            .collect();
        if self.look(sources, at) {
            tell(Noticed::Status);
        }
        // A change of model rests until somebody goes on with it.
        if !switching && let Some(source) = self.due(at) {
            self.go_through(source, now, tell)?;
        }
        Ok(())
    }

    /// Brings the folders up to date with `sources`, which are their paths and how many tracks the library has of
    /// each; answers whether the library's status is another.
    fn look(&mut self, sources: Vec<(SourceId, PathBuf, u64)>, at: Duration) -> bool {
        let mut changed = false;
        let gone: Vec<_> = self
            .folders
            .keys()
            .filter(|id| !sources.iter().any(|(source, ..)| source == *id))
            .copied()
            .collect();
        for folder in gone.iter().filter_map(|id| self.folders.remove(id)) {
            self.notices.ignore(&folder.path);
        }
        for (id, path, tracks) in sources {
            let online = is_online(&path, tracks);
            let known = self.folders.entry(id).or_insert_with(|| Folder {
                path,
                online: false,
                unwatched: None,
                agenda: Agenda::default(),
            });
            if known.online == online {
                continue;
            }
            known.online = online;
            changed = true;
            if online {
                // Before it is gone through, so that nothing falls between.
                known.unwatched = self.notices.watch(&known.path).err();
                known.agenda.heard(at);
            } else {
                tracing::info!(folder = %known.path.display(), "it is away, and is waited for");
                self.notices.ignore(&known.path);
                known.agenda = Agenda::default();
            }
        }
        for folder in self.folders.values_mut().filter(|folder| folder.online) {
            // A watch that ran out of room while folders were added to it.
            if folder.unwatched.is_none() && self.notices.is_lost(&folder.path) {
                folder.unwatched = Some(notices::FULL.to_owned());
            }
            if folder.unwatched.is_some() {
                folder.agenda.poll(at, self.settings.poll);
            }
        }
        let mut unwatched = self.folders.values().filter(|folder| folder.online);
        let note = unwatched.find_map(|folder| folder.unwatched.clone());
        let note = note.map(|why| {
            let minutes = self.settings.poll.as_secs().div_ceil(60);
            format!("{why}: changes are looked for every {minutes} minutes")
        });
        self.session.note(note) || changed
    }

    /// A folder that is to be gone through.
    fn due(&self, at: Duration) -> Option<SourceId> {
        let (quiet, longest) = (self.settings.quiet, self.settings.longest);
        let mut due = self
            .folders
            .iter()
            .filter(|(_, folder)| folder.online && folder.agenda.is_due(at, quiet, longest));
        due.next().map(|(id, _)| *id)
    }

    /// Compares a folder with the library and builds it if they differ. It stays due while a build that was asked
    /// for has precedence; a listener who cancels is left alone until something happens again.
    fn go_through(
        &mut self,
        source: SourceId,
        now: &dyn Fn() -> i64,
        tell: &mut dyn FnMut(Noticed),
    ) -> Result<()> {
        let session = self.session;
        let Some(folder) = self
            .folders
            .get_mut(&source)
            .filter(|_| !session.is_building())
        else {
            return Ok(());
        };
        let at = self.begun.elapsed();
        folder.agenda.done(at);
        let recipe = session.recipe()?;
        let go_on = || !self.stop.load(Ordering::Relaxed) && !session.is_building();
        if !build::differs(&session.dir, &recipe, source, &folder.path, go_on)? {
            if session.is_building() {
                folder.agenda.heard(at);
            }
            return Ok(());
        }
        let request = BuildRequest {
            folder: Some(folder.path.clone()),
            retry_failed: false,
        };
        let mut working = false;
        let built = session.build_unasked(&request, now(), &mut |progress| {
            working |= matches!(progress, Progress::Working { total: 1.., .. });
            if working || matches!(progress, Progress::Finished { .. }) {
                tell(Noticed::Building(progress));
            }
        });
        match built {
            Ok((_, true)) | Err(AppError::Building) => folder.agenda.heard(at),
            Ok((_, false)) => {}
            // Without its model, or with its disk just gone, there is nothing to do now.
            Err(error) => tracing::info!(%error, "what was noticed is left for later"),
        }
        Ok(())
    }
}
