//! What the store has.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use throughline_core::catalog::GENRES;
use walkdir::WalkDir;

use crate::faults::hash;

/// Songs of one artist at most, so that a call can name them all.
const SONGS_PER_ARTIST: usize = 20;
/// Songs of one album at most.
const SONGS_PER_ALBUM: usize = 10;
/// First numbers of songs, albums and artists: far apart, and of the catalogue's size.
const FIRST_SONG: u64 = 1_400_000_000;
const FIRST_ALBUM: u64 = 1_300_000_000;
const FIRST_ARTIST: u64 = 200_000_000;

/// A song of the store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreSong {
    /// Its number, unlike that of any other song, album or artist.
    pub id: u64,
    /// Its title.
    pub title: String,
    /// Its artist's number.
    pub artist_id: u64,
    /// Its artist's name.
    pub artist: String,
    /// Its album's number.
    pub album_id: u64,
    /// Its album's title.
    pub album: String,
    /// Number of its genre.
    pub genre_id: u32,
    /// Name of its genre.
    pub genre: String,
    /// Year of release.
    pub year: i32,
    /// Length of the whole song, which the preview is a part of, in milliseconds.
    pub duration_ms: u64,
    /// What its preview sounds like.
    pub audio: Audio,
}

/// What a preview is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audio {
    /// A file, read whenever it is asked for.
    File(PathBuf),
    /// Bytes.
    Bytes(Arc<[u8]>),
}

impl StoreSong {
    /// Its preview: an MP4 file gets an empty atom with the song's number, so that no two previews have
    /// the same bytes, and sound as they did.
    pub(crate) fn preview(&self) -> io::Result<Vec<u8>> {
        let mut bytes = match &self.audio {
            Audio::File(path) => fs::read(path)?,
            Audio::Bytes(bytes) => bytes.to_vec(),
        };
        if bytes.get(4..8) == Some(b"ftyp") {
            bytes.extend(16_u32.to_be_bytes());
            bytes.extend(b"free");
            bytes.extend(self.id.to_be_bytes());
        }
        Ok(bytes)
    }
}

/// `n` songs made of the audio files of `folder`: artists and albums have the names of folders, songs
/// those of files. When there are more songs than files, files serve again, for other artists.
pub fn from_folder(folder: &Path, n: usize) -> io::Result<Vec<StoreSong>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry?.into_path();
        let kind = path.extension().and_then(|kind| kind.to_str());
        if kind.is_some_and(|kind| ["m4a", "mp4"].contains(&kind.to_ascii_lowercase().as_str())) {
            files.push(path);
        }
    }
    if files.is_empty() && n > 0 {
        let reason = format!("{} has no m4a files", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, reason));
    }
    let mut artists = BTreeMap::new();
    let mut albums = BTreeMap::new();
    let mut of_name = BTreeMap::new();
    let songs = (0..n).zip(files.iter().cycle()).map(|(i, file)| {
        let round = i / files.len();
        let name = artist_name(folder, file);
        let before = of_name.entry((name.clone(), round)).or_insert(0);
        let (part, album_no) = (*before / SONGS_PER_ARTIST, *before / SONGS_PER_ALBUM);
        *before += 1;
        let artist = match round * 100 + part {
            0 => name,
            nth => format!("{name} the {}", ordinal(nth + 1)),
        };
        let album = format!("{artist}, volume {}", album_no + 1);
        let genre = GENRES[hash(0, &artist, 0) as usize % GENRES.len()];
        let (next_artist, next_album) = (artists.len() as u64, albums.len() as u64);
        let id = FIRST_SONG + i as u64;
        StoreSong {
            id,
            title: stem(file),
            artist_id: FIRST_ARTIST + *artists.entry(artist.clone()).or_insert(next_artist),
            album_id: FIRST_ALBUM + *albums.entry(album.clone()).or_insert(next_album),
            genre_id: genre.0.0,
            genre: genre.1.to_owned(),
            year: 1_960 + (hash(1, &album, 0) % 65) as i32,
            duration_ms: 120_000 + hash(2, &artist, i as u32) % 240_000,
            artist,
            album,
            audio: Audio::File(file.clone()),
        }
    });
    Ok(songs.collect())
}

/// The first folder below `folder` that `file` is in, or `folder` itself.
fn artist_name(folder: &Path, file: &Path) -> String {
    let below = file.strip_prefix(folder).unwrap_or(file);
    let mut parts = below.components();
    match (parts.next(), parts.next()) {
        (Some(first), Some(_)) => first.as_os_str().to_string_lossy().into_owned(),
        _ => stem(folder),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// `n` as people count.
fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn a_folder_becomes_a_catalogue() {
        let folder = tempfile::tempdir().expect("a folder");
        for artist in ["Ada", "Bob"] {
            let of_artist = folder.path().join(artist);
            fs::create_dir(&of_artist).expect("a folder");
            for n in 0..25 {
                fs::write(of_artist.join(format!("song {n}.m4a")), b"\0\0\0\x08ftyp")
                    .expect("a file");
            }
            fs::write(of_artist.join("cover.jpg"), b"").expect("a file");
        }
        let songs = from_folder(folder.path(), 120).expect("a catalogue");
        assert_eq!(songs.len(), 120);
        let ids: HashSet<_> = songs.iter().map(|song| song.id).collect();
        let previews: HashSet<_> = songs
            .iter()
            .map(|song| song.preview().expect("bytes"))
            .collect();
        assert_eq!(
            (ids.len(), previews.len()),
            (120, 120),
            "no two are the same"
        );
        let names: HashSet<_> = songs
            .iter()
            .map(|song| (&song.title, &song.artist))
            .collect();
        assert_eq!(
            names.len(),
            120,
            "files that serve again have other artists"
        );
        let mut artists = HashMap::new();
        for song in &songs {
            *artists.entry(song.artist_id).or_insert(0) += 1;
            assert_eq!(
                songs
                    .iter()
                    .find(|other| other.artist_id == song.artist_id)
                    .map(|s| &s.artist),
                Some(&song.artist)
            );
        }
        assert!(artists.values().all(|&n| n <= SONGS_PER_ARTIST));
        assert!(songs.iter().any(|song| song.artist == "Ada the 2nd"));
        let empty = tempfile::tempdir().expect("a folder");
        assert!(from_folder(empty.path(), 1).is_err(), "nothing to sell");
    }
}
