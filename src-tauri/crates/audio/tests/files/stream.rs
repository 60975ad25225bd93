//! Playing: all frames in order, from anywhere.

use throughline_audio::Stream;

use crate::fixtures::{file_of, fixture, noise, wav};

fn rest(stream: &mut Stream) -> Vec<f32> {
    let mut samples = Vec::new();
    while let Some(block) = stream.next_block().unwrap() {
        assert!(!block.is_empty(), "an empty block would look like the end");
        samples.extend_from_slice(block);
    }
    samples
}

#[test]
fn plays_what_the_file_holds_interleaved() {
    let samples = noise(30_000);
    let (_folder, path) = wav(44_100, 2, &samples);
    let mut stream = Stream::open(&path).unwrap();
    assert_eq!((stream.info().channels, stream.info().frames), (2, 15_000));
    assert_eq!(rest(&mut stream), samples);
    assert!(
        stream.next_block().unwrap().is_none(),
        "the end stays the end"
    );
}

#[test]
fn seeks_to_the_sample() {
    for name in [
        "tones.mp3",
        "tones.m4a",
        "tones.ogg",
        "tones.opus",
        "tones.flac",
    ] {
        let mut stream = Stream::open(&fixture(name)).unwrap();
        let all = rest(&mut stream);
        let rate = f64::from(stream.info().sample_rate);
        for seconds in [41.3, 1.25, 56.0, 26.5, 0.0] {
            stream.seek(seconds).unwrap();
            assert!(
                (stream.position_s() - seconds).abs() < 1.0 / rate,
                "{name} stands at {}",
                stream.position_s()
            );
            let expected = &all[(seconds * rate).round() as usize..];
            let block = stream.next_block().unwrap().unwrap();
            let error = block
                .iter()
                .zip(expected)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(error < 1e-5, "{name} at {seconds} s is off by {error}");
        }
    }
}

#[test]
fn any_number_of_seconds_is_a_position() {
    let mut stream = Stream::open(&fixture("sweep.ogg")).unwrap();
    for (seconds, at) in [(-1.0, 0.0), (f64::NAN, 0.0), (1e300, 2.0), (2.0, 2.0)] {
        stream.seek(seconds).unwrap();
        let position_s = stream.position_s();
        assert!(
            (position_s - at).abs() < 1e-9,
            "seeking to {seconds} gave {position_s}"
        );
    }
    assert!(
        stream.next_block().unwrap().is_none(),
        "nothing comes after the end"
    );
}

#[test]
fn a_file_that_is_cut_off_plays_as_far_as_it_goes() {
    let bytes = std::fs::read(fixture("sweep.mp3")).unwrap();
    let (_folder, path) = file_of("half.mp3", &bytes[..bytes.len() / 2]);
    let mut stream = Stream::open(&path).unwrap();
    let frames = rest(&mut stream).len() / 2;
    assert!(
        (30_000..60_000).contains(&frames),
        "{frames} frames of 88200 are there"
    );
}
