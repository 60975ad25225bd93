//! The library as a list that is looked at in pages: all of it, or what has the words of a search.

use std::sync::{Arc, PoisonError};

use throughline_core::track::TrackId;
use throughline_library::Named;

use super::Session;
use crate::error::Result;
use crate::view::Page;

/// Most tracks that a page has, whatever is asked for.
const LONGEST_PAGE: usize = 1000;

/// Stands for a name that is not there, after all that are.
const LAST: &str = "\u{10FFFF}";

/// The tracks that a search found, in order, as of one edition of the library.
pub(crate) struct Listing {
    text: String,
    edition: (i64, i64),
    /// Each with what it is called by: its artist, or its title where it has none, in small letters.
    rows: Vec<(TrackId, String)>,
}

impl Listing {
    /// At most `limit` tracks from number `offset` on.
    pub fn page(&self, offset: usize, limit: usize) -> Vec<TrackId> {
        let rows = self.rows.iter().skip(offset).take(limit);
        rows.map(|(id, _)| *id).collect()
    }

    /// The first row after number `from`, or that one itself, whose name begins with `letters`; after the last
    /// row comes the first.
    fn ahead(&self, letters: &str, from: usize) -> Option<usize> {
        let letters = letters.to_lowercase();
        let begins = |(_, name): &(TrackId, String)| name.starts_with(&letters);
        let from = from.min(self.rows.len());
        let after = self.rows[from..].iter().position(begins);
        after
            .map(|row| row + from)
            .or_else(|| self.rows[..from].iter().position(begins))
    }
}

impl Session {
    /// Of what [`Session::search`] finds: how many tracks there are, and at most `limit` (and 1000) of them from
    /// number `offset` on.
    pub fn browse(&self, text: &str, offset: usize, limit: usize) -> Result<Page> {
        let listing = self.listing(text)?;
        Ok(Page {
            total: listing.rows.len(),
            tracks: self.tracks(&listing.page(offset, limit.min(LONGEST_PAGE)))?,
        })
    }

    /// Where in the same list the next track is, at number `from` or after it, whose artist begins with
    /// `letters`, or its title where it has no artist.
    pub fn ahead(&self, text: &str, letters: &str, from: usize) -> Result<Option<usize>> {
        Ok(self.listing(text)?.ahead(letters, from))
    }

    /// The listing for `text`: as it was, if that was looked at last and nothing has changed since.
    pub(crate) fn listing(&self, text: &str) -> Result<Arc<Listing>> {
        let text = text.trim();
        let library = self.library();
        let edition = library.edition()?;
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = &mut listed[usize::from(!text.is_empty())];
        if let Some(listing) = kept.as_ref()
            && listing.text == text
            && listing.edition == edition
        {
            return Ok(Arc::clone(listing));
        }
        let rows = if text.is_empty() {
            in_order(library.tracks().names()?)
        } else {
            let found = library.tracks().names_of(text)?;
            found.iter().map(called).collect()
        };
        let listing = Arc::new(Listing {
            text: text.to_owned(),
            edition,
            rows,
        });
        *kept = Some(Arc::clone(&listing));
        Ok(listing)
    }
}

/// By artist, album and title, whatever the case; what has none comes last.
fn in_order(mut names: Vec<Named>) -> Vec<(TrackId, String)> {
    let small = |name: Option<&str>| name.unwrap_or(LAST).to_lowercase();
    names.sort_by_cached_key(|named| {
        (
            small(named.artist.as_deref()),
            small(named.album.as_deref()),
            title(named).to_lowercase(),
            named.id,
        )
    });
    names.iter().map(called).collect()
}

/// A track with what it is called by.
fn called(named: &Named) -> (TrackId, String) {
    let name = named.artist.clone().unwrap_or_else(|| title(named));
    (named.id, name.to_lowercase())
}

/// The title, or the file's name where there is none.
fn title(named: &Named) -> String {
    let stem = named.path.as_deref().and_then(std::path::Path::file_stem);
    named.title.clone().unwrap_or_else(|| {
        stem.map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: i64, artist: Option<&str>, title: &str) -> Named {
        Named {
            id: TrackId(id),
            title: Some(title.to_owned()),
            artist: artist.map(str::to_owned),
            album: None,
            path: None,
        }
    }

    fn listing() -> Listing {
        Listing {
            text: String::new(),
            edition: (0, 0),
            rows: in_order(vec![
                named(1, None, "Ägir"),
                named(2, Some("beta"), "B"),
                named(3, Some("Alpha"), "z"),
                named(4, Some("alpha"), "Y"),
            ]),
        }
    }

    #[test]
    fn the_list_is_by_artist_whatever_the_case_and_what_has_none_is_last() {
        assert_eq!(listing().page(0, 9), [4, 3, 2, 1].map(TrackId));
    }

    #[test]
    fn a_page_ends_where_the_list_does() {
        let ids = |offset, limit| listing().page(offset, limit).len();
        assert_eq!([ids(0, 2), ids(3, 2), ids(4, 2), ids(9, 2)], [2, 1, 0, 0]);
        assert_eq!(ids(1, usize::MAX), 3, "however many are asked for");
    }

    #[test]
    fn letters_lead_to_the_next_name_and_round_the_end() {
        let listing = listing();
        assert_eq!(listing.ahead("AL", 0), Some(0));
        assert_eq!(listing.ahead("al", 1), Some(1));
        assert_eq!(
            listing.ahead("al", 2),
            Some(0),
            "after the last comes the first"
        );
        assert_eq!(listing.ahead("äg", 0), Some(3), "by its title");
        assert_eq!(listing.ahead("x", 0), None);
        assert_eq!(listing.ahead("b", 99), Some(2), "from past the end");
    }
}
