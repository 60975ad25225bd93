//! What is left of a damaged library.

use std::path::Path;

use serde::Serialize;
use throughline_app::view::Saved;

use crate::out::{Failed, Out};

#[derive(Serialize)]
struct Answer {
    /// What was saved; `None` when nothing was wrong with the library.
    salvaged: Option<Saved>,
}

/// Salvages the library in `library`.
pub fn salvage(library: &Path, out: Out) -> Result<(), Failed> {
    let salvaged = throughline_app::salvage(library)?;
    out.say(&Answer { salvaged }, |answer| {
        answer.salvaged.as_ref().map_or_else(
            || "nothing is wrong with the library, and nothing was changed".to_owned(),
            said,
        )
    })
}

fn said(saved: &Saved) -> String {
    let mut lines = vec!["saved into a new library:".to_owned()];
    lines.extend(saved.rows.iter().map(|rows| match rows.of {
        Some(of) => format!("{:>8} of {of:<8} {}", rows.saved, rows.what),
        None => format!("{:>8} of {:<8} {}", rows.saved, "?", rows.what),
    }));
    if saved.nameless > 0 {
        lines.push(format!(
            "{} of the tracks have lost their names and kept their ratings: build again, and those whose \
             files are found get them back",
            saved.nameless
        ));
    }
    lines.push(format!("the damaged file is kept as {}", saved.kept));
    lines.join("\n")
}
