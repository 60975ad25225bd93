use std::fs;

use rusqlite::Connection;
use throughline_library::{FILE_NAME, Library, LibraryError, SCHEMA};

use crate::{NOW, recipe, store};

#[test]
fn a_library_is_made_with_its_folder_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("deep/er");
    let mut library = Library::open(&folder).unwrap();
    let track = store(&mut library, "/a.flac", 1, "A");
    drop(library);
    let library = Library::open(&folder).unwrap();
    let found = library.tracks().get(&recipe(), &[track]).unwrap();
    assert_eq!(
        found[0].tags.title.as_deref(),
        Some("A"),
        "what was stored is there after a restart"
    );
}

#[test]
fn a_new_library_is_sound() {
    let health = Library::open_in_memory().unwrap().health().unwrap();
    assert_eq!(health.schema, SCHEMA);
    assert_eq!(health.problems, Vec::<String>::new());
    assert!(
        health.rows.contains(&("throughline", 1)),
        "one throughline is there from the start"
    );
    assert!(health.bytes > 0);
}

#[test]
fn what_is_not_committed_never_happened() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    let tx = library.begin().unwrap();
    tx.sources_mut().add("/music".as_ref(), NOW).unwrap();
    drop(tx);
    assert!(
        library.sources().all().unwrap().is_empty(),
        "a dropped transaction leaves nothing"
    );
}

#[test]
fn a_newer_schema_is_refused_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    drop(Library::open(dir.path()).unwrap());
    let path = dir.path().join(FILE_NAME);
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", SCHEMA + 1).unwrap();
    drop(db);
    let before = fs::read(&path).unwrap();
    match Library::open(dir.path()).err() {
        Some(LibraryError::Newer { found, known }) => {
            assert_eq!((found, known), (SCHEMA + 1, SCHEMA));
        }
        other => panic!("an old program must not touch a newer library, got {other:?}"),
    }
    assert_eq!(fs::read(&path).unwrap(), before, "not a byte is changed");
}

fn refused_and_untouched(make: impl FnOnce(&std::path::Path)) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    make(&path);
    let before = fs::read(&path).unwrap();
    match Library::open(dir.path()).err() {
        Some(LibraryError::Damaged { detail }) => {
            assert!(
                detail.contains(FILE_NAME),
                "the message names the file: {detail}"
            );
        }
        other => panic!("expected the damage to be reported, got {other:?}"),
    }
    assert_eq!(fs::read(&path).unwrap(), before, "not a byte is changed");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    refused_and_untouched(|path| fs::write(path, "These are my notes. ".repeat(500)).unwrap());
}

#[test]
fn a_database_of_another_program_is_refused() {
    refused_and_untouched(|path| {
        let db = Connection::open(path).unwrap();
        db.execute_batch("CREATE TABLE bookmark (url TEXT); PRAGMA user_version = 1")
            .unwrap();
    });
}

#[test]
fn a_library_without_its_tables_is_refused() {
    refused_and_untouched(|path| {
        let db = Connection::open(path).unwrap();
        db.pragma_update(None, "application_id", throughline_library::APPLICATION_ID)
            .unwrap();
        db.execute_batch("CREATE TABLE t (x); DROP TABLE t")
            .unwrap();
    });
}

#[test]
fn a_truncated_library_is_reported() {
    refused_and_untouched(|path| {
        let dir = path.parent().unwrap();
        drop(Library::open(dir).unwrap());
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..4096]).unwrap();
    });
}

#[test]
fn scribbles_over_the_pages_are_errors_not_panics() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    store(&mut library, "/a.flac", 1, "A");
    drop(library);
    let path = dir.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..64].fill(0x5a);
    }
    fs::write(&path, &bytes).unwrap();
    let failed = Library::open(dir.path()).and_then(|library| {
        library.health()?;
        library.tracks().all(&recipe())
    });
    assert!(
        matches!(failed, Err(LibraryError::Damaged { .. })),
        "got {failed:?}"
    );
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("library");
    fs::write(&path, "").unwrap();
    let error = Library::open(&path).err().expect("a file is no folder");
    assert!(error.to_string().contains("library"), "{error}");
}
