//! What can be typed of throughlines, and of ways from one track to another.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::similar::instant;

/// What to do with throughlines.
#[derive(Debug, Subcommand)]
pub enum Throughline {
    /// List the throughlines in which something was said, the newest first
    List,
    /// Show seeds, thumbs, knobs and list of a throughline
    Show {
        /// Name or number, as in `throughline list` [default: the open one]
        #[arg(value_name = "NAME|ID")]
        which: Option<String>,
        /// As it stood at a moment, as in 2026-03-01T20:15:00Z
        #[arg(long, value_name = "RFC3339", value_parser = instant)]
        before: Option<i64>,
    },
    /// Open a new throughline that begins with what was said in another one, which is kept
    Branch {
        /// Name or number of the other one, as in `throughline list`
        #[arg(value_name = "NAME|ID")]
        from: String,
        /// Name of the new one
        #[arg(value_parser = name)]
        name: String,
        /// Leave out what was said from a moment on, as in 2026-03-01T20:15:00Z
        #[arg(long, value_name = "RFC3339", value_parser = instant)]
        before: Option<i64>,
    },
    /// Name the open throughline
    Save {
        /// Its name
        #[arg(value_parser = name)]
        name: String,
    },
    /// Write a throughline to a file that other libraries can import
    Export {
        /// Name or number, as in `throughline list`
        #[arg(value_name = "NAME|ID")]
        which: String,
        /// Where to write it
        file: PathBuf,
    },
    /// Open a new throughline of what a file holds
    Import {
        /// File that was exported
        file: PathBuf,
    },
}

/// Arguments of `path`.
#[derive(Clone, Copy, Debug, Args)]
pub struct Between {
    /// Track id, as in `tracks`, that the way starts from
    #[arg(long, value_name = "ID")]
    pub from: i64,
    /// Track id that it leads to
    #[arg(long, value_name = "ID")]
    pub to: i64,
    /// Tracks in between
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=MOST_STEPS))]
    pub steps: u16,
}

/// Steps at most: every step is compared with every track of the library.
const MOST_STEPS: i64 = 50;

fn name(words: &str) -> Result<String, String> {
    match words.trim() {
        "" => Err("say a name".to_owned()),
        name => Ok(name.to_owned()),
    }
}
