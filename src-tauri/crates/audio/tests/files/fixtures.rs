//! The files of `tests/fixtures/audio`, and files made on the spot.

use std::{
    f64::consts::TAU,
    path::{Path, PathBuf},
};

use throughline_audio::{AudioError, AudioFile};
use throughline_core::embedding::{Clip, Span};

/// Sweeps of a second or two, one of each codec and container.
pub const SWEEPS: [&str; 9] = [
    "sweep.mp3",
    "sweep.m4a",
    "sweep.aac",
    "sweep.ogg",
    "sweep.opus",
    "sweep.flac",
    "sweep-alac.m4a",
    "sweep.aiff",
    "sweep.wav",
];

/// A minute of tones in each codec that loses something, and in one that does not.
pub const TONES: [&str; 5] = [
    "tones.mp3",
    "tones.m4a",
    "tones.ogg",
    "tones.opus",
    "tones.flac",
];

/// Both.
pub fn every() -> impl Iterator<Item = &'static str> {
    SWEEPS.into_iter().chain(TONES)
}

/// A fixture by its name.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/fixtures/audio")
        .join(name)
}

/// All samples of a file at `rate`; at its own for `None`.
pub fn whole(path: &Path, rate: Option<u32>) -> Result<Vec<f32>, AudioError> {
    all(AudioFile::open(path)?, rate)
}

/// All samples of an open file at `rate`; at its own for `None`.
pub fn all(mut file: AudioFile, rate: Option<u32>) -> Result<Vec<f32>, AudioError> {
    let rate = rate.unwrap_or(file.info().sample_rate);
    let mut clip = file.read(rate, |len| {
        vec![Span {
            start: 0,
            len: len as usize,
        }]
    })?;
    Ok(clip.stretches.remove(0).1)
}

/// Stretches of a file.
pub fn stretches(path: &Path, rate: u32, spans: &[Span]) -> Result<Clip, AudioError> {
    AudioFile::open(path)?.read(rate, |_| spans.to_vec())
}

/// A folder that lives as long as the test, and a file in it with `bytes`.
pub fn file_of(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A float WAV with interleaved `samples`.
pub fn wav(rate: u32, channels: u16, samples: &[f32]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.wav");
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    for sample in samples {
        writer.write_sample(*sample).unwrap();
    }
    writer.finalize().unwrap();
    (folder, path)
}

/// The sweep of the fixtures at full level, `seconds` after its start.
pub fn sweep(seconds: f64) -> f64 {
    (TAU * (200.0 * seconds + 500.0 * seconds * seconds)).sin()
}

/// Samples that look like noise, equal in every run.
pub fn noise(len: usize) -> Vec<f32> {
    (0..len as u32)
        .map(|i| (i.wrapping_mul(0x9e37_79b9) ^ i) as i32 as f32 / 2.2e9)
        .collect()
}

/// The checksum of a page of Ogg (RFC 3533 section 6): CRC-32 with the polynomial `0x04c1_1db7`, nothing
/// reflected, from zero.
pub fn ogg_sum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| {
            (sum << 1) ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}
