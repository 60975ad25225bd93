//! Files that a start of the app was given become seeds: the page hears of them as `open-files`.

use std::path::Path;

use tauri::{AppHandle, Manager, Runtime};
use throughline_app::view::shown;

use crate::commands::tell;

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
    let files = files(args, Path::new(&cwd));
    if !files.is_empty() {
        tell(app, "open-files", &files);
    }
    if let Some(window) = app.get_webview_window("main")
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window does not come to the front");
    }
}

/// What `args` names that is there, without the program itself.
fn files(args: impl IntoIterator<Item = String>, cwd: &Path) -> Vec<String> {
    let paths = args.into_iter().skip(1).map(|arg| cwd.join(arg));
    paths
        .filter(|path| path.exists())
        .map(|path| shown(&path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_taken_from_the_folder_of_the_start_and_only_when_they_are_there() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("é a.ogg"), b"").expect("a file");
        let args = ["throughline", "é a.ogg", "--flag", "gone.ogg"].map(str::to_owned);
        let expected = shown(&dir.path().join("é a.ogg"));
        assert_eq!(
            files(args, dir.path()),
            [expected],
            "one argument is a file that is there"
        );
    }
}
