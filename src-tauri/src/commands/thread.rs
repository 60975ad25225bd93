//! Lay seeds, give thumbs, and take either back. Every command answers with the thread as it then
//! stands.

use std::path::PathBuf;

use tauri::{AppHandle, Runtime, State};
use throughline_app::{Verdict, view::Thread};

use super::{Answer, ask, tell};
use crate::{
    opened::Given,
    shell::{Shell, now},
};

/// The open throughline. After its first answer the page hears of files that the app was started
/// with.
#[tauri::command]
pub async fn thread<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    given: State<'_, Given>,
) -> Answer<Thread> {
    let opened = given.take();
    let thread = ask(shell, |session| session.thread(now())).await;
    if !opened.is_empty() {
        tell(&app, "open-files", &opened);
    }
    thread
}

/// Tracks of the library become seeds.
#[tauri::command]
pub async fn seed_tracks(shell: State<'_, Shell>, ids: Vec<i64>) -> Answer<Thread> {
    ask(shell, move |session| session.seed_tracks(&ids, now())).await
}

/// Files become seeds; those that are not in the library are embedded first.
#[tauri::command]
pub async fn seed_files(shell: State<'_, Shell>, paths: Vec<PathBuf>) -> Answer<Thread> {
    ask(shell, move |session| session.seed_files(&paths, now())).await
}

/// A seed is taken out.
#[tauri::command]
pub async fn unseed(shell: State<'_, Shell>, id: i64) -> Answer<Thread> {
    ask(shell, move |session| session.unseed(id, now())).await
}

/// A fresh throughline is opened; the old one stays in the library.
#[tauri::command]
pub async fn clear_thread(shell: State<'_, Shell>) -> Answer<Thread> {
    ask(shell, |session| session.clear_thread(now())).await
}

/// A thumb is given, or taken back.
#[tauri::command]
pub async fn rate(shell: State<'_, Shell>, id: i64, verdict: Verdict) -> Answer<Thread> {
    ask(shell, move |session| session.rate(id, verdict, now())).await
}

/// A track is never shown again, anywhere.
#[tauri::command]
pub async fn banish(shell: State<'_, Shell>, id: i64) -> Answer<Thread> {
    ask(shell, move |session| session.banish(id, now())).await
}

/// The last act is taken back.
#[tauri::command]
pub async fn undo(shell: State<'_, Shell>) -> Answer<Thread> {
    ask(shell, |session| session.undo(now())).await
}
