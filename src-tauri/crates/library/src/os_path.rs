//! Paths as bytes: on Unix the file system's own, so that any name survives; UTF-8 on Windows.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The bytes of `path`. On Windows a name that is no Unicode loses what is not.
pub(crate) fn to_bytes(path: &Path) -> Vec<u8> {
    os_bytes(path.as_os_str())
}

/// The path that [`to_bytes`] gave the bytes of.
pub(crate) fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    os_path(bytes)
}

/// The half-open range of bytes in which everything below `folder` lies, and nothing else.
pub(crate) fn below(folder: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let separator = std::path::MAIN_SEPARATOR as u8;
    let mut low = folder.to_vec();
    if low.last() != Some(&separator) {
        low.push(separator);
    }
    let mut high = low.clone();
    if let Some(last) = high.last_mut() {
        *last += 1;
    }
    (low, high)
}

#[cfg(unix)]
fn os_bytes(path: &OsStr) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path).to_vec()
}

#[cfg(unix)]
fn os_path(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn os_bytes(path: &OsStr) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn os_path(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_does_not_hold_its_namesakes() {
        let inside = |folder: &str, path: &str| {
            let (low, high) = below(&to_bytes(Path::new(folder)));
            let path = to_bytes(Path::new(path));
            low <= path && path < high
        };
        let slash = std::path::MAIN_SEPARATOR_STR;
        let join = |parts: &[&str]| parts.join(slash);
        assert!(inside("music", &join(&["music", "a.mp3"])));
        assert!(inside("music", &join(&["music", "\u{10ffff}", "a.mp3"])));
        assert!(
            !inside("music", "music2"),
            "a longer name is another folder"
        );
        assert!(
            !inside("music", &join(&["music more", "a.mp3"])),
            "so is one with a space"
        );
        assert!(
            inside(slash, &join(&["", "a.mp3"])),
            "everything lies below the root"
        );
    }

    #[cfg(unix)]
    #[test]
    fn any_bytes_survive() {
        let bytes = b"/music/caf\xe9 \xff.mp3".to_vec();
        assert_eq!(to_bytes(&from_bytes(bytes.clone())), bytes);
    }
}
