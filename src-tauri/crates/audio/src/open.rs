//! Opening a file: what it is, how long it is, what its tags say.

use std::{path::Path, sync::Arc};

use throughline_core::{
    embedding::{Clip, Span},
    track::Tags,
};

use crate::{
    AudioError, Pulse, read,
    reader::Reader,
    resample::converted_len,
    source::{Place, Source},
};

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// Short name of the codec, as in `mp3`, `vorbis`, `pcm_s16le`.
    pub codec: String,
    /// Sample rate in Hz, `1_000..=768_000`.
    pub sample_rate: u32,
    /// Number of channels, `1..=64`.
    pub channels: usize,
    /// Number of samples in each channel, by the packets that are there and not as declared; encoder
    /// delay and padding are left out where the file tells them.
    pub frames: u64,
    /// Length in seconds.
    pub duration_s: f64,
}

/// An audio file: opened, recognised by its content, and its length counted.
#[derive(Debug)]
pub struct AudioFile {
    reader: Reader,
    tags: Tags,
}

impl AudioFile {
    /// Opens the file at `path`, reads its tags and counts its length. Nothing is decoded yet.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        Self::open_with(path, &Pulse::default())
    }

    /// The same of a file whose bytes are in memory. They are shared, not copied.
    pub fn from_bytes(bytes: Arc<[u8]>) -> Result<Self, AudioError> {
        Self::from_bytes_with(bytes, &Pulse::default())
    }

    /// As [`open`](Self::open); `pulse` beats as long as this and all reading from the file get on.
    pub fn open_with(path: &Path, pulse: &Pulse) -> Result<Self, AudioError> {
        Self::new(Source::new(Place::File(path.to_owned()), pulse))
    }

    /// As [`from_bytes`](Self::from_bytes), with a pulse.
    pub fn from_bytes_with(bytes: Arc<[u8]>, pulse: &Pulse) -> Result<Self, AudioError> {
        Self::new(Source::new(Place::Memory(bytes), pulse))
    }

    fn new(source: Source) -> Result<Self, AudioError> {
        let (mut reader, truncated) = Reader::open(source)?;
        if let Some(truncated) = truncated {
            return Err(truncated);
        }
        if reader.info().frames == 0 {
            return Err(AudioError::NoSamples);
        }
        let tags = reader.tags();
        Ok(Self { reader, tags })
    }

    /// What the file holds.
    pub fn info(&self) -> &Info {
        self.reader.info()
    }

    /// What the tags say; all `None` when there are none.
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// Length of the track in samples at `rate` Hz, which is positive.
    pub fn len_at(&self, rate: u32) -> u64 {
        let info = self.info();
        converted_len(info.frames, info.sample_rate, rate)
    }

    /// Decodes stretches of the file: mono (the mean over the channels) at `rate` Hz, which is
    /// `1_000..=768_000`. At the file's own rate the samples are those of the file.
    ///
    /// `spans` is given the length of the whole track in samples at `rate` and answers which
    /// stretches to decode; what reaches past the end is cut off. Memory is bounded by those
    /// stretches, whatever the length of the file. A stretch holds the same samples as the
    /// conversion of the whole file would. Only two things depend on what was decoded before: the
    /// noise that an AAC file may leave to the decoder to make, and Opus below 24 kbit/s.
    pub fn read(
        &mut self,
        rate: u32,
        spans: impl FnOnce(u64) -> Vec<Span>,
    ) -> Result<Clip, AudioError> {
        read::read(&mut self.reader, rate, spans)
    }
}
