//! Packets in order, each with its place on the file's own clock.
//!
//! The clock counts the frames that all packets before decode to, from the first that is heard on:
//! encoder delay is left out. It is not taken from timestamps, which may lie, start anywhere or
//! jump; only where the two have agreed may timestamps be used to [seek](Demux::seek).

use std::{io, mem};

use symphonia::core::{
    audio::Channels,
    codecs::audio::{AudioCodecParameters, well_known::CODEC_ID_OPUS},
    errors::Error,
    formats::{
        FormatId, FormatReader, SeekMode, SeekTo, Track, TrackType,
        well_known::{FORMAT_ID_AIFF, FORMAT_ID_MP1, FORMAT_ID_MP2, FORMAT_ID_MP3, FORMAT_ID_WAVE},
    },
    packet::Packet,
    units::Timestamp,
};

use crate::{
    AudioError, Pulse,
    probe::{self, guarded},
    resample::gcd,
    source::Source,
};

/// Errors in a row after which the demuxer is taken to be at the end: far more than the false frame
/// headers in the tags at the end of an MPEG file.
const MAX_STALLS: u32 = 1_000;

/// Bytes that the packets may hold beyond twice the length of the file. In a sound file each byte
/// belongs to one packet; a table that points at the same bytes again and again ends here.
const SPARE_BYTES: u64 = 1 << 20;

/// Frames that one packet may decode to. The longest there are, ADPCM blocks of 64 KiB, hold half as
/// many; an MP4 index may declare any number.
const MAX_FRAMES: u64 = 1 << 18;

/// A packet on the file's clock.
pub(crate) struct Block {
    /// The packet, with no request to trim left in it.
    pub packet: Packet,
    /// The first frame that is heard.
    pub start: u64,
    /// Number of frames that are heard.
    pub len: u64,
    /// Number of frames that the decoder gives before those.
    pub skip: u64,
}

/// The packets of the default audio track of a file.
pub(crate) struct Demux {
    /// The container.
    pub format: Box<dyn FormatReader>,
    unit: Unit,
    /// The track as it was declared.
    pub track: Track,
    /// What its decoder needs to know.
    pub params: AudioCodecParameters,
    /// Raised when `params` change: a chained Ogg stream needs a new decoder for each link.
    pub link: u32,
    /// The greatest number that the frames of each packet so far, and what is skipped of it, are
    /// multiples of.
    pub grid: u32,
    /// Whether timestamps have agreed with the clock so far.
    pub steady: bool,
    /// Padding at the end, if the last packet was the last.
    padding: u64,
    /// Whether the file ended in the middle of something.
    pub cut: bool,
    /// Encoder delay still to be left out.
    delay: u64,
    /// Frames heard so far.
    clock: u64,
    /// Timestamp of the first frame that is heard.
    origin: Option<i64>,
    peeked: Option<Block>,
    stalls: u32,
    budget: u64,
    bytes: u64,
    pulse: Pulse,
}

/// How the number of frames in a packet is known.
enum Unit {
    /// By its duration in timestamp units, plus what is to be trimmed.
    Ticks,
    /// By its duration alone: in symphonia 0.6.1 that of an MPEG packet contains what is trimmed.
    Mpeg,
    /// By its bytes: symphonia 0.6.1 does not shorten the duration of a PCM packet that is cut off.
    /// Bytes and frames of the first packet.
    Pcm(Option<(u64, u64)>),
}

impl Demux {
    /// Opens `source`.
    pub(crate) fn open(source: &Source) -> Result<Self, AudioError> {
        let (format, length) = probe::open(source)?;
        let (track, params) = audio_track(format.as_ref()).ok_or(AudioError::NotAudio)?;
        let unit = match format.format_info().format {
            FORMAT_ID_MP1 | FORMAT_ID_MP2 | FORMAT_ID_MP3 => Unit::Mpeg,
            FORMAT_ID_WAVE | FORMAT_ID_AIFF => Unit::Pcm(None),
            _ => Unit::Ticks,
        };
        let bytes = length.saturating_mul(2).saturating_add(SPARE_BYTES);
        Ok(Self {
            format,
            unit,
            delay: delay(&track, &params),
            track,
            params,
            link: 0,
            grid: 0,
            steady: true,
            padding: 0,
            cut: false,
            clock: 0,
            origin: None,
            peeked: None,
            stalls: 0,
            budget: bytes,
            bytes,
            pulse: source.pulse().clone(),
        })
    }

    /// Whether the container is `format`.
    pub(crate) fn is(&self, format: FormatId) -> bool {
        self.format.format_info().format == format
    }

    /// Bytes that `frames` frames of PCM take, as the first packet shows.
    pub(crate) fn bytes_of(&self, frames: u64) -> u64 {
        match self.unit {
            Unit::Pcm(Some((bytes, in_frames))) => frames.saturating_mul(bytes) / in_frames.max(1),
            _ => 0,
        }
    }

    /// Goes back to the start of `source`, which this was opened on.
    pub(crate) fn rewind(&mut self, source: &Source) -> Result<(), AudioError> {
        let (rate, grid) = (self.params.sample_rate, self.grid);
        let (origin, steady) = (self.origin, self.steady);
        *self = Self::open(source)?;
        (self.params.sample_rate, self.grid) = (rate, grid);
        (self.origin, self.steady) = (origin, steady);
        Ok(())
    }

    /// The number of frames that are heard in the file: those of all its packets. `source` is what this
    /// was opened on, and this stands at its start; afterwards it stands anywhere.
    pub(crate) fn count(&mut self, source: &Source) -> Result<u64, AudioError> {
        if matches!(self.unit, Unit::Pcm(_)) {
            if let Some(frames) = self.measure()? {
                return Ok(frames);
            }
            self.rewind(source)?;
        }
        while self.next()?.is_some() {}
        // An MPEG file that is longer than it declares has all that follows marked as padding.
        let padding = match self.unit {
            Unit::Mpeg => self.padding.min(self.track.padding.unwrap_or(0).into()),
            Unit::Ticks | Unit::Pcm(_) => self.padding,
        };
        Ok(self.clock.saturating_sub(padding))
    }

    /// The number of frames in a file of PCM whose data ends where it declares. A timestamp there is the
    /// place of a byte and no declaration: where the last packet is, all before it are too. `None` where
    /// anything is otherwise. Other containers have all their packets read: the last frame of a FLAC
    /// file tells its number, but not whether those before it are there.
    fn measure(&mut self) -> Result<Option<u64>, AudioError> {
        let Some(last) = self.track.num_frames.and_then(|all| all.checked_sub(1)) else {
            return Ok(None);
        };
        // The first packet is where the clock begins.
        self.peeked = self.next()?;
        if !matches!(self.seek(last), Ok(true)) {
            return Ok(None);
        }
        while self.next()?.is_some() {}
        Ok((!self.cut && self.clock == last + 1).then_some(self.clock))
    }

    /// The first frame of the next block, as far as it is known.
    pub(crate) fn clock(&self) -> u64 {
        self.peeked.as_ref().map_or(self.clock, |block| block.start)
    }

    /// The next packet; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Block>, AudioError> {
        if let Some(block) = self.peeked.take() {
            return Ok(Some(block));
        }
        while let Some(packet) = self.packet()? {
            if packet.track_id == self.track.id {
                return Ok(Some(self.place(packet)));
            }
        }
        Ok(None)
    }

    /// Jumps to a packet at or before `frame` by its timestamp. On `false` the demuxer is to be
    /// thrown away and opened anew.
    pub(crate) fn seek(&mut self, frame: u64) -> Result<bool, AudioError> {
        let whole_frames = self.track.time_base.is_some_and(|unit| {
            unit.numer.get() == 1 && Some(unit.denom.get()) == self.params.sample_rate
        });
        // With several tracks symphonia 0.6.1 may look for a packet of one among those of another
        // for ever (Ogg).
        let sole = self.format.tracks().len() == 1;
        let (Some(origin), true, true, true) = (self.origin, self.steady, whole_frames, sole)
        else {
            return Ok(false);
        };
        let to = SeekTo::Timestamp {
            ts: Timestamp::new(origin.saturating_add_unsigned(frame)),
            track_id: self.track.id,
        };
        let format = &mut self.format;
        if guarded(|| format.seek(SeekMode::Accurate, to))?.is_err() {
            return Ok(false);
        }
        (self.peeked, self.delay, self.budget, self.stalls) = (None, 0, self.bytes, 0);
        let Some(packet) = self.packet()? else {
            return Ok(false);
        };
        let heard = packet
            .pts
            .get()
            .saturating_add_unsigned(packet.trim_start.get());
        let Ok(start) = u64::try_from(heard.saturating_sub(origin)) else {
            return Ok(false);
        };
        self.clock = start;
        self.peeked = Some(self.place(packet));
        Ok(start <= frame)
    }

    /// The next packet of any track.
    fn packet(&mut self) -> Result<Option<Packet>, AudioError> {
        loop {
            let format = &mut self.format;
            match guarded(|| format.next_packet())? {
                Ok(Some(packet)) => {
                    self.pulse.beat();
                    self.stalls = 0;
                    let cost = (packet.data.len() as u64).max(1);
                    self.budget =
                        self.budget
                            .checked_sub(cost)
                            .ok_or_else(|| AudioError::Damaged {
                                detail: "its index points at the same bytes again and again"
                                    .to_owned(),
                            })?;
                    return Ok(Some(packet));
                }
                Ok(None) => return Ok(None),
                Err(Error::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    self.cut = true;
                    return Ok(None);
                }
                Err(Error::IoError(error)) => return Err(error.into()),
                Err(Error::ResetRequired) => {
                    if !self.next_link() {
                        return Ok(None);
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "skipping what is no packet");
                    self.stalls += 1;
                    if self.stalls > MAX_STALLS {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Goes on with the next link of a chained stream; `false` when it is of another kind.
    fn next_link(&mut self) -> bool {
        let Some((track, params)) = audio_track(self.format.as_ref()) else {
            return false;
        };
        let channels =
            |params: &AudioCodecParameters| params.channels.as_ref().map(Channels::count);
        let same = params.codec == self.params.codec
            && params.sample_rate == self.params.sample_rate
            && channels(&params) == channels(&self.params);
        if same {
            self.delay = delay(&track, &params);
            (self.track, self.params) = (track, params);
            self.link += 1;
            self.steady = false;
        }
        same
    }

    /// Puts a packet on the clock and moves the clock on.
    fn place(&mut self, mut packet: Packet) -> Block {
        let trim_start = mem::take(&mut packet.trim_start).get();
        let trim_end = mem::take(&mut packet.trim_end).get();
        let ticks = packet.dur.get();
        let decoded = match &mut self.unit {
            Unit::Ticks => self.frames(ticks.saturating_add(trim_start).saturating_add(trim_end)),
            Unit::Mpeg => ticks,
            Unit::Pcm(first) => {
                let bytes = packet.data.len() as u64;
                let (all_bytes, all_frames) = *first.get_or_insert((bytes.max(1), ticks));
                ticks.min(bytes.saturating_mul(all_frames) / all_bytes)
            }
        }
        .min(MAX_FRAMES);
        // An Opus packet says nothing of the delay, an MPEG packet does so again.
        let skip = self.frames(trim_start).max(self.delay).min(decoded);
        self.delay = self.delay.saturating_sub(skip);
        // Both are at most `MAX_FRAMES`.
        self.grid = gcd(gcd(self.grid, skip as u32), decoded as u32);
        self.padding = if trim_end == 0 {
            0
        } else {
            self.padding.saturating_add(self.frames(trim_end))
        };

        let block = Block {
            start: self.clock,
            len: decoded - skip,
            skip,
            packet,
        };
        if block.len > 0 {
            let heard = block.packet.pts.get().saturating_add_unsigned(skip);
            let origin = *self.origin.get_or_insert(heard);
            self.steady &= heard.checked_sub_unsigned(self.clock) == Some(origin);
        }
        self.clock = self.clock.saturating_add(block.len);
        block
    }

    /// Frames in a duration of `ticks` timestamp units.
    pub(crate) fn frames(&self, ticks: u64) -> u64 {
        let (Some(unit), Some(rate)) = (self.track.time_base, self.params.sample_rate) else {
            return ticks;
        };
        let scaled = u128::from(ticks) * u128::from(unit.numer.get()) * u128::from(rate);
        u64::try_from((scaled + u128::from(unit.denom.get()) / 2) / u128::from(unit.denom.get()))
            .unwrap_or(u64::MAX)
    }
}

/// The audio track that a person would hear, with the parameters of its codec.
fn audio_track(format: &dyn FormatReader) -> Option<(Track, AudioCodecParameters)> {
    let track = format.first_track_known_codec(TrackType::Audio)?;
    let params = track.codec_params.as_ref()?.audio()?;
    Some((track.clone(), params.clone()))
}

/// Frames at the start of the track that no packet marks as encoder delay. Only Ogg Opus has such.
fn delay(track: &Track, params: &AudioCodecParameters) -> u64 {
    if params.codec == CODEC_ID_OPUS {
        u64::from(track.delay.unwrap_or(0))
    } else {
        0
    }
}
