//! Where the bytes of a file are: on a disk or in memory.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::PathBuf,
    sync::Arc,
};

use symphonia::core::io::MediaSource;

use crate::AudioError;

/// What can be opened as often as it takes. A clone shares the bytes.
#[derive(Clone)]
pub(crate) enum Source {
    /// A file on a disk.
    File(PathBuf),
    /// The bytes of a file.
    Memory(Arc<[u8]>),
}

impl Source {
    /// Opens the bytes at their start, and gives their number. None at all are refused.
    pub(crate) fn open(&self) -> Result<(Bytes, u64), AudioError> {
        let (bytes, len) = match self {
            Self::File(path) => {
                // Before it is opened: a pipe would wait for somebody to write into it.
                let metadata = fs::metadata(path)?;
                if !metadata.is_file() {
                    return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
                }
                (Bytes::File(File::open(path)?), metadata.len())
            }
            Self::Memory(bytes) => {
                let memory = Bytes::Memory(Cursor::new(Arc::clone(bytes)));
                (memory, bytes.len() as u64)
            }
        };
        if len == 0 {
            return Err(AudioError::Empty);
        }
        Ok((bytes, len))
    }
}

impl fmt::Debug for Source {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.fmt(f),
            Self::Memory(bytes) => write!(f, "{} bytes in memory", bytes.len()),
        }
    }
}

/// The bytes of a [`Source`], being read.
pub(crate) enum Bytes {
    /// Those of a file on a disk.
    File(File),
    /// Those in memory.
    Memory(Cursor<Arc<[u8]>>),
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

impl MediaSource for Bytes {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        match self {
            Self::File(file) => file.byte_len(),
            Self::Memory(bytes) => bytes.byte_len(),
        }
    }
}
