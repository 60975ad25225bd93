//! What happens in the music folders while the app is open: files come, change and go, disks are unplugged and
//! connected again.
//!
//! The system tells of changes where it can; folders that it cannot watch are gone through from time to time. A
//! folder in which things have calmed down is compared with the library, and if something is to be done, built:
//! gently, and giving way to every build that is asked for. A folder that is away is waited for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use throughline_library::{Library, LibraryError, SourceId};

use crate::build::{self, BuildRequest};
use crate::error::{AppError, Result};
use crate::files::is_online;
use crate::session::Session;
use crate::uses::Uses;
use crate::view::{BuildReport, Progress, Watching};

mod agenda;
mod notices;

use agenda::Agenda;
use notices::Notices;

/// Key of the setting: whether folders are watched. They are where it is not set.
const SETTING: &str = "watch";

/// How many times as seldom as others a folder is gone through that the system watches, by default once an hour:
/// it tells nothing of a disk that is mounted somewhere below it, or of what another machine changes. A walk over
/// 20 000 files takes 0.1 s, see `docs/performance.md`.
const SELDOM: u32 = 12;

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
    /// How often a folder is gone through that the system cannot watch, and twelve times as seldom any other.
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
    /// The library's status is another: a folder has gone or come back, is watched in another way, or was built.
    Status,
    /// How a build gets on that nobody asked for and that has something to do. The last one is
    /// [`Progress::Finished`], whatever became of it.
    Building(Box<Progress>),
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

    /// Sets whether the library's folders are watched. If not, a build that nobody asked for stops.
    pub fn set_watching(&self, on: bool) -> Result<()> {
        let mut library = self.library();
        let tx = library.begin()?;
        tx.settings_mut().set(SETTING, &on)?;
        tx.commit()?;
        drop(library);
        if !on {
            self.stop_unasked();
        }
        Ok(())
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
    /// Whether it is there; `None` before that was looked at.
    online: Option<bool>,
    /// Whether it was away, and was not gone through since: what could not be reached is to be tried again.
    returned: bool,
    /// Why the system does not tell of its changes; `None` where it does, or is not asked to.
    unwatched: Option<String>,
    agenda: Agenda,
}

impl Folder {
    fn is_online(&self) -> bool {
        self.online == Some(true)
    }
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
            let mut paths = heard.paths.iter();
            if heard.everything || paths.any(|path| path.starts_with(&folder.path)) {
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
        let places = if on {
            library.sources().places()?
        } else {
            Vec::new()
        };
        drop(library);
        if self.look(&places, at) {
            tell(Noticed::Status);
        }
        // A change of model rests until somebody goes on with it.
        if !switching && let Some(source) = self.due(at) {
            self.go_through(source, now, tell)?;
        }
        Ok(())
    }

    /// Brings the folders up to date with `places`, of which the library has files or not; answers whether the
    /// library's status is another.
    fn look(&mut self, places: &[(SourceId, PathBuf, bool)], at: Duration) -> bool {
        let all: Vec<_> = places
            .iter()
            .map(|(id, path, _)| (*id, path.clone()))
            .collect();
        let watched: BTreeMap<_, _> = build::outermost(&all).cloned().collect();
        let Self {
            folders, notices, ..
        } = self;
        folders.retain(|id, folder| {
            let stays = watched.contains_key(id);
            if !stays {
                notices.ignore(&folder.path);
            }
            stays
        });
        let mut changed = false;
        for (id, path, known) in places {
            if !watched.contains_key(id) {
                continue;
            }
            let folder = folders.entry(*id).or_insert_with(|| Folder {
                path: path.clone(),
                online: None,
                returned: false,
                unwatched: None,
                agenda: Agenda::default(),
            });
            let online = is_online(path, *known);
            let before = folder.online.replace(online);
            if before == Some(online) {
                continue;
            }
            changed = true;
            if online {
                folder.returned = before.is_some();
                // Before it is gone through, so that nothing falls between.
                folder.unwatched = notices.watch(path).err();
                folder.agenda.heard(at);
            } else {
                tracing::info!(folder = %path.display(), "it is away, and is waited for");
                notices.ignore(path);
                folder.agenda = Agenda::default();
            }
        }
        self.mind_unwatched(at) || changed
    }

    /// Lets folders be gone through from time to time, those that the system does not watch more often, and lets
    /// it watch those if it can by now; answers whether what is to be said of that is another thing.
    fn mind_unwatched(&mut self, at: Duration) -> bool {
        for folder in self
            .folders
            .values_mut()
            .filter(|folder| folder.is_online())
        {
            // A watch that ran out of room while folders were added to it.
            if folder.unwatched.is_none() && self.notices.is_lost(&folder.path) {
                folder.unwatched = Some(notices::FULL.to_owned());
            }
            let every = match folder.unwatched {
                Some(_) => self.settings.poll,
                None => SELDOM * self.settings.poll,
            };
            if folder.agenda.poll(at, every) && folder.unwatched.is_some() {
                folder.unwatched = self.notices.watch(&folder.path).err();
            }
        }
        let mut unwatched = self.folders.values().filter(|folder| folder.is_online());
        let note = unwatched.find_map(|folder| folder.unwatched.clone());
        let note = note.map(|why| {
            let minutes = self.settings.poll.as_secs().div_ceil(60);
            format!("{why}: changes are looked for every {minutes} minutes")
        });
        self.session.note(note)
    }

    /// A folder that is to be gone through.
    fn due(&self, at: Duration) -> Option<SourceId> {
        let (quiet, longest) = (self.settings.quiet, self.settings.longest);
        let mut due = self
            .folders
            .iter()
            .filter(|(_, folder)| folder.is_online() && folder.agenda.is_due(at, quiet, longest));
        due.next().map(|(id, _)| *id)
    }

    /// Compares a folder with the library and builds it if they differ. It comes up again if that cannot be done,
    /// and if the build is stopped for something that has precedence; a listener who cancels is left alone until
    /// something happens again.
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
        folder.agenda.begin(at);
        if !folder.returned {
            let recipe = session.recipe()?;
            let mut whole = true;
            let go_on = || {
                whole &= !self.stop.load(Ordering::Relaxed) && !session.is_building();
                whole
            };
            if !build::differs(&session.dir, &recipe, source, &folder.path, go_on)? {
                if whole {
                    folder.agenda.done(at);
                }
                return Ok(());
            }
        }
        // It may have been switched off meanwhile, or be at its end: a walk over a share takes its time.
        if self.stop.load(Ordering::Relaxed) || !session.watching(&session.library())?.on {
            return Ok(());
        }
        let request = BuildRequest {
            folder: Some(folder.path.clone()),
            retry_failed: false,
        };
        let mut working = false;
        let built = session.build_unasked(&request, now(), &mut |progress| {
            if self.stop.load(Ordering::Relaxed) {
                session.stop_unasked();
            }
            working |= matches!(progress, Progress::Working { total: 1.., .. });
            if working || matches!(progress, Progress::Finished { .. }) {
                tell(Noticed::Building(Box::new(progress)));
            }
        });
        let settled = match built {
            Ok(report) if report.cancelled && session.cancels() == self.cancels => false,
            Ok(_) => {
                folder.returned = false;
                true
            }
            Err(AppError::Building) => false,
            // Without its model, or with its disk just gone, there is nothing to do now.
            Err(error) => {
                tracing::info!(%error, "what was noticed is left for later");
                let report = BuildReport {
                    cancelled: true,
                    ..BuildReport::default()
                };
                if working {
                    tell(Noticed::Building(Box::new(Progress::Finished { report })));
                }
                !matches!(error, AppError::Library(LibraryError::Busy))
            }
        };
        if settled {
            folder.agenda.done(at);
        }
        tell(Noticed::Status);
        Ok(())
    }
}
