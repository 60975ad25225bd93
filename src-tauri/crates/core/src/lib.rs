//! The pure middle of Throughline: tracks, vectors, feedback and the discovery maths.
//!
//! Nothing here reads a clock, a file, a socket or a random source: whatever it needs arrives as an
//! argument, and equal input gives equal output.

pub mod catalog;
pub mod embedding;
pub mod evaluate;
pub mod feedback;
pub mod taste;
pub mod throughline_file;
pub mod track;
pub mod versions;
