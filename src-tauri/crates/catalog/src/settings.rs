//! How and from where the catalogue is asked.

use std::path::PathBuf;
use std::time::Duration;

use crate::backoff::Backoff;

/// Where the catalogue is unless another address is named.
pub const DEFAULT_BASE_URL: &str = "https://itunes.apple.com";

/// Calls a minute unless the settings say otherwise.
///
/// Source: “approximately 20 calls per minute”, archived documentation of the iTunes Search API.
const CALLS_PER_MINUTE: u32 = 20;

/// How and from where the catalogue is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Another address than [`DEFAULT_BASE_URL`], `http` or `https`. Previews and pictures may come from
    /// its origin too.
    pub base_url: Option<String>,
    /// The way out.
    pub proxy: Proxy,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long nothing may come in before the connection counts as lost.
    pub stall_timeout: Duration,
    /// How long one answer may be waited for altogether, however steadily it drips.
    pub answer_timeout: Duration,
    /// Limits on the streaming of previews.
    pub previews: PreviewLimits,
    /// Folder that remembers the calls of the last minute, for all processes of this user. It is made
    /// when it is missing.
    pub limits: PathBuf,
    /// Calls a minute, at most; at least 1.
    pub calls_per_minute: u32,
    /// How long a refusal keeps from calling when the server asks for no wait of its own.
    pub refusal_backoff: Backoff,
}

/// Limits on the streaming of previews, which are not held to the limit on calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviewLimits {
    /// Previews in flight at once, at most; see [`PreviewLimits::most`].
    pub connections: usize,
    /// Bytes a second of all previews together, at most.
    pub bytes_per_s: Option<u64>,
}

/// The way out of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` or the system's settings say.
    #[default]
    System,
    /// None.
    Direct,
    /// This one, for everything.
    Via(String),
}

impl Settings {
    /// The catalogue itself, 20 calls a minute, four previews at once; `limits` as the field says.
    pub fn new(limits: impl Into<PathBuf>) -> Self {
        Self {
            base_url: None,
            proxy: Proxy::System,
            connect_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_mins(2),
            previews: PreviewLimits::default(),
            limits: limits.into(),
            calls_per_minute: CALLS_PER_MINUTE,
            refusal_backoff: Backoff::REFUSED,
        }
    }
}

impl PreviewLimits {
    /// The previews in flight at once that are allowed for: 1 to 16, for the sake of the server.
    pub fn most(&self) -> usize {
        self.connections.clamp(1, 16)
    }
}

impl Default for PreviewLimits {
    /// Four at once, as fast as they come.
    fn default() -> Self {
        Self {
            connections: 4,
            bytes_per_s: None,
        }
    }
}
