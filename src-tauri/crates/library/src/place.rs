//! Where a file row points: to a file on disk, or to a song of the catalogue, whose bytes lie nowhere.
//!
//! A song's address is `itunes:` and its number. No absolute path begins like that.

use std::path::{Path, PathBuf};

use throughline_core::catalog::SongId;

use crate::os_path;

/// What the address of every song begins with; by itself, the address of the catalogue's source.
pub(crate) const CATALOGUE: &[u8] = b"itunes:";

/// Where a file row points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// To a file on disk.
    File(PathBuf),
    /// To a song of the catalogue.
    Song(SongId),
}

impl Place {
    /// The place that `bytes` of a row name.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        match song(&bytes) {
            Some(song) => Self::Song(song),
            None => Self::File(os_path::from_bytes(bytes)),
        }
    }

    /// The path of a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Song(_) => None,
        }
    }

    /// The number of a song.
    pub fn song(&self) -> Option<SongId> {
        match self {
            Self::File(_) => None,
            Self::Song(song) => Some(*song),
        }
    }
}

/// The address of `song`.
pub(crate) fn address(song: SongId) -> Vec<u8> {
    let mut bytes = CATALOGUE.to_vec();
    bytes.extend(song.0.to_string().bytes());
    bytes
}

/// The half-open range of bytes in which the addresses of all songs lie, and no path.
pub(crate) fn songs() -> (Vec<u8>, Vec<u8>) {
    let mut high = CATALOGUE.to_vec();
    if let Some(last) = high.last_mut() {
        *last += 1;
    }
    (CATALOGUE.to_vec(), high)
}

/// The song whose address `bytes` are.
pub(crate) fn song(bytes: &[u8]) -> Option<SongId> {
    let number = bytes.strip_prefix(CATALOGUE)?;
    std::str::from_utf8(number).ok()?.parse().ok().map(SongId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_back_and_paths_are_none() {
        for id in [0, 42, u64::MAX] {
            let address = address(SongId(id));
            let (low, high) = songs();
            assert!(low <= address && address < high, "{id} is among the songs");
            assert_eq!(song(&address), Some(SongId(id)));
        }
        for path in [
            "/music/itunes:42",
            "itunes",
            "itunes:",
            "itunes:a.mp3",
            "C:\\itunes:1",
        ] {
            let place = Place::from_bytes(path.into());
            assert_eq!((place.song(), place.path()), (None, Some(Path::new(path))));
        }
    }
}
