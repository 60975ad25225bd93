//! Paths that come from outside: what was dropped, whether a music folder is there, and where a library lives.

use std::path::{Path, PathBuf};

use throughline_audio::is_audio_name;

use crate::view::{self, Dropped};

/// Names the folder of the library, before every default.
pub const LIBRARY_VARIABLE: &str = "THROUGHLINE_LIBRARY";

/// Sorts what was dropped into folders, audio files and the rest.
pub fn classify(paths: &[PathBuf]) -> Dropped {
    let mut dropped = Dropped::default();
    for path in paths {
        let kind = if path.is_dir() {
            &mut dropped.folders
        } else if is_audio_name(path) {
            &mut dropped.audio
        } else {
            &mut dropped.other
        };
        kind.push(view::shown(path));
    }
    dropped
}

/// Whether a music folder is there, of which the library has files if it is `known`. One that is empty where it
/// was not is the place where a disk or a share is mounted when it is connected: it is away, and nothing in it was
/// deleted.
pub(crate) fn is_online(folder: &Path, known: bool) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => !known || matches!(entries.next(), Some(Ok(_))),
        Err(_) => false,
    }
}

/// Where the library lives when nobody says otherwise: [`LIBRARY_VARIABLE`], else `throughline` in the
/// user's data folder (`~/.local/share` on Linux). `None` where the system names no such folder.
pub fn default_library() -> Option<PathBuf> {
    std::env::var_os(LIBRARY_VARIABLE)
        .map(PathBuf::from)
        .or_else(|| dirs::data_dir().map(|data| data.join("throughline")))
}
