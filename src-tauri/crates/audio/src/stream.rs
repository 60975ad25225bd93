//! Playing a file: interleaved samples at the file's own rate, from any position.

use std::{path::Path, sync::Arc};

use crate::{
    AudioError, Info, Pulse,
    reader::Reader,
    source::{Place, Source},
};

/// A file being played: interleaved `f32` at the file's own sample rate and number of channels. A
/// file that is cut off plays as far as it goes.
#[derive(Debug)]
pub struct Stream {
    reader: Reader,
}

impl Stream {
    /// Opens the file at `path`; the first block is the start of the track.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        Self::new(Place::File(path.to_owned()))
    }

    /// The same of a file whose bytes are in memory. They are shared, not copied.
    pub fn from_bytes(bytes: Arc<[u8]>) -> Result<Self, AudioError> {
        Self::new(Place::Memory(bytes))
    }

    fn new(place: Place) -> Result<Self, AudioError> {
        let (reader, _) = Reader::open(Source::new(place, &Pulse::default()))?;
        if reader.info().frames == 0 {
            Err(AudioError::NoSamples)
        } else {
            Ok(Self { reader })
        }
    }

    /// What the file holds: its sample rate, channels and length.
    pub fn info(&self) -> &Info {
        self.reader.info()
    }

    /// Position of the next block in seconds.
    pub fn position_s(&self) -> f64 {
        self.reader.at() as f64 / f64::from(self.info().sample_rate)
    }

    /// The next samples, `[frames, channels]` interleaved, never empty; `None` at the end of the
    /// track. What cannot be decoded is silence.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError> {
        self.reader.next()
    }

    /// Goes to `seconds` from the start, to the sample; past the end means the end.
    pub fn seek(&mut self, seconds: f64) -> Result<(), AudioError> {
        let frame = (seconds * f64::from(self.info().sample_rate)).round();
        // A negative number or none at all is the start.
        self.reader.seek(frame as u64)
    }
}
