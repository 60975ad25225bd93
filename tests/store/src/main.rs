//! Opens a store of audio files until it is stopped: a catalogue to try things against.

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use throughline_store::{Fates, Faults, Store, StoreSettings, from_folder};

/// A catalogue for tests: it answers in Apple's shapes, and misbehaves on purpose.
#[derive(Debug, Parser)]
#[command(name = "throughline-store", version)]
struct Arguments {
    /// Folder of m4a files, which serve as previews.
    #[arg(long)]
    music: PathBuf,
    /// How many songs to make of them.
    #[arg(long, default_value_t = 500)]
    songs: usize,
    /// Port; 0 for any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Part of the requests that go wrong, from 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    faults: f64,
    /// Part of the songs whose previews are gone, damaged, missing or elsewhere, from 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    bad_songs: f64,
    /// Another number, other trouble.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Calls within any minute that are answered.
    #[arg(long, default_value_t = 100_000)]
    limit_per_minute: u32,
    /// Milliseconds before each answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// File that every request is written to.
    #[arg(long)]
    log: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match open(&arguments) {
        Ok(store) => {
            println!("{}", store.url);
            loop {
                thread::park();
            }
        }
        Err(error) => {
            eprintln!("the store does not open: {error}");
            ExitCode::FAILURE
        }
    }
}

fn open(arguments: &Arguments) -> std::io::Result<Store> {
    let songs = from_folder(&arguments.music, arguments.songs)?;
    Store::start(StoreSettings {
        port: arguments.port,
        limit_per_minute: arguments.limit_per_minute,
        faults: Faults::every(arguments.faults, arguments.seed),
        fates: Fates::every(arguments.bad_songs, arguments.seed),
        latency: Duration::from_millis(arguments.latency_ms),
        log: arguments.log.clone(),
        ..StoreSettings::new(songs)
    })
}
