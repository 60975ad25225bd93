//! `cargo xtask test`: every test there is.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use crate::{
    cargo::{cargo, root},
    packages::{self, BUILD, TEST},
    screen::Screen,
    steps::Steps,
};

/// The first version of Node whose test runner the tests are written for.
const NODE: u32 = 18;

pub fn test() -> Result<ExitCode, String> {
    packages::provide(&[BUILD, TEST])?;
    let mut steps = Steps::default();
    let name = "Rust, journeys and window";
    if cfg!(target_os = "linux") {
        match Screen::start() {
            Ok(screen) => steps.count(name, &mut in_session(&cargo_test(), &screen)),
            Err(why) => steps.fail(name, why),
        }
    } else {
        steps.count(name, &mut cargo_test());
    }
    let name = "user interface";
    match node_test(&root().join("ui/tests")) {
        Ok(mut command) => steps.count(name, &mut command),
        Err(why) => steps.fail(name, why),
    }
    Ok(steps.finish())
}

fn cargo_test() -> Command {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    command
}

/// The same command on a screen and a session bus of its own.
fn in_session(command: &Command, screen: &Screen) -> Command {
    let mut wrapped = Command::new("dbus-run-session");
    wrapped
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
        .env("DISPLAY", screen.display())
        .env("GDK_BACKEND", "x11")
        .env_remove("WAYLAND_DISPLAY")
        // The test of the window then fails, rather than leaving itself out, when it finds no
        // display.
        .env("THROUGHLINE_DESKTOP", "required");
    wrapped
}

/// Node's test runner on every `*.test.js` in a folder. The files are named one by one: what Node
/// does with a folder differs from version to version.
fn node_test(folder: &Path) -> Result<Command, String> {
    let version = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|error| format!("node could not be started: {error}"))?;
    let version = String::from_utf8_lossy(&version.stdout);
    if major(&version).is_none_or(|found| found < NODE) {
        return Err(format!(
            "Node {NODE} or newer is needed, and this is {}. https://nodejs.org has newer ones.",
            version.trim()
        ));
    }
    let mut files = Vec::new();
    find_tests(folder, &mut files).map_err(|error| format!("{}: {error}", folder.display()))?;
    if files.is_empty() {
        return Err(format!("there is no *.test.js in {}", folder.display()));
    }
    files.sort();
    let mut command = Command::new("node");
    command
        .arg("--test")
        .args(files)
        .current_dir(root())
        .stdin(Stdio::null());
    Ok(command)
}

/// 18 of `v18.20.4`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn find_tests(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_tests(&path, files)?;
        } else if path.to_str().is_some_and(|path| path.ends_with(".test.js")) {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_read() {
        assert_eq!(major("v18.20.4\n"), Some(18));
        assert_eq!(major("v8.10.0"), Some(8));
        assert_eq!(major(""), None);
        assert_eq!(major("node"), None);
    }

    #[test]
    fn tests_are_found_in_folders_too() {
        let folder = std::env::temp_dir().join(format!("xtask-{}-tests", std::process::id()));
        fs::create_dir_all(folder.join("deep")).expect("a folder");
        for name in ["a.test.js", "deep/b.test.js", "helper.js"] {
            fs::write(folder.join(name), "").expect("a file");
        }
        let mut files = Vec::new();
        find_tests(&folder, &mut files).expect("found");
        files.sort();
        fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(
            files,
            [folder.join("a.test.js"), folder.join("deep/b.test.js")]
        );
    }
}
