//! How long a file is, its bytes say, whatever it declares.

use std::sync::Arc;

use throughline_audio::{AudioFile, Pulse};
use throughline_core::embedding::Span;

use crate::fixtures::{all, fixture, noise, wav};

/// Packets and reads that opening `bytes` takes.
fn beats(bytes: Vec<u8>) -> u64 {
    let pulse = Pulse::default();
    AudioFile::from_bytes_with(bytes.into(), &pulse).unwrap();
    pulse.beats()
}

/// The bytes of a float WAV in mono at 16 kHz, and its samples.
fn noise_wav(len: usize) -> (Vec<u8>, Vec<f32>) {
    let samples = noise(len);
    let (_folder, path) = wav(16_000, 1, &samples);
    (std::fs::read(path).unwrap(), samples)
}

fn open(bytes: &[u8]) -> AudioFile {
    AudioFile::from_bytes(bytes.into()).unwrap()
}

/// Holds stretches before, at and behind the middle of a file to all of it.
fn check_stretches(bytes: &[u8], what: &str) {
    let all = all(open(bytes), Some(16_000)).unwrap();
    for share in [0.1, 0.49, 0.51, 0.7, 0.9] {
        let start = (all.len() as f64 * share) as u64;
        // The first is something that is heard, so that the clip is not refused as silent.
        let spans = [20_000, start].map(|start| Span { start, len: 8_000 });
        let clip = open(bytes).read(16_000, |_| spans.to_vec()).unwrap();
        for (span, samples) in &clip.stretches {
            assert!(
                samples == &all[span.start as usize..][..span.len],
                "{what}: {span:?} is not what the whole file gives there"
            );
        }
    }
}

fn tones() -> Vec<u8> {
    std::fs::read(fixture("tones.flac")).unwrap()
}

fn frames(bytes: &[u8]) -> u64 {
    open(bytes).info().frames
}

#[test]
fn a_long_wav_opens_as_fast_as_a_short_one() {
    let (short, long) = (noise_wav(40_000).0, noise_wav(400_000).0);
    // One read may be more, at the seam of two buffers.
    assert!(
        beats(long) <= beats(short) + 1,
        "all packets of a file were read that is as long as it says"
    );
}

#[test]
fn a_wav_that_declares_more_than_there_is() {
    let (mut bytes, samples) = noise_wav(40_000);
    let size = bytes.windows(4).position(|word| word == b"data").unwrap() + 4;
    for missing in [1_u32, 999, 1_152, 30_000] {
        let declared = (40_000 + missing) * 4;
        bytes[size..size + 4].copy_from_slice(&declared.to_le_bytes());
        let file = AudioFile::from_bytes(Arc::from(&bytes[..]));
        if missing == 30_000 {
            assert_eq!(file.unwrap_err().code(), "truncated");
        } else {
            let file = file.unwrap();
            assert_eq!(file.info().frames, 40_000, "{missing} frames are missing");
            assert_eq!(all(file, None).unwrap(), samples);
        }
    }
}

#[test]
fn a_chunk_after_the_data_is_no_sound() {
    let (bytes, samples) = noise_wav(40_000);
    let bytes = [&bytes[..], b"LIST\x0c\0\0\0", &[0x42; 12]].concat();
    let file = open(&bytes);
    assert_eq!(file.info().frames, 40_000);
    assert_eq!(all(file, None).unwrap(), samples);
}

#[test]
fn flac_with_frames_missing_in_the_middle() {
    let mut bytes = tones();
    let whole = frames(&bytes);
    let (middle, hole) = (bytes.len() / 2, bytes.len() / 200);
    bytes.drain(middle..middle + hole);
    let left = frames(&bytes);
    assert!(
        (whole * 97 / 100..whole).contains(&left),
        "{left} of {whole} frames, and not all that are declared"
    );
    check_stretches(&bytes, "with a hole");
}

#[test]
fn flac_joined_from_two_does_not_end_where_the_first_declares() {
    let one = tones();
    let two = [one.clone(), one.clone()].concat();
    assert!(
        frames(&two) > frames(&one),
        "what follows the first is counted too"
    );
    check_stretches(&two, "of two");
}
