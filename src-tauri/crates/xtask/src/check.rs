//! `cargo xtask check`: the one list of checks that people and continuous integration share.

use std::process::{Command, ExitCode, Stdio};

use crate::{
    cargo::{cargo, root},
    packages::{self, BUILD, NPM},
    steps::Steps,
};

pub fn check() -> Result<ExitCode, String> {
    packages::provide(&[BUILD, NPM])?;
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !answers(tool) {
            println!("cargo {tool} is missing: rustup component add {component}");
            quietly_succeeds(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    if !answers("deny") {
        println!("cargo deny is missing: cargo install cargo-deny --locked");
        quietly_succeeds(cargo().args(["install", "cargo-deny", "--locked"]))?;
    }

    // What is quick comes first.
    let mut steps = Steps::default();
    steps.run("formatting", cargo().args(["fmt", "--all", "--check"]));
    steps.run(
        "licences and sources",
        cargo().args(["deny", "check", "licenses", "bans", "sources"]),
    );
    // The pages use JavaScript as it is; only their types are checked, by TypeScript.
    steps.run("TypeScript", npm().args(["ci", "--no-audit", "--no-fund"]));
    steps.run(
        "types of the pages",
        npm().args(["run", "--silent", "check"]),
    );
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    steps.run("lints", cargo().args(clippy));
    Ok(steps.finish())
}

/// Whether cargo has this subcommand.
fn answers(tool: &str) -> bool {
    let mut command = cargo();
    command
        .args([tool, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn quietly_succeeds(command: &mut Command) -> Result<(), String> {
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("That did not work: {status}.")),
        Err(error) => Err(format!("That did not work: {error}.")),
    }
}

fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(root()).stdin(Stdio::null());
    command
}
