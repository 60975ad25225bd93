//! The three journeys, end to end through the `app` crate: real files, a real database, and a
//! deterministic model in place of the real one.

mod build;
mod catalog;
mod catalog_seed;
mod compare;
mod discover;
mod fixture;
mod foundation;
mod history;
mod hostile;
mod models;
mod no_engine;
mod pipeline;
mod rate;
mod survive;
mod sweep;
mod switch;
mod taste;
mod watch;
mod wire;
