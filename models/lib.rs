//! Ports of music models to burn, each in its own folder, and the choice of the device they run on.
//!
//! A port takes the decoded stretches of one track and gives its features: see
//! [`Embedder`](throughline_core::embedding::Embedder). The mel front end belongs to its model.

pub mod checkpoint;
pub mod device;
pub mod manifest;
pub mod musicfm;
pub mod musicnn;
#[cfg(test)]
mod numbers;
mod vector;
