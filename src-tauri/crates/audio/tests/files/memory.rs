//! The bytes of a file are worth the file.

use std::sync::Arc;

use throughline_audio::{AudioFile, Stream};

use crate::fixtures::{all, every, fixture, whole};

fn bytes_of(name: &str) -> Arc<[u8]> {
    std::fs::read(fixture(name)).unwrap().into()
}

fn rest(stream: &mut Stream) -> Vec<f32> {
    let mut samples = Vec::new();
    while let Some(block) = stream.next_block().unwrap() {
        samples.extend_from_slice(block);
    }
    samples
}

#[test]
fn they_hold_the_same_samples_and_say_the_same() {
    for name in every() {
        let (file, memory) = (
            AudioFile::open(&fixture(name)).unwrap(),
            AudioFile::from_bytes(bytes_of(name)).unwrap(),
        );
        assert_eq!(memory.info(), file.info(), "{name}");
        assert_eq!(memory.tags(), file.tags(), "{name}");
        for rate in [None, Some(16_000)] {
            let memory = AudioFile::from_bytes(bytes_of(name)).unwrap();
            assert!(
                all(memory, rate).unwrap() == whole(&fixture(name), rate).unwrap(),
                "{name} at {rate:?} is the same to the bit"
            );
        }
    }
}

#[test]
fn they_play_the_same_from_anywhere() {
    for name in every() {
        let mut file = Stream::open(&fixture(name)).unwrap();
        let mut memory = Stream::from_bytes(bytes_of(name)).unwrap();
        let duration_s = file.info().duration_s;
        for share in [0.7, 0.1] {
            for stream in [&mut file, &mut memory] {
                stream.seek(duration_s * share).unwrap();
            }
            assert!(
                rest(&mut memory) == rest(&mut file),
                "{name} from {share} of its length on"
            );
        }
    }
}

#[test]
fn they_are_not_copied() {
    let bytes = bytes_of("tones.flac");
    let file = AudioFile::from_bytes(Arc::clone(&bytes)).unwrap();
    assert_eq!(
        Arc::strong_count(&bytes),
        3,
        "the file, its demuxer, and ours"
    );
    drop(file);
    assert_eq!(Arc::strong_count(&bytes), 1, "nothing is kept");
}

#[test]
fn what_is_wrong_with_them_is_said_as_of_a_file() {
    let whole = bytes_of("sweep.m4a");
    for (bytes, code) in [
        (&b""[..], "empty"),
        (&b"no music in here, only words".repeat(99), "not_audio"),
        (&whole[..whole.len() * 4 / 10], "truncated"),
    ] {
        let error = AudioFile::from_bytes(bytes.into()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
    assert!(
        Stream::from_bytes(b"only words"[..].into()).is_err(),
        "words cannot be played"
    );
}
