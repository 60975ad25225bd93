//! What the licences of the libraries in a program ask to go with every copy of it: their notices and texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use super::{output, said};
use crate::cargo::cargo;

/// How the names of files begin that hold a licence or a notice, in capitals.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"];

/// The notices of every library that the packages named by `selection` are linked with here: a list with their
/// licences, then the texts, each once.
pub fn notices(selection: &[&str]) -> Result<String, String> {
    let told = output(
        cargo()
            .args([
                "tree",
                "--locked",
                "--edges",
                "normal,no-proc-macro",
                "--prefix",
                "none",
            ])
            .args(["--format", "{p}|{l}|{r}"])
            .args(selection),
    )?;
    let libraries: BTreeSet<Library> = told.lines().filter_map(Library::read).collect();
    let sources = sources()?;
    let mut parts =
        vec!["Throughline holds these libraries; the texts of their licences follow.\n".to_owned()];
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for library in &libraries {
        let (name, version) = (&library.name, &library.version);
        parts.push(format!(
            "{name} {version}: {} {}",
            library.licence, library.origin
        ));
        for folder in &sources {
            for text in texts_in(&folder.join(format!("{name}-{version}")))? {
                texts
                    .entry(text)
                    .or_default()
                    .push(format!("{name} {version}"));
            }
        }
    }
    for (text, libraries) in &texts {
        parts.push(format!("\n{}\n{}:\n", "-".repeat(80), libraries.join(", ")));
        parts.push(text.trim_end().to_owned());
    }
    parts.push(String::new());
    Ok(parts.join("\n"))
}

/// A library from a registry.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Library {
    name: String,
    version: String,
    licence: String,
    origin: String,
}

impl Library {
    /// Reads a line of `cargo tree`: `serde v1.0.0|MIT OR Apache-2.0|https://… (*)`. Our own packages are
    /// followed by where they lie, and are none.
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.trim_end_matches("(*)").trim_end().split('|');
        let (name, version) = fields.next()?.split_once(" v")?;
        if version.contains(' ') {
            return None;
        }
        let mut field = || fields.next().unwrap_or_default().trim().to_owned();
        Some(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: field(),
            origin: field(),
        })
    }
}

/// Where cargo unpacks what it fetches: a folder for each registry.
fn sources() -> Result<Vec<PathBuf>, String> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .ok_or("This user has no home folder.")?;
    let folder = home.join("registry/src");
    let entries = fs::read_dir(&folder).map_err(|error| said(&folder, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// The licences and notices in the folder of a library, if that is there: its own, and those of what it
/// brings along in folders of theirs.
fn texts_in(folder: &Path) -> Result<Vec<String>, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        if path.is_dir() {
            texts.extend(texts_in(&path)?);
        } else if is_notice(&path) {
            let text = fs::read(&path).map_err(|error| said(&path, &error))?;
            texts.push(String::from_utf8_lossy(&text).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}

fn is_notice(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_uppercase();
    let source = path.extension().is_some_and(|extension| extension == "rs");
    NAMES.iter().any(|start| name.starts_with(start)) && !source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_read_and_our_own_packages_are_not() {
        let line = "serde v1.0.0|MIT OR Apache-2.0|https://github.com/serde-rs/serde (*)";
        let serde = Library::read(line).expect("a library");
        assert_eq!(
            (serde.name.as_str(), serde.version.as_str()),
            ("serde", "1.0.0")
        );
        assert_eq!(serde.licence, "MIT OR Apache-2.0");
        assert_eq!(serde.origin, "https://github.com/serde-rs/serde");
        assert_eq!(
            Library::read("throughline v0.1.0 (/src/throughline)|MIT|"),
            None
        );
        assert_eq!(Library::read(""), None);
    }

    #[test]
    fn texts_of_licences_are_found_by_their_names() {
        let folder = env::temp_dir().join(format!("xtask-{}-notices", std::process::id()));
        fs::create_dir_all(folder.join("opus")).expect("a folder");
        for (name, text) in [
            ("License-MIT", "a\r\n"),
            ("COPYING", "b"),
            ("README.md", "c"),
            ("license.rs", "d"),
            ("opus/COPYING", "e"),
        ] {
            fs::write(folder.join(name), text).expect("a file");
        }
        let found = texts_in(&folder);
        fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(found.expect("read"), ["b", "a\n", "e"]);
        assert_eq!(
            texts_in(&folder).expect("nothing there"),
            Vec::<String>::new()
        );
    }
}
