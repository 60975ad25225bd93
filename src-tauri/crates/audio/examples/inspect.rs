//! Says of each file what it is: `cargo run -p throughline-audio --example inspect -- FILE…`
//!
//! With `--decode` every file is decoded from end to end as well, to mono at 16 kHz.

use std::{env, path::Path, process::ExitCode, time::Instant};

use throughline_audio::{AudioError, AudioFile};
use throughline_core::embedding::Span;

fn main() -> ExitCode {
    let (options, files): (Vec<_>, Vec<_>) = env::args()
        .skip(1)
        .partition(|argument| argument == "--decode");
    let mut failed = 0;
    for file in &files {
        match inspect(Path::new(file), !options.is_empty()) {
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

fn inspect(path: &Path, decode: bool) -> Result<String, AudioError> {
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
    if !decode {
        return Ok(what);
    }
    let start = Instant::now();
    let all = |len| {
        vec![Span {
            start: 0,
            len: len as usize,
        }]
    };
    let samples = file.read(16_000, all)?.track_len;
    let elapsed = start.elapsed();
    let speed = info.duration_s / elapsed.as_secs_f64();
    Ok(format!(
        "{what}, {samples} samples in {elapsed:.1?}, {speed:.0} × real time"
    ))
}
