//! Play a track of the library, or the preview of a song.

use tauri::{AppHandle, Manager, Runtime, State, async_runtime::spawn_blocking};
use throughline_app::{
    AppError,
    view::{Player, Track},
};

use super::{Answer, blocking};
use crate::{
    player::{Heard, Sound},
    shell::{Shell, now},
};

/// Plays a track from its start: a song of the catalogue from its preview, which is streamed anew. Why
/// that did not come is what the player says.
#[tauri::command]
pub async fn play(shell: State<'_, Shell>, id: i64) -> Answer<Player> {
    blocking(shell, move |shell| start(shell, id)).await
}

/// Holds the track.
#[tauri::command]
pub async fn pause(shell: State<'_, Shell>) -> Answer<Player> {
    blocking(shell, |shell| Ok(shell.player().pause()?)).await
}

/// Lets the track go on; a preview that did not come is asked for again.
#[tauri::command]
pub async fn resume(shell: State<'_, Shell>) -> Answer<Player> {
    blocking(shell, |shell| {
        let now = shell.player().resume()?;
        match &now.track {
            Some(song) if now.error.is_some() && is_song(song) => start(shell, song.id),
            _ => Ok(now),
        }
    })
    .await
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

/// What the player tells when a track has ended or is left: the open throughline remembers it. The
/// player's thread does not wait for that.
pub fn remember<R: Runtime>(app: &AppHandle<R>) -> impl Fn(Heard) + Send + 'static {
    let app = app.clone();
    move |heard| {
        let Some(shell) = app.try_state::<Shell>() else {
            return;
        };
        let shell = Shell::clone(&shell);
        spawn_blocking(move || {
            let Heard { id, seconds, of } = heard;
            let said = shell
                .session()
                .and_then(|session| Ok(session.listened(id, seconds, of, now())?));
            if let Err(error) = said {
                tracing::warn!(error.message, "what was heard is not remembered");
            }
        });
    }
}

/// What the player tells whenever something has changed: a gentle build does not disturb what plays.
pub fn mind<R: Runtime>(app: &AppHandle<R>, player: &Player) {
    if let Some(shell) = app.try_state::<Shell>()
        && let Some(session) = shell.if_open()
    {
        session.set_playing(player.playing);
    }
}

fn start(shell: &Shell, id: i64) -> Answer<Player> {
    let (session, player) = (shell.session()?, shell.player());
    let track = session.track(id)?;
    if !is_song(&track) {
        return Ok(player.play(track, Sound::File(session.path_of(id)?))?);
    }
    let turn = player.expect(track)?;
    let bytes = session.preview(id);
    Ok(player.bring(turn, bytes.map(Into::into).map_err(|error| why(&error)))?)
}

/// Why a preview did not come, as the player says it: without the network's own words, which go to the log.
fn why(error: &AppError) -> String {
    tracing::info!(%error, "no preview");
    if error.code() == "offline" {
        return "the catalogue cannot be reached: connect to the internet and press play again"
            .to_owned();
    }
    error.to_string()
}

/// Whether a track has no file, and so nothing to be heard but a preview.
fn is_song(track: &Track) -> bool {
    track.path.is_empty()
}
