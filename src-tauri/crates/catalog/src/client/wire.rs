//! Requests and bodies, with an end to every wait.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::RANGE;
use reqwest::redirect::Policy;
use reqwest::{Response, Url, retry};
use tokio::time::timeout;

use super::passing;
use crate::error::CatalogError;
use crate::names::{Names, NoAddress};
use crate::pace::Pace;
use crate::settings::{Proxy, Settings};

/// Who asks, and how long an answer is waited for.
#[derive(Debug)]
pub(super) struct Wire {
    client: reqwest::Client,
    connect_timeout: Duration,
    stall_timeout: Duration,
    answer_timeout: Duration,
}

/// What is done with a body that is larger than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Most {
    /// It is refused.
    Whole,
    /// The rest is left on the wire.
    Head,
}

/// Why nothing was answered.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The connection broke off before anything came: another may do.
    BrokeOff(CatalogError),
    /// There is no connection, or nothing comes.
    Away(CatalogError),
}

impl From<NoAnswer> for CatalogError {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::BrokeOff(error) | NoAnswer::Away(error) => error,
        }
    }
}

impl Wire {
    pub fn new(settings: &Settings) -> Result<Self, CatalogError> {
        // Fails where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("throughline/", env!("CARGO_PKG_VERSION")))
            .gzip(true)
            .referer(false)
            .connect_timeout(settings.connect_timeout)
            .dns_resolver(Arc::new(Names))
            // Both would make calls that the limit does not know of.
            .redirect(Policy::none())
            .retry(retry::never());
        let client = match &settings.proxy {
            Proxy::System => client,
            Proxy::Direct => client.no_proxy(),
            Proxy::Via(url) => client.proxy(reqwest::Proxy::all(url).map_err(|error| {
                let reason = root(&error);
                CatalogError::Settings(format!("“{url}” is no address of a proxy ({reason})"))
            })?),
        };
        let client = client.build().map_err(|error| {
            let reason = root(&error);
            CatalogError::Settings(format!("no secure connection can be made here ({reason})"))
        })?;
        Ok(Self {
            client,
            connect_timeout: settings.connect_timeout,
            stall_timeout: settings.stall_timeout,
            answer_timeout: settings.answer_timeout,
        })
    }

    /// Asks for what is at `url`, for its first `head` bytes if so many are named.
    pub async fn get(&self, url: Url, head: Option<usize>) -> Result<Response, NoAnswer> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut request = self.client.get(url);
        if let Some(last) = head.and_then(|n| n.checked_sub(1)) {
            request = request.header(RANGE, format!("bytes=0-{last}"));
        }
        let limit = self.connect_timeout + self.stall_timeout;
        match timeout(limit, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_connect() => {
                let (reason, cause) = (no_connection(&host, &error), root(&error));
                tracing::info!(host, cause, "there is no connection");
                Err(NoAnswer::Away(CatalogError::Offline { reason }))
            }
            Ok(Err(error)) => {
                tracing::info!(host, cause = root(&error), "a connection broke off");
                let reason = format!("the connection to {host} broke off");
                Err(NoAnswer::BrokeOff(passing(reason)))
            }
            Err(_) => Err(NoAnswer::Away(passing(silence(&host, limit)))),
        }
    }

    /// The body of `response`, of `n` bytes at most.
    pub async fn body(
        &self,
        mut response: Response,
        n: usize,
        most: Most,
        pace: Option<&Pace>,
    ) -> Result<Vec<u8>, CatalogError> {
        let host = response.url().host_str().unwrap_or_default().to_owned();
        let declared = response.content_length().unwrap_or(0);
        if most == Most::Whole && declared > n as u64 {
            return Err(too_large(n));
        }
        let mut bytes = Vec::with_capacity(n.min(declared as usize));
        let mut waited = Duration::ZERO;
        loop {
            let begun = Instant::now();
            let chunk = match timeout(self.stall_timeout, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Ok(bytes),
                Ok(Err(error)) => {
                    tracing::info!(host, cause = root(&error), "an answer broke off");
                    return Err(passing(format!("the answer of {host} broke off")));
                }
                Err(_) => return Err(passing(silence(&host, self.stall_timeout))),
            };
            // Our own pace does not count.
            waited += begun.elapsed();
            if waited > self.answer_timeout {
                return Err(passing(format!("the answer of {host} came too slowly")));
            }
            let left = n - bytes.len();
            bytes.extend_from_slice(&chunk[..chunk.len().min(left)]);
            if most == Most::Head && bytes.len() == n {
                return Ok(bytes);
            }
            if chunk.len() > left {
                return Err(too_large(n));
            }
            if let Some(pace) = pace {
                pace.heed(chunk.len()).await;
            }
        }
    }
}

fn too_large(n: usize) -> CatalogError {
    let (size, unit) = if n >> 20 == 0 {
        (n >> 10, "kB")
    } else {
        (n >> 20, "MB")
    };
    CatalogError::Unexpected {
        reason: format!("more than {size} {unit} came"),
    }
}

fn silence(host: &str, limit: Duration) -> String {
    format!("nothing came from {host} for {:.0} s", limit.as_secs_f64())
}

/// Why there is no connection to `host`, in words for people.
fn no_connection(host: &str, error: &reqwest::Error) -> String {
    let of_system = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>());
    match of_system.map(io::Error::kind) {
        _ if causes(error).any(<dyn Error>::is::<NoAddress>) => {
            format!("there is no address of {host} to be had")
        }
        Some(io::ErrorKind::ConnectionRefused) => format!("{host} refuses connections"),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted) => {
            format!("{host} breaks connections off")
        }
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown) => {
            "this machine has no network".to_owned()
        }
        Some(io::ErrorKind::HostUnreachable) => format!("there is no way to {host}"),
        Some(io::ErrorKind::TimedOut) => format!("{host} does not answer"),
        _ if error.is_timeout() => format!("{host} does not answer"),
        _ => format!("there is no connection to {host}"),
    }
}

/// What is at the bottom of `error`, as whoever made it put it: for the log.
fn root(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, ToString::to_string)
}

/// `error` and what lies below it, in that order.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |&error| {
        error.source()
    })
}
