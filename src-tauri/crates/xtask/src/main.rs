//! The project's own commands, which do all the setting-up that they need:
//! `cargo xtask run`, `cargo xtask test`, `cargo xtask check`, `cargo xtask package` and `cargo xtask cuda`.

mod cargo;
mod check;
mod cuda;
mod display;
mod package;
mod packages;
mod run;
mod screen;
mod stand_in;
mod steps;
mod tally;
mod test;

use std::{env, process::ExitCode};

const USAGE: &str = "\
The commands of Throughline

  cargo xtask run     build the app and open its window; where there is no display, build a
                      library of the demo collection on the command line instead; where there is
                      an NVIDIA driver, the build can use its card
  cargo xtask test    run every test: unit, property, journeys, user interface, real window
  cargo xtask check   formatting, licences, lints and types, as continuous integration checks them
  cargo xtask package
                      build the packages of this system: deb and rpm, or an installer for Windows or
                      macOS; --test then installs the deb into a clean system and uses it there;
                      --dev packs what run builds, to try the packaging itself
  cargo xtask cuda    build a release that can use NVIDIA cards; --dev builds as run does, and
                      --stand-in takes LLVM from the Python package index at once, which is done
                      by itself where its own download cannot be reached

Each finds out which system packages are missing and installs them with apt.";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["run"] => run::run(),
        ["test"] => test::test(),
        ["check"] => check::check(),
        ["package", ref words @ ..] => package::package(words),
        ["cuda", ref words @ ..] => cuda::cuda(words),
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
