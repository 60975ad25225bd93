//! The client of a session and the threads that it runs on, made when the catalogue is first asked.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use throughline_catalog::{Backoff, CatalogError, Client, Settings};
use throughline_core::catalog::{Answer, Question};
use tokio::runtime::{Builder, Handle, Runtime};

use super::limits::NamedLimits;
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
    /// Limits on previews that go before those of the library.
    pub named: NamedLimits,
    /// What is wrong with the variables, in words: then the catalogue is not asked.
    pub wrong: Option<String>,
}

/// How long a build holds on to what does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Tries of one call or one preview, at most; at least 1. Only trouble that may pass is tried again.
    pub tries: u32,
    /// Waits between tries.
    pub passing: Backoff,
    /// Waits between looks for a connection that was lost.
    pub offline: Backoff,
    /// Waits between looks for previews that are refused.
    pub refused: Backoff,
}

impl Default for Patience {
    /// Six tries, half a minute of waits altogether; a lost connection is looked for every few seconds
    /// at first, every minute later on. So are previews that are refused, later on every quarter of an hour:
    /// a host that has had enough is left alone, and one song that it refuses holds others up for seconds.
    fn default() -> Self {
        Self {
            tries: 6,
            passing: Backoff::PASSING,
            offline: Backoff {
                base: Duration::from_secs(2),
                cap: Duration::from_mins(1),
            },
            refused: Backoff {
                base: Duration::from_secs(2),
                cap: Duration::from_mins(15),
            },
        }
    }
}

impl CatalogSettings {
    /// The catalogue itself, or as the variables say that are named in [`crate::catalog`].
    pub fn from_environment() -> Self {
        let named = |name: &str| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
        let limits = std::env::var_os(LIMITS_VARIABLE).map_or_else(default_limits, Into::into);
        let mut client = Settings::new(limits);
        client.base_url = named(URL_VARIABLE);
        let read = read_limits(&mut client, named);
        Self {
            client,
            patience: Patience::default(),
            named: read.clone().unwrap_or_default(),
            wrong: read.err(),
        }
    }
}

/// Reads the variables that are numbers, answering with those about previews; the error names the one that is
/// none.
fn read_limits(
    client: &mut Settings,
    named: impl Fn(&str) -> Option<String>,
) -> Result<NamedLimits, String> {
    let number = |name: &str| match named(name) {
        None => Ok(None),
        Some(value) => match value.trim().parse::<NonZeroU32>() {
            Ok(number) => Ok(Some(number.get())),
            Err(_) => Err(format!(
                "{name} is “{value}”, and must be a number from 1 on"
            )),
        },
    };
    if let Some(calls) = number(CALLS_VARIABLE)? {
        client.calls_per_minute = calls;
    }
    Ok(NamedLimits {
        connections: number(CONNECTIONS_VARIABLE)?.map(|connections| connections as usize),
        bytes_per_s: number(BYTES_VARIABLE)?.map(u64::from),
    })
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
        if let Some(wrong) = &settings.wrong {
            return Err(CatalogError::Settings(wrong.clone()).into());
        }
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
            connections: settings.client.previews.most(),
            searches: AtomicU64::new(0),
            runtime: Some(runtime),
            handle,
        })
    }

    /// Where work for the network runs.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Asks once, as soon as the limit allows; a refusal if that is not within `time`. `None` if it is not
    /// `wanted` any more before it was asked: then it is no call.
    pub fn ask_within(
        &self,
        question: &Question,
        time: Duration,
        wanted: impl Fn() -> bool,
    ) -> Result<Option<Answer>, CatalogError> {
        let turn = unless(|| !wanted(), self.client.turn());
        // Made where the runtime is: it needs its clock.
        let within = async { tokio::time::timeout(time, turn).await };
        match self.handle.block_on(within) {
            Ok(None) => Ok(None),
            Ok(Some(turn)) => {
                let answer = self.client.ask_in(turn?, question);
                self.handle.block_on(answer).map(Some)
            }
            Err(_) => Err(CatalogError::Refused {
                reason: "other calls go first".to_owned(),
                retry_after: Some(self.client.limit().state()?.wait),
            }),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_no_number_is_said_and_not_passed_over() {
        let read = |name: &str, value: &str| {
            let mut client = Settings::new("limits");
            let named = |asked: &str| (asked == name).then(|| value.to_owned());
            read_limits(&mut client, named)
        };
        for name in [BYTES_VARIABLE, CALLS_VARIABLE, CONNECTIONS_VARIABLE] {
            for value in ["many", "0", "-1", "1e6", "4 MB"] {
                let wrong = read(name, value).expect_err(value);
                assert!(wrong.contains(name) && wrong.contains(value), "{wrong}");
            }
        }
        let connections = read(CONNECTIONS_VARIABLE, " 6 ").expect("a number");
        assert_eq!(connections.connections, Some(6));
        let bytes = read(BYTES_VARIABLE, "100000").expect("a number");
        assert_eq!(
            (bytes.connections, bytes.bytes_per_s),
            (None, Some(100_000))
        );
    }

    #[test]
    fn a_turn_that_does_not_come_is_no_lost_network() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = CatalogSettings {
            client: Settings {
                calls_per_minute: 1,
                base_url: Some("http://127.0.0.1:9".to_owned()),
                ..Settings::new(folder.path())
            },
            patience: Patience::default(),
            named: NamedLimits::default(),
            wrong: None,
        };
        let catalog = Catalog::open(&settings).expect("a client");
        let turn = catalog.handle().block_on(catalog.client.turn());
        let _ = turn.expect("the first is free");
        let question = Question {
            country: throughline_core::catalog::Country::US,
            call: throughline_core::catalog::Call::Chart { genre: None },
        };
        let error = catalog.ask_within(&question, LOOK, || true).unwrap_err();
        assert_eq!(error.code(), "refused", "{error}");
        assert!(
            error.retry_after() > Some(Duration::from_secs(30)),
            "{error}"
        );
    }
}
