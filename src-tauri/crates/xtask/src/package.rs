//! `cargo xtask package`: the packages of this system, out of one build of both programs.
//!
//! The app and the command line are built here, in one call of cargo; Tauri's bundler only packs them. What
//! goes into a package stands in `tauri.conf.json`; what is known only after the build is added to it: the
//! command line, the notices of the libraries, and the system packages that the programs need.

mod bundler;
mod depends;
mod installed;
mod notices;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use self::bundler::Bundler;
use crate::{
    cargo::{cargo, root},
    cuda::AS_RUN,
    packages::{self, BUILD, CLEAN_ROOT, NPM, on_path},
};

/// Folder of what is packed beside the app, as `src-tauri/package/bundle.json` names it. Git ignores it.
const STAGE: &str = "gen/package";

/// What macOS alone is told: that other programs may own the audio files that the app opens.
const MACOS: &str = "src-tauri/package/macos.json";

/// Both programs, in one selection: cargo then chooses the same features for both and compiles no library
/// twice.
const PROGRAMS: [&str; 4] = ["--package", "throughline", "--package", "throughline-cli"];

/// The command: `words` stand after its name.
pub fn package(words: &[&str]) -> Result<ExitCode, String> {
    let asked = Asked::read(words)?;
    let clean_root = if asked.test { CLEAN_ROOT } else { &[] };
    packages::provide(&[BUILD, NPM, clean_root])?;
    let debian = cfg!(target_os = "linux") && on_path(depends::TOOL);
    if asked.test && !debian {
        return Err("Only the Debian package can be tested, on Debian or Ubuntu.".to_owned());
    }
    if cfg!(target_os = "linux") && !debian {
        println!(
            "Without {}, which says what a Debian package needs, only the rpm is made.\n",
            depends::TOOL
        );
    }
    let bundler = Bundler::find()?;
    let mut build = cargo();
    if asked.dev {
        build.args(AS_RUN);
    } else {
        build.args(["build", "--release", "--bins"]).args(PROGRAMS);
    }
    done("The build", &mut build)?;
    let built = built(asked.dev)?;
    stage(&built)?;
    let mut bundle = bundler.command();
    bundle
        .args(["bundle", "--ci", "--bundles", bundles(debian)])
        .args(["--config", "src-tauri/package/bundle.json"]);
    if asked.dev {
        bundle.arg("--debug");
    }
    if debian {
        bundle.args(["--config", &depends::config(&built, &root().join(STAGE))?]);
    }
    if !cfg!(target_os = "linux") {
        // Linux has a folder for licences; elsewhere they lie beside the app.
        bundle.args(["--config", "src-tauri/package/resources.json"]);
    }
    if cfg!(target_os = "macos") {
        bundle.args(["--config", MACOS]);
    }
    done("Packing", &mut bundle)?;
    if asked.test {
        installed::test(&newest_deb(&built)?)?;
    }
    println!("\nThe packages are in {}.", built.join("bundle").display());
    Ok(ExitCode::SUCCESS)
}

/// The packages that are made on this system, as the bundler calls them; of Linux's the Debian one only where
/// what it needs can be found out.
fn bundles(debian: bool) -> &'static str {
    if cfg!(target_os = "macos") {
        "app,dmg"
    } else if cfg!(windows) {
        "nsis"
    } else if debian {
        "deb,rpm"
    } else {
        "rpm"
    }
}

/// What was typed after `package`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// A build as `run` makes it, not a release: to try the packaging itself.
    dev: bool,
    /// A start in a clean system.
    test: bool,
}

impl Asked {
    fn read(words: &[&str]) -> Result<Self, String> {
        let mut asked = Self::default();
        for word in words {
            match *word {
                "--dev" => asked.dev = true,
                "--test" => asked.test = true,
                other => {
                    return Err(format!(
                        "`cargo xtask package` does not know `{other}`; it knows --dev and --test."
                    ));
                }
            }
        }
        Ok(asked)
    }
}

/// The folder of the programs that were built: beside that of the build of this program, or that very one.
fn built(dev: bool) -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|error| format!("Where is this program? {error}"))?;
    let target = this.ancestors().nth(2).unwrap_or(Path::new("target"));
    Ok(target.join(if dev { "debug" } else { "release" }))
}

/// Lays what the bundler is to take along where it looks for it.
fn stage(built: &Path) -> Result<(), String> {
    let stage = root().join(STAGE);
    fs::create_dir_all(&stage).map_err(|error| said(&stage, &error))?;
    let program = built.join(format!("throughline-cli{}", env::consts::EXE_SUFFIX));
    // The bundler looks for the name with the platform behind it, and takes it away again.
    let staged = stage.join(format!(
        "throughline-cli-{}{}",
        platform()?,
        env::consts::EXE_SUFFIX
    ));
    fs::copy(&program, &staged).map_err(|error| said(&program, &error))?;
    let notices = stage.join("third-party.txt");
    fs::write(&notices, notices::notices(&PROGRAMS)?).map_err(|error| said(&notices, &error))
}

/// What Rust calls this platform: `x86_64-unknown-linux-gnu`.
fn platform() -> Result<String, String> {
    let told = output(Command::new("rustc").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc does not say what it compiles for.".to_owned())
}

/// The Debian package that was made last.
fn newest_deb(built: &Path) -> Result<PathBuf, String> {
    let folder = built.join("bundle/deb");
    let entries = fs::read_dir(&folder).map_err(|error| said(&folder, &error))?;
    let debs = entries.flatten().map(|entry| entry.path());
    debs.filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .max_by_key(|path| path.metadata().and_then(|data| data.modified()).ok())
        .ok_or_else(|| format!("There is no package in {}.", folder.display()))
}

/// Runs a command to its end; what it prints is seen.
fn done(what: &str, command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!(
            "{what} failed ({status}); what went wrong stands above."
        )),
        Err(error) => Err(format!("{what} could not be started: {error}")),
    }
}

/// What a command prints.
fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("{name} could not be started: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let why = String::from_utf8_lossy(&output.stderr);
        Err(format!("{name} failed ({}):\n{why}", output.status))
    }
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_a_package_takes_is_there() {
        let config = fs::read_to_string(root().join("tauri.conf.json")).expect("the configuration");
        let kept = |word: &&str| word.starts_with("icons/") || word.starts_with("src-tauri/");
        let files: Vec<&str> = config.split('"').filter(kept).collect();
        assert!(files.len() > 10, "icons and files are named: {files:?}");
        for file in files {
            assert!(root().join(file).is_file(), "{file} is missing");
        }
    }

    #[test]
    fn macos_is_told_of_every_audio_format() {
        let config = fs::read_to_string(root().join(MACOS)).expect("a configuration");
        let source = root().join("src-tauri/crates/audio/src/lib.rs");
        let source = fs::read_to_string(source).expect("a source");
        let list = source
            .split_once("pub const EXTENSIONS")
            .and_then(|(_, after)| after.split_once("];"))
            .expect("the list of extensions")
            .0;
        let extensions: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert!(
            extensions.contains(&"mp3"),
            "the list is read: {extensions:?}"
        );
        for extension in extensions {
            assert!(
                config.contains(&format!("\"{extension}\"")),
                "{extension} is missing"
            );
        }
    }

    #[test]
    fn what_was_typed_is_understood_or_refused() {
        let asked = Asked::read(&["--test", "--dev"]).expect("both are known");
        assert_eq!(
            asked,
            Asked {
                dev: true,
                test: true
            }
        );
        assert_eq!(Asked::read(&[]), Ok(Asked::default()));
        assert!(Asked::read(&["--fast"]).is_err_and(|why| why.contains("--fast")));
    }

    #[test]
    fn no_debian_package_is_made_where_its_needs_cannot_be_found() {
        assert!(!bundles(false).contains("deb"), "{}", bundles(false));
        let made = bundles(true).contains("deb");
        assert_eq!(made, cfg!(target_os = "linux"), "{}", bundles(true));
    }

    #[test]
    fn the_platform_is_known() {
        let platform = platform().expect("rustc is there");
        assert!(platform.contains(env::consts::ARCH), "{platform}");
    }
}
