//! Paths that come from outside: what was dropped, whether a music folder is there, and where a library lives.

use std::path::{Path, PathBuf};

use throughline_audio::is_audio_name;

use crate::view::{self, Dropped};

/// Names the folder of the library, before every default.
pub const LIBRARY_VARIABLE: &str = "THROUGHLINE_LIBRARY";

/// How files of throughlines end, without the dot.
pub const THREAD_EXTENSION: &str = "throughline";

/// Sorts what was dropped into folders, audio files, throughlines and the rest.
pub fn classify(paths: &[PathBuf]) -> Dropped {
    let mut dropped = Dropped::default();
    for path in paths {
        let kind = if path.is_dir() {
            &mut dropped.folders
        } else if is_audio_name(path) {
            &mut dropped.audio
        } else if is_thread_name(path) {
            &mut dropped.threads
        } else {
            &mut dropped.other
        };
        kind.push(view::shown(path));
    }
    dropped
}

/// Whether the name of `path` is that of a throughline's file, in any case. The programs that throughlines
/// are sent with may have put `.json` behind it, which it is.
fn is_thread_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    Path::new(stem)
        .extension()
        .is_some_and(|extension| extension == THREAD_EXTENSION)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_sorted_by_what_can_be_done_with_it() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = view::shown(dir.path());
        let paths = [
            folder.as_str(),
            "/a.MP3",
            "/Evenings.throughline",
            "/Rain.Throughline.JSON",
            "/plan.json",
            "/.throughline",
            "/throughline",
        ];
        let expected = Dropped {
            folders: vec![folder.clone()],
            audio: vec!["/a.MP3".to_owned()],
            threads: ["/Evenings.throughline", "/Rain.Throughline.JSON"]
                .map(str::to_owned)
                .to_vec(),
            other: ["/plan.json", "/.throughline", "/throughline"]
                .map(str::to_owned)
                .to_vec(),
        };
        assert_eq!(classify(&paths.map(PathBuf::from)), expected);
    }
}
