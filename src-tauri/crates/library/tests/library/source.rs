use std::path::Path;

use throughline_core::feedback::{Act, What};
use throughline_library::{Library, LibraryError, SourceId, Status};

use crate::{NOW, add_source, known, library, plan, recipe, store};

fn remove(library: &mut Library, source: SourceId) {
    let tx = library.begin().unwrap();
    tx.sources_mut().remove(source).unwrap();
    tx.commit().unwrap();
}

#[test]
fn adding_twice_changes_nothing() {
    let mut library = library();
    let first = add_source(&mut library, "/music");
    assert_eq!(
        add_source(&mut library, "/music/"),
        first,
        "a trailing slash names the same folder"
    );
    let all = library.sources().all().unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].path.as_path(), all[0].added_at),
        (Path::new("/music"), NOW)
    );
}

#[test]
fn tracks_are_counted_by_folder() {
    let mut library = library();
    add_source(&mut library, "/other");
    store(&mut library, "/music/a.flac", 1, "A");
    store(&mut library, "/music/copy of a.flac", 1, "A");
    store(&mut library, "/music/b.flac", 2, "B");
    plan(&mut library, "/music/not analysed yet.flac", 3);
    let counts: Vec<u64> = library
        .sources()
        .all()
        .unwrap()
        .iter()
        .map(|source| source.tracks)
        .collect();
    assert_eq!(counts, [2, 0], "copies share a track");
}

#[test]
fn a_removed_folder_leaves_the_list_but_nothing_is_forgotten() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let source = library.sources().all().unwrap()[0].id;
    remove(&mut library, source);
    assert!(library.tracks().all(&recipe()).unwrap().is_empty());
    assert!(
        library.vectors().has(&recipe(), track).unwrap(),
        "adding it again decodes nothing"
    );
    let gone = &library.tracks().get(&recipe(), &[track]).unwrap()[0];
    assert_eq!((gone.path.as_deref(), gone.status), (None, Status::Missing));

    add_source(&mut library, "/music");
    assert_eq!(
        store(&mut library, "/music/a.flac", 1, "A"),
        track,
        "it is the same track again"
    );
}

#[test]
fn a_seed_of_a_removed_folder_can_still_be_played() {
    let mut library = library();
    let seed = store(&mut library, "/music/a.flac", 1, "A");
    let other = store(&mut library, "/music/b.flac", 2, "B");
    let open = library.throughlines().open().unwrap().id;
    let tx = library.begin().unwrap();
    tx.events_mut()
        .append(open, What::Did(Act::Seeded, seed), NOW)
        .unwrap();
    tx.commit().unwrap();
    let source = library.sources().all().unwrap()[0].id;
    remove(&mut library, source);
    let tracks = library.tracks().get(&recipe(), &[seed, other]).unwrap();
    assert_eq!(
        tracks[0].path.as_deref(),
        Some(Path::new("/music/a.flac")),
        "the seed keeps its file"
    );
    assert_eq!(tracks[1].path, None, "the rest does not");
    assert!(
        library.tracks().all(&recipe()).unwrap().is_empty(),
        "neither is listed"
    );
}

#[test]
fn a_folder_within_a_folder_owns_its_files() {
    let mut library = library();
    store(&mut library, "/music/jazz/a.flac", 1, "A");
    let jazz = add_source(&mut library, "/music/jazz");
    store(&mut library, "/music/jazz/b.flac", 2, "B");
    store(&mut library, "/music/jazzy.flac", 3, "C");
    let counts = |library: &Library| -> Vec<u64> {
        library
            .sources()
            .all()
            .unwrap()
            .iter()
            .map(|source| source.tracks)
            .collect()
    };
    assert_eq!(
        counts(&library),
        [1, 2],
        "a file belongs to the deepest folder"
    );
    let music = library.sources().all().unwrap()[0].id;
    assert_eq!(
        library.files().under(music, &recipe()).unwrap().len(),
        3,
        "a scan sees all below it"
    );
    remove(&mut library, jazz);
    assert_eq!(counts(&library), [3], "and falls back to the one around it");
}

#[test]
fn a_guest_below_a_new_folder_is_listed() {
    let mut library = Library::open_in_memory().unwrap();
    let track = store(&mut library, "/elsewhere/a.flac", 1, "A");
    assert!(
        library.tracks().all(&recipe()).unwrap().is_empty(),
        "a dropped seed is not listed"
    );
    assert_eq!(
        library.tracks().get(&recipe(), &[track]).unwrap()[0].status,
        Status::Ready
    );
    add_source(&mut library, "/elsewhere");
    assert_eq!(library.tracks().all(&recipe()).unwrap().len(), 1);
    let file = known(&library, "/elsewhere/a.flac").unwrap();
    assert!(file.settled(file.stat), "and it is not analysed again");
}

#[test]
fn an_unknown_folder_is_an_error() {
    let mut library = library();
    let missing = library.files().under(SourceId(99), &recipe());
    assert!(matches!(
        missing,
        Err(LibraryError::Unknown {
            table: "source",
            row: 99
        })
    ));
    let tx = library.begin().unwrap();
    assert!(matches!(
        tx.sources_mut().remove(SourceId(99)),
        Err(LibraryError::Unknown { .. })
    ));
}
