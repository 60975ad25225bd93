//! Playing a file: interleaved samples at the file's own rate, from any position.

use std::path::Path;

use crate::{AudioError, Info};

/// A file being played: interleaved `f32` at the file's own sample rate and number of channels.
#[derive(Debug)]
pub struct Stream {
    info: Info,
}

impl Stream {
    /// Opens the file at `path`; the first block is the start of the track.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        unimplemented!("{}", path.display())
    }

    /// What the file holds: its sample rate, channels and length.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Position of the next block in seconds.
    pub fn position_s(&self) -> f64 {
        self.info.duration_s
    }

    /// The next samples, `[frames, channels]` interleaved; `None` at the end of the track.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError> {
        unimplemented!()
    }

    /// Goes to `seconds` from the start, to the sample; past the end means the end.
    pub fn seek(&mut self, seconds: f64) -> Result<(), AudioError> {
        unimplemented!("{seconds}")
    }
}
