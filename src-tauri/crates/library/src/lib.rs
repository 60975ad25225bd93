//! The listener's library: `SQLite` holds the truth, the vector index is a cache.
//!
//! A [`Library`] is one connection. Reading goes through handles ([`Library::tracks`], …), writing
//! through a [`Transaction`] ([`Transaction::files_mut`], [`Transaction::store`], …): a table is a
//! file in `table/`. Nothing here reads a clock or a music file: times (Unix milliseconds), sizes and
//! hashes arrive as arguments.

mod blob;
mod db;
mod error;
mod health;
mod in_use;
mod index;
mod migrate;
mod os_path;
mod place;
mod salvage;
mod table;
mod writer;

pub use blob::Windows;
pub use db::{BUSY_TIMEOUT, FILE_NAME, Library, Transaction};
pub use error::{LibraryError, Result};
pub use health::{Counts, Coverage, Health};
pub use index::{EXACT_BELOW, NeighbourIndex, Stamp};
pub use migrate::{APPLICATION_ID, SCHEMA};
pub use salvage::{Salvage, Salvaged};
pub use table::*;
pub use writer::Analysed;
