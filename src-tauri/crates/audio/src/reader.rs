//! Decoded frames in order, from any position: what [`AudioFile`](crate::AudioFile) and
//! [`Stream`](crate::Stream) share.

use std::{fmt, mem, ops::Range};

use symphonia::core::{codecs::audio::AudioDecoder, errors::Error};
use throughline_core::track::Tags;

use crate::{
    AudioError, Info, codecs, declared,
    demux::{Block, Demux},
    probe::guarded,
    source::Source,
    tags,
};

/// A jump over less than this is made by leaving packets undecoded, in seconds.
const SHORT_JUMP_S: f64 = 10.0;

/// No jump by timestamp goes nearer to the end than this, in seconds: the last page of an Ogg stream,
/// which may be as long as 255 packets of 120 ms, has timestamps that are off by the padding.
const LAST_PAGE_S: f64 = 31.0;

/// Loudest sample that is let through, 60 dB over full scale; a float file may hold anything.
const LIMIT: f32 = 1e3;

/// A file is damaged when at least this many of the packets that were read cannot be decoded …
const BAD_PACKETS: u64 = 4;
/// … and they are more than this share. What fewer bad ones should have given is silence.
const BAD_SHARE: f64 = 0.1;

/// Frames of a file, one run after the other.
pub(crate) struct Reader {
    source: Source,
    demux: Demux,
    decoder: Box<dyn AudioDecoder>,
    /// Link of the demuxer that the decoder was made for; `None` where a new one is wanted.
    link: Option<u32>,
    /// Sample rate in Hz and number of channels that the decoder gives: those of the file, or as
    /// [asked](Self::mono_at).
    signal: (u32, usize),
    /// Whether packets were left out since the last one that was decoded.
    jumped: bool,
    info: Info,
    /// The next frame to give.
    at: u64,
    /// Frames of the last packet, a vector a channel.
    planes: Vec<Vec<f32>>,
    /// Those of them that are heard and were not mixed to mono yet.
    unmixed: Range<usize>,
    /// Frames that were asked for, interleaved.
    interleaved: Vec<f32>,
    good: u64,
    bad: u64,
}

impl Reader {
    /// Opens `source` and counts its length. The reader stands at the start. The second
    /// value is the reason when the file is cut off: what is there can be read all the same.
    pub(crate) fn open(source: Source) -> Result<(Self, Option<AudioError>), AudioError> {
        let mut demux = Demux::open(&source)?;
        let decoder = codecs::decoder(&demux.params, None)?;
        let (sample_rate, channels) = codecs::signal(decoder.codec_params())?;
        demux.params.sample_rate = Some(sample_rate);
        let frames = demux.count(&source)?;
        let truncated = declared::truncated(&source, &demux, frames);
        demux.rewind(&source)?;
        let info = Info {
            codec: decoder.codec_info().short_name.to_owned(),
            sample_rate,
            channels,
            frames,
            duration_s: frames as f64 / f64::from(sample_rate),
        };
        let reader = Self {
            source,
            demux,
            decoder,
            link: Some(0),
            signal: (sample_rate, channels),
            jumped: false,
            info,
            at: 0,
            planes: Vec::new(),
            unmixed: 0..0,
            interleaved: Vec::new(),
            good: 0,
            bad: 0,
        };
        Ok((reader, truncated))
    }

    /// What the file holds.
    pub(crate) fn info(&self) -> &Info {
        &self.info
    }

    /// What its tags say.
    pub(crate) fn tags(&mut self) -> Tags {
        tags::read(&self.source, self.demux.format.as_mut())
    }

    /// Has [`fill_mono`](Self::fill_mono) give samples at `rate` Hz, if the decoder can by itself, and else
    /// at the rate of the file. Gives the number of frames of the file that are one such sample.
    pub(crate) fn mono_at(&mut self, rate: u32) -> u64 {
        let (own, channels) = (self.info.sample_rate, self.info.channels);
        // Where sound begins between two samples of the decoder's, those are not the track's.
        let given = own > rate
            && own.is_multiple_of(rate)
            && self.demux.grid.is_multiple_of(own / rate)
            && codecs::gives_mono_at(&self.demux.params, rate);
        let signal = if given { (rate, 1) } else { (own, channels) };
        if signal != self.signal {
            (self.signal, self.link, self.jumped) = (signal, None, true);
        }
        self.step()
    }

    /// Frames of the file to one that the decoder gives.
    fn step(&self) -> u64 {
        u64::from(self.info.sample_rate / self.signal.0)
    }

    /// The next frame that [`next`](Self::next) gives.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// The next frames, `[frames, channels]` interleaved; `None` at the end. What could not be decoded
    /// is silence.
    pub(crate) fn next(&mut self) -> Result<Option<&[f32]>, AudioError> {
        let Some(heard) = self.packet()? else {
            return Ok(None);
        };
        self.interleaved.clear();
        let planes = &self.planes;
        let frames = heard.flat_map(|at| planes.iter().map(move |plane| plane[at]));
        self.interleaved.extend(frames);
        Ok(Some(&self.interleaved))
    }

    /// Fills `mono` with the next samples, each the mean over the channels, and with zeros after the end.
    pub(crate) fn fill_mono(&mut self, mut mono: &mut [f32]) -> Result<(), AudioError> {
        while !mono.is_empty() {
            if self.unmixed.is_empty() {
                let Some(heard) = self.packet()? else {
                    break;
                };
                self.unmixed = heard;
            }
            let len = self.unmixed.len().min(mono.len());
            let (now, later) = mem::take(&mut mono).split_at_mut(len);
            mix(&self.planes, self.unmixed.start, now);
            self.unmixed.start += len;
            mono = later;
        }
        mono.fill(0.0);
        Ok(())
    }

    /// Decodes the next packet that is heard; gives where in `self.planes` that is, `None` at the end.
    fn packet(&mut self) -> Result<Option<Range<usize>>, AudioError> {
        let (warm_up, step) = (self.warm_up(), self.step());
        while self.at < self.info.frames {
            let Some(block) = self.demux.next()? else {
                return Ok(None);
            };
            let end = block.start.saturating_add(block.len);
            if block.start > self.at {
                return Err(AudioError::Damaged {
                    detail: "it changed while it was read".to_owned(),
                });
            }
            if end.saturating_add(warm_up) <= self.at {
                self.jumped = true;
                continue;
            }
            let heard = end > self.at;
            self.decode(&block, heard)?;
            if heard {
                let first = self.at - block.start;
                self.at = end.min(self.info.frames);
                let last = self.at - block.start;
                return Ok(Some((first / step) as usize..last.div_ceil(step) as usize));
            }
        }
        Ok(None)
    }

    /// Goes to `frame`, or to the end.
    pub(crate) fn seek(&mut self, frame: u64) -> Result<(), AudioError> {
        self.at = frame.min(self.info.frames);
        self.unmixed = 0..0;
        let from = self.at.saturating_sub(self.warm_up());
        let here = self.demux.clock();
        let onward = here <= from || (here <= self.at && !self.jumped);
        if onward && from.saturating_sub(here) < self.seconds(SHORT_JUMP_S) {
            return Ok(());
        }
        let to = from.min(self.info.frames.saturating_sub(self.seconds(LAST_PAGE_S)));
        if onward && to <= here {
            return Ok(());
        }
        self.jumped = true;
        if to > 0 && matches!(self.demux.seek(to), Ok(true)) {
            return Ok(());
        }
        // What cannot be jumped to by timestamp is walked to from the start.
        self.demux.rewind(&self.source)?;
        self.demux.steady &= to == 0;
        Ok(())
    }

    /// Forgets how well the packets so far could be decoded.
    pub(crate) fn judge_afresh(&mut self) {
        (self.good, self.bad) = (0, 0);
    }

    /// Fails when too much of what was read could not be decoded, or nothing was.
    pub(crate) fn verdict(&self) -> Result<(), AudioError> {
        let packets = self.good + self.bad;
        if self.bad >= BAD_PACKETS && self.bad as f64 > BAD_SHARE * packets as f64 {
            let detail = format!("{} of {packets} packets cannot be decoded", self.bad);
            return Err(AudioError::Damaged { detail });
        }
        if self.good == 0 {
            Err(AudioError::NoSamples)
        } else {
            Ok(())
        }
    }

    /// Decodes `block` into `self.planes`, which then hold the frames that are heard, and notes
    /// whether that went well if it matters.
    fn decode(&mut self, block: &Block, heard: bool) -> Result<(), AudioError> {
        let (step, (rate, channels)) = (self.step(), self.signal);
        if self.link != Some(self.demux.link) {
            self.decoder = codecs::decoder(&self.demux.params, (step > 1).then_some(rate))?;
            self.link = Some(self.demux.link);
        } else if self.jumped {
            self.decoder.reset();
        }
        self.jumped = false;
        let (decoder, planes) = (&mut self.decoder, &mut self.planes);
        let decoded = guarded(|| {
            let buffer = decoder.decode(&block.packet)?;
            if buffer.spec().channels().count() != channels || buffer.spec().rate() != rate {
                return Err(Error::DecodeError(
                    "another number of channels or sample rate",
                ));
            }
            buffer.copy_to_vecs_planar(planes);
            Ok(())
        })?;
        match decoded {
            Ok(()) => self.good += u64::from(heard),
            Err(error) => {
                tracing::debug!(%error, at = block.start, heard, "a packet cannot be decoded");
                self.bad += u64::from(heard);
                planes.clear();
            }
        }
        planes.resize(channels, Vec::new());
        for plane in planes {
            plane.drain(..((block.skip / step) as usize).min(plane.len()));
            plane.resize(block.len.div_ceil(step) as usize, 0.0);
            for sample in plane {
                *sample = if sample.is_finite() {
                    sample.clamp(-LIMIT, LIMIT)
                } else {
                    0.0
                };
            }
        }
        Ok(())
    }

    /// Frames that are decoded and thrown away before a position that was jumped to.
    fn warm_up(&self) -> u64 {
        codecs::warm_up(self.demux.params.codec, self.info.sample_rate)
    }

    fn seconds(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.info.sample_rate)) as u64
    }
}

/// Puts the mean over `planes`, from their frame `first` on, into `mono`.
fn mix(planes: &[Vec<f32>], first: usize, mono: &mut [f32]) {
    for (channel, plane) in planes.iter().enumerate() {
        let plane = &plane[first..][..mono.len()];
        if channel == 0 {
            mono.copy_from_slice(plane);
        } else {
            for (sum, sample) in mono.iter_mut().zip(plane) {
                *sum += sample;
            }
        }
    }
    if planes.len() > 1 {
        // The same as a division where there are two, and quicker.
        let share = 1.0 / planes.len() as f32;
        for sum in mono {
            *sum *= share;
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("source", &self.source)
            .field("info", &self.info)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pulse, source::Place};

    fn fixture(name: &str) -> Reader {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/audio");
        let source = Source::new(Place::File(folder.join(name)), &Pulse::default());
        Reader::open(source).unwrap().0
    }

    #[test]
    fn libopus_gives_the_rates_it_has() {
        let mut reader = fixture("tones.opus");
        for (rate, step) in [(16_000, 3), (24_000, 2), (22_050, 1), (48_000, 1)] {
            assert_eq!(reader.mono_at(rate), step, "{rate} Hz");
        }
        assert_eq!(
            fixture("tones.ogg").mono_at(8_000),
            1,
            "Vorbis has one rate"
        );
    }

    #[test]
    fn long_jumps_go_by_timestamp() {
        for name in [
            "tones.mp3",
            "tones.m4a",
            "tones.ogg",
            "tones.opus",
            "tones.flac",
        ] {
            let mut reader = fixture(name);
            let target = reader.seconds(28.0);
            reader.seek(target).unwrap();
            let here = reader.demux.clock();
            assert!(
                reader.demux.steady,
                "{name} has timestamps that agree with the clock"
            );
            let wanted = reader.seconds(20.0)..=target - reader.warm_up();
            assert!(
                wanted.contains(&here),
                "{name} stands at frame {here} before {target}"
            );
        }
    }
}
