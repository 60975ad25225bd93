use rusqlite::Connection;
use throughline_core::track::TrackId;
use throughline_library::{Analysed, FILE_NAME, Library, LibraryError, Vector};

use crate::{
    NOW, described, features, hash, library, mark_missing, other_recipe, plan, recipe, stat, store,
};

fn all(library: &Library) -> Result<Vec<Vector>, LibraryError> {
    let mut vectors = Vec::new();
    library
        .vectors()
        .each(&recipe(), |vector| vectors.push(vector))?;
    Ok(vectors)
}

#[test]
fn vectors_of_listed_tracks_come_in_order_of_id() {
    let mut library = library();
    let b = store(&mut library, "/music/b.flac", 2, "B");
    let a = store(&mut library, "/music/a.flac", 1, "A");
    store(&mut library, "/guest.flac", 3, "Guest");
    mark_missing(&mut library, "/music/b.flac");
    let expected = |track, content, present| {
        let made = features(content);
        Vector {
            track,
            present,
            pooled: made.pooled,
            // Three windows, each one more than the one before.
            variation: vec![1.0; 4],
            tags: made.tags,
        }
    };
    assert_eq!(
        all(&library).unwrap(),
        [expected(b, 2, false), expected(a, 1, true)]
    );
    let mut others = 0;
    library
        .vectors()
        .each(&other_recipe(), |_| others += 1)
        .unwrap();
    assert_eq!(others, 0, "vectors of two models never meet");
}

#[test]
fn one_track_gives_its_vector_and_windows() {
    let mut library = library();
    let guest = store(&mut library, "/guest.flac", 7, "Guest");
    let vector = library
        .vectors()
        .get(&recipe(), guest)
        .unwrap()
        .expect("a guest has vectors too");
    assert_eq!(vector.pooled, features(7).pooled);
    let windows = library
        .vectors()
        .windows(&recipe(), guest)
        .unwrap()
        .expect("and windows");
    assert_eq!(windows.starts, features(7).window_starts);
    for (row, window) in features(7).windows.rows().into_iter().zip(&windows.vectors) {
        for (x, y) in row.iter().zip(window.to_vec()) {
            assert!(
                (x - y).abs() <= window.scale * 0.501,
                "{x} became {y}: more than half a step"
            );
        }
    }
    assert_eq!(library.vectors().get(&recipe(), TrackId(99)).unwrap(), None);
    let some = library.vectors().some(&recipe(), &[TrackId(99), guest]);
    let some: Vec<_> = some.unwrap().iter().map(|vector| vector.track).collect();
    assert_eq!(some, [guest], "those that there are, guests too");
    assert_eq!(
        library.vectors().windows(&other_recipe(), guest).unwrap(),
        None
    );
}

#[test]
fn vectors_are_kept_in_16_bits_and_read_as_they_were_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    crate::add_source(&mut library, "/music");
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    let kept: (String, usize) = db
        .query_row("SELECT pooled_as, length(pooled) FROM vector", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(kept, ("f16".to_owned(), 2 * features(1).pooled.len()));
    let third = 1.0_f32 / 3.0;
    let old: Vec<u8> = [third; 4].iter().flat_map(|x| x.to_le_bytes()).collect();
    db.execute("UPDATE vector SET pooled_as = 'f32', pooled = ?1", [&old])
        .unwrap();
    let vector = library.vectors().get(&recipe(), track).unwrap().unwrap();
    assert_eq!(vector.pooled, [third; 4], "an old vector, to the last bit");
    let windows = library.vectors().windows(&recipe(), track).unwrap();
    assert_eq!(
        windows.expect("windows").starts,
        features(1).window_starts,
        "the windows of an old vector"
    );
}

#[test]
fn names_of_tags_are_kept_in_order() {
    let mut library = library();
    let names = ["slow".to_owned(), "airy".to_owned()];
    let tx = library.begin().unwrap();
    tx.tag_names_mut()
        .set(
            &recipe(),
            &["old".to_owned(), "older".into(), "oldest".into()],
        )
        .unwrap();
    tx.tag_names_mut().set(&recipe(), &names).unwrap();
    tx.commit().unwrap();
    assert_eq!(library.tag_names().of(&recipe()).unwrap(), names);
    assert!(library.tag_names().of(&other_recipe()).unwrap().is_empty());
}

#[test]
fn features_that_cannot_be_kept_are_refused() {
    let mut library = library();
    let file = plan(&mut library, "/music/a.flac", 1);
    let about = described("A");
    let mut nan = features(1);
    nan.pooled[0] = f32::NAN;
    let mut short = features(1);
    short.pooled.pop();
    let mut starts = features(1);
    starts.window_starts.pop();
    let mut great = features(1);
    great.pooled[1] = 70_000.0;
    for made in [nan, short, starts, great] {
        let done = Analysed {
            file,
            stat: stat(1),
            hash: hash(1),
            about: &about,
            features: &made,
        };
        let tx = library.begin().unwrap();
        let stored = tx.store(&recipe(), &done, NOW);
        assert!(
            matches!(stored, Err(LibraryError::Features { .. })),
            "got {stored:?}"
        );
    }
    assert_eq!(
        library.tracks().by_hash(hash(1)).unwrap(),
        None,
        "nothing of it stays"
    );
}

#[test]
fn damaged_blobs_are_errors_that_name_the_track() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    crate::add_source(&mut library, "/music");
    store(&mut library, "/music/a.flac", 1, "A");
    let track = store(&mut library, "/music/b.flac", 2, "B");
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    let named = |error: LibraryError| match error {
        LibraryError::Row {
            table: "vector",
            row,
            ..
        } => assert_eq!(row, track.0),
        other => panic!("expected the row to be named, got {other:?}"),
    };
    for value in ["x'000000'", "x'0000c07f'", "x'00000000'"] {
        db.execute(
            "UPDATE vector SET windows = x'01' WHERE track_id = ?1",
            [track.0],
        )
        .unwrap();
        db.execute(
            &format!("UPDATE vector SET pooled = {value} WHERE track_id = ?1"),
            [track.0],
        )
        .unwrap();
        named(all(&library).unwrap_err());
        named(library.vectors().windows(&recipe(), track).unwrap_err());
    }
}

#[test]
fn a_variation_that_is_not_kept_is_computed_from_the_windows() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    let track = store(&mut library, "/guest.flac", 7, "Guest");
    let read = |library: &Library| {
        let vector = library.vectors().get(&recipe(), track).unwrap();
        vector.expect("a vector").variation
    };
    let kept = read(&library);
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    assert_eq!(db.execute("DELETE FROM variation", []).unwrap(), 1);
    for (kept, computed) in kept.iter().zip(read(&library)) {
        // Windows are kept in 8 bits.
        assert!((kept - computed).abs() < 0.1, "{kept} became {computed}");
    }
}
