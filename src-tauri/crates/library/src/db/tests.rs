//! A database that may not grow, and what questions cost in one that has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::Array2;
use throughline_core::embedding::{FeatureVersion, Features, ModelId, Recipe};
use throughline_core::track::{ContentHash, TrackId};

use super::*;
use crate::{Analysed, Description, Scanned, Stat};

fn recipe() -> Recipe {
    Recipe {
        model: ModelId("small".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

fn sources(library: &Library) -> usize {
    library.sources().all().unwrap().len()
}

#[test]
fn a_database_that_is_full_takes_nothing_in_part_and_goes_on_when_there_is_room() {
    let mut library = Library::open_in_memory().unwrap();
    let pages: u64 = library
        .db
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    // The answer of SQLite to a file that cannot grow is its answer to a full disk.
    let limit = |library: &Library, pages: u64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        library.db.query_row(&sql, [], |_| Ok(())).unwrap();
    };
    limit(&library, pages + 8);
    let add = |library: &mut Library, n: usize| -> Result<()> {
        let tx = library.begin()?;
        for part in 0..20 {
            tx.sources_mut()
                .add(Path::new(&format!("/music/{n}/{part}")), 0)?;
        }
        tx.commit()
    };
    let whole = (0..10_000)
        .take_while(|&n| match add(&mut library, n) {
            Ok(()) => true,
            Err(LibraryError::Full) => false,
            Err(error) => panic!("a full disk is said to be full, not: {error}"),
        })
        .count();
    assert!((1..10_000).contains(&whole), "it filled up: {whole}");
    assert_eq!(sources(&library), 20 * whole, "nothing is there in part");
    assert!(library.health().unwrap().problems.is_empty());
    limit(&library, pages + 1000);
    add(&mut library, whole).expect("there is room again");
    assert_eq!(sources(&library), 20 * (whole + 1));
}

/// A question to a library.
type Ask<'a> = &'a dyn Fn(&Library);

/// Instructions of the database's machine that `ask` takes.
fn steps(library: &mut Library, ask: Ask<'_>) -> usize {
    let steps = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&steps);
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    library.db.progress_handler(1, Some(count)).unwrap();
    ask(library);
    library
        .db
        .progress_handler(0, None::<fn() -> bool>)
        .unwrap();
    steps.load(Ordering::Relaxed)
}

/// A library of `tracks` tracks.
fn library_of(tracks: usize) -> Library {
    let mut library = Library::open_in_memory().unwrap();
    let tx = library.begin().unwrap();
    tx.sources_mut().add(Path::new("/music"), 0).unwrap();
    let stat = Stat {
        size: 1,
        mtime_ns: 0,
    };
    let features = Features {
        pooled: vec![1.0; 4],
        windows: Array2::ones((2, 4)),
        window_starts: vec![0, 1],
        tags: vec![0.5],
    };
    for track in 0..tracks {
        let path = format!("/music/{track}.flac").into();
        let file = tx.files_mut().plan(&recipe(), &[Scanned { path, stat }]);
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&track.to_le_bytes());
        let done = Analysed {
            file: file.unwrap()[0],
            stat,
            hash: ContentHash(hash),
            about: &Description::default(),
            features: &features,
        };
        tx.store(&recipe(), &done, 0).unwrap();
    }
    tx.commit().unwrap();
    library
}

#[test]
fn what_every_list_asks_takes_no_longer_in_a_larger_library() {
    let (mut small, mut large) = (library_of(20), library_of(400));
    let three = [3, 5, 7].map(TrackId);
    let asked: [(&str, Ask<'_>); 9] = [
        ("vectors", &|library| {
            assert_eq!(library.vectors().some(&recipe(), &three).unwrap().len(), 3);
        }),
        ("windows", &|library| {
            let windows = library.vectors().windows_of(&recipe(), &three);
            assert_eq!(windows.unwrap().len(), 3);
        }),
        ("tracks", &|library| {
            assert_eq!(library.tracks().get(&recipe(), &three).unwrap().len(), 3);
        }),
        ("songs of tracks", &|library| {
            assert!(library.songs().of_tracks(&three).unwrap().is_empty());
        }),
        ("the newest space", &|library| {
            assert_eq!(library.spaces().newest_id(&recipe()).unwrap(), None);
        }),
        ("said", &|library| {
            let open = library.throughlines().open().unwrap();
            assert!(library.events().of(open.id).unwrap().is_empty());
        }),
        ("failures", &|library| {
            assert!(library.jobs().failures(&recipe()).unwrap().is_empty());
        }),
        ("their reasons", &|library| {
            assert!(library.jobs().reasons(&recipe()).unwrap().is_empty());
        }),
        ("what is to be heard", &|library| {
            assert!(library.songs().pending(&recipe(), 10).unwrap().is_empty());
            assert_eq!(library.songs().waiting(&recipe()).unwrap(), 0);
        }),
    ];
    for (what, ask) in asked {
        let (few, many) = (steps(&mut small, ask), steps(&mut large, ask));
        assert!(
            few > 0 && many < 2 * few,
            "{what}: {few} steps, then {many}"
        );
    }
}
