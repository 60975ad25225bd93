//! The client that asks, and the addresses that it asks for.

use std::error::Error;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use throughline_catalog::Proxy;
use throughline_models::manifest::{File, Hub};

use super::FetchSettings;

/// Hops that are followed, at most; the hub itself needs one or two.
const MAX_REDIRECTS: usize = 10;

/// A client as `settings` say; or why there can be none.
pub(super) fn new(settings: &FetchSettings) -> Result<Client, String> {
    // Fails where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // What is compressed on the way has other lengths than what is published.
    let plain = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
    let client = Client::builder()
        .user_agent(concat!("throughline/", env!("CARGO_PKG_VERSION")))
        .default_headers(plain)
        .gzip(false)
        .referer(false)
        .connect_timeout(settings.connect_timeout)
        .redirect(Policy::custom(|attempt| {
            match refusal(attempt.previous(), attempt.url()) {
                Some(why) => attempt.error(why),
                None => attempt.follow(),
            }
        }));
    let client = match &settings.proxy {
        Proxy::System => client,
        Proxy::Direct => client.no_proxy(),
        Proxy::Via(url) => client.proxy(
            reqwest::Proxy::all(http_url(url)?)
                .map_err(|error| format!("“{url}” is no address of a proxy ({})", root(&error)))?,
        ),
    };
    client
        .build()
        .map_err(|error| format!("no secure connection can be made here ({})", root(&error)))
}

/// Why a redirect to `next`, after the addresses `before`, is not followed.
fn refusal(before: &[Url], next: &Url) -> Option<&'static str> {
    let was_secure = before.last().is_some_and(|url| url.scheme() == "https");
    if before.contains(next) {
        Some("the server redirects in a circle")
    } else if before.len() > MAX_REDIRECTS {
        Some("the server redirects more than ten times")
    } else if was_secure && next.scheme() == "http" {
        Some("the server redirects from a secure address to one that is not")
    } else if !is_http(next) {
        Some("the server redirects to what is no http or https address")
    } else {
        None
    }
}

/// Where `file` of `hub` is, for a hub at `base`.
pub(super) fn url(base: &str, hub: Hub, file: &File) -> Result<Url, String> {
    let mut url = http_url(base)?;
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut()
        .map_err(|()| no_url(base))?
        .pop_if_empty()
        .extend(hub.repository.split('/'))
        .extend(["resolve", hub.revision, file.name]);
    Ok(url)
}

fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|_| no_url(text))?;
    if is_http(&url) {
        Ok(url)
    } else {
        Err(no_url(text))
    }
}

fn is_http(url: &Url) -> bool {
    ["http", "https"].contains(&url.scheme()) && url.has_host()
}

fn no_url(text: &str) -> String {
    format!("“{text}” is no http or https address")
}

/// What is at the bottom of `error`, in words.
pub(super) fn root(error: &reqwest::Error) -> String {
    let mut root: &dyn Error = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

#[cfg(test)]
mod tests {
    use throughline_models::manifest::find;

    use super::*;

    #[test]
    fn addresses_have_the_form_of_the_hub() {
        let model = find("musicfm-msd").expect("it is listed");
        let (hub, file) = (
            model.hub.expect("a hub"),
            model.checkpoint().expect("weights"),
        );
        for (base, start) in [
            ("https://huggingface.co", "https://huggingface.co/"),
            ("http://[::1]:80/mirror/?a#b", "http://[::1]/mirror/"),
        ] {
            let expected = format!(
                "{start}minzwon/MusicFM/resolve/4513b38bc25ad1d227b1980819b9691ba97f4d87/pretrained_msd.pt"
            );
            assert_eq!(url(base, hub, file).map(String::from), Ok(expected));
        }
        for base in [
            "",
            "huggingface.co",
            "ftp://host",
            "data:text/plain,x",
            "https://",
        ] {
            assert!(url(base, hub, file).is_err(), "{base}");
        }
    }

    #[test]
    fn redirects_stay_secure_and_come_to_an_end() {
        let url = |text: &str| Url::parse(text).expect("an address");
        let long: Vec<_> = (0..11).map(|n| url(&format!("https://a/{n}"))).collect();
        for (before, next, followed) in [
            (&[url("https://a/")][..], "https://b/", true),
            (&[url("http://a/")], "http://b/", true),
            (&[url("http://a/")], "https://b/", true),
            (&[url("https://a/")], "http://b/", false),
            (&[url("http://a/"), url("https://b/")], "http://c/", false),
            (&[url("http://a/")], "ftp://b/", false),
            (&[url("https://a/"), url("https://b/")], "https://a/", false),
            (&long[..10], "https://b/", true),
            (&long, "https://b/", false),
        ] {
            assert_eq!(
                refusal(before, &url(next)).is_none(),
                followed,
                "{before:?} → {next}"
            );
        }
    }
}
