//! Tauri's bundler: prebuilt from npm where npm has it for this machine, else compiled by cargo.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{
    cargo::{cargo, root},
    packages::on_path,
};

/// Version that cargo installs; `package.json` names the same one.
const VERSION: &str = "2.12.5";

/// The bundler, ready to be called.
pub enum Bundler {
    /// Run by Node, as locked in `package-lock.json`.
    Npm(PathBuf),
    /// The subcommand `cargo tauri`.
    Cargo,
}

impl Bundler {
    /// Finds the bundler, and installs it where it is missing, having said so. No administrator is needed.
    pub fn find() -> Result<Self, String> {
        let npm = Self::Npm(root().join("node_modules/@tauri-apps/cli/tauri.js"));
        if npm.answers() {
            return Ok(npm);
        }
        if Self::Cargo.answers() {
            return Ok(Self::Cargo);
        }
        if on_path("npm") {
            println!("Tauri's bundler is missing: npm ci");
            // Where npm has none for this machine, what is installed does not answer.
            let _ = run(Command::new(NPM).args(["ci", "--no-audit", "--no-fund"]));
            if npm.answers() {
                return Ok(npm);
            }
        }
        println!(
            "Tauri's bundler is compiled, once: cargo install tauri-cli --version {VERSION} --locked"
        );
        let install = ["install", "tauri-cli", "--version", VERSION, "--locked"];
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
        let mut command = self.command();
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

/// What npm is called: on Windows it is a script, which has to be named in full.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn run(command: &mut Command) -> bool {
    command.current_dir(root()).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn npm_and_cargo_install_the_same_version() {
        let package = fs::read_to_string(root().join("package.json")).expect("a manifest");
        let line = format!("\"@tauri-apps/cli\": \"{VERSION}\"");
        assert!(
            package.contains(&line),
            "package.json has another version than {VERSION}"
        );
    }
}
