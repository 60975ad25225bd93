//! Which links of an answer may be followed or shown.

use std::fmt;

use reqwest::Url;

use crate::settings::DEFAULT_BASE_URL;

/// The catalogue's hosts: each of these, and what is below it.
///
/// Source: `itunes` serves the calls, the charts and (as `audio-ssl.itunes`) the previews, `mzstatic` the
/// pictures, `music` the pages of the store, as seen in documented answers.
const HOSTS: [&str; 4] = [
    "itunes.apple.com",
    "music.apple.com",
    "mzstatic.com",
    "rss.applemarketingtools.com",
];

/// The longest link that is kept, in bytes: what browsers and servers agree on.
const LONGEST: usize = 2_048;

/// Which links may be followed or shown: `https` to the catalogue's hosts, and the origin of the address
/// that the settings name.
#[derive(Clone, Debug)]
pub struct Links {
    base: Url,
}

/// Why a link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// No link at all, or one longer than 2,048 bytes.
    #[error("it is no link")]
    NoLink,
    /// Another scheme than `https`.
    #[error("it does not lead to a secure address")]
    NotSecure,
    /// A name or a password in it.
    #[error("it carries a name or a password")]
    Credentials,
    /// A number in place of a name.
    #[error("it names a machine by its number")]
    Address,
    /// Another port than the usual one.
    #[error("it leads to an unusual port")]
    Port,
    /// A host that is none of the catalogue's.
    #[error("its host is none of the catalogue's")]
    Host,
}

impl Links {
    /// For the catalogue at `base_url`, or at its own address; or why that is none.
    pub fn new(base_url: Option<&str>) -> Result<Self, String> {
        let text = base_url.unwrap_or(DEFAULT_BASE_URL).trim();
        let no_url = || format!("“{text}” is no http or https address");
        let mut base = Url::parse(text).map_err(|_| no_url())?;
        if !(["http", "https"].contains(&base.scheme()) && base.has_host()) {
            return Err(no_url());
        }
        base.set_query(None);
        base.set_fragment(None);
        Ok(Self { base })
    }

    /// `link` as an address, if it may be followed.
    pub fn check(&self, link: &str) -> Result<Url, Refusal> {
        if link.len() > LONGEST {
            return Err(Refusal::NoLink);
        }
        let url = Url::parse(link).map_err(|_| Refusal::NoLink)?;
        self.check_url(&url).map(|()| url)
    }

    /// Whether `url` may be followed.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.has_host() && url.origin() == self.base.origin() {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(Refusal::NotSecure);
        }
        let Some(host) = url.domain() else {
            return Err(Refusal::Address);
        };
        if url.port().is_some() {
            return Err(Refusal::Port);
        }
        if is_catalogue(host) {
            Ok(())
        } else {
            Err(Refusal::Host)
        }
    }

    /// Where the calls go.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }
}

/// Whether `host` is one of the catalogue's, by its name.
pub(crate) fn is_catalogue(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    HOSTS.iter().any(|known| {
        host.strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// `link` for a message: its start, without what could disturb a terminal.
pub(crate) fn shortened(link: &impl fmt::Display) -> String {
    let clean = link.to_string();
    clean
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> [Links; 2] {
        let base = Some(" http://127.0.0.1:8080/mirror?x#y ");
        [None, base].map(|base| Links::new(base).expect("an address"))
    }

    #[test]
    fn links_lead_to_the_catalogue_or_to_the_named_address() {
        for link in [
            "https://itunes.apple.com/us/album/1",
            "https://audio-ssl.itunes.apple.com/a.m4a",
            "https://AUDIO-SSL.iTunes.Apple.com:443/a.m4a",
            "https://is1-ssl.mzstatic.com/a.jpg",
            "https://music.apple.com/us/album/1?i=2",
            "https://rss.applemarketingtools.com/",
        ] {
            for links in both() {
                assert_eq!(links.check(link).err(), None, "{link}");
            }
        }
        let near = both().map(|links| links.check("http://127.0.0.1:8080/a.m4a").err());
        assert_eq!(near, [Some(Refusal::NotSecure), None]);
        for base in ["file:///tmp", "itunes.apple.com", ""] {
            assert!(Links::new(Some(base)).is_err(), "{base} is no server");
        }
    }

    #[test]
    fn links_lead_nowhere_else() {
        for (link, refusal) in [
            ("http://127.0.0.1:8081/a.m4a", Refusal::NotSecure),
            ("https://127.0.0.1:8080/", Refusal::Address),
            ("http://u:p@127.0.0.1:8080/", Refusal::Credentials),
            ("https://u@itunes.apple.com/", Refusal::Credentials),
            ("http://itunes.apple.com/", Refusal::NotSecure),
            ("https://itunes.apple.com:8443/", Refusal::Port),
            ("https://[::1]/", Refusal::Address),
            ("https://0x7f000001/", Refusal::Address),
            ("https://notitunes.apple.com/", Refusal::Host),
            ("https://itunes.apple.com.evil.example/", Refusal::Host),
            ("https://apple.com/", Refusal::Host),
            ("https://localhost/", Refusal::Host),
            ("file:///etc/passwd", Refusal::NotSecure),
            ("data:audio/mp4,x", Refusal::NotSecure),
            ("//itunes.apple.com/", Refusal::NoLink),
        ] {
            for links in both() {
                assert_eq!(links.check(link).err(), Some(refusal), "{link}");
            }
        }
        let odd = format!("a\u{1b}[31m{}", "b".repeat(300));
        assert_eq!(shortened(&odd).chars().count(), 120);
        assert!(!shortened(&odd).contains('\u{1b}'));
    }
}
