//! Stretches of a file as a model wants them: mono, at its sample rate.

use throughline_core::embedding::{Clip, Span};

use crate::{
    AudioError, SILENCE, codecs,
    reader::Reader,
    resample::{Resampler, converted_len},
};

/// Stretches that are nearer to each other than this, in seconds, are decoded in one run.
const NEAR_S: f64 = 2.0;

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
    let mut resampler = (rate != file_rate).then(|| Resampler::new(file_rate, rate));
    let near = (NEAR_S * f64::from(rate)) as u64;
    let mut stretches = Vec::with_capacity(spans.len());
    for run in runs(&spans, near) {
        let start = run[0].start;
        let end = run
            .iter()
            .map(|span| span.start + span.len as u64)
            .max()
            .unwrap_or(start);
        let samples = decode(reader, resampler.as_mut(), start, (end - start) as usize)?;
        stretches.extend(run.iter().map(|span| {
            let first = (span.start - start) as usize;
            (*span, samples[first..first + span.len].to_vec())
        }));
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

/// Samples `start..start + len` of the track, mono, at the rate that `resampler` converts to, or at
/// the file's own.
fn decode(
    reader: &mut Reader,
    resampler: Option<&mut Resampler>,
    start: u64,
    len: usize,
) -> Result<Vec<f32>, AudioError> {
    let mut mono = Mono { left: Vec::new() };
    if let Some(resampler) = resampler {
        reader.seek(resampler.input_start(start))?;
        resampler.convert(start, len, |block| mono.fill(reader, block))
    } else {
        reader.seek(start)?;
        let mut samples = vec![0.0; len];
        mono.fill(reader, &mut samples)?;
        Ok(samples)
    }
}

/// The mean over the channels, frame by frame.
struct Mono {
    /// Frames that were decoded and not asked for yet.
    left: Vec<f32>,
}

impl Mono {
    /// Fills `block` with the next frames of `reader`, and with zeros after the end.
    fn fill(&mut self, reader: &mut Reader, block: &mut [f32]) -> Result<(), AudioError> {
        let channels = reader.info().channels;
        let mut filled = 0;
        while filled < block.len() {
            if self.left.is_empty() {
                let Some(frames) = reader.next()? else { break };
                self.left.extend(
                    frames
                        .chunks_exact(channels)
                        .map(|frame| frame.iter().sum::<f32>() / channels as f32),
                );
            }
            let take = self.left.len().min(block.len() - filled);
            block[filled..filled + take].copy_from_slice(&self.left[..take]);
            self.left.drain(..take);
            filled += take;
        }
        block[filled..].fill(0.0);
        Ok(())
    }
}
