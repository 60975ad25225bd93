//! The catalogue on the network: what it is asked, how politely, and what its answers say.
//!
//! [`Client`] asks; [`parse`] reads what comes, and knows no network; [`Bucket`] says when the next call
//! may be made, and knows no clock; [`Limit`] shares one bucket between all processes of this user.
//! Nothing of a preview is ever written to disk.

mod backoff;
mod bucket;
mod check;
mod client;
mod error;
mod limit;
mod links;
mod names;
mod pace;
pub mod parse;
mod picture;
mod settings;

pub use backoff::Backoff;
pub use bucket::{Bucket, Rule, State};
pub use check::Checked;
pub use client::{Client, Preview, Seat, Turn};
pub use error::{CODES, CatalogError};
pub use limit::Limit;
pub use links::{Links, Refusal};
pub use picture::{Picture, PictureKind};
pub use settings::{DEFAULT_BASE_URL, PreviewLimits, Proxy, Settings};
