//! The project's own commands, which do all the setting-up that they need:
//! `cargo xtask run`, `cargo xtask test` and `cargo xtask check`.

mod cargo;
mod check;
mod display;
mod packages;
mod run;
mod screen;
mod steps;
mod tally;
mod test;

use std::{env, process::ExitCode};

const USAGE: &str = "\
The commands of Throughline

  cargo xtask run     build the app and open its window; where there is no display, build a
                      library of the demo collection on the command line instead
  cargo xtask test    run every test: unit, property, journeys, user interface, real window
  cargo xtask check   formatting, licences, lints and types, as continuous integration checks them

Each finds out which system packages are missing and installs them with apt.";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["run"] => run::run(),
        ["test"] => test::test(),
        ["check"] => check::check(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("\n{problem}");
        ExitCode::FAILURE
    })
}
