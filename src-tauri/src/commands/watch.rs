//! Watch the folders while the window is open, and how much of the machine a build takes.

use std::{sync::atomic::AtomicBool, thread};

use tauri::{AppHandle, Manager, Runtime, State};
use throughline_app::{
    Noticed, Session, WatchSettings,
    view::{Progress, Status},
};

use super::{
    Answer, ask, blocking,
    library::{Changes, at_a_glance, completed},
    tell,
};
use crate::shell::{Shell, now};

/// Sets whether changes of the folders are noticed.
#[tauri::command]
pub async fn set_watching(shell: State<'_, Shell>, on: bool) -> Answer<Status> {
    blocking(shell, move |shell| {
        at_a_glance(shell, |session| {
            session.set_watching(on)?;
            session.status()
        })
    })
    .await
}

/// Lets the build under way take what it can get, or only what nobody else needs.
#[tauri::command]
pub async fn set_gentle(shell: State<'_, Shell>, gentle: bool) -> Answer<()> {
    ask(shell, move |session| {
        session.set_gentle(gentle);
        Ok(())
    })
    .await
}

/// Watches the folders of a library from the moment in which it is opened until it is closed. The page hears
/// of builds that nobody asked for as `build-progress`.
pub fn start<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    let shell = Shell::clone(&app.state::<Shell>());
    thread::spawn(move || {
        loop {
            let (session, closing) = shell.wait_open();
            watch(&app, &shell, &session, &closing);
        }
    });
}

fn watch<R: Runtime>(app: &AppHandle<R>, shell: &Shell, session: &Session, closing: &AtomicBool) {
    let mut changes = Changes::default();
    let mut told = |noticed| {
        let status = match &noticed {
            Noticed::Status => true,
            Noticed::Building(progress) => changes.are_due(progress),
        };
        if status
            && let Ok(status) = session.status()
            && let Ok(status) = completed(shell, status)
        {
            tell(app, "library-changed", &status);
        }
        if let Noticed::Building(progress) = noticed {
            if matches!(*progress, Progress::Finished { .. }) {
                changes = Changes::default();
            }
            tell(app, "build-progress", &progress);
        }
    };
    session.watch(&WatchSettings::default(), closing, &now, &mut told);
}
