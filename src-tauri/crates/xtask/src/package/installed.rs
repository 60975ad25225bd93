//! The Debian package in a clean system: installed there, started, and driven to a first result.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{done, said};
use crate::cargo::root;

/// Runs `inside.sh` in the system, and keeps how it ended, so that its pictures are copied out in any case.
const RUN: &str = "chroot \"$1\" sh -c 'mkdir -p /tmp/installed; sh /tmp/inside.sh; echo $? >/tmp/installed/outcome'";

/// Installs the package `deb` into a system of this machine's release that holds nothing but apt, and runs
/// `tests/installed/inside.sh` there. That system is gone afterwards; pictures stay in `artifacts/installed`,
/// or in `installed` where `THROUGHLINE_ARTIFACTS` says.
pub fn test(deb: &Path) -> Result<(), String> {
    let about = Path::new("/etc/os-release");
    let about = fs::read_to_string(about).map_err(|error| said(about, &error))?;
    let suite = field(&about, "VERSION_CODENAME").ok_or("This release has no code name.")?;
    let artifacts = env::var_os("THROUGHLINE_ARTIFACTS")
        .map_or_else(|| root().join("artifacts"), PathBuf::from);
    let kept = artifacts.join("installed");
    fs::create_dir_all(&kept).map_err(|error| said(&kept, &error))?;
    let tests = root().join("tests/installed");
    let taken = [
        deb.to_owned(),
        tests.join("inside.sh"),
        tests.join("drive.py"),
    ];

    println!(
        "\nInstalling {} into a clean system ({suite}).",
        deb.display()
    );
    let mut command = Command::new("mmdebstrap");
    command
        .args(["--variant=apt", "--format=null", "--customize-hook"])
        .arg(format!("copy-in {} /tmp", quoted(&taken)))
        .args(["--customize-hook", RUN, "--customize-hook"])
        .arg(format!("copy-out /tmp/installed {}", quoted(&[artifacts])))
        .args([suite, "/dev/null"])
        .args(archives(&about, suite))
        .stdin(Stdio::null());
    done("The clean system", &mut command)?;
    let outcome = kept.join("outcome");
    let ended = fs::read_to_string(&outcome).map_err(|error| said(&outcome, &error))?;
    if ended.trim() != "0" {
        return Err(
            "The package does not work in a clean system; what went wrong stands above.".to_owned(),
        );
    }
    println!(
        "The package works in a clean system. Pictures: {}",
        kept.display()
    );
    Ok(())
}

/// A value of `/etc/os-release`.
fn field<'a>(about: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = about.lines().filter_map(|line| line.split_once('='));
    lines
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.trim_matches('"'))
}

/// The archives, where the tool's own choice does not do: it takes Ubuntu as it was on its first day, without
/// `universe`, where the driver of the window is.
fn archives(about: &str, suite: &str) -> Vec<String> {
    if field(about, "ID") != Some("ubuntu") {
        return Vec::new();
    }
    let pockets = ["", "-updates", "-security"];
    let line =
        |pocket| format!("deb http://archive.ubuntu.com/ubuntu {suite}{pocket} main universe");
    pockets.map(line).to_vec()
}

/// Paths as words of a hook, which are told apart as a shell does.
fn quoted(paths: &[PathBuf]) -> String {
    let words = paths.iter().map(|path| format!("'{}'", path.display()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read() {
        let debian = "NAME=\"Debian GNU/Linux\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(field(debian, "VERSION_CODENAME"), Some("bookworm"));
        assert_eq!(field(debian, "NAME"), Some("Debian GNU/Linux"));
        assert_eq!(field(debian, "CODENAME"), None);
        assert!(archives(debian, "bookworm").is_empty());
        let ubuntu = archives("ID=ubuntu\n", "jammy");
        assert!(
            ubuntu[1].ends_with(" jammy-updates main universe"),
            "{ubuntu:?}"
        );
    }

    #[test]
    fn paths_with_spaces_stay_one_word() {
        let paths = ["/a b/c.deb", "/d"].map(PathBuf::from);
        assert_eq!(quoted(&paths), "'/a b/c.deb' '/d'");
    }
}
