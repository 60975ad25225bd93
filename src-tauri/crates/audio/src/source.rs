//! Where the bytes of a file are: on a disk or in memory.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::PathBuf,
    sync::Arc,
};

use symphonia::core::io::MediaSource;

use crate::{AudioError, Pulse};

/// What can be opened as often as it takes. A clone shares the bytes and the pulse.
#[derive(Clone)]
pub(crate) struct Source {
    place: Place,
    pulse: Pulse,
}

/// Where the bytes are.
#[derive(Clone)]
pub(crate) enum Place {
    /// In a file on a disk.
    File(PathBuf),
    /// In memory.
    Memory(Arc<[u8]>),
}

impl Source {
    /// The bytes at `place`, whose readers beat `pulse`.
    pub(crate) fn new(place: Place, pulse: &Pulse) -> Self {
        let pulse = pulse.clone();
        Self { place, pulse }
    }

    /// Opens the bytes at their start, and gives their number. None at all are refused.
    pub(crate) fn open(&self) -> Result<(Bytes, u64), AudioError> {
        let (place, len) = match &self.place {
            Place::File(path) => self.pulse.ask(|| {
                // Before it is opened: a pipe would wait for somebody to write into it.
                let metadata = fs::metadata(path)?;
                if metadata.is_dir() {
                    // Says what is wrong with a folder that may not be entered.
                    fs::read_dir(path)?;
                }
                if !metadata.is_file() {
                    return Err(io::Error::other("it is a folder, a pipe or a device"));
                }
                Ok((Open::File(File::open(path)?), metadata.len()))
            })?,
            Place::Memory(bytes) => {
                let memory = Open::Memory(Cursor::new(Arc::clone(bytes)));
                (memory, bytes.len() as u64)
            }
        };
        if len == 0 {
            return Err(AudioError::Empty);
        }
        self.pulse.beat();
        let bytes = Bytes {
            place,
            at: 0,
            furthest: 0,
            pulse: self.pulse.clone(),
        };
        Ok((bytes, len))
    }

    /// What its readers beat.
    pub(crate) fn pulse(&self) -> &Pulse {
        &self.pulse
    }
}

impl fmt::Debug for Source {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File(path) => path.fmt(f),
            Place::Memory(bytes) => write!(f, "{} bytes in memory", bytes.len()),
        }
    }
}

/// The bytes of a [`Source`], being read.
pub(crate) struct Bytes {
    place: Open,
    /// The byte that is read next.
    at: u64,
    /// The first byte that was not reached yet.
    furthest: u64,
    pulse: Pulse,
}

enum Open {
    File(File),
    Memory(Cursor<Arc<[u8]>>),
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let place = &mut self.place;
        let count = self.pulse.ask(|| match place {
            Open::File(file) => file.read(buffer),
            Open::Memory(bytes) => bytes.read(buffer),
        })?;
        self.at += count as u64;
        if self.at > self.furthest {
            self.furthest = self.at;
            self.pulse.beat();
        }
        Ok(count)
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = &mut self.place;
        self.at = self.pulse.ask(|| match place {
            Open::File(file) => file.seek(to),
            Open::Memory(bytes) => bytes.seek(to),
        })?;
        Ok(self.at)
    }
}

impl MediaSource for Bytes {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        match &self.place {
            Open::File(file) => file.byte_len(),
            Open::Memory(bytes) => bytes.byte_len(),
        }
    }
}
