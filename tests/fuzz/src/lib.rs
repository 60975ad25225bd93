//! Hostile files, and a harness that makes more of them.
//!
//! [`run()`] changes inputs at random, seeded, and feeds them to a [`Target`]; an input that is answered in
//! a new way is changed further. It runs on any platform and needs no instrumented build. A panic, an
//! input that takes too long and one that takes too much memory are findings, kept as files.

pub mod hostile;
mod mutate;
mod parts;
mod rng;
mod run;
mod target;

pub use rng::Rng;
pub use run::{Meter, Plan, Report, replay, run};
pub use target::{ALL, Target};
