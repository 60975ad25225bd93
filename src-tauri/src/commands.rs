//! What the page may ask for: each command is one call, made where it may block.

use serde::Serialize;
use tauri::{AppHandle, Emitter, Runtime, State, async_runtime::spawn_blocking};
use throughline_app::{AppError, Session, view::ApiError};

use crate::shell::Shell;

pub mod catalog;
pub mod compare;
pub mod library;
pub mod models;
pub mod play;
pub mod shelf;
pub mod steer;
pub mod thread;
pub mod watch;

/// What a command answers: an error says what the page should offer, by its code.
pub type Answer<T> = Result<T, ApiError>;

/// Tells the page that something happened.
pub fn tell<R: Runtime>(app: &AppHandle<R>, event: &str, payload: &impl Serialize) {
    if let Err(error) = app.emit(event, payload) {
        tracing::warn!(%error, event, "the page was not told");
    }
}

/// Does `work` on a thread that may block, so that the window stays alive meanwhile.
async fn blocking<T: Send + 'static>(
    shell: State<'_, Shell>,
    work: impl FnOnce(&Shell) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let shell = Shell::clone(&shell);
    let done = spawn_blocking(move || work(&shell)).await;
    done.unwrap_or_else(|error| Err(AppError::Internal(error.to_string()).into()))
}

/// Asks the library on a thread that may block.
async fn ask<T: Send + 'static>(
    shell: State<'_, Shell>,
    question: impl FnOnce(&Session) -> Result<T, AppError> + Send + 'static,
) -> Answer<T> {
    blocking(shell, |shell| {
        let session = shell.session()?;
        question(&session).map_err(Into::into)
    })
    .await
}
