//! Stretches of a file as a model wants them: mono, at its sample rate.

use throughline_core::embedding::{Clip, Span};

use crate::{
    AudioError, SILENCE, codecs,
    reader::Reader,
    resample::{Resampler, converted_len},
};

/// Stretches that are nearer to each other than this, in seconds, are decoded in one run.
const NEAR_S: f64 = 2.0;

/// Samples that are handed on at once where nothing is resampled.
const PIECE: usize = 4096;

/// Decodes the stretches that `spans` answers; see [`AudioFile::read`](crate::AudioFile::read).
pub(crate) fn read(
    reader: &mut Reader,
    rate: u32,
    spans: impl FnOnce(u64) -> Vec<Span>,
) -> Result<Clip, AudioError> {
    codecs::check(Some(rate), None)?;
    let (file_rate, frames) = (reader.info().sample_rate, reader.info().frames);
    let track_len = converted_len(frames, file_rate, rate);
    let spans = within(spans(track_len), track_len);
    if spans.is_empty() {
        return Ok(Clip {
            track_len,
            stretches: Vec::new(),
        });
    }
    reader.judge_afresh();
    let step = reader.mono_at(rate);
    let mut resampler =
        (u64::from(rate) * step != u64::from(file_rate)).then(|| Resampler::new(file_rate, rate));
    let near = (NEAR_S * f64::from(rate)) as u64;
    let mut stretches: Vec<(Span, Vec<f32>)> = Vec::with_capacity(spans.len());
    for run in runs(&spans, near) {
        let end = run.iter().map(|span| span.start + span.len as u64).max();
        let (mut at, first) = (run[0].start, stretches.len());
        let len = (end.unwrap_or(at) - at) as usize;
        let samples = run.iter().map(|span| (*span, Vec::with_capacity(span.len)));
        stretches.extend(samples);
        decode(reader, resampler.as_mut(), step, at, len, |piece| {
            for (span, samples) in &mut stretches[first..] {
                samples.extend_from_slice(overlap(*span, at, piece));
            }
            at += piece.len() as u64;
        })?;
    }
    reader.verdict()?;
    let peak = stretches
        .iter()
        .flat_map(|(_, samples)| samples)
        .fold(0.0_f32, |peak, x| peak.max(x.abs()));
    if peak < SILENCE {
        Err(AudioError::Silent)
    } else {
        Ok(Clip {
            track_len,
            stretches,
        })
    }
}

/// The spans in order, without what reaches past the end of the track.
fn within(mut spans: Vec<Span>, track_len: u64) -> Vec<Span> {
    for span in &mut spans {
        span.len = span.len.min(track_len.saturating_sub(span.start) as usize);
    }
    spans.retain(|span| span.len > 0);
    spans.sort_by_key(|span| span.start);
    spans
}

/// Cuts ordered spans into runs; between two runs lie more than `near` samples.
fn runs(spans: &[Span], near: u64) -> Vec<&[Span]> {
    let mut runs = Vec::new();
    let (mut first, mut end) = (0, 0);
    for (i, span) in spans.iter().enumerate() {
        if i > first && span.start > end + near {
            runs.push(&spans[first..i]);
            first = i;
        }
        end = end.max(span.start + span.len as u64);
    }
    runs.push(&spans[first..]);
    runs
}

/// What of `piece`, which begins at sample `at`, lies in `span`.
fn overlap(span: Span, at: u64, piece: &[f32]) -> &[f32] {
    let within = |sample: u64| (sample.saturating_sub(at) as usize).min(piece.len());
    &piece[within(span.start)..within(span.start + span.len as u64)]
}

/// Gives samples `start..start + len` of the track to `output`, piece by piece: mono, at the rate that
/// `resampler` converts to, or as the reader gives them, `step` frames of the file each.
fn decode(
    reader: &mut Reader,
    resampler: Option<&mut Resampler>,
    step: u64,
    start: u64,
    len: usize,
    mut output: impl FnMut(&[f32]),
) -> Result<(), AudioError> {
    if let Some(resampler) = resampler {
        reader.seek(resampler.input_start(start))?;
        return resampler.convert(start, len, |block| reader.fill_mono(block), output);
    }
    reader.seek(start.saturating_mul(step))?;
    let mut left = len;
    let mut piece = vec![0.0; len.min(PIECE)];
    while left > 0 {
        let piece = &mut piece[..left.min(PIECE)];
        reader.fill_mono(piece)?;
        output(piece);
        left -= piece.len();
    }
    Ok(())
}
