//! Files that are not what they seem, made on the spot, each with what a build has to make of it.

use std::{fs, io, path::Path};

use crate::parts::SWEEPS;

mod cut;
mod declared;
mod sounds;
mod tags;

pub(crate) use tags::fine as tagged;

/// Sample rate of the sounds that are made, in Hz.
const RATE: u32 = 8_000;

/// What a build makes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// A track of the library.
    Track,
    /// A failure with this code.
    Failure(&'static str),
}

/// A file for a music folder.
#[derive(Clone)]
pub struct Hostile {
    /// Its path below the folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What a build makes of it.
    pub becomes: Becomes,
}

/// All of them, no two with the same bytes.
pub fn files() -> Vec<Hostile> {
    let all = [
        cut::files(),
        declared::riff(),
        declared::aiff(),
        declared::flac(),
        declared::mp4(),
        declared::ogg(),
        declared::mpeg(),
        sounds::files(),
        tags::files(),
    ];
    all.into_iter().flatten().collect()
}

/// Writes them all into `folder`.
pub fn write(folder: &Path) -> io::Result<Vec<Hostile>> {
    let files = files();
    for file in &files {
        let path = folder.join(&file.name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, &file.bytes)?;
    }
    Ok(files)
}

/// A file that becomes a track.
fn track(name: impl Into<String>, bytes: Vec<u8>) -> Hostile {
    Hostile {
        name: name.into(),
        bytes,
        becomes: Becomes::Track,
    }
}

/// A file that fails with `code`.
fn failure(name: impl Into<String>, code: &'static str, bytes: Vec<u8>) -> Hostile {
    Hostile {
        name: name.into(),
        bytes,
        becomes: Becomes::Failure(code),
    }
}

/// `bytes` with `change` made behind the first `mark` in them.
fn changed(bytes: &[u8], mark: &[u8], at: usize, change: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let found = bytes.windows(mark.len()).position(|word| word == mark);
    let from = found.expect("the fixture has the mark") + at;
    bytes[from..from + change.len()].copy_from_slice(change);
    bytes
}

/// What an encoder calls its file, by the name of a fixture: `flac` of `sweep.flac`.
fn kind(name: &str) -> &str {
    name.trim_start_matches("sweep")
        .trim_start_matches(['.', '-'])
}

/// The fixtures with the kinds of their containers and codecs.
fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    SWEEPS.into_iter().map(|name| (name, kind(name)))
}
