//! Name a throughline, open another, and carry one elsewhere as a file.

use std::path::PathBuf;

use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;
use throughline_app::{
    AppError, Session, THREAD_EXTENSION,
    view::{Imported, Thread, ThreadSummary},
};

use super::{Answer, ask};
use crate::shell::{Shell, now};

/// Calls the open throughline `name`; without one it loses its name.
#[tauri::command]
pub async fn name_thread(shell: State<'_, Shell>, name: Option<String>) -> Answer<Thread> {
    ask(shell, move |session| {
        session.name_thread(name.as_deref(), now())
    })
    .await
}

/// Every throughline, the newest first.
#[tauri::command]
pub async fn threads(shell: State<'_, Shell>) -> Answer<Vec<ThreadSummary>> {
    ask(shell, Session::threads).await
}

/// Opens a throughline instead of the one that is open, which is kept.
#[tauri::command]
pub async fn open_thread(shell: State<'_, Shell>, id: i64) -> Answer<Thread> {
    ask(shell, move |session| session.open_thread(id, now())).await
}

/// Opens a new throughline that begins with what was said in another one, before the time `before`, Unix
/// milliseconds, if one is given; that one is kept.
#[tauri::command]
pub async fn branch_thread(
    shell: State<'_, Shell>,
    id: i64,
    before: Option<i64>,
) -> Answer<Thread> {
    ask(shell, move |session| {
        session.branch_thread(id, None, before, now())
    })
    .await
}

/// Writes a throughline to a file that the listener is asked for: the page itself may write nowhere.
/// Answers with its path, or with nothing when the listener thought better of it.
#[tauri::command]
pub async fn export_thread<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    id: i64,
    name: String,
) -> Answer<Option<String>> {
    ask(shell, move |session| {
        let asked = app
            .dialog()
            .file()
            .set_title("Export the thread")
            .set_file_name(file_name(&name))
            .add_filter("Threads", &[THREAD_EXTENSION])
            .blocking_save_file();
        let Some(path) = asked else {
            return Ok(None);
        };
        let path = path
            .into_path()
            .map_err(|error| AppError::Internal(error.to_string()))?;
        session.export_thread(id, &path)?;
        Ok(Some(throughline_app::view::shown(&path)))
    })
    .await
}

/// Opens a new throughline of what a file holds.
#[tauri::command]
pub async fn import_thread(shell: State<'_, Shell>, path: PathBuf) -> Answer<Imported> {
    ask(shell, move |session| session.import_thread(&path, now())).await
}

/// What the file of a throughline called `name` is called, on any system.
fn file_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|letter| !letter.is_control() && !r#"/\:*?"<>|"#.contains(*letter))
        .take(80)
        .collect();
    let plain = plain.trim().trim_matches('.');
    let stem = if plain.is_empty() { "thread" } else { plain };
    format!("{stem}.{THREAD_EXTENSION}")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_becomes_the_name_of_a_file_and_no_path() {
        for (name, file) in [
            ("Evenings", "Evenings.throughline"),
            ("a/b\\c: d?", "abc d.throughline"),
            ("..", "thread.throughline"),
            ("", "thread.throughline"),
        ] {
            assert_eq!(file_name(name), file, "{name:?}");
        }
    }
}
