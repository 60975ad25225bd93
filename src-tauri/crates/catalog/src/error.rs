//! Why the catalogue did not answer.

use std::path::PathBuf;
use std::time::Duration;

use crate::links::Refusal;

/// Why the catalogue did not answer. None of these says that there is nothing to be found.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The server is asked too often, or will not answer this machine.
    #[error(
        "the catalogue refuses to answer for now ({reason}): it is asked more slowly from here on"
    )]
    Refused {
        /// What came instead of an answer.
        reason: String,
        /// The wait that the server asked for, if it did.
        retry_after: Option<Duration>,
    },
    /// What may be gone at the next try: trouble at the server, a lost connection, half an answer.
    #[error("the catalogue did not answer in full: {reason}")]
    Passing {
        /// What happened.
        reason: String,
        /// The wait that the server asked for, if it did.
        retry_after: Option<Duration>,
    },
    /// There is no connection.
    #[error("the catalogue cannot be reached ({reason}): look after the connection")]
    Offline {
        /// What happened.
        reason: String,
    },
    /// The answer is none that the catalogue gives.
    #[error("the catalogue answered what this version does not understand: {reason}")]
    Unexpected {
        /// What is wrong with it.
        reason: String,
    },
    /// An answer without a row where there must be some: perhaps a refusal in disguise.
    #[error("the catalogue answered nothing where there must be something")]
    NoRows,
    /// The preview is not there any more.
    #[error("this preview is not in the catalogue any more")]
    Gone,
    /// A link that is not followed.
    #[error("the link {link} is not followed: {refusal}")]
    RefusedLink {
        /// The link, shortened.
        link: String,
        /// Why.
        refusal: Refusal,
    },
    /// The settings allow no connection.
    #[error("the catalogue cannot be asked: {0}")]
    Settings(String),
    /// What is remembered of the last calls cannot be read or written.
    #[error("the limit on calls cannot be kept in {}: {source}", path.display())]
    Limit {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Every code that an error can have.
pub const CODES: [&str; 9] = [
    "refused",
    "passing",
    "offline",
    "unexpected",
    "no_rows",
    "gone",
    "refused_link",
    "settings",
    "limit",
];

impl CatalogError {
    /// Stable name of the error, one of [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "refused",
            Self::Passing { .. } => "passing",
            Self::Offline { .. } => "offline",
            Self::Unexpected { .. } => "unexpected",
            Self::NoRows => "no_rows",
            Self::Gone => "gone",
            Self::RefusedLink { .. } => "refused_link",
            Self::Settings(_) => "settings",
            Self::Limit { .. } => "limit",
        }
    }

    /// Whether the same may succeed later, without anything being changed here.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::Passing { .. } | Self::Offline { .. } | Self::NoRows
        )
    }

    /// The wait that the server asked for, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } | Self::Passing { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
