//! Files that the app is opened with become seeds, or threads: the page hears of them as `open-files`.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tauri::{AppHandle, Manager, Runtime, Url};
use throughline_app::view::shown;

use crate::commands::tell;

/// Files for the page to hear of when it first asks; `None` once it has. It is managed before any plugin
/// starts, since another start may hand its files over from then on.
pub struct Given(Mutex<Option<Vec<String>>>);

impl Given {
    /// A page that has not asked yet is to hear of `files`.
    pub fn of(files: Vec<String>) -> Self {
        Self(Mutex::new(Some(files)))
    }

    /// The page asks for the first time, or again: the files that were given up to the first time, once.
    pub fn take(&self) -> Vec<String> {
        self.kept().take().unwrap_or_default()
    }

    /// More files are given: those that the page can hear of now. Before it first asks it hears nothing, and
    /// they are kept for [`Given::take`].
    fn add(&self, files: Vec<String>) -> Vec<String> {
        match &mut *self.kept() {
            Some(kept) => {
                kept.extend(files);
                Vec::new()
            }
            None => files,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Option<Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The files that this start was given, absolute.
pub fn first_start() -> Vec<String> {
    let args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    std::env::current_dir().map_or_else(|_| Vec::new(), |cwd| files(args, &cwd))
}

/// A second start, given `args` in the folder `cwd`: its files and the listener come to this one.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature is the plugin's"
)]
pub fn second_start<R: Runtime>(app: &AppHandle<R>, args: Vec<String>, cwd: String) {
    hand_over(app, files(args, Path::new(&cwd)));
    if let Some(window) = app.get_webview_window("main")
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window does not come to the front");
    }
}

/// On macOS files come as an event, at the start too, and not as arguments.
#[cfg(target_os = "macos")]
pub fn by_event<R: Runtime>(app: &AppHandle<R>, urls: &[Url]) {
    let paths = urls.iter().filter_map(|url| url.to_file_path().ok());
    hand_over(app, paths.map(|path| shown(&path)).collect());
}

/// Tells the page of files, now or when it first asks.
fn hand_over<R: Runtime>(app: &AppHandle<R>, files: Vec<String>) {
    let files = app.state::<Given>().add(files);
    if !files.is_empty() {
        tell(app, "open-files", &files);
    }
}

/// What `args` names that is there, without the program itself.
fn files(args: impl IntoIterator<Item = String>, cwd: &Path) -> Vec<String> {
    let paths = args.into_iter().skip(1).filter_map(|arg| path(&arg, cwd));
    paths
        .filter(|path| path.exists())
        .map(|path| shown(&path))
        .collect()
}

/// The path that an argument names, also as a `file:` URL, which some file managers give.
fn path(arg: &str, cwd: &Path) -> Option<PathBuf> {
    match Url::parse(arg) {
        Ok(url) if url.scheme() == "file" => url.to_file_path().ok(),
        _ => Some(cwd.join(arg)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_taken_from_the_folder_of_the_start_and_only_when_they_are_there() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let song = dir.path().join("é a.ogg");
        std::fs::write(&song, b"").expect("a file");
        let url = Url::from_file_path(&song).expect("absolute");
        let args = ["throughline", "é a.ogg", "--flag", "gone.ogg", url.as_str()];
        let far = ["file://elsewhere/é a.ogg", "https://example.com/a.ogg"];
        let args = args.into_iter().chain(far).map(str::to_owned);
        assert_eq!(
            files(args, dir.path()),
            [shown(&song), shown(&song)],
            "one file is there, by its name and by its URL"
        );
    }
}
