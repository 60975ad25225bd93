//! What is on disk: the audio files below a folder.

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
/// whether to go on. Links are followed, loops are noticed, entries that cannot be read are left out.
pub fn scan(folder: &Path, mut go_on: impl FnMut(usize) -> bool) -> Seen {
    let Seen {
        mut found,
        mut unread,
    } = Seen::default();
    for entry in WalkDir::new(folder).follow_links(true).max_depth(DEEPEST) {
        if !go_on(found.len()) {
            break;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                tracing::warn!(%error, "left out of the scan");
                let looped = error.loop_ancestor().is_some();
                let gone = error.io_error().map(std::io::Error::kind)
                    == Some(std::io::ErrorKind::NotFound);
                if !looped && !gone {
                    unread.extend(error.path().map(Path::to_owned));
                }
                continue;
            }
        };
        if !entry.file_type().is_file() || !is_audio_name(entry.path()) {
            continue;
        }
        match entry.metadata() {
            Ok(metadata) => found.push(Found {
                path: entry.into_path(),
                size: metadata.len(),
                mtime_ns: mtime_ns(&metadata),
            }),
            Err(error) => {
                tracing::warn!(%error, "left out of the scan");
                unread.extend(error.path().map(Path::to_owned));
            }
        }
    }
    found.sort();
    Seen { found, unread }
}

/// Time of the last change of `metadata`'s file, in nanoseconds since 1970; 0 where it is not known.
pub fn mtime_ns(metadata: &std::fs::Metadata) -> i64 {
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
