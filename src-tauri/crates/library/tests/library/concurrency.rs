use std::sync::Barrier;
use std::thread;

use throughline_library::Library;

use crate::{NOW, recipe, store};

#[test]
fn readers_see_the_last_commit_while_a_writer_writes() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Library::open(dir.path()).unwrap();
    crate::add_source(&mut writer, "/music");
    store(&mut writer, "/music/a.flac", 1, "A");
    let reader = Library::open(dir.path()).unwrap();
    let tx = writer.begin().unwrap();
    tx.sources_mut().add("/more".as_ref(), NOW).unwrap();
    assert_eq!(
        reader.sources().all().unwrap().len(),
        1,
        "it neither waits nor sees half of it"
    );
    assert_eq!(reader.tracks().all(&recipe()).unwrap().len(), 1);
    tx.commit().unwrap();
    assert_eq!(reader.sources().all().unwrap().len(), 2);
}

#[test]
fn two_writers_wait_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    drop(Library::open(dir.path()).unwrap());
    let start = Barrier::new(2);
    thread::scope(|scope| {
        for name in ["a", "b"] {
            let (dir, start) = (dir.path(), &start);
            scope.spawn(move || {
                let mut library = Library::open(dir).unwrap();
                start.wait();
                for content in 0..20 {
                    store(
                        &mut library,
                        &format!("/{name}/{content}.flac"),
                        content,
                        "A",
                    );
                }
            });
        }
    });
    let library = Library::open(dir.path()).unwrap();
    assert!(
        library.health().unwrap().rows.contains(&("file", 40)),
        "no write is lost"
    );
    assert!(
        library.health().unwrap().rows.contains(&("track", 20)),
        "equal content is one track"
    );
}

#[test]
fn a_library_can_be_made_by_several_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                Library::open(dir.path()).expect("each finds or makes the same library");
            });
        }
    });
    let health = Library::open(dir.path()).unwrap().health().unwrap();
    assert!(
        health.rows.contains(&("throughline", 1)),
        "it was made once: {:?}",
        health.rows
    );
}
