//! The file of a piece: a RIFF/WAVE container ("Multimedia Programming Interface and Data
//! Specifications 1.0", IBM and Microsoft, 1991) of one channel of 16-bit PCM with an INFO list
//! of tags before the samples, where readers that stream look for it.

use std::{fs::File, io::Read, path::Path};

/// Samples a second. Its half is above everything that the models hear (they listen at 16 kHz),
/// and 40 pieces of it stay under 50 MB.
pub(super) const RATE: u32 = 24_000;

/// Tags as RIFF names them (`INAM`, `IART`, …) with their texts.
pub(super) type Tags<'a> = [([u8; 4], &'a str)];

const CHANNELS: u16 = 1;
const BYTES: u16 = 2;
/// Format code of integer PCM.
const PCM: u16 = 1;

/// The bytes of a file with `samples` in [-1, 1] and `tags`.
pub(super) fn encode(samples: &[f32], tags: &Tags) -> Vec<u8> {
    let mut bytes = head(samples.len(), tags);
    for sample in samples {
        let value = (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

/// Whether `path` is a file of this format with just these tags and all its samples.
pub(super) fn is_whole(path: &Path, tags: &Tags) -> bool {
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let Ok(length) = file.metadata().map(|data| data.len()) else {
        return false;
    };
    let empty = head(0, tags);
    let Some(samples) = length.checked_sub(empty.len() as u64) else {
        return false;
    };
    let wanted = head(samples as usize / usize::from(BYTES), tags);
    let mut found = vec![0; wanted.len()];
    samples > 0 && file.read_exact(&mut found).is_ok() && found == wanted
}

/// Everything before the samples.
fn head(samples: usize, tags: &Tags) -> Vec<u8> {
    let data = samples as u32 * u32::from(BYTES);
    let mut format = Vec::new();
    format.extend(PCM.to_le_bytes());
    format.extend(CHANNELS.to_le_bytes());
    format.extend(RATE.to_le_bytes());
    format.extend((RATE * u32::from(CHANNELS * BYTES)).to_le_bytes());
    format.extend((CHANNELS * BYTES).to_le_bytes());
    format.extend((BYTES * 8).to_le_bytes());

    let mut list = b"INFO".to_vec();
    for (name, text) in tags {
        // Texts end with a zero byte.
        let text: Vec<u8> = text.bytes().chain([0]).collect();
        list.extend(chunk(*name, &text));
    }

    let mut body = b"WAVE".to_vec();
    body.extend(chunk(*b"fmt ", &format));
    body.extend(chunk(*b"LIST", &list));
    body.extend(b"data");
    body.extend(data.to_le_bytes());

    let mut bytes = b"RIFF".to_vec();
    bytes.extend((body.len() as u32 + data).to_le_bytes());
    bytes.extend(body);
    bytes
}

/// A chunk: name, length, content, and a zero byte where the length is odd.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    if content.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAGS: [([u8; 4], &str); 2] = [(*b"INAM", "Odd"), (*b"IART", "Even")];

    #[test]
    fn samples_come_back_as_they_were() {
        let samples = [0.0, 0.5, -0.5, 1.0, -1.0, 2.0];
        let bytes = encode(&samples, &TAGS);
        let mut reader = hound::WavReader::new(bytes.as_slice()).expect("a WAV file");
        assert_eq!(reader.spec().sample_rate, RATE);
        let read: Vec<i16> = reader
            .samples()
            .map(|sample| sample.expect("a sample"))
            .collect();
        assert_eq!(
            read,
            [0, 16_384, -16_384, 32_767, -32_767, 32_767],
            "2.0 is cut off at 1.0"
        );
    }

    #[test]
    fn chunks_fill_the_file_to_the_byte_and_hold_the_tags() {
        let bytes = encode(&[0.25; 100], &TAGS);
        let chunks = walk(&bytes[12..]);
        let names: Vec<&[u8]> = chunks.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [b"fmt ", b"LIST", b"data"],
            "tags stand before the samples"
        );
        assert_eq!(
            &bytes[4..8],
            (bytes.len() as u32 - 8).to_le_bytes(),
            "RIFF length"
        );
        let list = chunks[1].1;
        assert_eq!(&list[..4], b"INFO");
        assert_eq!(
            walk(&list[4..]),
            [
                (&b"INAM"[..], &b"Odd\0"[..]),
                (&b"IART"[..], &b"Even\0"[..])
            ]
        );
    }

    #[test]
    fn only_a_file_with_all_its_samples_and_tags_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("piece.wav");
        assert!(!is_whole(&path, &TAGS), "there is no file yet");
        let bytes = encode(&[0.25; 100], &TAGS);
        std::fs::write(&path, &bytes).expect("written");
        assert!(is_whole(&path, &TAGS));
        assert!(!is_whole(&path, &TAGS[..1]), "other tags are another piece");
        std::fs::write(&path, &bytes[..bytes.len() - 2]).expect("written");
        assert!(!is_whole(&path, &TAGS), "a sample is missing");
    }

    /// The chunks of `bytes`, which they must fill.
    fn walk(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
        let mut chunks = Vec::new();
        while !bytes.is_empty() {
            let (name, rest) = bytes.split_at(4);
            let (length, rest) = rest.split_at(4);
            let length = u32::from_le_bytes(length.try_into().expect("four bytes")) as usize;
            let (content, rest) = rest.split_at(length);
            chunks.push((name, content));
            bytes = &rest[length % 2..];
        }
        chunks
    }
}
