//! What can be typed behind `evaluate`.

use std::path::PathBuf;

use clap::Args;
use throughline_app::core::evaluate::LISTENERS;

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Table of labels: an absolute path, a tab and a label a line
    #[arg(long, value_name = "FILE.tsv")]
    pub labels: PathBuf,
    /// Where to draw what the listeners found
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Listeners that are simulated
    #[arg(long, value_name = "N", default_value_t = LISTENERS as u32, value_parser = clap::value_parser!(u32).range(1..=MOST_LISTENERS))]
    pub listeners: u32,
    /// What determines the listeners: their tastes, their slips
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Listeners at most: enough for a standard error of a thousandth.
const MOST_LISTENERS: i64 = 100_000;
