//! A folder of tones, and the program as it is typed over a library of them, with the real model.

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Rate of the files, which is the model's: they are not resampled.
const RATE: u32 = 16_000;

pub struct World(TempDir);

impl World {
    /// Four tones of different pitch and tremolo, four seconds each, and a file that is none.
    pub fn new() -> Self {
        let world = Self(tempfile::tempdir().expect("a folder"));
        for (name, pitch, beat) in [
            ("low", 110.0, 1.0),
            ("lower", 80.0, 1.0),
            ("high", 2000.0, 9.0),
            ("higher", 2600.0, 9.0),
        ] {
            world.tone(&format!("music/{name}.wav"), pitch, beat);
        }
        std::fs::write(world.path("music/words.mp3"), "no music at all ".repeat(50))
            .expect("a file");
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn tone(&self, name: &str, pitch: f32, beat: f32) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        std::fs::create_dir_all(self.path("music")).expect("a folder");
        let mut writer = hound::WavWriter::create(self.path(name), spec).expect("a file");
        for n in 0..RATE * 4 {
            let t = n as f32 / RATE as f32;
            let wave = (t * pitch * TAU).sin() + 0.3 * (t * pitch * 2.0 * TAU).sin();
            writer
                .write_sample(0.4 * wave * (0.6 + 0.4 * (t * beat * TAU).sin()))
                .expect("a sample");
        }
        writer.finalize().expect("a whole file");
    }

    pub fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_throughline-cli"))
            .env("THROUGHLINE_MODELS", self.path("models"))
            .args(["--json", "--library"])
            .arg(self.path("library"))
            .args(words)
            .output()
            .expect("the program starts")
    }

    pub fn ask(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    pub fn code(&self, words: &[&str]) -> Option<i32> {
        self.run(words).status.code()
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}
