//! The models on this machine: which there are, and how they come and go.
//!
//! Models live once per user, in one folder with a sub-folder each; libraries refer to them by id and
//! digest. A file is in its place only after its SHA-256 was found right; a small record beside it says
//! what was found. All that is fetched is what [`manifest`] lists, and only when it is asked for.

mod check;
mod digest;
mod fetch;
mod import;
mod lock;
mod place;
mod record;
mod stats;
mod store;
mod watch;

pub use fetch::{Backoff, DEFAULT_BASE_URL, ENDPOINT_VARIABLE, FetchSettings};
pub use store::{Located, MODELS_VARIABLE, ModelStore};
pub use throughline_catalog::Proxy;
pub use throughline_models::manifest;
