//! Which windows of a track are embedded, which samples they need, and how those are found in a clip.
//!
//! Frame `t` of a track is centred on its sample `t · HOP`; beyond its ends the track is mirrored.

use std::ops::Range;

use throughline_core::embedding::{Clip, Span};

use super::config::{FRAMES, HOP, MAX_WINDOWS, N_FFT};

const HALF: u64 = (N_FFT / 2) as u64;

/// Fewest samples in which one window fits.
pub(crate) const MIN_SAMPLES: u64 = ((FRAMES - 1) * HOP) as u64;

/// Samples that one window is computed from, mirrored ones included.
pub(crate) const WINDOW_SAMPLES: usize = (FRAMES - 1) * HOP + N_FFT;

/// First frame of each window of a track of `track_len` samples, ascending.
///
/// As many windows as fit, one after the other without overlap or gap, if they are at most
/// `MAX_WINDOWS`; else that many, spread evenly from the first to the last possible frame.
pub(crate) fn starts(track_len: u64) -> Vec<u64> {
    let frames = 1 + track_len / HOP as u64;
    let windows = frames / FRAMES as u64;
    if windows <= MAX_WINDOWS {
        return (0..windows).map(|window| window * FRAMES as u64).collect();
    }
    let last = frames - FRAMES as u64;
    (0..MAX_WINDOWS)
        .map(|window| window * last / (MAX_WINDOWS - 1))
        .collect()
}

/// The stretches of a track that its windows need: ascending, and neither overlapping nor touching.
pub(crate) fn spans(track_len: u64) -> Vec<Span> {
    let mut stretches: Vec<Range<u64>> = Vec::new();
    for start in starts(track_len) {
        let need = need(start, track_len);
        match stretches.last_mut() {
            Some(before) if need.start <= before.end => before.end = need.end,
            _ => stretches.push(need),
        }
    }
    // A short track is decoded whole, so that its length can be told from its samples.
    if let [only] = stretches.as_mut_slice() {
        only.end = track_len;
    }
    stretches
        .into_iter()
        .map(|Range { start, end }| Span {
            start,
            len: (end - start) as usize,
        })
        .collect()
}

/// The samples of the window that starts at frame `start`, `[WINDOW_SAMPLES]`, mirrored at the ends
/// of the track; `None` when the clip does not hold them all.
pub(crate) fn gather(clip: &Clip, start: u64) -> Option<Vec<f32>> {
    let need = need(start, clip.track_len);
    let (span, samples) = clip
        .stretches
        .iter()
        .rev()
        .find(|(span, _)| span.start <= need.start)?;
    let offset = (need.start - span.start) as usize;
    let inside = samples
        .get(offset..)?
        .get(..(need.end - need.start) as usize)?;
    // `need` is cut at the ends of the track; mirror what was cut.
    let before = HALF.saturating_sub(start * HOP as u64) as usize;
    let mut window = Vec::with_capacity(WINDOW_SAMPLES);
    window.extend(inside[1..=before].iter().rev());
    window.extend_from_slice(inside);
    let after = WINDOW_SAMPLES - window.len();
    window.extend(
        inside[inside.len() - 1 - after..inside.len() - 1]
            .iter()
            .rev(),
    );
    Some(window)
}

/// The samples of the track that the window at frame `start` needs. The mirrored ones are among them.
fn need(start: u64, track_len: u64) -> Range<u64> {
    let first = (start * HOP as u64).saturating_sub(HALF);
    let end = (start + FRAMES as u64 - 1)
        .saturating_mul(HOP as u64)
        .saturating_add(HALF);
    first..end.min(track_len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A track whose every sample tells where it stands.
    fn sample(i: u64) -> f32 {
        (i % 16_777_213) as f32
    }

    fn clip(track_len: u64, spans: &[Span]) -> Clip {
        let stretch = |span: &Span| (*span, (span.start..).take(span.len).map(sample).collect());
        Clip {
            track_len,
            stretches: spans.iter().map(stretch).collect(),
        }
    }

    /// The window as the definition has it: frame by frame, every index mirrored by itself.
    fn by_definition(track_len: u64, start: u64) -> Vec<f32> {
        let origin = (start * HOP as u64) as i64 - HALF as i64;
        let last = track_len as i64 - 1;
        (origin..origin + WINDOW_SAMPLES as i64)
            .map(|i| if i < 0 { -i } else { i })
            .map(|i| if i > last { 2 * last - i } else { i })
            .map(|i| sample(i as u64))
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn stretches_hold_exactly_what_the_whole_track_holds(track_len in MIN_SAMPLES..4_000_000) {
            let spans = spans(track_len);
            for pair in spans.windows(2) {
                let end = pair[0].start + pair[0].len as u64;
                prop_assert!(end < pair[1].start, "stretches overlap or touch: {pair:?}");
            }
            let end = spans.last().map_or(0, |span| span.start + span.len as u64);
            prop_assert!(end <= track_len, "beyond the end: {spans:?}");
            let clip = clip(track_len, &spans);
            for start in starts(track_len) {
                let got = gather(&clip, start);
                prop_assert_eq!(got, Some(by_definition(track_len, start)), "window at frame {}", start);
            }
        }

        #[test]
        fn windows_do_not_overlap_and_reach_both_ends(track_len in 0..u64::MAX) {
            let starts = starts(track_len);
            prop_assert!(starts.len() as u64 <= MAX_WINDOWS);
            prop_assert_eq!(starts.is_empty(), track_len < MIN_SAMPLES);
            prop_assert!(starts.windows(2).all(|pair| pair[0] + FRAMES as u64 <= pair[1]));
            if let Some(last) = starts.last() {
                prop_assert_eq!(starts[0], 0);
                let rest = 1 + track_len / HOP as u64 - (last + FRAMES as u64);
                prop_assert!(rest < FRAMES as u64 || starts.len() as u64 == MAX_WINDOWS && rest == 0);
            }
            prop_assert!(spans(track_len).len() <= starts.len());
        }
    }

    #[test]
    fn sixty_seconds_are_taken_whole_and_more_are_not() {
        assert_eq!(
            spans(960_000),
            [Span {
                start: 0,
                len: 960_000
            }]
        );
        assert_eq!(starts(960_000).len(), 20);
        let hour: usize = spans(57_600_000).iter().map(|span| span.len).sum();
        assert!(
            hour <= 20 * WINDOW_SAMPLES,
            "an hour costs what a minute costs, got {hour} samples"
        );
    }

    #[test]
    fn a_window_whose_samples_are_missing_is_not_made() {
        let track_len = 10 * MIN_SAMPLES;
        let whole = clip(track_len, &spans(track_len));
        let mut cut = whole.clone();
        cut.stretches[0].1.truncate(WINDOW_SAMPLES);
        assert!(gather(&cut, 0).is_some());
        assert_eq!(gather(&cut, FRAMES as u64), None, "it lies behind the cut");
        let gone = Clip {
            track_len,
            stretches: Vec::new(),
        };
        assert_eq!(gather(&gone, 0), None);
    }
}
