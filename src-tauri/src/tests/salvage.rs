//! A damaged library is salvaged while its window is open.

use std::{sync::mpsc, thread, time::Duration};

use serde_json::json;
use tauri::{Manager, ipc::Channel};
use throughline_library::{FILE_NAME, Library};

use super::Window;
use crate::commands::library::build_demo;
use crate::shell::Shell;

/// The shell of a window.
fn shell(window: &Window) -> Shell {
    Shell::clone(&window.app.state::<Shell>())
}

#[test]
fn a_damaged_library_is_kept_beside_a_new_one_that_answers() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(Library::open(dir.path()).expect("a library"));
    let file = dir.path().join(FILE_NAME);
    let mut bytes = std::fs::read(&file).expect("its file");
    // All but the first page, which says what the others are of.
    bytes[4_096..].fill(0x5a);
    std::fs::write(&file, &bytes).expect("a damaged file");
    let window = Window::open(dir.path(), &[]);
    assert_eq!(window.code("status", json!({})), "library_damaged");
    let saved = window.answer("salvage", json!({}));
    let kept = saved["kept"].as_str().expect("a path");
    assert!(
        std::fs::read(kept).expect("it is there") == bytes,
        "as it was"
    );
    assert_eq!(window.answer("status", json!({}))["tracks"], 0);
    let again = window.answer("salvage", json!({}));
    assert!(
        again.is_null(),
        "nothing is wrong with the new one: {again}"
    );
}

#[test]
fn a_salvage_cancels_the_build_that_is_under_way() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    let shell = shell(&window);
    let (tell, begun) = mpsc::channel();
    let build = thread::spawn({
        let app = window.app.handle().clone();
        move || {
            // Some dozen pieces: longer than a salvage waits, if nobody cancels them.
            let heard = Channel::new(move |_| {
                let _ = tell.send(());
                thread::sleep(Duration::from_millis(300));
                Ok(())
            });
            let built = build_demo(app.clone(), app.state(), heard);
            tauri::async_runtime::block_on(built).map(|report| report.cancelled)
        }
    });
    begun.recv().expect("a first piece");
    let salvaged = shell.salvage().expect("the way is free");
    assert!(salvaged.is_none(), "nothing is wrong with it: {salvaged:?}");
    let cancelled = build.join().expect("no panic").expect("it ends");
    assert!(cancelled, "it was not let finish");
}

#[test]
fn a_library_that_is_still_asked_is_in_use_and_stays_the_one_that_is_open() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    let shell = shell(&window);
    let asking = shell.session().expect("a library");
    let error = shell.salvage().expect_err("somebody asks it");
    assert_eq!(error.code, "library_busy");
    let (next, closing) = shell.wait_open();
    assert!(
        std::sync::Arc::ptr_eq(&asking, &next),
        "a second one could not cancel what the first one does"
    );
    let closing = closing.load(std::sync::atomic::Ordering::Relaxed);
    assert!(!closing, "it is watched again");
}
