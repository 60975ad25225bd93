//! How fast whole files become samples, by stage: `cargo bench -p throughline-audio --bench decode -- FILE…`
//!
//! Each file is opened (its packets are counted), decoded at its own rate, and decoded and resampled to mono
//! at 16 kHz, as often as `RUNS` says; the median counts. `tests/peers/decode_ffmpeg.py` sets the whole
//! beside ffmpeg.

use std::{env, path::Path, time::Instant};

use throughline_audio::{AudioError, AudioFile, Stream};
use throughline_core::embedding::Span;

/// Rate that `MusiCNN` hears, in Hz.
const RATE: u32 = 16_000;

/// Runs of each stage.
const RUNS: usize = 3;

fn main() -> Result<(), AudioError> {
    let files = env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    println!("file, seconds of sound, ms to open, ms to decode, ms to decode and resample");
    for file in files {
        let path = Path::new(&file);
        let opened = AudioFile::open(path)?;
        let open = median(|| AudioFile::open(path).map(drop))?;
        let decode = median(|| decode(path))?;
        let whole = median(|| whole(path))?;
        let seconds = opened.info().duration_s;
        println!("{file}, {seconds:.0}, {open:.0}, {decode:.0}, {whole:.0}");
    }
    Ok(())
}

/// Decodes all of a file and throws it away.
fn decode(path: &Path) -> Result<(), AudioError> {
    let mut stream = Stream::open(path)?;
    while stream.next_block()?.is_some() {}
    Ok(())
}

/// Decodes and resamples all of a file.
fn whole(path: &Path) -> Result<(), AudioError> {
    let all = |len| {
        let len = len as usize;
        vec![Span { start: 0, len }]
    };
    AudioFile::open(path)?.read(RATE, all).map(drop)
}

/// Median time of some runs, in milliseconds.
fn median(mut run: impl FnMut() -> Result<(), AudioError>) -> Result<f64, AudioError> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        run()?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[RUNS / 2])
}
