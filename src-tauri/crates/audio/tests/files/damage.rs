//! Files that cannot be read say why.

use std::path::Path;

use throughline_audio::{AudioError, AudioFile};

use crate::fixtures::{file_of, fixture, noise, wav, whole};

fn code_of(name: &str, bytes: &[u8]) -> &'static str {
    let (_folder, path) = file_of(name, bytes);
    whole(&path, Some(16_000)).map_or_else(|error| error.code(), |_| "fine")
}

#[test]
fn what_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        AudioFile::open(Path::new("/nowhere/a.mp3"))
            .unwrap_err()
            .code(),
        "not_found"
    );
    assert_eq!(
        AudioFile::open(folder.path()).unwrap_err().code(),
        "unreadable"
    );
}

#[test]
fn what_is_no_audio() {
    assert_eq!(code_of("a.mp3", b""), "empty");
    assert_eq!(
        code_of(
            "a.mp3",
            &b"This is a shopping list, not a song. ".repeat(500)
        ),
        "not_audio"
    );
    assert_eq!(
        code_of("a.wav", b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0"),
        "not_audio"
    );
    assert_eq!(code_of("a.flac", b"x"), "not_audio");
    assert_eq!(code_of("a.ogg", &vec![0; 100_000]), "not_audio");
}

#[test]
fn what_cannot_be_decoded_here_is_named() {
    for (bytes, name) in [
        (&b"wvpk\0\0\0\0"[..], "WavPack"),
        (b"MThd\0\0\0\x06", "MIDI"),
    ] {
        let (_folder, path) = file_of("a.mp3", bytes);
        let error = AudioFile::open(&path).unwrap_err();
        assert!(
            matches!(&error, AudioError::Unsupported { codec } if codec == name),
            "{error} instead of {name}"
        );
    }
}

#[test]
fn silence_and_nothing() {
    let (_folder, silent) = wav(16_000, 1, &[5e-5].repeat(16_000));
    assert_eq!(
        whole(&silent, Some(16_000)).unwrap_err().code(),
        "silent",
        "-86 dBFS is silence"
    );
    let (_folder, quiet) = wav(16_000, 1, &[2e-4].repeat(16_000));
    assert!(whole(&quiet, Some(16_000)).is_ok(), "-74 dBFS is not");
    let (_folder, none) = wav(16_000, 1, &[]);
    assert_eq!(whole(&none, Some(16_000)).unwrap_err().code(), "no_samples");
}

#[test]
fn half_a_file_is_cut_off() {
    for name in [
        "sweep.mp3",
        "sweep.m4a",
        "sweep.ogg",
        "sweep.opus",
        "sweep-alac.m4a",
        "tones.flac",
        "sweep.aiff",
        "sweep.wav",
    ] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        // The lossless ones last a second, of which more than half has to be missing.
        let code = code_of(name, &bytes[..bytes.len() * 4 / 10]);
        assert_eq!(code, "truncated", "{name}");
    }
}

#[test]
fn the_lengths_of_a_cut_file_are_told() {
    let (_folder, whole) = wav(16_000, 1, &noise(160_000));
    let bytes = std::fs::read(whole).unwrap();
    let (_folder, path) = file_of("cut.wav", &bytes[..bytes.len() / 4]);
    let error = AudioFile::open(&path).unwrap_err();
    let AudioError::Truncated {
        declared_s: Some(declared_s),
        found_s,
    } = error
    else {
        panic!("{error}")
    };
    assert!(
        (declared_s - 10.0).abs() < 1e-9 && (found_s - 2.5).abs() < 0.01,
        "{found_s} s of {declared_s} s"
    );
    assert_eq!(
        error.to_string(),
        "the file is cut off after 2.5 s of 10.0 s"
    );
}

#[test]
fn a_little_missing_is_no_matter() {
    let (_folder, whole) = wav(16_000, 1, &noise(160_000));
    let bytes = std::fs::read(whole).unwrap();
    assert_eq!(
        code_of("cut.wav", &bytes[..bytes.len() - 10_001]),
        "fine",
        "0.16 s of 10 s"
    );
}

#[test]
fn a_few_bad_packets_are_silence_and_many_are_damage() {
    let bytes = std::fs::read(fixture("tones.m4a")).unwrap();
    let data = bytes.windows(4).position(|word| word == b"mdat").unwrap() + 4;
    let size = u32::from_be_bytes(bytes[data - 8..data - 4].try_into().unwrap()) as usize - 8;
    let spoil = |share: f64| {
        let mut bytes = bytes.clone();
        let from = data + ((1.0 - share) * size as f64) as usize;
        for (i, byte) in bytes[from..data + size].iter_mut().enumerate() {
            *byte = (i as u32).wrapping_mul(0x9e37_79b9).to_be_bytes()[0];
        }
        code_of("spoilt.m4a", &bytes)
    };
    assert_eq!((spoil(0.02), spoil(0.5)), ("fine", "damaged"));
}

#[test]
fn a_packet_that_declares_hours_takes_no_memory() {
    let mut bytes = std::fs::read(fixture("sweep.m4a")).unwrap();
    // The first duration of the table: after its name, version and number of entries, and a count.
    let at = bytes.windows(4).position(|word| word == b"stts").unwrap() + 16;
    bytes[at..at + 4].fill(0xff);
    assert_eq!(code_of("hours.m4a", &bytes), "truncated");
}
