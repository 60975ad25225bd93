//! What is on disk: the audio files below a folder.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use throughline_audio::is_audio_name;
use throughline_library::Stat;
use walkdir::WalkDir;

/// How deep folders may lie in folders: deeper ones are loops or accidents.
const DEEPEST: usize = 64;

/// An audio file as the file system describes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Absolute path.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub mtime_ns: i64,
}

impl Found {
    /// What tells whether it changed.
    pub fn stat(&self) -> Stat {
        Stat {
            size: self.size,
            mtime_ns: self.mtime_ns,
        }
    }

    /// Whether it can only be said that something of this name is there.
    pub fn is_out_of_reach(&self) -> bool {
        (self.size, self.mtime_ns) == (0, 0)
    }
}

/// What a scan saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// The audio files, in order of their paths.
    pub found: Vec<Found>,
    /// Files and folders that could not be read: nothing is known of them and of what lies below them.
    pub unread: Vec<PathBuf>,
}

impl Seen {
    /// Whether `path` may be there although it was not found.
    pub fn is_unread(&self, path: &Path) -> bool {
        self.unread.iter().any(|unread| path.starts_with(unread))
    }
}

/// Finds the audio files below `folder`. At every entry, `go_on` hears how many there are so far and answers
/// whether to go on. Links are followed, and what lies in a loop is found once. What cannot be read, a link that
/// leads nowhere or a folder without permission, is found as well, [out of reach](Found::is_out_of_reach): a build
/// says of it what is wrong.
pub fn scan(folder: &Path, mut go_on: impl FnMut(usize) -> bool) -> Seen {
    let Seen {
        mut found,
        mut unread,
    } = Seen::default();
    for entry in WalkDir::new(folder).follow_links(true).max_depth(DEEPEST) {
        if !go_on(found.len()) {
            break;
        }
        match entry {
            Ok(entry) if entry.file_type().is_dir() || !is_audio_name(entry.path()) => {}
            Ok(entry) => {
                let metadata = entry.metadata().ok();
                let path = entry.into_path();
                if metadata.is_none() {
                    unread.push(path.clone());
                }
                found.push(Found {
                    size: metadata.as_ref().map_or(0, Metadata::len),
                    mtime_ns: metadata.as_ref().map_or(0, mtime_ns),
                    path,
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot be scanned");
                let Some(path) = error.path().filter(|_| error.loop_ancestor().is_none()) else {
                    continue;
                };
                if error.io_error().map(std::io::Error::kind) != Some(ErrorKind::NotFound) {
                    unread.push(path.to_owned());
                }
                if is_audio_name(path) || path.is_dir() {
                    found.push(Found {
                        path: path.to_owned(),
                        size: 0,
                        mtime_ns: 0,
                    });
                }
            }
        }
    }
    found.sort();
    Seen { found, unread }
}

/// Time of the last change of `metadata`'s file, in nanoseconds since 1970; 0 where it is not known.
pub fn mtime_ns(metadata: &Metadata) -> i64 {
    let modified = metadata.modified().ok();
    modified
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_nanos()).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_audio_by_name_and_survives_loops() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        for name in ["z.mp3", "a/song.OGG", "a/b/notes.txt", "a/b/ünï.flac"] {
            std::fs::write(dir.path().join(name), b"x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path(), deep.join("loop")).unwrap();
        let names: Vec<_> = scan(dir.path(), |_| true)
            .found
            .into_iter()
            .map(|found| found.path.strip_prefix(dir.path()).unwrap().to_owned())
            .collect();
        assert_eq!(
            names,
            [
                Path::new("a/b/ünï.flac"),
                Path::new("a/song.OGG"),
                Path::new("z.mp3")
            ]
        );
    }

    #[test]
    fn stops_when_told() {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..5 {
            std::fs::write(dir.path().join(format!("{n}.wav")), b"x").unwrap();
        }
        assert_eq!(scan(dir.path(), |found| found < 2).found.len(), 2);
    }
}
