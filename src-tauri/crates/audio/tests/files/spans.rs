//! Stretches hold what the whole file holds there.

use proptest::prelude::*;
use throughline_core::embedding::Span;

use crate::fixtures::{TONES, every, fixture, noise, stretches, wav, whole};

fn check(name: &str, rate: u32, spans: &[Span]) {
    let path = fixture(name);
    let all = whole(&path, Some(rate)).unwrap();
    let clip = stretches(&path, rate, spans).unwrap();
    assert_eq!(clip.track_len, all.len() as u64, "{name} at {rate}");
    assert_eq!(clip.stretches.len(), spans.len(), "{name} at {rate}");
    for (span, samples) in &clip.stretches {
        let expected = &all[span.start as usize..][..span.len];
        let error = expected
            .iter()
            .zip(samples)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(
            error < 1e-5,
            "{name} at {rate} Hz: {span:?} is off by {error}"
        );
        assert_eq!(samples.len(), span.len);
    }
}

#[test]
fn of_every_codec() {
    for name in every() {
        for rate in [16_000, 24_000] {
            let seconds = if name.starts_with("tones") { 59 } else { 1 };
            let len = seconds * u64::from(rate) * 99 / 100;
            // Starts that are no multiple of anything, the last one near the end.
            let spans: Vec<Span> = [0, 113, 357, 581, 803, 997]
                .map(|share| Span {
                    start: len * share / 1_000,
                    len: 3_001,
                })
                .to_vec();
            let spans: Vec<Span> = spans
                .into_iter()
                .filter(|span| span.start + 3_001 <= len)
                .collect();
            check(name, rate, &spans);
        }
    }
}

#[test]
fn of_mpeg_audio_with_the_fewest_bits() {
    for rate in [16_000, 24_000] {
        let starts = (1..110).map(|tenth| tenth * u64::from(rate) / 10 + 13);
        for start in starts {
            check("noise.mp3", rate, &[Span { start, len: 3_001 }]);
        }
    }
}

#[test]
fn one_by_one_backwards() {
    for name in TONES {
        let path = fixture(name);
        let all = whole(&path, Some(16_000)).unwrap();
        let mut file = throughline_audio::AudioFile::open(&path).unwrap();
        for second in (1..59).rev().step_by(7) {
            let span = Span {
                start: second * 16_000 + 77,
                len: 15_000,
            };
            // A stretch of silence is refused as such.
            let Ok(clip) = file.read(16_000, |_| vec![span]) else {
                continue;
            };
            let expected = &all[span.start as usize..][..span.len];
            let error = expected
                .iter()
                .zip(&clip.stretches[0].1)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(error < 1e-5, "{name}: second {second} is off by {error}");
        }
    }
}

#[test]
fn what_reaches_past_the_end_is_cut_off() {
    let (_folder, path) = wav(16_000, 1, &noise(10_000));
    let ask = [
        Span {
            start: 9_000,
            len: 5_000,
        },
        Span {
            start: 20_000,
            len: 5,
        },
        Span { start: 0, len: 10 },
    ];
    let clip = stretches(&path, 16_000, &ask).unwrap();
    let spans: Vec<Span> = clip.stretches.iter().map(|(span, _)| *span).collect();
    assert_eq!(
        spans,
        [
            Span { start: 0, len: 10 },
            Span {
                start: 9_000,
                len: 1_000
            }
        ],
        "in order, within the track"
    );
}

#[test]
fn none_wanted_is_none_given() {
    let (_folder, path) = wav(16_000, 1, &[0.0; 100]);
    let clip = stretches(&path, 16_000, &[]).unwrap();
    assert_eq!(
        (clip.track_len, clip.stretches.len()),
        (100, 0),
        "a short track is the model's business"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn anywhere(starts in prop::collection::vec(0_u64..900_000, 1..6), len in 1_usize..20_000, name in prop::sample::select(TONES.to_vec())) {
        let mut spans: Vec<Span> = starts.into_iter().map(|start| Span { start, len }).collect();
        // Something that is heard, so that the clip is not refused as silent.
        spans.push(Span { start: 20_000, len: 5_000 });
        spans.sort_by_key(|span| span.start);
        check(name, 16_000, &spans);
    }
}
