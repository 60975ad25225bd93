//! Fields as they are kept: bounded, clean, and with links that may be followed.

use super::loose::{List, Loose};
use super::{Links, Reading};
use crate::links::shortened;

/// Characters of a name or title that are kept. The longest titles of classical works have about 300.
const LONGEST_TEXT: usize = 500;
/// Refused links that are told of one by one.
const TOLD: usize = 10;
/// The longest song that is believed, in milliseconds: a day.
const LONGEST_SONG_MS: u64 = 24 * 60 * 60 * 1_000;

/// An answer that is being read.
pub(super) struct Draft<'a> {
    pub reading: Reading,
    links: &'a Links,
}

impl<'a> Draft<'a> {
    pub fn new(links: &'a Links) -> Self {
        Self {
            reading: Reading::default(),
            links,
        }
    }

    /// Reads every row of `list` with `take`, which says whether it could use it.
    pub fn read<T, const MOST: usize>(
        &mut self,
        list: List<T, MOST>,
        take: impl Fn(&T, &mut Self) -> Option<()>,
    ) {
        self.reading.beyond += list.beyond;
        for row in list.items {
            if row.as_ref().and_then(|row| take(row, self)).is_none() {
                self.reading.answer.unreadable += 1;
            }
        }
    }

    /// The link in `field`, if there is one that may be followed.
    pub fn link(&mut self, field: &Loose) -> Option<String> {
        let text = field.text().filter(|text| !text.trim().is_empty())?;
        match self.links.check(text) {
            Ok(url) => Some(url.into()),
            Err(refusal) => {
                self.reading.answer.refused_links += 1;
                if self.reading.refused.len() < TOLD {
                    self.reading.refused.push((shortened(&text), refusal));
                }
                None
            }
        }
    }
}

/// The text in `field` on one line, without what could disturb a terminal or turn the writing around.
pub(super) fn text(field: &Loose) -> Option<String> {
    let mut tidy = String::new();
    let words = field
        .text()?
        .split(|c: char| c.is_whitespace() || c.is_control());
    for word in words {
        let word: String = word.chars().filter(|&c| !turns_writing(c)).collect();
        if !tidy.is_empty() && !word.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(&word);
    }
    let tidy: String = tidy.chars().take(LONGEST_TEXT).collect();
    let tidy = tidy.trim_end();
    (!tidy.is_empty()).then(|| tidy.to_owned())
}

/// The number in `field`, as one that names something; none is 0. Numbers stay within what a database
/// keeps.
pub(super) fn id(field: &Loose) -> Option<u64> {
    field
        .whole()
        .filter(|&id| id > 0 && i64::try_from(id).is_ok())
}

/// The year of a date like `2005-03-01T08:00:00Z`.
pub(super) fn year(field: &Loose) -> Option<i32> {
    let text = field.text()?.trim();
    let (year, rest) = text.split_at_checked(4)?;
    let is_date =
        year.bytes().all(|b| b.is_ascii_digit()) && (rest.is_empty() || rest.starts_with('-'));
    year.parse()
        .ok()
        .filter(|&year| is_date && (1_000..=9_999).contains(&year))
}

/// Milliseconds as seconds, if a song can be that long.
pub(super) fn seconds(field: &Loose) -> Option<f64> {
    field
        .whole()
        .filter(|ms| (1..=LONGEST_SONG_MS).contains(ms))
        .map(|ms| ms as f64 / 1_000.0)
}

/// Unicode's explicit marks of direction (UAX #9), which can make a name read as another.
fn turns_writing(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
