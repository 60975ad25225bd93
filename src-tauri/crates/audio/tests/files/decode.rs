//! Every codec gives the sound that was put into it, to the sample.

use throughline_audio::AudioFile;

use crate::fixtures::{file_of, fixture, noise, ogg_sum, sweep, wav, whole};

/// A fixture and what is to come out of it.
struct Case {
    name: &'static str,
    codec: &'static str,
    rate: u32,
    channels: usize,
    frames: u64,
    /// Frames before the sweep starts: the delay of an AAC encoder is not told where symphonia looks.
    delay: f64,
    /// Mean level of the channels.
    level: f64,
    /// Root of the mean squared error, relative to the level: what the codec loses. A shift by one
    /// sample would be 0.12 at 44.1 kHz.
    loss: f64,
}

const CASES: [Case; 9] = [
    case("sweep.mp3", "mp3", 44_100, 88_200, 0.375, 0.04),
    Case {
        delay: 1024.0,
        ..case("sweep.m4a", "aac", 44_100, 89_224, 0.375, 0.02)
    },
    Case {
        delay: 1024.0,
        ..case("sweep.aac", "aac", 44_100, 90_112, 0.375, 0.02)
    },
    case("sweep.ogg", "vorbis", 44_100, 88_200, 0.375, 0.02),
    case("sweep.opus", "opus", 48_000, 96_000, 0.375, 0.02),
    case("sweep.flac", "flac", 22_050, 22_050, 0.5, 1e-4),
    case("sweep-alac.m4a", "alac", 22_050, 22_050, 0.5, 1e-4),
    case("sweep.aiff", "pcm_s16be", 22_050, 22_050, 0.5, 1e-4),
    case("sweep.wav", "adpcm_ima_wav", 22_050, 22_451, 0.5, 0.02),
];

const fn case(
    name: &'static str,
    codec: &'static str,
    rate: u32,
    frames: u64,
    level: f64,
    loss: f64,
) -> Case {
    let channels = if level < 0.5 { 2 } else { 1 };
    Case {
        name,
        codec,
        rate,
        channels,
        frames,
        delay: 0.0,
        level,
        loss,
    }
}

#[test]
fn the_length_is_exact() {
    for case in &CASES {
        let file = AudioFile::open(&fixture(case.name)).unwrap();
        let info = file.info();
        assert_eq!(
            (
                info.codec.as_str(),
                info.sample_rate,
                info.channels,
                info.frames
            ),
            (case.codec, case.rate, case.channels, case.frames),
            "{}",
            case.name
        );
    }
}

#[test]
fn the_sound_is_what_was_encoded() {
    for case in &CASES {
        for rate in [case.rate, 16_000, 24_000] {
            let samples = whole(&fixture(case.name), Some(rate)).unwrap();
            let loss = loss(&samples, rate, case.delay / f64::from(case.rate), case);
            assert!(
                loss < case.loss,
                "{} at {rate} Hz is off by {loss}",
                case.name
            );
        }
    }
}

/// Root of the mean squared error of `samples`, in which the sweep of `case` starts after `delay` seconds,
/// relative to its level.
fn loss(samples: &[f32], rate: u32, delay: f64, case: &Case) -> f64 {
    let seconds = if case.channels == 2 { 2.0 } else { 1.0 };
    // Codecs ring at the edges.
    let inner = |time: f64| time > 0.05 && time < seconds - 0.05;
    let (mut error, mut count) = (0.0, 0.0);
    for (i, sample) in samples.iter().enumerate() {
        let time = i as f64 / f64::from(rate) - delay;
        if inner(time) {
            error += (f64::from(*sample) / case.level - sweep(time)).powi(2);
            count += 1.0;
        }
    }
    (error / count).sqrt()
}

#[test]
fn an_opus_file_may_begin_between_two_samples() {
    let case = CASES.iter().find(|case| case.codec == "opus").unwrap();
    let bytes = std::fs::read(fixture(case.name)).unwrap();
    // Frames at 48 kHz before the sound: three are one sample at 16 kHz, two at 24 kHz.
    for skip in 312..=318_u16 {
        let mut bytes = bytes.clone();
        bytes[38..40].copy_from_slice(&skip.to_le_bytes());
        let (head, _) = bytes.split_at_mut(47);
        head[22..26].fill(0);
        let sum = ogg_sum(head).to_le_bytes();
        head[22..26].copy_from_slice(&sum);
        let (_folder, path) = file_of("a.opus", &bytes);
        for rate in [16_000, 24_000] {
            let samples = whole(&path, Some(rate)).unwrap();
            let loss = loss(&samples, rate, (312.0 - f64::from(skip)) / 48_000.0, case);
            assert!(
                loss < case.loss,
                "{skip} frames skipped: {rate} Hz is off by {loss}"
            );
        }
    }
}

#[test]
fn content_decides_not_the_name() {
    for (name, codec) in [
        ("sweep.ogg", "vorbis"),
        ("sweep.flac", "flac"),
        ("sweep.m4a", "aac"),
    ] {
        let (_folder, path) = file_of("called.mp3", &std::fs::read(fixture(name)).unwrap());
        assert_eq!(
            AudioFile::open(&path).unwrap().info().codec,
            codec,
            "{name} called .mp3"
        );
    }
}

#[test]
fn a_mono_float_file_at_the_wanted_rate_passes_bit_for_bit() {
    let samples = noise(16_000);
    let (_folder, path) = wav(16_000, 1, &samples);
    assert_eq!(whole(&path, Some(16_000)).unwrap(), samples);
}

#[test]
fn mono_is_the_mean_over_the_channels() {
    let (_folder, path) = wav(8_000, 3, &[0.5, 0.25, 0.75].repeat(8_000));
    let samples = whole(&path, None).unwrap();
    assert_eq!(samples.len(), 8_000);
    assert!(
        samples.iter().all(|sample| (sample - 0.5).abs() < 1e-6),
        "the mean of 0.5, 0.25, 0.75 is 0.5"
    );
}

#[test]
fn what_is_no_number_becomes_silence() {
    let mut samples = noise(4_000);
    samples[1_000] = f32::NAN;
    samples[2_000] = f32::INFINITY;
    samples[3_000] = f32::MAX;
    let (_folder, path) = wav(16_000, 1, &samples);
    let read = whole(&path, Some(16_000)).unwrap();
    assert_eq!(
        (read[1_000], read[2_000], read[1_001]),
        (0.0, 0.0, samples[1_001])
    );
    let resampled = whole(&path, Some(24_000)).unwrap();
    assert!(
        resampled.iter().all(|sample| sample.is_finite()),
        "nothing infinite comes out of the filter"
    );
}

#[test]
fn a_chained_stream_is_one_track() {
    for (name, rate) in [("sweep.ogg", None), ("sweep.opus", Some(16_000))] {
        let link = std::fs::read(fixture(name)).unwrap();
        let (_folder, path) = file_of("chained.ogg", &[link.clone(), link].concat());
        let samples = whole(&path, rate).unwrap();
        let one = whole(&fixture(name), rate).unwrap();
        // The padding of the first link stays, less than one long block.
        assert!(
            (2 * one.len()..2 * one.len() + 2_048).contains(&samples.len()),
            "{name}: {} samples",
            samples.len()
        );
        let second = &samples[samples.len() - one.len()..];
        let error = one
            .iter()
            .zip(second)
            .skip(2_048)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(error < 1e-5, "the second link of {name} is off by {error}");
    }
}

#[test]
fn a_wrong_outer_length_of_a_wav_is_no_matter() {
    let bytes = std::fs::read(fixture("sweep.wav")).unwrap();
    for length in [0_u32, 100, bytes.len() as u32 - 12, u32::MAX] {
        let mut bytes = bytes.clone();
        bytes[4..8].copy_from_slice(&length.to_le_bytes());
        let (_folder, path) = file_of("length.wav", &bytes);
        let frames = AudioFile::open(&path).map(|file| file.info().frames);
        assert_eq!(
            frames.ok(),
            Some(22_451),
            "with an outer length of {length}"
        );
    }
}
