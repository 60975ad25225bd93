//! Whole files: opened, counted, decoded and resampled in stretches, played from anywhere.

use std::sync::Arc;

use throughline_audio::{AudioError, AudioFile, Stream};
use throughline_core::embedding::Span;

use super::{Target, without_numbers};
use crate::parts::{SWEEPS, fixture};

/// Rate that is asked for, in Hz: that of `MusiCNN`.
const RATE: u32 = 16_000;

/// Samples in a stretch: a window of 3 s.
const WINDOW: usize = 48_000;

/// Largest files that are changed, in bytes: small ones are many a second.
const MOST_BYTES: usize = 64 << 10;

pub(super) const TARGET: Target = Target {
    name: "decode",
    corpus,
    run,
    // Three windows of input at 768 kHz and 64 channels would be 2 GB; those of real files are 2 MB.
    memory: 64 << 20,
};

fn corpus() -> Vec<Vec<u8>> {
    let hostile = crate::hostile::files();
    let small = hostile.into_iter().map(|file| file.bytes);
    let fixtures = SWEEPS.into_iter().map(fixture);
    fixtures
        .chain(small.filter(|bytes| bytes.len() < MOST_BYTES))
        .collect()
}

fn run(input: &[u8]) -> String {
    let bytes: Arc<[u8]> = input.into();
    let answer = match decode(Arc::clone(&bytes)) {
        Ok(answer) => answer,
        Err(error) => without_numbers(&format!("{}: {error}", error.code())),
    };
    play(bytes).ok();
    answer
}

fn decode(bytes: Arc<[u8]>) -> Result<String, AudioError> {
    let mut file = AudioFile::from_bytes(bytes)?;
    let info = file.info().clone();
    let clip = file.read(RATE, |len| {
        [0, len / 2, len.saturating_sub(WINDOW as u64)]
            .map(|start| Span { start, len: WINDOW })
            .to_vec()
    })?;
    for (span, samples) in &clip.stretches {
        assert_eq!(samples.len(), span.len, "a stretch is as long as it says");
        assert!(
            samples.iter().all(|x| x.is_finite()),
            "a sample is no number"
        );
    }
    Ok(format!(
        "{} of {} Hz in {} channels for 2^{} frames",
        info.codec,
        info.sample_rate,
        info.channels,
        info.frames.ilog2()
    ))
}

fn play(bytes: Arc<[u8]>) -> Result<(), AudioError> {
    let mut stream = Stream::from_bytes(bytes)?;
    let seconds = stream.info().duration_s;
    for share in [0.9, 0.3] {
        stream.seek(seconds * share)?;
        stream.next_block()?;
    }
    Ok(())
}
