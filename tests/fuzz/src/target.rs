//! What is fuzzed.

mod database;
mod decode;
mod tags;

/// Something that takes bytes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Inputs to begin with.
    pub corpus: fn() -> Vec<Vec<u8>>,
    /// Takes an input and says in a few words what became of it; panics if that may not be. An input with
    /// a new answer joins the corpus.
    pub run: fn(&[u8]) -> String,
    /// Most memory that an input may take, in bytes.
    pub memory: usize,
}

/// All targets.
pub const ALL: [Target; 3] = [decode::TARGET, tags::TARGET, database::TARGET];

/// An error's words without its numbers, of which there are too many.
fn without_numbers(words: &str) -> String {
    words.replace(|c: char| c.is_ascii_digit(), "")
}
