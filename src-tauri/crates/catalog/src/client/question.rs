//! The address of a question.

use reqwest::Url;
use throughline_core::catalog::{Call, Country, Question, SongId, Within};

use crate::error::CatalogError;

/// Rows that one call brings at most.
///
/// Source: the parameter `limit` of Apple's iTunes Search API, archived documentation.
const MOST_ROWS: u32 = 200;
/// Songs of a chart.
///
/// Source: the largest number that the feed of charts gives.
const CHART_ROWS: u32 = 100;
/// Characters of a search that are sent.
const LONGEST_TERM: usize = 200;

/// Where the answer to `question` is, for a catalogue at `base`.
pub(super) fn url(base: &Url, question: &Question) -> Result<Url, CatalogError> {
    let country = question.country;
    match &question.call {
        Call::Search {
            term,
            within,
            limit,
        } => {
            let term: String = term.trim().chars().take(LONGEST_TERM).collect();
            let mut url = at(base, &["search"])?;
            let mut query = url.query_pairs_mut();
            query.append_pair("term", &term);
            query.append_pair("media", "music");
            query.append_pair("entity", "song");
            if let Some(attribute) = attribute(*within) {
                query.append_pair("attribute", attribute);
            }
            query.append_pair("limit", &(*limit).clamp(1, MOST_ROWS).to_string());
            drop(query);
            Ok(of_country(url, country))
        }
        Call::Songs { ids } => {
            let ids: Vec<_> = ids.iter().map(|SongId(id)| id.to_string()).collect();
            lookup(base, &ids.join(","), None, country)
        }
        Call::ArtistSongs { artist } => lookup(base, &artist.0.to_string(), Some("song"), country),
        Call::ArtistAlbums { artist } => {
            lookup(base, &artist.0.to_string(), Some("album"), country)
        }
        Call::AlbumSongs { album } => lookup(base, &album.0.to_string(), Some("song"), country),
        Call::Chart { genre } => {
            let limit = format!("limit={CHART_ROWS}");
            let genre = genre.map(|genre| format!("genre={}", genre.0));
            let path = [country.code(), "rss", "topsongs", &limit];
            let rest = genre.as_deref().into_iter().chain(["json"]);
            at(base, &path.into_iter().chain(rest).collect::<Vec<_>>())
        }
    }
}

fn lookup(
    base: &Url,
    ids: &str,
    entity: Option<&str>,
    country: Country,
) -> Result<Url, CatalogError> {
    let mut url = at(base, &["lookup"])?;
    // The commas stay as they are.
    url.set_query(Some(&format!("id={ids}")));
    if let Some(entity) = entity {
        url.query_pairs_mut().append_pair("entity", entity);
    }
    url.query_pairs_mut()
        .append_pair("limit", &MOST_ROWS.to_string());
    Ok(of_country(url, country))
}

fn of_country(mut url: Url, country: Country) -> Url {
    let code = country.code().to_ascii_uppercase();
    url.query_pairs_mut().append_pair("country", &code);
    url
}

fn at(base: &Url, path: &[&str]) -> Result<Url, CatalogError> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| CatalogError::Settings(format!("“{base}” is no http or https address")))?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}

fn attribute(within: Within) -> Option<&'static str> {
    match within {
        Within::Anything => None,
        Within::Artist => Some("artistTerm"),
        Within::Title => Some("songTerm"),
        Within::Genre => Some("genreIndex"),
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::catalog::{AlbumId, ArtistId, GenreId};

    use super::*;

    fn asked(base: &str, call: Call) -> String {
        let question = Question {
            country: "de".parse().expect("a country"),
            call,
        };
        url(&Url::parse(base).expect("an address"), &question)
            .expect("an address")
            .into()
    }

    #[test]
    fn every_call_has_its_address() {
        let search = |term: &str, within, limit| Call::Search {
            term: term.to_owned(),
            within,
            limit,
        };
        for (call, expected) in [
            (
                search(" Sigur Rós & 100% + more ", Within::Artist, 50),
                "search?term=Sigur+R%C3%B3s+%26+100%25+%2B+more&media=music&entity=song&attribute=artistTerm\
                 &limit=50&country=DE",
            ),
            (
                search("x", Within::Anything, 9_999),
                "search?term=x&media=music&entity=song&limit=200&country=DE",
            ),
            (
                Call::Songs {
                    ids: vec![SongId(1), SongId(22)],
                },
                "lookup?id=1,22&limit=200&country=DE",
            ),
            (
                Call::ArtistSongs {
                    artist: ArtistId(3),
                },
                "lookup?id=3&entity=song&limit=200&country=DE",
            ),
            (
                Call::ArtistAlbums {
                    artist: ArtistId(3),
                },
                "lookup?id=3&entity=album&limit=200&country=DE",
            ),
            (
                Call::AlbumSongs { album: AlbumId(4) },
                "lookup?id=4&entity=song&limit=200&country=DE",
            ),
            (
                Call::Chart {
                    genre: Some(GenreId(21)),
                },
                "de/rss/topsongs/limit=100/genre=21/json",
            ),
            (
                Call::Chart { genre: None },
                "de/rss/topsongs/limit=100/json",
            ),
        ] {
            for base in ["https://itunes.apple.com", "http://[::1]:8080/mirror/"] {
                let expected = format!("{}/{expected}", base.trim_end_matches('/'));
                assert_eq!(asked(base, call.clone()), expected);
            }
        }
    }
}
