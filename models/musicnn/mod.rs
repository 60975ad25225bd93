//! `MusiCNN` (Pons, arXiv 1909.06654): the two small taggers that are embedded in the binary.
//!
//! `MSD` knows 50 Last.fm tags of the Million Song Dataset, `MTT` the 50 of `MagnaTagATune`. Their
//! penultimate layers, averaged over windows of three seconds, are the features; see `README.md`
//! beside this file for source, licence and exact semantics.

mod config;
mod embedder;
mod front;
mod layers;
mod loader;
mod mel;
mod model;
mod parameters;
mod processor;
mod windows;

#[cfg(test)]
mod goldens;

pub use config::{FEATURE_VERSION, FRAMES, HOP, MAX_WINDOWS, MODEL_ID, SAMPLE_RATE};
pub use embedder::MusiCnn;
pub use loader::LoadError;
