//! Steer the list, and ask why a row is in it.

use tauri::State;
use throughline_app::{
    core::feedback::Knob,
    view::{Thread, Track, Why},
};

use super::{Answer, ask};
use crate::shell::{Shell, now};

/// Turns a knob to `value`, `0..=1`.
#[tauri::command]
pub async fn turn_knob(shell: State<'_, Shell>, knob: Knob, value: f32) -> Answer<Thread> {
    ask(shell, move |session| session.turn_knob(knob, value, now())).await
}

/// A seed, of either kind, weighs `weight`, `0..=4`, beside the others, which weigh one.
#[tauri::command]
pub async fn weigh_seed(shell: State<'_, Shell>, id: i64, weight: f32) -> Answer<Thread> {
    ask(shell, move |session| session.weigh_seed(id, weight, now())).await
}

/// Tracks become negative seeds: the list turns away from them.
#[tauri::command]
pub async fn oppose(shell: State<'_, Shell>, ids: Vec<i64>) -> Answer<Thread> {
    ask(shell, move |session| session.oppose(&ids, now())).await
}

/// A thumb down for a track and all its versions.
#[tauri::command]
pub async fn rate_family(shell: State<'_, Shell>, id: i64) -> Answer<Thread> {
    ask(shell, move |session| session.rate_family(id, now())).await
}

/// How many tracks a thumb down with each of `radii` would hide, in their order.
#[tauri::command]
pub async fn would_hide(shell: State<'_, Shell>, id: i64, radii: Vec<f32>) -> Answer<Vec<usize>> {
    ask(shell, move |session| {
        let counts = radii.iter().map(|&radius| session.would_hide(id, radius));
        counts.collect()
    })
    .await
}

/// A thumb down for a track and all that sounds like it.
#[tauri::command]
pub async fn down_near(shell: State<'_, Shell>, id: i64, radius: f32) -> Answer<Thread> {
    ask(shell, move |session| session.down_near(id, radius, now())).await
}

/// What lies between two tracks, in order: at most `steps` of them.
#[tauri::command]
pub async fn path(shell: State<'_, Shell>, from: i64, to: i64, steps: usize) -> Answer<Vec<Track>> {
    ask(shell, move |session| session.path(from, to, steps)).await
}

/// The versions of a track that the library has.
#[tauri::command]
pub async fn versions(shell: State<'_, Shell>, id: i64) -> Answer<Vec<Track>> {
    ask(shell, move |session| session.versions(id)).await
}

/// Why a row is in the list, in full.
#[tauri::command]
pub async fn why(shell: State<'_, Shell>, id: i64) -> Answer<Why> {
    ask(shell, move |session| session.why(id, now())).await
}
