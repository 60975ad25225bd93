//! The three journeys of Throughline: build, discover, rate. No window, no terminal.
//!
//! A face (the desktop shell, the command line) opens a [`Session`] with [`Engines`] and calls it; what it
//! gets back are the types of [`view`].

pub mod catalog;
pub mod demo;
pub mod evaluate;
pub mod models;
pub mod sweep;
pub mod view;

mod build;
mod compare;
mod discover;
mod embed;
mod engine;
mod error;
mod files;
mod freeze;
mod rate;
mod salvage;
mod session;
mod shelf;
mod uses;
mod watch;

pub use build::BuildRequest;
pub use discover::Wishes;
pub use embed::embed_file;
pub use engine::{Engine, EngineSource, Engines, Wanted};
pub use error::{AppError, CODES, Reason, Result};
pub use files::{THREAD_EXTENSION, classify, default_library};
pub use rate::{Query, SeedRef, Similar, Verdict};
pub use salvage::salvage;
pub use session::Session;
pub use throughline_audio as audio;
pub use throughline_core as core;
pub use throughline_library::LibraryError;
pub use throughline_models::device::{
    Check, DeviceChoice, DeviceError, DeviceRequest, PrecisionChoice, Survey,
};
pub use watch::{Noticed, WatchSettings};
