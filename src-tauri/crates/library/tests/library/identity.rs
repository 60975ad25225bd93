//! A track is known by its content, and keeps its identity when its file moves or is re-tagged.

use std::path::Path;

use throughline_core::feedback::{Act, What};
use throughline_core::track::TrackId;
use throughline_library::{Analysed, Library, LibraryError, Status};

use crate::{
    NOW, add_source, described, features, hash, known, library, mark_missing, other_recipe, plan,
    recipe, stat, store,
};

fn link(library: &mut Library, path: &str, content: u8, track: TrackId) {
    let file = plan(library, path, content);
    let tx = library.begin().unwrap();
    tx.link(&recipe(), file, stat(content), track).unwrap();
    tx.commit().unwrap();
}

fn path_of(library: &Library, track: TrackId) -> Option<std::path::PathBuf> {
    library.tracks().get(&recipe(), &[track]).unwrap()[0]
        .path
        .clone()
}

#[test]
fn a_moved_file_is_the_same_track() {
    let mut library = library();
    let track = store(&mut library, "/music/old.flac", 1, "A");
    mark_missing(&mut library, "/music/old.flac");
    assert_eq!(library.tracks().by_hash(hash(1)).unwrap(), Some(track));
    link(&mut library, "/music/new.flac", 1, track);
    assert_eq!(
        path_of(&library, track).as_deref(),
        Some(Path::new("/music/new.flac"))
    );
    assert_eq!(
        known(&library, "/music/old.flac"),
        None,
        "the old place is forgotten"
    );
    assert!(known(&library, "/music/new.flac").unwrap().settled(stat(1)));
    assert_eq!(library.counts(&recipe()).unwrap().missing, 0);
}

#[test]
fn the_order_in_which_a_move_is_noticed_is_irrelevant() {
    let mut library = library();
    let track = store(&mut library, "/music/old.flac", 1, "A");
    link(&mut library, "/music/new.flac", 1, track);
    assert_eq!(
        mark_missing(&mut library, "/music/old.flac"),
        0,
        "it moved, so it is not missing"
    );
    assert_eq!(known(&library, "/music/old.flac"), None);
    assert_eq!(
        path_of(&library, track).as_deref(),
        Some(Path::new("/music/new.flac"))
    );
}

#[test]
fn a_move_to_another_folder_keeps_the_missing_file() {
    let mut library = library();
    add_source(&mut library, "/drive");
    let track = store(&mut library, "/drive/a.flac", 1, "A");
    mark_missing(&mut library, "/drive/a.flac");
    link(&mut library, "/music/a.flac", 1, track);
    assert!(
        known(&library, "/drive/a.flac").is_some(),
        "a drive that is unplugged comes back"
    );
    assert_eq!(
        path_of(&library, track).as_deref(),
        Some(Path::new("/music/a.flac"))
    );
}

#[test]
fn a_copy_is_the_same_track_twice() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    assert_eq!(
        store(&mut library, "/music/copy.flac", 1, "A"),
        track,
        "stored or linked"
    );
    link(&mut library, "/music/third.flac", 1, track);
    assert_eq!(library.tracks().all(&recipe()).unwrap().len(), 1);
    assert_eq!(
        path_of(&library, track).as_deref(),
        Some(Path::new("/music/a.flac")),
        "the first is shown"
    );
    mark_missing(&mut library, "/music/a.flac");
    assert_eq!(
        path_of(&library, track).as_deref(),
        Some(Path::new("/music/copy.flac"))
    );
}

#[test]
fn a_retagged_file_keeps_its_track_and_its_thumbs() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "Untitled");
    let tx = library.begin().unwrap();
    let (about, made) = (described("Untitled"), features(1));
    let file = known_id(&tx, "/music/a.flac");
    let done = Analysed {
        file,
        stat: stat(1),
        hash: hash(1),
        about: &about,
        features: &made,
    };
    tx.store(&other_recipe(), &done, NOW).unwrap();
    tx.commit().unwrap();
    let open = library.throughlines().open().unwrap().id;
    let tx = library.begin().unwrap();
    tx.events_mut()
        .append(open, What::Did(Act::Up, track), NOW)
        .unwrap();
    tx.commit().unwrap();

    assert_eq!(store(&mut library, "/music/a.flac", 2, "Blue"), track);
    let row = &library.tracks().get(&recipe(), &[track]).unwrap()[0];
    assert_eq!(row.tags.title.as_deref(), Some("Blue"));
    assert_eq!(
        library
            .vectors()
            .get(&recipe(), track)
            .unwrap()
            .unwrap()
            .pooled,
        features(2).pooled
    );
    assert!(
        !library.vectors().has(&other_recipe(), track).unwrap(),
        "vectors of the old content go"
    );
    assert_eq!(library.tracks().by_hash(hash(1)).unwrap(), None);
    assert_eq!(
        library.events().of(open).unwrap()[0].what,
        What::Did(Act::Up, track)
    );
    assert_eq!(
        library.tracks().search(&recipe(), "blue", 9).unwrap().len(),
        1
    );
    assert!(
        library
            .tracks()
            .search(&recipe(), "untitled", 9)
            .unwrap()
            .is_empty()
    );
}

fn known_id(tx: &throughline_library::Transaction<'_>, path: &str) -> throughline_library::FileId {
    let scanned = throughline_library::Scanned {
        path: path.into(),
        stat: stat(1),
    };
    tx.files_mut().plan(&other_recipe(), &[scanned]).unwrap()[0]
}

#[test]
fn a_retagged_copy_parts_from_the_rest() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    store(&mut library, "/music/copy.flac", 1, "A");
    let parted = store(&mut library, "/music/copy.flac", 2, "B");
    assert_ne!(parted, track, "the other file still shows the old track");
    assert_eq!(
        path_of(&library, track).as_deref(),
        Some(Path::new("/music/a.flac"))
    );
    assert_eq!(
        path_of(&library, parted).as_deref(),
        Some(Path::new("/music/copy.flac"))
    );
}

#[test]
fn a_file_that_becomes_another_known_track_is_linked_to_it() {
    let mut library = library();
    let a = store(&mut library, "/music/a.flac", 1, "A");
    let b = store(&mut library, "/music/b.flac", 2, "B");
    assert_eq!(store(&mut library, "/music/a.flac", 2, "B"), b);
    assert_eq!(
        path_of(&library, a),
        None,
        "nothing shows the old track any more"
    );
    assert!(
        library.vectors().has(&recipe(), a).unwrap(),
        "but it is not forgotten"
    );
}

#[test]
fn a_missing_copy_of_a_retagged_file_is_read_anew_when_it_comes_back() {
    let mut library = library();
    add_source(&mut library, "/drive");
    let track = store(&mut library, "/music/a.flac", 1, "A");
    store(&mut library, "/drive/a.flac", 1, "A");
    mark_missing(&mut library, "/drive/a.flac");
    assert_eq!(
        store(&mut library, "/music/a.flac", 2, "B"),
        track,
        "no present file shows the old content"
    );
    let back = known(&library, "/drive/a.flac").unwrap();
    assert_eq!(back.track, None);
    assert!(
        !back.settled(stat(1)),
        "it does not hold what its track has become"
    );
}

#[test]
fn a_failed_file_keeps_its_track() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let file = plan(&mut library, "/music/a.flac", 2);
    let tx = library.begin().unwrap();
    let why = throughline_library::Failure {
        code: "truncated".into(),
        reason: "it ends early".into(),
    };
    tx.fail(&recipe(), file, stat(2), &why).unwrap();
    tx.commit().unwrap();
    let whole = store(&mut library, "/music/a.flac", 3, "A");
    assert_eq!(
        whole, track,
        "a file that was being written is the same track once it is whole"
    );
}

#[test]
fn a_file_of_a_removed_folder_is_not_written() {
    let mut library = library();
    let file = plan(&mut library, "/music/a.flac", 1);
    let source = library.sources().all().unwrap()[0].id;
    let tx = library.begin().unwrap();
    tx.sources_mut().remove(source).unwrap();
    let (about, made) = (described("A"), features(1));
    let done = Analysed {
        file,
        stat: stat(1),
        hash: hash(1),
        about: &about,
        features: &made,
    };
    let stored = tx.store(&recipe(), &done, NOW);
    assert!(
        matches!(stored, Err(LibraryError::Unknown { table: "file", .. })),
        "got {stored:?}"
    );
    tx.commit().unwrap();
    assert_eq!(
        library.tracks().by_hash(hash(1)).unwrap(),
        None,
        "and leaves no track behind"
    );
}

#[test]
fn missing_tracks_say_so() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    mark_missing(&mut library, "/music/a.flac");
    let row = &library.tracks().all(&recipe()).unwrap()[0];
    assert_eq!((row.id, row.status), (track, Status::Missing));
}
