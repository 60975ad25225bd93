//! Calls of cargo.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Cargo itself, in the root of the workspace, reading nothing from the terminal.
///
/// `cargo xtask` was started by `cargo run`, which tells its child about the package `xtask` by
/// environment variables. They are taken away again, so that build scripts which look at them do
/// not run anew.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(belongs_to_a_package) {
            command.env_remove(name);
        }
    }
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    manifest
        .and_then(|folder| folder.ancestors().nth(3).map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("."))
}

/// Whether cargo sets a variable of this name for the package that it runs.
fn belongs_to_a_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_cargo_are_kept() {
        assert!(belongs_to_a_package("CARGO_PKG_NAME"));
        assert!(belongs_to_a_package("CARGO_MANIFEST_DIR"));
        assert!(!belongs_to_a_package("CARGO_TARGET_DIR"));
        assert!(!belongs_to_a_package("CARGO_HOME"));
    }

    #[test]
    fn the_root_is_the_workspace() {
        assert!(
            root().join("tauri.conf.json").is_file(),
            "{} is not the root",
            root().display()
        );
    }
}
