//! RIFF files whose outer length is wrong.
//!
//! The length in the first eight bytes says nothing that the chunks inside do not say, and it is
//! wrong in real files: a few bytes short, or never filled in. It is hidden from the demuxer.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

use crate::source::Bytes;

/// Where the length lies in the file.
const LENGTH: std::ops::Range<u64> = 4..8;

/// A RIFF file that says of itself that its length is not known.
pub(crate) struct Unmeasured(pub Bytes);

impl Read for Unmeasured {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.0.stream_position()?;
        let count = self.0.read(buffer)?;
        if at < LENGTH.end {
            for (byte, at) in buffer[..count].iter_mut().zip(at..) {
                if LENGTH.contains(&at) {
                    *byte = 0xff;
                }
            }
        }
        Ok(count)
    }
}

impl Seek for Unmeasured {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl MediaSource for Unmeasured {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        self.0.byte_len()
    }
}
