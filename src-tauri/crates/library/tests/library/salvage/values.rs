//! Pages that are sound, and values on them that are none.

use super::*;

#[test]
fn a_value_that_cannot_be_is_damage_too() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    // Half a number, and one that is none.
    db.execute("UPDATE vector SET pooled = x'00' WHERE track_id = 3", [])
        .unwrap();
    db.execute(
        "UPDATE vector SET tags = x'0000c07f0000c07f' WHERE track_id = 4",
        [],
    )
    .unwrap();
    db.close().unwrap();
    let problems = Library::open(dir.path())
        .unwrap()
        .health()
        .unwrap()
        .problems;
    assert_eq!(problems.len(), 2, "the check-up names both: {problems:?}");
    salvage(dir.path());
    let library = Library::open(dir.path()).unwrap();
    let mut rows = 0;
    library.vectors().each(&recipe(), |_| rows += 1).unwrap();
    assert_eq!(rows, u32::from(TRACKS) - 2);
}

/// Changes `from` into `to` wherever it stands in the file, what a page once held included.
fn flip(dir: &Path, from: &[u8], to: &[u8]) {
    damage(dir, |bytes| {
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
        }
    });
}

#[test]
fn a_blob_that_a_flipped_bit_makes_a_text_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    // The header of the third vector, and its first value: an integer of one byte, texts of 5, 1 and 3
    // letters, blobs of 8, 8 and 48 bytes. Type 28 is a blob of 8 bytes, 29 a text (SQLite's file format,
    // section 2.1).
    let row = |pooled: u8| [8, 1, 23, 15, 19, pooled, 28, 108, 3];
    flip(dir.path(), &row(28), &row(29));
    let problems = Library::open(dir.path())
        .unwrap()
        .health()
        .unwrap()
        .problems;
    assert_eq!(problems.len(), 2, "its page and its row: {problems:?}");
    let (saved, of) = saved(&salvage(dir.path()), "vector");
    assert_eq!(
        (saved, of),
        (u64::from(TRACKS) - 1, Some(u64::from(TRACKS)))
    );
}

#[test]
fn a_text_that_is_none_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    let cut = "UPDATE track SET artist = CAST(x'42c3' AS TEXT) WHERE id = 3";
    db.execute(cut, []).unwrap();
    db.close().unwrap();
    let library = Library::open(dir.path()).unwrap();
    let listed = library.tracks().all(&recipe());
    assert!(
        matches!(listed, Err(LibraryError::Damaged { .. })),
        "the list says what it is: {listed:?}"
    );
    let problems = library.health().unwrap().problems;
    assert_eq!(problems, ["1 text of track.artist is not UTF-8"]);
    drop(library);
    let salvage = salvage(dir.path());
    assert_eq!(saved(&salvage, "track").0, u64::from(TRACKS) - 1);
    assert_eq!(salvage.nameless, 1, "its thumb is kept");
    let library = Library::open(dir.path()).unwrap();
    let listed = library.tracks().all(&recipe()).unwrap();
    assert_eq!(listed.len(), usize::from(TRACKS));
}

#[test]
fn an_id_that_goes_back_does_not_hold_the_reading_up() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let pages = pages(dir.path(), "event");
    damage(dir.path(), |bytes| {
        // The last cell of the first page: its length in one byte, its row id in another (SQLite's file
        // format, section 1.6).
        let page = &mut bytes[pages[0]..pages[0] + PAGE];
        let two = |at: usize| usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
        let cell = two(8 + 2 * (two(3) - 1));
        page[cell + 1] = 0;
        bytes[pages[1]..pages[1] + PAGE].fill(0x5a);
    });
    salvage(dir.path());
    assert!(thumbs(&Library::open(dir.path()).unwrap()).len() > 10);
}
