//! What a container declares, held against what is there.

use std::io::{Read, Seek, SeekFrom};

use symphonia::core::formats::well_known::{
    FORMAT_ID_AIFF, FORMAT_ID_FLAC, FORMAT_ID_ISOMP4, FORMAT_ID_MP3, FORMAT_ID_OGG, FORMAT_ID_WAVE,
};

use crate::{AudioError, demux::Demux, source::Source};

/// A file is cut off when it holds less than it declares by more than this many seconds …
const MISSING_S: f64 = 0.5;
/// … and by more than this share. Editors that cut MP3 files leave the old count a little too high.
const MISSING_SHARE: f64 = 0.02;

/// A data chunk that declares more bytes than this was written as a stream: tools that do not know
/// the length put `0x7fff_f000` (sox), `0x8000_0000` (arecord) or `0xffff_ffff` (ffmpeg) there.
const STREAMED_BYTES: u64 = 0x7fff_0000;

/// The reason when `source` is cut off: `demux` was read to its end and gave `frames`.
pub(crate) fn truncated(source: &Source, demux: &Demux, frames: u64) -> Option<AudioError> {
    let rate = f64::from(demux.params.sample_rate?);
    let found_s = frames as f64 / rate;
    if demux.is(FORMAT_ID_OGG) {
        // The pages of an Ogg stream say where they end, and the last one that it is the last.
        return demux.cut.then_some(AudioError::Truncated {
            declared_s: None,
            found_s,
        });
    }
    let declared_s = declared(source, demux)? as f64 / rate;
    let missing_s = declared_s - found_s;
    (missing_s > MISSING_S && missing_s > MISSING_SHARE * declared_s).then_some(
        AudioError::Truncated {
            declared_s: Some(declared_s),
            found_s,
        },
    )
}

/// Frames that the container declares, if its declaration means something.
fn declared(source: &Source, demux: &Demux) -> Option<u64> {
    let track = &demux.track;
    if demux.is(FORMAT_ID_WAVE) || demux.is(FORMAT_ID_AIFF) {
        track
            .num_frames
            .filter(|frames| demux.bytes_of(*frames) < STREAMED_BYTES)
    } else if demux.is(FORMAT_ID_FLAC) || demux.is(FORMAT_ID_ISOMP4) {
        track.duration.map(|duration| demux.frames(duration.get()))
    } else if demux.is(FORMAT_ID_MP3) {
        // Without such a header symphonia guesses the length from the first frames.
        track
            .num_frames
            .filter(|_| has_length_header(source).unwrap_or(false))
    } else {
        None
    }
}

/// Whether the first frames of the MPEG file `source` hold the header of Xing, LAME or Fraunhofer
/// that counts the frames.
fn has_length_header(source: &Source) -> Result<bool, AudioError> {
    let (mut file, _) = source.open()?;
    let mut id3 = [0; 10];
    file.read_exact(&mut id3)?;
    let tag = if id3.starts_with(b"ID3") {
        // Four bytes of seven bits each (ID3v2.4 section 3.1).
        10 + id3[6..]
            .iter()
            .fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f))
    } else {
        0
    };
    file.seek(SeekFrom::Start(tag))?;
    let mut frames = Vec::new();
    file.take(4096).read_to_end(&mut frames)?;
    Ok(frames
        .windows(4)
        .any(|word| matches!(word, b"Xing" | b"Info" | b"VBRI")))
}
