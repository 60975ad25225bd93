//! System packages of Debian and Ubuntu: which are needed, which are missing, and how they come.

use std::{
    collections::BTreeSet,
    env,
    io::{self, IsTerminal},
    process::{Command, Stdio},
};

/// A system package, or a command that will do in its place.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    package: &'static str,
    command: Option<&'static str>,
}

/// What building needs. Only names that Debian and Ubuntu share stand here.
pub const BUILD: &[Need] = &[
    package("build-essential"),
    package("pkg-config"),
    // libopus is built with it.
    command("cmake", "cmake"),
    package("libwebkit2gtk-4.1-dev"),
    package("libgtk-3-dev"),
    package("libdbus-1-dev"),
    package("libasound2-dev"),
];

/// What the tests need beyond that: a screen, a window manager, a pointer, a driver for the
/// window, a program to drag files out of, a font, and Node for the user interface's unit tests.
pub const TEST: &[Need] = &[
    package("xvfb"),
    package("openbox"),
    package("xdotool"),
    package("webkit2gtk-driver"),
    command("dbus", "dbus-run-session"),
    package("python3-gi"),
    package("gir1.2-gtk-3.0"),
    package("fonts-dejavu-core"),
    command("nodejs", "node"),
];

/// What the checks and packages need beyond building: npm brings the TypeScript compiler and Tauri's bundler.
pub const NPM: &[Need] = &[command("npm", "npm")];

/// What makes a clean system to try a package in, also for users other than root.
pub const CLEAN_ROOT: &[Need] = &[command("mmdebstrap", "mmdebstrap"), package("uidmap")];

/// What the stand-in for LLVM is fetched, unpacked and asked with: its `llvm-config` is a Python script.
pub const STAND_IN: &[Need] = &[
    command("curl", "curl"),
    command("unzip", "unzip"),
    command("python3", "python3"),
];

const fn package(package: &'static str) -> Need {
    Need {
        package,
        command: None,
    }
}

/// A package that is not needed where `command` is on the path, from wherever it came.
const fn command(package: &'static str, command: &'static str) -> Need {
    Need {
        package,
        command: Some(command),
    }
}

/// Installs those of the packages that are missing, having said so.
///
/// # Errors
/// The exact words to type, where this user may not install packages or installing failed.
pub fn provide(needs: &[&[Need]]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let needs = needs.concat();
    if !on_path("dpkg-query") || !on_path("apt-get") {
        let names: Vec<_> = needs.iter().map(|need| need.package).collect();
        println!(
            "This is neither Debian nor Ubuntu, so nothing is installed. What is needed goes \
             there by these names:\n  {}\n",
            names.join(" ")
        );
        return Ok(());
    }
    let missing = missing(&needs, &states(&needs), on_path);
    if missing.is_empty() {
        return Ok(());
    }
    let user = User::current();
    println!("Missing system packages: {}", missing.join(" "));
    let words = format!(
        "Please install them, then try again:\n\n  {}",
        user.words(&missing)
    );
    let Some(prefix) = user.prefix() else {
        return Err(format!("Installing them takes an administrator. {words}"));
    };
    println!("Installing them with apt-get.\n");
    // Old lists will do where fresh ones cannot be had; whether they did, the next step tells.
    let _ = apt_get(prefix, &["update"]);
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(&missing);
    if apt_get(prefix, &install) {
        Ok(())
    } else {
        Err(format!("The packages could not be installed. {words}"))
    }
}

/// Whether a command of this name can be found.
pub fn on_path(name: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// Who is asking, and what that means for installing packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum User {
    Root,
    /// May act for root, now or only where a password can be typed.
    Sudo {
        now: bool,
    },
    Nobody,
}

impl User {
    fn current() -> Self {
        let id = Command::new("id").arg("-u").output();
        if id.is_ok_and(|id| id.stdout.trim_ascii() == b"0") {
            Self::Root
        } else if on_path("sudo") {
            let free = || {
                succeeds(
                    Command::new("sudo")
                        .args(["-n", "true"])
                        .stderr(Stdio::null()),
                )
            };
            Self::Sudo {
                now: io::stdin().is_terminal() || free(),
            }
        } else {
            Self::Nobody
        }
    }

    /// What stands before a command that root is to run.
    fn prefix(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Root => Some(&[]),
            Self::Sudo { now: true } => Some(&["sudo"]),
            Self::Sudo { now: false } | Self::Nobody => None,
        }
    }

    /// What a person would type to install the packages.
    fn words(self, packages: &[&str]) -> String {
        let install = format!("install -y --no-install-recommends {}", packages.join(" "));
        match self {
            Self::Root => format!("apt-get update && apt-get {install}"),
            Self::Sudo { .. } => format!("sudo apt-get update && sudo apt-get {install}"),
            Self::Nobody => format!("su -c 'apt-get update && apt-get {install}'"),
        }
    }
}

/// Runs apt-get without questions; waits where another program is installing something.
fn apt_get(prefix: &[&str], words: &[&str]) -> bool {
    let mut line = prefix.to_vec();
    line.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    line.extend(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]);
    line.extend(words);
    succeeds(Command::new(line[0]).args(&line[1..]))
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// What dpkg knows of the packages: a line each, name and state. It fails when it has never heard
/// of one, and still tells about the others.
fn states(needs: &[Need]) -> String {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Package} ${db:Status-Status}\n"])
        .args(needs.iter().map(|need| need.package))
        .stderr(Stdio::null())
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

/// The packages that are neither installed, by what dpkg says, nor replaced by a command.
fn missing(needs: &[Need], states: &str, on_path: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let installed: BTreeSet<&str> = states
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    needs
        .iter()
        .filter(|need| !need.command.is_some_and(&on_path))
        .map(|need| need.package)
        .filter(|package| !installed.contains(package))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: [Need; 3] = [
        package("xvfb"),
        package("libgtk-3-dev"),
        command("nodejs", "node"),
    ];

    #[test]
    fn only_installed_packages_count_as_there() {
        let states = "xvfb installed\nlibgtk-3-dev config-files\n";
        assert_eq!(
            missing(&NEEDS, states, |_| false),
            ["libgtk-3-dev", "nodejs"]
        );
        assert_eq!(
            missing(&NEEDS, "", |_| false),
            ["xvfb", "libgtk-3-dev", "nodejs"]
        );
    }

    #[test]
    fn a_command_stands_in_for_its_package_only() {
        assert_eq!(missing(&NEEDS, "", |_| true), ["xvfb", "libgtk-3-dev"]);
        let states = "xvfb installed\nlibgtk-3-dev installed\n";
        assert!(missing(&NEEDS, states, |name| name == "node").is_empty());
    }

    #[test]
    fn the_words_fit_who_types_them() {
        let packages = ["xvfb", "openbox"];
        assert_eq!(
            User::Root.words(&packages),
            "apt-get update && apt-get install -y --no-install-recommends xvfb openbox"
        );
        assert_eq!(
            User::Sudo { now: false }.words(&packages),
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb openbox"
        );
        assert_eq!(
            User::Nobody.words(&packages),
            "su -c 'apt-get update && apt-get install -y --no-install-recommends xvfb openbox'"
        );
    }

    #[test]
    fn nothing_is_tried_that_would_wait_for_a_password_nobody_can_type() {
        assert_eq!(User::Root.prefix(), Some(&[][..]));
        assert_eq!(User::Sudo { now: true }.prefix(), Some(&["sudo"][..]));
        assert_eq!(User::Sudo { now: false }.prefix(), None);
        assert_eq!(User::Nobody.prefix(), None);
    }

    #[test]
    fn no_package_is_listed_twice() {
        let all = [BUILD, TEST, NPM, CLEAN_ROOT, STAND_IN].concat();
        let names: BTreeSet<_> = all.iter().map(|need| need.package).collect();
        assert_eq!(names.len(), all.len());
    }
}
