//! `cargo run -p throughline-fuzz -- decode --minutes 20`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use peak_alloc::PeakAlloc;
use throughline_fuzz::{ALL, Meter, Plan, Target, hostile, replay, run};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// An input that is not done after this time is taken to stall; long, since the machine may be busy.
const STALL: Duration = Duration::from_secs(90);

/// Feeds a target inputs that were changed at random, and keeps those that go wrong.
#[derive(Parser)]
struct Arguments {
    /// What to fuzz.
    #[arg(value_parser = target)]
    target: Target,
    /// How long.
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// Where the random numbers start.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for what goes wrong.
    #[arg(long, default_value = "target/findings")]
    findings: PathBuf,
    /// Runs the target once on this file instead.
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Writes the hostile files into this folder instead, and says what a build makes of each.
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match go(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn go(arguments: Arguments) -> std::io::Result<ExitCode> {
    if let Some(folder) = arguments.write {
        for file in hostile::write(&folder)? {
            println!("{}\t{:?}", file.name, file.becomes);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(input) = arguments.replay {
        println!("{}", replay(arguments.target, &input)?);
        return Ok(ExitCode::SUCCESS);
    }
    let plan = Plan {
        target: arguments.target,
        time: Duration::from_secs_f64(60.0 * arguments.minutes),
        stall: STALL,
        seed: arguments.seed,
        findings: arguments.findings,
    };
    let meter = Meter {
        current: || MEMORY.current_usage(),
        peak: || MEMORY.peak_usage(),
        reset: || MEMORY.reset_peak_usage(),
    };
    let report = run(plan, meter)?;
    println!(
        "{}: {} inputs, {} answers, {} findings; at most {} KiB and {:.1?} an input",
        arguments.target.name,
        report.inputs,
        report.answers,
        report.findings.len(),
        report.memory >> 10,
        report.slowest,
    );
    for (place, times) in &report.caught {
        println!("caught {times} times: {place}");
    }
    Ok(ExitCode::from(u8::from(!report.findings.is_empty())))
}

fn target(name: &str) -> Result<Target, String> {
    ALL.into_iter()
        .find(|target| target.name == name)
        .ok_or_else(|| format!("there is no target called {name}"))
}
