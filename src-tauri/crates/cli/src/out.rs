//! What is printed: sentences and tables for people, JSON for machines.

use serde::Serialize;
use throughline_app::AppError;
use throughline_app::view::ApiError;

/// Why a command ended without doing what was asked.
#[derive(Debug)]
pub enum Failed {
    /// A journey failed.
    App(AppError),
    /// The arguments make no sense together.
    Usage(String),
    /// What was to be read could not be.
    Input(String),
    /// What was to be written could not be.
    Output(String),
}

impl Failed {
    /// The exit code that says so.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::App(_) | Self::Input(_) | Self::Output(_) => 1,
        }
    }
}

impl<E: Into<AppError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

/// The way out: to people or to machines.
#[derive(Clone, Copy)]
pub struct Out {
    /// Whether JSON was asked for.
    pub json: bool,
}

impl Out {
    /// Prints `value` for machines, or what `words` makes of it for people.
    pub fn say<T: Serialize>(
        self,
        value: &T,
        words: impl FnOnce(&T) -> String,
    ) -> Result<(), Failed> {
        let text = if self.json {
            serde_json::to_string(value).map_err(|error| Failed::Output(error.to_string()))?
        } else {
            words(value)
        };
        print(&text)
    }

    /// Prints what went wrong, on standard error.
    pub fn error(self, failed: &Failed) {
        let (code, message) = match failed {
            Failed::App(error) => (error.code(), error.to_string()),
            Failed::Usage(message) => ("usage", message.clone()),
            Failed::Input(message) => ("input", message.clone()),
            Failed::Output(message) => ("output", message.clone()),
        };
        if self.json {
            let error = ApiError {
                code: code.to_owned(),
                message,
            };
            eprintln!("{}", serde_json::json!({ "error": error }));
        } else {
            eprintln!("error: {message}");
        }
    }
}

/// Prints a line. A reader that has gone away (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failed> {
    use std::io::Write;
    let result = writeln!(std::io::stdout(), "{}", text.trim_end());
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failed::Output(error.to_string()))
        }
        _ => Ok(()),
    }
}

/// Seconds as `m:ss`.
pub fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// `n` things: `1 track`, `2 tracks`.
pub fn count(n: usize, thing: &str) -> String {
    if n == 1 {
        format!("1 {thing}")
    } else {
        format!("{n} {thing}s")
    }
}
