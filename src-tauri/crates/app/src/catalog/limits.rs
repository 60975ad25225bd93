//! Limits on previews: what the library's settings say, and what goes before that.
//!
//! They are kept in the library, beside its model: a library that grows on a server has another line than one
//! on a laptop, and a setting needs no file of its own. Variables and options are for one run, and go first.

use throughline_catalog::PreviewLimits as Limits;

use super::client::CatalogSettings;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::PreviewLimits;

/// The limits on previews that the library is to keep: a [`PreviewLimits`].
const PREVIEWS: &str = "previews";

/// Connections that can be set; see [`Limits::most`].
const CONNECTIONS: std::ops::RangeInclusive<usize> = 1..=16;

/// Bytes a second that can be set at least: a preview of a megabyte takes a quarter of an hour then.
const LEAST_BYTES: u64 = 1_000;

/// Limits on previews that were named for this run, each on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NamedLimits {
    /// Previews in flight at once.
    pub connections: Option<usize>,
    /// Bytes a second of all previews together.
    pub bytes_per_s: Option<u64>,
}

impl Session {
    /// Keeps other limits on previews in the library. The next build heeds them, and so does whatever is
    /// played from now on; a build under way goes on as it began. What was named for this run stays, and
    /// what the library keeps beneath it too. [`AppError::NoLimit`] for limits that make no sense.
    pub fn limit_previews(&self, limits: &PreviewLimits) -> Result<()> {
        if !CONNECTIONS.contains(&limits.connections) {
            return Err(AppError::NoLimit("there are 1 to 16 connections"));
        }
        if limits.bytes_per_s.is_some_and(|bytes| bytes < LEAST_BYTES) {
            return Err(AppError::NoLimit("1,000 bytes a second are the least"));
        }
        let named = self.catalog_settings.named;
        let mut library = self.library();
        let mut kept = match library.settings().get(PREVIEWS)? {
            Some(kept) => kept,
            None => PreviewLimits::of(&self.catalog_settings.client.previews),
        };
        if named.connections.is_none() {
            kept.connections = limits.connections;
        }
        if named.bytes_per_s.is_none() {
            kept.bytes_per_s = limits.bytes_per_s;
        }
        let tx = library.begin()?;
        tx.settings_mut().set(PREVIEWS, &kept)?;
        tx.commit()?;
        drop(library);
        // The next who asks makes another client.
        self.forget_catalog();
        Ok(())
    }

    /// How the catalogue is asked, the library's own limits included.
    pub(crate) fn catalog_settings(&self) -> Result<CatalogSettings> {
        let mut settings = self.catalog_settings.clone();
        let kept: Option<PreviewLimits> = self.library().settings().get(PREVIEWS)?;
        let limits = &mut settings.client.previews;
        if let Some(kept) = kept {
            limits.connections = kept.connections;
            limits.bytes_per_s = kept.bytes_per_s;
        }
        let NamedLimits {
            connections,
            bytes_per_s,
        } = settings.named;
        limits.connections = connections.unwrap_or(limits.connections);
        limits.bytes_per_s = bytes_per_s.or(limits.bytes_per_s);
        Ok(settings)
    }
}

impl PreviewLimits {
    /// The limits that `limits` come to.
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            connections: limits.most(),
            bytes_per_s: limits.bytes_per_s,
        }
    }
}
