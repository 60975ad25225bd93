//! Says of each file what it is: `cargo run -p throughline-audio --example inspect -- FILE…`
//!
//! With `--decode` every file is decoded from end to end as well, to mono at 16 kHz; with `--windows` as a
//! build does it, in twenty windows of 3 s that are spread over the file.

use std::{env, path::Path, process::ExitCode, time::Instant};

use throughline_audio::{AudioError, AudioFile};
use throughline_core::embedding::Span;

fn main() -> ExitCode {
    let (options, files): (Vec<_>, Vec<_>) = env::args()
        .skip(1)
        .partition(|argument| argument.starts_with("--"));
    let spans: Option<fn(u64) -> Vec<Span>> = match options.first().map(String::as_str) {
        Some("--windows") => Some(windows),
        Some(_) => Some(all),
        None => None,
    };
    let mut failed = 0;
    for file in &files {
        match inspect(Path::new(file), spans) {
            Ok(line) => println!("{file}: {line}"),
            Err(error) => {
                failed += 1;
                println!("{file}: {} ({error})", error.code());
            }
        }
    }
    println!("{} files, {failed} cannot be read", files.len());
    ExitCode::from(u8::from(failed > 0))
}

/// The whole track.
fn all(len: u64) -> Vec<Span> {
    let len = len as usize;
    vec![Span { start: 0, len }]
}

/// Twenty windows of 3 s at 16 kHz.
fn windows(len: u64) -> Vec<Span> {
    let window = |n| Span {
        start: len.saturating_sub(48_000) * n / 19,
        len: 48_000,
    };
    (0..20).map(window).collect()
}

fn inspect(path: &Path, spans: Option<fn(u64) -> Vec<Span>>) -> Result<String, AudioError> {
    let start = Instant::now();
    let mut file = AudioFile::open(path)?;
    let opened = start.elapsed();
    let info = file.info().clone();
    let what = format!(
        "{} {} Hz, {} channels, {} frames, {:.3} s, opened in {opened:.1?}, {:?}",
        info.codec,
        info.sample_rate,
        info.channels,
        info.frames,
        info.duration_s,
        file.tags()
    );
    let Some(spans) = spans else {
        return Ok(what);
    };
    let start = Instant::now();
    let samples = file.read(16_000, spans)?.track_len;
    let elapsed = start.elapsed();
    let speed = info.duration_s / elapsed.as_secs_f64();
    Ok(format!(
        "{what}, {samples} samples in {elapsed:.1?}, {speed:.0} × real time"
    ))
}
