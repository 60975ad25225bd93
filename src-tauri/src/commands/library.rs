//! Build, search and look after the library.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use tauri::{AppHandle, Runtime, State, ipc::Channel};
use tauri_plugin_opener::reveal_item_in_dir;
use throughline_app::{
    AppError, BuildRequest, Session,
    view::{BuildReport, Dropped, FailurePage, Page, Progress, Saved, Status, Which},
};

use super::{Answer, ask, blocking, tell};
use crate::shell::{Shell, now};

/// At most this often is the page told that a build has changed the library.
const CHANGES: Duration = Duration::from_secs(1);

/// The library at a glance, and whether there is sound.
#[tauri::command]
pub async fn status(shell: State<'_, Shell>) -> Answer<Status> {
    blocking(shell, |shell| at_a_glance(shell, Session::status)).await
}

/// Builds `folder`, or all folders again; answers when that is done or cancelled.
#[tauri::command]
pub async fn build<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    folder: Option<PathBuf>,
    retry_failed: bool,
    on_progress: Channel<Progress>,
) -> Answer<BuildReport> {
    let request = BuildRequest {
        folder,
        retry_failed,
    };
    follow(app, shell, on_progress, move |session, say| {
        session.build(&request, now(), say)
    })
    .await
}

/// Renders the demo collection and builds it.
#[tauri::command]
pub async fn build_demo<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    on_progress: Channel<Progress>,
) -> Answer<BuildReport> {
    follow(app, shell, on_progress, move |session, say| {
        session.build_demo(None, now(), say)
    })
    .await
}

/// Cancels the build that is under way.
#[tauri::command]
pub async fn cancel_build(shell: State<'_, Shell>) -> Answer<()> {
    ask(shell, Session::cancel_build).await
}

/// Takes a folder out of the library; nothing on the disk is touched.
#[tauri::command]
pub async fn remove_source(shell: State<'_, Shell>, id: i64) -> Answer<Status> {
    blocking(shell, move |shell| {
        at_a_glance(shell, |session| session.remove_source(id))
    })
    .await
}

/// Sets which model the library is to use; the next build embeds what lacks its vectors.
#[tauri::command]
pub async fn use_model<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    id: String,
) -> Answer<Status> {
    blocking(shell, move |shell| {
        let status = at_a_glance(shell, |session| session.use_model(session.wanted_of(&id)?))?;
        tell(&app, "library-changed", &status);
        Ok(status)
    })
    .await
}

/// Files that could not be used, and why: a page of them.
#[tauri::command]
pub async fn failures(
    shell: State<'_, Shell>,
    which: Which,
    hidden: bool,
    offset: usize,
    limit: usize,
) -> Answer<FailurePage> {
    ask(shell, move |session| {
        session.failure_page(&which, hidden, offset, limit)
    })
    .await
}

/// Lets the next build try some of them again.
#[tauri::command]
pub async fn retry_failures(shell: State<'_, Shell>, which: Which) -> Answer<usize> {
    ask(shell, move |session| session.retry_failures(&which)).await
}

/// Hides some of them, or shows them again.
#[tauri::command]
pub async fn hide_failures(shell: State<'_, Shell>, which: Which, hidden: bool) -> Answer<Status> {
    blocking(shell, move |shell| {
        at_a_glance(shell, |session| {
            session.hide_failures(&which, hidden)?;
            session.status()
        })
    })
    .await
}

/// The tracks that have the words of `text`, all when there are none: a page of them.
#[tauri::command]
pub async fn browse(
    shell: State<'_, Shell>,
    text: String,
    offset: usize,
    limit: usize,
) -> Answer<Page> {
    ask(shell, move |session| session.browse(&text, offset, limit)).await
}

/// Where in the same list the next artist begins with `letters`.
#[tauri::command]
pub async fn ahead(
    shell: State<'_, Shell>,
    text: String,
    letters: String,
    from: usize,
) -> Answer<Option<usize>> {
    ask(shell, move |session| session.ahead(&text, &letters, from)).await
}

/// Tells folders, audio files and other things apart.
#[tauri::command]
pub async fn classify(shell: State<'_, Shell>, paths: Vec<PathBuf>) -> Answer<Dropped> {
    blocking(shell, move |_| Ok(throughline_app::classify(&paths))).await
}

/// Saves what can be read of a damaged library into a new one; nothing when nothing is wrong with it.
#[tauri::command]
pub async fn salvage(shell: State<'_, Shell>) -> Answer<Option<Saved>> {
    blocking(shell, Shell::salvage).await
}

/// Shows a track's file in the system's file manager.
#[tauri::command]
pub async fn reveal(shell: State<'_, Shell>, id: i64) -> Answer<()> {
    ask(shell, move |session| {
        let path = session.path_of(id)?;
        if !path.exists() {
            return Err(AppError::FileMissing(path));
        }
        reveal_item_in_dir(&path).map_err(|error| AppError::Internal(error.to_string()))
    })
    .await
}

/// When the page is to hear that a build has changed the library: not at every track.
pub(super) struct Changes {
    told: Instant,
    stored: usize,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            told: Instant::now(),
            stored: 0,
        }
    }
}

impl Changes {
    /// Whether it is to hear it at this `progress`.
    pub fn are_due(&mut self, progress: &Progress) -> bool {
        match *progress {
            Progress::Working { added, .. } => {
                let due = added > self.stored && self.told.elapsed() >= CHANGES;
                if due {
                    (self.told, self.stored) = (Instant::now(), added);
                }
                due
            }
            _ => false,
        }
    }
}

/// What the library says of itself, completed by what only the player knows.
pub(super) fn at_a_glance(
    shell: &Shell,
    ask: impl FnOnce(&Session) -> Result<Status, AppError>,
) -> Answer<Status> {
    let session = shell.session()?;
    completed(shell, ask(&session)?)
}

/// `status`, completed by what only the player knows.
pub(super) fn completed(shell: &Shell, status: Status) -> Answer<Status> {
    let sound = shell.player().sound()?;
    Ok(Status { sound, ..status })
}

/// Runs a build on a thread that may block: what it says goes down the channel, what it stores is told to the
/// page. It asks the shell for the library once: a salvage keeps others from it, and waits for this.
pub(super) async fn follow<R: Runtime, T: Send + 'static>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    channel: Channel<Progress>,
    build: impl FnOnce(&Session, &mut dyn FnMut(Progress)) -> Result<T, AppError> + Send + 'static,
) -> Answer<T> {
    blocking(shell, move |shell| {
        let session = shell.session()?;
        let status = || completed(shell, session.status()?);
        let changed = || match status() {
            Ok(status) => tell(&app, "library-changed", &status),
            Err(error) => tracing::warn!(error.message, "no status after a change"),
        };
        let mut changes = Changes::default();
        let report = build(&session, &mut |progress| {
            if changes.are_due(&progress) {
                changed();
            }
            // A page that was reloaded has dropped its end; the build goes on.
            let _ = channel.send(progress);
        });
        changed();
        Ok(report?)
    })
    .await
}
