//! Tauri's bundler: prebuilt from npm where npm has it for this machine, else compiled by cargo.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{
    cargo::{cargo, root},
    packages::on_path,
};

/// Version that is installed. Any 2.x that is there already will do.
const VERSION: &str = "2.12.5";

/// Folder that npm installs it into. Git ignores it.
const FOLDER: &str = "gen/bundler";

/// What npm is called: on Windows it is a script, which has to be named in full.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// The bundler, ready to be called.
pub enum Bundler {
    /// This script, run by Node.
    Npm(PathBuf),
    /// The subcommand `cargo tauri`.
    Cargo,
}

impl Bundler {
    /// Finds the bundler, and installs it where it is missing, having said so. No administrator is needed.
    pub fn find() -> Result<Self, String> {
        let script = root()
            .join(FOLDER)
            .join("node_modules/@tauri-apps/cli/tauri.js");
        let npm = Self::Npm(script);
        if npm.answers() {
            return Ok(npm);
        }
        if Self::Cargo.answers() {
            return Ok(Self::Cargo);
        }
        let package = format!("@tauri-apps/cli@{VERSION}");
        let install = [
            "install",
            "--prefix",
            FOLDER,
            "--no-audit",
            "--no-fund",
            &package,
        ];
        if on_path("npm") {
            println!("Tauri's bundler is missing: npm {}", install.join(" "));
            // Where npm has none for this machine, what is installed does not answer.
            let _ = run(Command::new(NPM).args(install));
            if npm.answers() {
                return Ok(npm);
            }
        }
        let install = ["install", "tauri-cli", "--version", VERSION, "--locked"];
        println!(
            "Tauri's bundler is compiled, once: cargo {}",
            install.join(" ")
        );
        if run(cargo().args(install)) && Self::Cargo.answers() {
            Ok(Self::Cargo)
        } else {
            Err("Tauri's bundler could not be installed; what went wrong stands above.".to_owned())
        }
    }

    /// A call of it, in the root of the workspace, without its own words.
    pub fn command(&self) -> Command {
        match self {
            Self::Npm(script) => {
                let mut command = Command::new("node");
                command.arg(script).current_dir(root()).stdin(Stdio::null());
                command
            }
            Self::Cargo => {
                let mut command = cargo();
                command.arg("tauri");
                command
            }
        }
    }

    fn answers(&self) -> bool {
        let told = self.command().arg("--version").output();
        told.is_ok_and(|told| told.status.success() && is_second(&told.stdout))
    }
}

/// Whether the bundler says that it is of Tauri 2, as `tauri-cli 2.12.5`.
fn is_second(told: &[u8]) -> bool {
    String::from_utf8_lossy(told).starts_with("tauri-cli 2.")
}

fn run(command: &mut Command) -> bool {
    command.current_dir(root()).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_second_tauri_will_do() {
        assert!(is_second(format!("tauri-cli {VERSION}\n").as_bytes()));
        assert!(!is_second(b"tauri-cli 1.6.0\n"));
        assert!(!is_second(b"tauri-cli 3.0.0-alpha.4\n"));
        assert!(!is_second(b""));
    }
}
