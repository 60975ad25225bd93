//! What is left of a damaged library, and how the listener hears of it.

use std::path::Path;

use throughline_library::{Library, Salvage};

use crate::error::{AppError, Result};
use crate::view::{self, Saved, SavedRows};

/// What the listener knows of, by the table that holds it. The rest is made again by the next build.
const TOLD: [(&str, &str); 6] = [
    ("event", "seeds and ratings"),
    ("throughline", "throughlines"),
    ("source", "music folders"),
    ("track", "tracks"),
    ("vector", "what models heard of them"),
    ("song", "songs of the catalogue"),
];

/// Saves what can be read of the damaged library in `dir` into a new one that takes its place; the damaged
/// file is kept beside it. `None` when nothing is wrong with it. Nobody may have it open.
pub fn salvage(dir: &Path) -> Result<Option<Saved>> {
    if !Library::exists(dir) {
        return Err(AppError::NoLibrary(dir.to_owned()));
    }
    let salvage = Library::salvage(dir)?;
    if let Some(salvage) = &salvage {
        tracing::warn!(kept = %salvage.kept.display(), tables = ?salvage.tables, "a library was salvaged");
    }
    Ok(salvage.map(|salvage| told(&salvage)))
}

fn told(salvage: &Salvage) -> Saved {
    let rows = |(table, what): (&str, &str)| {
        let found = salvage.tables.iter().find(|found| found.table == table)?;
        Some(SavedRows {
            what: what.to_owned(),
            saved: found.saved as usize,
            of: found.of.map(|rows| rows as usize),
        })
    };
    Saved {
        kept: view::shown(&salvage.kept),
        rows: TOLD.into_iter().filter_map(rows).collect(),
        nameless: salvage.nameless as usize,
    }
}
