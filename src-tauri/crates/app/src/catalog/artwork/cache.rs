//! A folder of pictures within a limit: those that were not looked at for longest leave first. Everything in
//! it can be thrown away at any moment, and whatever cannot be read or written there is as good as nothing.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use throughline_audio::content_hash_of;

use crate::view::Artwork;

/// The largest file that is read; larger ones are no pictures of ours.
const LARGEST: u64 = 1 << 20;

/// A folder of pictures.
pub(super) struct Cache {
    folder: PathBuf,
    limit: u64,
    /// Bytes in it as far as this process knows; looked up when first needed.
    bytes: Mutex<Option<u64>>,
}

impl Cache {
    /// The cache in `folder`, which is made when something is kept, of `limit` bytes at most.
    pub fn new(folder: PathBuf, limit: u64) -> Self {
        Self {
            folder,
            limit,
            bytes: Mutex::default(),
        }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The picture that is kept for `link`, which counts as looked at.
    pub fn get(&self, link: &str) -> Option<Artwork> {
        let path = self.path(link);
        let file = File::options().read(true).write(true).open(&path).ok()?;
        let mut bytes = Vec::new();
        (&file).take(LARGEST).read_to_end(&mut bytes).ok()?;
        let picture = Artwork::read(bytes);
        // Without a date it leaves a little early.
        let _ = match picture {
            Some(_) => file.set_modified(SystemTime::now()),
            None => fs::remove_file(&path),
        };
        picture
    }

    /// Keeps `picture` for `link`, if that is possible.
    pub fn put(&self, link: &str, picture: &Artwork) {
        if let Err(error) = self.try_put(link, picture) {
            tracing::debug!(%error, "a picture is not kept");
        }
    }

    fn try_put(&self, link: &str, picture: &Artwork) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = self.path(link);
        // Put in place as a whole, so that no other process reads half of it.
        let new = path.with_extension(std::process::id().to_string());
        fs::write(&new, &picture.bytes)?;
        fs::rename(&new, &path)?;
        let mut known = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match *known {
            Some(bytes) => bytes + picture.bytes.len() as u64,
            None => self.bytes(),
        };
        *known = Some(if bytes > self.limit {
            self.shrink()
        } else {
            bytes
        });
        Ok(())
    }

    /// Removes what was not looked at for longest, until a tenth is free. Answers what is left, in bytes.
    fn shrink(&self) -> u64 {
        let mut files = self.files();
        files.sort();
        let mut bytes = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if bytes <= self.limit / 10 * 9 {
                break;
            }
            if fs::remove_file(file.path).is_ok() {
                bytes -= file.bytes;
            }
        }
        bytes
    }

    /// Bytes of all that is kept, by every process.
    pub fn bytes(&self) -> u64 {
        self.files().iter().map(|file| file.bytes).sum()
    }

    /// Removes everything.
    pub fn clear(&self) -> io::Result<()> {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = None;
        for file in self.files() {
            match fs::remove_file(file.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn files(&self) -> Vec<Kept> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let files = entries.filter_map(|entry| {
            let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some(Kept {
                used: about.modified().ok()?,
                path: entry.path(),
                bytes: about.len(),
            })
        });
        files.collect()
    }

    /// Named by the hash of its link: links have characters that file names must not have.
    fn path(&self, link: &str) -> PathBuf {
        self.folder
            .join(content_hash_of(link.as_bytes()).to_string())
    }
}

/// A file of the cache; the one used earliest comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    used: SystemTime,
    path: PathBuf,
    bytes: u64,
}

/// The smallest thing that counts as a picture.
#[cfg(test)]
pub(super) fn picture() -> Artwork {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0";
    Artwork::read(header.to_vec()).expect("a picture")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_not_looked_at_for_longest_leaves_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let picture = picture();
        let each = picture.bytes.len() as u64;
        let cache = Cache::new(folder.path().join("artwork"), each * 10);
        let names: Vec<_> = (0..10).map(|n| format!("https://a.example/{n}")).collect();
        let long_ago = SystemTime::now() - Duration::from_secs(1_000);
        for (n, name) in (0..).zip(&names) {
            cache.put(name, &picture);
            let file = File::options().write(true).open(cache.path(name));
            let then = long_ago + Duration::from_secs(n);
            file.and_then(|file| file.set_modified(then))
                .expect("a date");
        }
        assert_eq!(cache.bytes(), each * 10, "all fit");
        assert!(cache.get(&names[0]).is_some(), "it is looked at");
        cache.put("one more", &picture);
        assert_eq!(cache.bytes(), each * 9, "a tenth is free");
        assert!(cache.get(&names[0]).is_some() && cache.get("one more").is_some());
        assert!(cache.get(&names[1]).is_none() && cache.get(&names[2]).is_none());
        cache.clear().expect("files that can be removed");
        assert_eq!(cache.bytes(), 0);
        assert!(cache.get("one more").is_none());
    }

    #[test]
    fn what_is_no_picture_is_as_good_as_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned(), 1_000);
        fs::write(cache.path("a"), "no picture").expect("a file");
        assert!(cache.get("a").is_none() && !cache.path("a").exists());
        let nowhere = Cache::new(cache.path("b").join("c"), 1_000);
        fs::write(cache.path("b"), "a file, no folder").expect("a file");
        nowhere.put("a", &picture());
        assert!(nowhere.get("a").is_none(), "and no error");
    }
}
