//! Play a track of the library.

use tauri::State;
use throughline_app::view::Player;

use super::{Answer, blocking};
use crate::shell::Shell;

/// Plays a track from its start.
#[tauri::command]
pub async fn play(shell: State<'_, Shell>, id: i64) -> Answer<Player> {
    blocking(shell, move |shell| {
        let session = shell.session()?;
        Ok(shell
            .player()
            .play(session.track(id)?, session.path_of(id)?)?)
    })
    .await
}

/// Holds the track.
#[tauri::command]
pub async fn pause(shell: State<'_, Shell>) -> Answer<Player> {
    blocking(shell, |shell| Ok(shell.player().pause()?)).await
}

/// Lets the track go on.
#[tauri::command]
pub async fn resume(shell: State<'_, Shell>) -> Answer<Player> {
    blocking(shell, |shell| Ok(shell.player().resume()?)).await
}

/// Takes the track out.
#[tauri::command]
pub async fn stop(shell: State<'_, Shell>) -> Answer<Player> {
    blocking(shell, |shell| Ok(shell.player().stop()?)).await
}

/// Goes to `seconds` from the start.
#[tauri::command]
pub async fn seek(shell: State<'_, Shell>, seconds: f64) -> Answer<Player> {
    blocking(shell, move |shell| Ok(shell.player().seek(seconds)?)).await
}
