//! Reads the catalogue's answers. Pure, and made for bytes that mean ill: nothing here panics, and what
//! is kept is bounded however much comes.
//!
//! Fields that are unknown are passed over, fields of another type than expected count as missing, numbers
//! may come as text. A row is lost only without its number or its title.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use throughline_core::catalog::Answer;

use crate::links::{Links, Refusal};
use loose::{List, Object};

mod feed;
mod loose;
mod rows;
mod tidy;

/// The largest answer that is read, in bytes; 200 rows have about 400 kB.
pub const MAX_BYTES: usize = 8 << 20;
/// Rows that are read at most: the catalogue's own limit, and the row of the artist or album before them.
pub const MAX_ROWS: usize = 201;

/// What an answer said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What can be used of it.
    pub answer: Answer,
    /// Links that were dropped, shortened, and why; the first ten.
    pub refused: Vec<(String, Refusal)>,
    /// Rows beyond [`MAX_ROWS`], which were not read.
    pub beyond: usize,
}

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing at all: the catalogue's way to refuse.
    #[error("the answer was empty")]
    Empty,
    /// A page for people.
    #[error("a page for people came in place of an answer")]
    Page,
    /// It ends in the middle.
    #[error("the answer ended in the middle")]
    Truncated,
    /// More than [`MAX_BYTES`].
    #[error("the answer was larger than any that the catalogue gives")]
    TooLarge,
    /// No JSON, or none of the catalogue's form.
    #[error("the answer has another form: {0}")]
    Form(String),
}

/// Reads the answer to a search or a lookup.
pub fn results(bytes: &[u8], links: &Links) -> Result<Reading, ParseError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Document {
        results: List<rows::Row, MAX_ROWS>,
    }

    let document: Document = document(bytes)?;
    if !document.results.is_array {
        return Err(ParseError::Form("it has no list of results".to_owned()));
    }
    let mut draft = tidy::Draft::new(links);
    draft.read(document.results, rows::take);
    Ok(draft.reading)
}

/// Reads a chart, of either kind: the store's feed of entries, whose songs have links to previews, or its
/// successor's list of results, whose songs have none and can be looked up by their numbers.
pub fn chart(bytes: &[u8], links: &Links) -> Result<Reading, ParseError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Document {
        feed: Object<Feed>,
    }

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Feed {
        entry: List<feed::Entry, MAX_ROWS>,
        results: List<feed::Listed, MAX_ROWS>,
    }

    let document: Document = document(bytes)?;
    let Object(Some(feed)) = document.feed else {
        return Err(ParseError::Form("it has no feed".to_owned()));
    };
    let mut draft = tidy::Draft::new(links);
    draft.read(feed.entry, feed::take_entry);
    draft.read(feed.results, feed::take_listed);
    Ok(draft.reading)
}

fn document<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::TooLarge);
    }
    match bytes.trim_ascii_start().first() {
        None => return Err(ParseError::Empty),
        Some(b'<') => return Err(ParseError::Page),
        Some(_) => {}
    }
    match serde_json::from_slice(bytes) {
        Ok(Object(Some(document))) => Ok(document),
        Ok(Object(None)) => Err(ParseError::Form("it is no JSON object".to_owned())),
        Err(error) if error.is_eof() => Err(ParseError::Truncated),
        Err(error) => Err(ParseError::Form(error.to_string())),
    }
}

#[cfg(test)]
mod tests;
