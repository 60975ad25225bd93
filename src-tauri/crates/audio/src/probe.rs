//! Recognising what a file holds by its content, and opening it.

use std::{
    io::{self, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use symphonia::core::{
    errors::Error,
    formats::{FormatOptions, FormatReader, probe::Hint},
    io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

use crate::{
    AudioError,
    riff::Unmeasured,
    source::{Bytes, Source},
};

/// First bytes of containers that are opened here, each with its offset.
const KNOWN: [(usize, &[u8]); 5] = [
    (0, b"RIFF"),
    (0, b"FORM"),
    (0, b"fLaC"),
    (0, b"OggS"),
    (4, b"ftyp"),
];

/// First bytes of audio that cannot be decoded here, with the name that a person knows it by.
const FOREIGN: [(&[u8], &str); 13] = [
    (b"wvpk", "WavPack"),
    (b"MAC ", "Monkey's Audio"),
    (b"MPCK", "Musepack"),
    (b"MP+", "Musepack"),
    (b"TTA1", "True Audio"),
    (b"DSD ", "DSD"),
    (b"FRM8", "DSD"),
    (b"caff", "Core Audio Format"),
    (b"RF64", "RF64"),
    (b"MThd", "MIDI"),
    (b"IMPM", "Impulse Tracker"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media Audio"),
    (b"\x1a\x45\xdf\xa3", "Matroska"),
];

/// Opens `source` as whatever its content is; gives its length in bytes too.
pub(crate) fn open(source: &Source) -> Result<(Box<dyn FormatReader>, u64), AudioError> {
    let (mut bytes, len) = source.open()?;
    let head = head(&mut bytes)?;
    if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(AudioError::Unsupported {
            codec: (*name).to_owned(),
        });
    }
    let source: Box<dyn MediaSource> = if head.starts_with(b"RIFF") {
        Box::new(Unmeasured(bytes))
    } else {
        Box::new(bytes)
    };
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let probed = guarded(|| {
        symphonia::default::get_probe().probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
    })?;
    let format = probed.map_err(|error| refusal(error, &head))?;
    Ok((format, len))
}

/// Runs a step of a demuxer or decoder. A panic in it is taken for damage: it is the bytes of the
/// file that brought it there. What `step` was working on must not be used again then.
pub(crate) fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, AudioError> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|_| AudioError::Damaged {
        detail: "its bytes make the decoder fail".to_owned(),
    })
}

fn head(bytes: &mut Bytes) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(16);
    bytes.take(16).read_to_end(&mut head)?;
    bytes.seek(SeekFrom::Start(0))?;
    Ok(head)
}

/// Why symphonia would not open the file: bytes that only looked like audio in passing are no audio,
/// a container that names itself and then fails is cut off, damaged or unsupported.
fn refusal(error: Error, head: &[u8]) -> AudioError {
    let known = KNOWN
        .iter()
        .any(|(at, magic)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    match error {
        Error::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => error.into(),
        Error::Unsupported(what) if what.starts_with("core (probe)") => AudioError::NotAudio,
        _ if !known => AudioError::NotAudio,
        // The index of an MP4 file may stand at its end.
        Error::IoError(_) | Error::Unsupported("isomp4: missing moov atom") => {
            AudioError::Truncated {
                declared_s: None,
                found_s: 0.0,
            }
        }
        Error::Unsupported(what) => AudioError::Unsupported {
            codec: what.to_owned(),
        },
        other => AudioError::Damaged {
            detail: other.to_string(),
        },
    }
}
