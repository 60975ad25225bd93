//! The client of a session and the threads that it runs on, made when the catalogue is first asked.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use throughline_catalog::{Backoff, CatalogError, Client, Settings};
use throughline_core::catalog::{Answer, Question};
use tokio::runtime::{Builder, Handle, Runtime};

use super::{
    BYTES_VARIABLE, CALLS_VARIABLE, CONNECTIONS_VARIABLE, LIMITS_VARIABLE, URL_VARIABLE,
    default_limits,
};
use crate::error::{AppError, Result};

/// Threads that wait for the network. They hardly compute.
const THREADS: usize = 2;

/// How soon a wait notices that it is not wanted any more.
const LOOK: Duration = Duration::from_millis(50);

/// How and with how much patience the catalogue is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogSettings {
    /// Address, limits, time-outs.
    pub client: Settings,
    /// How long a build holds on to what does not come.
    pub patience: Patience,
}

/// How long a build holds on to what does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Tries of one call or one preview, at most; at least 1. Only trouble that may pass is tried again.
    pub tries: u32,
    /// Waits between tries.
    pub passing: Backoff,
    /// Waits between looks for a connection that was lost, or for previews that are refused.
    pub offline: Backoff,
}

impl Default for Patience {
    /// Six tries, half a minute of waits altogether; a lost connection is looked for every few seconds
    /// at first, every minute later on.
    fn default() -> Self {
        Self {
            tries: 6,
            passing: Backoff::PASSING,
            offline: Backoff {
                base: Duration::from_secs(2),
                cap: Duration::from_mins(1),
            },
        }
    }
}

impl CatalogSettings {
    /// The catalogue itself, or as the variables say that are named in [`crate::catalog`].
    pub fn from_environment() -> Self {
        let named = |name| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
        let limits = std::env::var_os(LIMITS_VARIABLE).map_or_else(default_limits, Into::into);
        let mut client = Settings::new(limits);
        client.base_url = named(URL_VARIABLE);
        let calls = named(CALLS_VARIABLE).and_then(|calls| calls.trim().parse().ok());
        client.calls_per_minute = calls.unwrap_or(client.calls_per_minute);
        let connections = named(CONNECTIONS_VARIABLE).and_then(|n| n.trim().parse().ok());
        client.previews.connections = connections.unwrap_or(client.previews.connections);
        client.previews.bytes_per_s = named(BYTES_VARIABLE).and_then(|n| n.trim().parse().ok());
        Self {
            client,
            patience: Patience::default(),
        }
    }
}

/// The client of a session.
pub(crate) struct Catalog {
    /// The client itself; what asks it must run on [`Catalog::handle`].
    pub client: Arc<Client>,
    /// How patiently.
    pub patience: Patience,
    /// Previews in flight at once, at most.
    pub connections: usize,
    /// Searches so far: the newest alone is wanted.
    pub searches: AtomicU64,
    /// Taken when dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Catalog {
    /// A client as `settings` say; no network is touched.
    pub fn open(settings: &CatalogSettings) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("catalogue")
            .enable_all()
            .build()
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let handle = runtime.handle().clone();
        let entered = handle.enter();
        let client = Arc::new(Client::new(&settings.client)?);
        drop(entered);
        Ok(Self {
            client,
            patience: settings.patience,
            connections: settings.client.previews.connections.max(1),
            searches: AtomicU64::new(0),
            runtime: Some(runtime),
            handle,
        })
    }

    /// Where work for the network runs.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Asks once, as soon as the limit allows, within `time`. `None` if it is not `wanted` any more before it
    /// was asked: then it is no call.
    pub fn ask_within(
        &self,
        question: &Question,
        time: Duration,
        wanted: impl Fn() -> bool,
    ) -> Result<Option<Answer>, CatalogError> {
        let asked = async {
            let Some(turn) = unless(|| !wanted(), self.client.turn()).await else {
                return Ok(None);
            };
            self.client.ask_in(turn?, question).await.map(Some)
        };
        // Made where the runtime is: it needs its clock.
        let within = async { tokio::time::timeout(time, asked).await };
        let answer = self.handle.block_on(within);
        answer.unwrap_or_else(|_| {
            Err(CatalogError::Passing {
                reason: format!("nothing came within {} s", time.as_secs()),
                retry_after: None,
            })
        })
    }

    /// The preview at `url`, asked for once.
    pub fn preview(&self, url: &str) -> Result<Vec<u8>, CatalogError> {
        let preview = self.handle.block_on(self.client.preview(url))?;
        Ok(preview.bytes)
    }
}

impl Drop for Catalog {
    /// Waits for nothing: a name that is being looked up cannot be cut short.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What `work` comes to; `None` once `stopped` says so.
pub(crate) async fn unless<T>(
    stopped: impl Fn() -> bool,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    loop {
        if stopped() {
            return None;
        }
        if let Ok(value) = tokio::time::timeout(LOOK, work.as_mut()).await {
            return Some(value);
        }
    }
}
