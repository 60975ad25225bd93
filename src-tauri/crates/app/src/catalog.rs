//! Music from the catalogue: what is planned, how it is crawled and fetched, what became of it.

use std::path::PathBuf;

pub(crate) mod artwork;
pub(crate) mod client;
pub(crate) mod crawl;
mod feed;
mod fetch;
mod limits;
mod plan;
mod report;
mod search;
pub(crate) mod state;

pub use client::{CatalogSettings, Patience};
pub(crate) use feed::{Chores, Feed};
pub use limits::NamedLimits;
pub use throughline_catalog::Checked;

/// Names another address of the catalogue, before the default.
pub const URL_VARIABLE: &str = "THROUGHLINE_CATALOG_URL";

/// Names the folder that remembers the calls of the last minute.
pub const LIMITS_VARIABLE: &str = "THROUGHLINE_CATALOG_LIMITS";

/// Names how many calls a minute there may be.
pub const CALLS_VARIABLE: &str = "THROUGHLINE_CATALOG_CALLS";

/// Names how many previews there may be in flight at once, before what the library keeps.
pub const CONNECTIONS_VARIABLE: &str = "THROUGHLINE_CATALOG_CONNECTIONS";

/// Names how many bytes a second all previews together may have, before what the library keeps.
pub const BYTES_VARIABLE: &str = "THROUGHLINE_CATALOG_BYTES";

/// Where calls are remembered unless another folder is named: one for all libraries of this user.
fn default_limits() -> PathBuf {
    dirs::data_dir()
        .unwrap_or_else(std::env::temp_dir)
        .join("throughline")
        .join("catalog")
}

/// A song as failures and progress name it.
pub(crate) fn song_name(title: &str, artist: Option<&str>) -> String {
    match artist {
        Some(artist) => format!("{title} · {artist}"),
        None => title.to_owned(),
    }
}
