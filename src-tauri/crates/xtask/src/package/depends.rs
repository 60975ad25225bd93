//! Which system packages the programs need, as `dpkg-shlibdeps` finds them: those of the shared libraries
//! that they are linked with, in the versions whose symbols they use.

use std::{fs, path::Path, process::Command};

use super::{output, said};

/// The tool, a part of `dpkg-dev`, which `build-essential` brings along.
pub const TOOL: &str = "dpkg-shlibdeps";

/// What the tool wants to read beside it.
const CONTROL: &str = "Source: throughline\n\nPackage: throughline\nArchitecture: any\n";

/// A piece of configuration for the bundler that names what the programs in `built` need; the tool works
/// in the folder `stage`.
pub fn config(built: &Path, stage: &Path) -> Result<String, String> {
    let control = stage.join("debian/control");
    let folder = stage.join("debian");
    fs::create_dir_all(&folder).map_err(|error| said(&folder, &error))?;
    fs::write(&control, CONTROL).map_err(|error| said(&control, &error))?;
    let mut command = Command::new(TOOL);
    command.arg("-O").current_dir(stage);
    for program in ["throughline", "throughline-cli"] {
        command.arg("-e").arg(built.join(program));
    }
    let told = output(&mut command)?;
    let depends = read(&told).ok_or_else(|| format!("{TOOL} said something else: {told}"))?;
    Ok(format!(
        r#"{{"bundle":{{"linux":{{"deb":{{"depends":{depends:?}}}}}}}}}"#
    ))
}

/// The packages out of `shlibs:Depends=a (>= 1), b | c`.
fn read(told: &str) -> Option<Vec<&str>> {
    let list = told
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))?;
    Some(list.split(',').map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_from_what_the_tool_prints() {
        let told = "shlibs:Depends=libc6 (>= 2.36), libasound2t64 | libasound2 (>= 1.2.3)\n";
        let expected = ["libc6 (>= 2.36)", "libasound2t64 | libasound2 (>= 1.2.3)"];
        assert_eq!(read(told).as_deref(), Some(&expected[..]));
        assert_eq!(read("nothing\n"), None);
    }
}
