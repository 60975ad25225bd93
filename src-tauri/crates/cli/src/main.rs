//! `throughline-cli`: the journeys on a command line, for servers, scripts and machines without a
//! display.
//!
//! Exit codes: 0 done (single bad files included), 1 failed, 2 wrong use, 130 cancelled.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

mod args;
mod commands;
mod npy;
mod out;
mod progress;

use args::Cli;
use commands::Outcome;
use out::Out;

/// What a shell expects of a program that was interrupted: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

/// What is logged unless `RUST_LOG` says otherwise. What the decoder says of a damaged file is in its failure.
const QUIET: &str = "error,symphonia=off,symphonia_core=off";

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(QUIET)),
        )
        .init();
    let out = Out { json: cli.json };
    match commands::run(cli, out) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Cancelled) => ExitCode::from(INTERRUPTED),
        Err(error) => {
            out.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
