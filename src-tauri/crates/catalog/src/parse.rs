//! Reads the catalogue's answers.

use throughline_core::catalog::Answer;

use crate::links::{Links, Refusal};

/// The largest answer that is read, in bytes; 200 rows have about 400 kB.
pub const MAX_BYTES: usize = 8 << 20;
/// Rows that are read at most: the catalogue's own limit, and the row of the artist or album before them.
pub const MAX_ROWS: usize = 201;

/// What an answer said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What can be used of it.
    pub answer: Answer,
    /// Links that were dropped, shortened, and why; the first few alone.
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
    /// No JSON, or not of the catalogue's form.
    #[error("{0}")]
    Form(String),
}

/// Reads the answer to a search or a lookup.
pub fn results(bytes: &[u8], links: &Links) -> Result<Reading, ParseError> {
    let _ = (bytes, links);
    Err(ParseError::Empty)
}

/// Reads a chart, of either kind: the store's feed of songs, or the list of songs of its successor.
pub fn chart(bytes: &[u8], links: &Links) -> Result<Reading, ParseError> {
    let _ = (bytes, links);
    Err(ParseError::Empty)
}
