//! Why a file gives no samples: one variant for each thing that a person can do about it.

use std::io;

/// Why a file could not be read as audio.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// There is no such file (any more).
    #[error("the file is not there")]
    NotFound,
    /// The file may not be read by this user.
    #[error("no permission to read the file")]
    PermissionDenied,
    /// The file could not be read: a failing disk, a lost network share, a folder.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The content is no audio that is known, whatever the name says.
    #[error("the content is no known kind of audio")]
    NotAudio,
    /// The content is audio of a kind that cannot be decoded here.
    #[error("{codec} is not supported")]
    Unsupported {
        /// The codec, or the feature of it.
        codec: String,
    },
    /// The file holds clearly less than it declares.
    #[error("the file is cut off after {found_s:.1} s{}", of_declared(*declared_s))]
    Truncated {
        /// Declared length in seconds; `None` when only the mark of the end is missing.
        declared_s: Option<f64>,
        /// Length in seconds that is there.
        found_s: f64,
    },
    /// The file is audio, but not one sample comes out of it.
    #[error("the file holds no sound")]
    NoSamples,
    /// Everything that was read is quieter than [`SILENCE`](crate::SILENCE).
    #[error("the file is silent")]
    Silent,
    /// Too much of the file cannot be decoded.
    #[error("the file is damaged: {detail}")]
    Damaged {
        /// What was found.
        detail: String,
    },
}

impl AudioError {
    /// A stable name for the kind of error, for databases and messages in other languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::PermissionDenied => "permission_denied",
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty",
            Self::NotAudio => "not_audio",
            Self::Unsupported { .. } => "unsupported",
            Self::Truncated { .. } => "truncated",
            Self::NoSamples => "no_samples",
            Self::Silent => "silent",
            Self::Damaged { .. } => "damaged",
        }
    }
}

impl From<io::Error> for AudioError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::PermissionDenied,
            _ => Self::Unreadable(error),
        }
    }
}

fn of_declared(declared_s: Option<f64>) -> String {
    declared_s.map_or_else(String::new, |seconds| format!(" of {seconds:.1} s"))
}
