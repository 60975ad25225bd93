use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use rusqlite::Connection;
use throughline_core::feedback::{Act, Knob, Thousandths, ThroughlineId, What};
use throughline_core::track::TrackId;
use throughline_library::{FILE_NAME, Failure, Library, LibraryError, SCHEMA, Salvage};

use crate::{NOW, known, plan, recipe, stat, store};

mod values;

/// `SQLite`'s page size unless somebody says otherwise, which nobody does.
const PAGE: usize = 4096;

/// Tracks of the library that is to be damaged: enough for several pages of each table.
const TRACKS: u8 = 240;

/// Rows of `event` beside a thumb a track: a knob that was moved, that taken back, a track that is never shown.
const OTHER_EVENTS: u64 = 3;

/// The file of a sound library with a thumb up for every track, other acts, and a file that failed.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    crate::add_source(&mut library, "/music");
    for content in 0..TRACKS {
        let track = store(
            &mut library,
            &format!("/music/{content}.flac"),
            content,
            "A",
        );
        let tx = library.begin().unwrap();
        let up = What::Did(Act::Up, track);
        tx.events_mut().append(ThroughlineId(1), up, NOW).unwrap();
        tx.commit().unwrap();
    }
    let silent = Failure {
        code: "silent".into(),
        reason: "no sound in it".into(),
    };
    let failed = plan(&mut library, "/music/silent.flac", TRACKS);
    let tx = library.begin().unwrap();
    tx.fail(&recipe(), failed, stat(TRACKS), &silent).unwrap();
    let act = |what| {
        let event = tx.events_mut().append(ThroughlineId(1), what, NOW);
        event.unwrap().id
    };
    let turned = act(What::Turned(Knob::Explore, Thousandths(250)));
    act(What::Undid(turned));
    act(What::Did(Act::Banished, TrackId(1)));
    tx.commit().unwrap();
    drop(library);
    fs::read(dir.path().join(FILE_NAME)).unwrap()
});

/// Makes that library in a folder.
fn make(dir: &Path) {
    fs::write(dir.join(FILE_NAME), &*SOUND).unwrap();
}

/// Where the pages begin that hold rows of `table`, in its order.
fn pages(dir: &Path, table: &str) -> Vec<usize> {
    let db = Connection::open(dir.join(FILE_NAME)).unwrap();
    let leaves = "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' ORDER BY path";
    let mut leaves = db.prepare(leaves).unwrap();
    let numbers = leaves.query_map([table], |row| row.get(0)).unwrap();
    numbers
        .map(|number: rusqlite::Result<usize>| (number.unwrap() - 1) * PAGE)
        .collect()
}

/// Fills with noise those of the pages that hold rows of `table` which `which` chooses; gives how many are
/// left.
fn scribble(dir: &Path, table: &str, which: impl Fn(usize) -> bool) -> usize {
    let pages = pages(dir, table);
    let chosen = pages.iter().enumerate().filter(|(n, _)| which(*n));
    let chosen: Vec<usize> = chosen.map(|(_, &page)| page).collect();
    damage(dir, |bytes| {
        for page in &chosen {
            bytes[*page..page + PAGE].fill(0x5a);
        }
    });
    pages.len() - chosen.len()
}

fn damage(dir: &Path, how: impl FnOnce(&mut Vec<u8>)) {
    let path = dir.join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    how(&mut bytes);
    fs::write(&path, bytes).unwrap();
}

/// Salvages the library in `dir`; it must be sound afterwards, and the damaged one must be kept as it was.
fn salvage(dir: &Path) -> Salvage {
    let before = fs::read(dir.join(FILE_NAME)).unwrap();
    let salvage = Library::salvage(dir).unwrap().expect("it is damaged");
    assert_eq!(
        fs::read(&salvage.kept).unwrap(),
        before,
        "not a byte of the damaged file is changed"
    );
    let library = Library::open(dir).unwrap();
    let health = library.health().unwrap();
    assert_eq!(health.problems, Vec::<String>::new());
    assert_eq!(health.schema, SCHEMA);
    let left: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial") || name.contains("salvaged"))
        .collect();
    assert!(left.is_empty(), "nothing half made is left: {left:?}");
    salvage
}

fn saved(salvage: &Salvage, table: &str) -> (u64, Option<u64>) {
    let found = salvage.tables.iter().find(|found| found.table == table);
    let found = found.expect("every table is told of");
    (found.saved, found.of)
}

fn thumbs(library: &Library) -> Vec<TrackId> {
    let events = library.events().of(ThroughlineId(1)).unwrap();
    events
        .iter()
        .filter_map(|event| match event.what {
            What::Did(Act::Up, track) => Some(track),
            _ => None,
        })
        .collect()
}

#[test]
fn a_sound_library_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let before = fs::read(dir.path().join(FILE_NAME)).unwrap();
    assert_eq!(Library::salvage(dir.path()).unwrap(), None);
    assert_eq!(fs::read(dir.path().join(FILE_NAME)).unwrap(), before);
    assert!(!dir.path().join("library-damaged-1.db").exists());
}

#[test]
fn damaged_pages_of_a_table_cost_the_rows_on_them() {
    let all = u64::from(TRACKS);
    for table in [
        "event",
        "track",
        "file",
        "vector",
        "job",
        "throughline",
        "source",
    ] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path());
        let left = scribble(dir.path(), table, |page| page == 1 || page == 0);
        let salvage = salvage(dir.path());
        for (other, rows) in [
            ("event", all + OTHER_EVENTS),
            ("track", all),
            ("file", all + 1),
            ("vector", all),
        ] {
            let (saved, of) = saved(&salvage, other);
            if other != table {
                assert_eq!(
                    (saved, of),
                    (rows, Some(rows)),
                    "{other}, with {table} damaged"
                );
            } else if left > 0 {
                assert!(
                    saved > 0 && saved < rows,
                    "{saved} rows of {table} are left"
                );
            }
        }
        let library = Library::open(dir.path()).unwrap();
        let open = library.throughlines().open().expect("one is open");
        assert_eq!(open.id, ThroughlineId(1), "with {table} damaged");
        if table != "event" {
            assert_eq!(
                thumbs(&library).len(),
                usize::from(TRACKS),
                "with {table} damaged"
            );
        }
        library
            .vectors()
            .each(&recipe(), |_| ())
            .expect("all can be read");
    }
}

#[test]
fn rows_between_and_behind_damaged_pages_are_saved() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    let (cells, pages): (u64, usize) = db
        .query_row(
            "SELECT max(ncell), count(*) FROM dbstat WHERE name = 'vector' AND pagetype = 'leaf'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    db.close().unwrap();
    assert!(pages > 5, "there are pages between: {pages}");
    scribble(dir.path(), "vector", |page| page == 1 || page == 3);
    let (saved, _) = saved(&salvage(dir.path()), "vector");
    assert!(
        saved >= u64::from(TRACKS) - 2 * cells,
        "two pages of at most {cells} rows are lost, {saved} are saved"
    );
}

#[test]
fn a_rating_survives_the_description_of_its_track_and_meets_it_again() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    scribble(dir.path(), "track", |_| true);
    let salvage = salvage(dir.path());
    assert_eq!(saved(&salvage, "track").0, 0, "all of them were damaged");
    assert_eq!(salvage.nameless, u64::from(TRACKS));
    let mut library = Library::open(dir.path()).unwrap();
    let before = known(&library, "/music/7.flac").unwrap().track.unwrap();
    assert!(thumbs(&library).contains(&before));
    assert!(
        !known(&library, "/music/7.flac").unwrap().settled(stat(7)),
        "the next build reads the file again"
    );
    plan(&mut library, "/music/7.flac", 7);
    let again = store(&mut library, "/music/7.flac", 7, "Seven");
    assert_eq!(again, before, "it is the track that was rated");
    let track = &library.tracks().get(&recipe(), &[again]).unwrap()[0];
    assert_eq!(track.tags.title.as_deref(), Some("Seven"));
}

#[test]
fn throughlines_that_are_lost_are_opened_by_what_was_said_in_them() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let mut library = Library::open(dir.path()).unwrap();
    let tx = library.begin().unwrap();
    let second = tx.throughlines_mut().start(NOW).unwrap().id;
    let seeded = What::Did(Act::Seeded, TrackId(9));
    tx.events_mut().append(second, seeded, NOW).unwrap();
    tx.commit().unwrap();
    drop(library);
    scribble(dir.path(), "throughline", |_| true);
    salvage(dir.path());
    let library = Library::open(dir.path()).unwrap();
    let ids: Vec<_> = library
        .throughlines()
        .all()
        .unwrap()
        .iter()
        .map(|throughline| throughline.id)
        .collect();
    assert_eq!(ids.len(), 2, "none is made up: {ids:?}");
    assert_eq!(library.throughlines().open().unwrap().id, second);
    let said = library.events().of(second).unwrap();
    assert!(said.iter().any(|event| event.what == seeded));
}

#[test]
fn vectors_that_are_lost_are_made_again_by_the_next_build() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    scribble(dir.path(), "vector", |_| true);
    salvage(dir.path());
    let library = Library::open(dir.path()).unwrap();
    let settled = |&content: &u8| {
        let file = known(&library, &format!("/music/{content}.flac")).unwrap();
        file.settled(stat(content))
    };
    assert_eq!(
        (0..TRACKS).filter(settled).count(),
        0,
        "all are to be heard again"
    );
    assert_eq!(thumbs(&library).len(), usize::from(TRACKS));
}

#[test]
fn what_only_the_log_holds_is_saved() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(dir.path());
    let library = Library::open(dir.path()).unwrap();
    let mut writer = Library::open(dir.path()).unwrap();
    let tx = writer.begin().unwrap();
    let down = What::Did(Act::Down, TrackId(5));
    tx.events_mut().append(ThroughlineId(1), down, NOW).unwrap();
    tx.commit().unwrap();
    // As a killed process leaves it: the log is not written back.
    for name in [FILE_NAME, "library.db-wal"] {
        fs::copy(dir.path().join(name), elsewhere.path().join(name)).unwrap();
    }
    drop((writer, library));
    let pages = fs::read(elsewhere.path().join(FILE_NAME)).unwrap().len() / PAGE;
    damage(elsewhere.path(), |bytes| {
        bytes[(pages - 2) * PAGE..].fill(0x5a);
    });
    let salvage = salvage(elsewhere.path());
    let library = Library::open(elsewhere.path()).unwrap();
    let last = library
        .events()
        .of(ThroughlineId(1))
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(last.what, down);
    let log = salvage.kept.with_extension("db-wal");
    assert!(log.exists(), "the log is kept beside its database");
}

#[test]
fn a_file_of_which_nothing_is_left_gives_way_to_an_empty_library() {
    for ruin in [
        |bytes: &mut Vec<u8>| bytes.fill(0),
        |bytes: &mut Vec<u8>| bytes[..PAGE].fill(0x5a),
        |bytes: &mut Vec<u8>| bytes.truncate(PAGE),
    ] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path());
        damage(dir.path(), ruin);
        let salvage = salvage(dir.path());
        assert!(
            salvage
                .tables
                .iter()
                .all(|table| table.saved <= u64::from(TRACKS))
        );
        Library::open(dir.path())
            .unwrap()
            .throughlines()
            .open()
            .expect("one is open");
    }
}

#[test]
fn a_second_damage_does_not_take_the_place_of_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Vec::new();
    for _ in 0..2 {
        if kept.is_empty() {
            make(dir.path());
        }
        scribble(dir.path(), "file", |_| true);
        kept.push(salvage(dir.path()).kept);
        let mut library = Library::open(dir.path()).unwrap();
        plan(&mut library, "/music/1.flac", 1);
    }
    assert_ne!(kept[0], kept[1]);
    assert!(kept[0].exists() && kept[1].exists());
}

#[test]
fn what_is_not_ours_is_refused_and_untouched() {
    let dir = tempfile::tempdir().unwrap();
    drop(Library::open(dir.path()).unwrap());
    let path = dir.path().join(FILE_NAME);
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", SCHEMA + 1).unwrap();
    db.close().unwrap();
    let before = fs::read(&path).unwrap();
    let refused = Library::salvage(dir.path());
    assert!(
        matches!(refused, Err(LibraryError::Newer { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);

    let other = tempfile::tempdir().unwrap();
    let path = other.path().join(FILE_NAME);
    let db = Connection::open(&path).unwrap();
    db.execute_batch("CREATE TABLE bookmark (url TEXT)")
        .unwrap();
    db.close().unwrap();
    let refused = Library::salvage(other.path());
    assert!(
        matches!(refused, Err(LibraryError::Damaged { .. })),
        "{refused:?}"
    );
    assert!(path.exists());
}

#[test]
fn nobody_is_shut_out_of_a_library_that_is_in_use() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    scribble(dir.path(), "file", |_| true);
    let open = Library::open(dir.path()).unwrap();
    let refused = Library::salvage(dir.path());
    assert!(matches!(refused, Err(LibraryError::Busy)), "{refused:?}");
    drop(open);
    salvage(dir.path());
}

#[test]
fn an_exchange_that_was_cut_short_is_finished_by_whoever_comes_next() {
    // As far as it came: the new library is ready; the log has gone; the damaged one has gone.
    for steps in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        make(dir.path());
        let new = tempfile::tempdir().unwrap();
        drop(Library::open(new.path()).unwrap());
        fs::copy(new.path().join(FILE_NAME), at("library-salvaged.db")).unwrap();
        fs::write(at("library.db-wal"), "what was in the log").unwrap();
        if steps > 0 {
            fs::rename(at("library.db-wal"), at("library-damaged-1.db-wal")).unwrap();
        }
        if steps > 1 {
            fs::rename(at(FILE_NAME), at("library-damaged-1.db")).unwrap();
        }
        assert!(
            Library::exists(dir.path()),
            "there is one, after {steps} steps"
        );
        let library = Library::open(dir.path()).unwrap();
        assert!(
            thumbs(&library).is_empty(),
            "it is the new one, after {steps} steps"
        );
        for kept in ["library-damaged-1.db", "library-damaged-1.db-wal"] {
            assert!(at(kept).exists(), "{kept} is kept, after {steps} steps");
        }
        assert!(!at("library-salvaged.db").exists());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Wherever a disk scribbles, what comes out is sound, and what went in is kept.
    #[test]
    fn any_scribble_leaves_a_sound_library(
        scribbles in prop::collection::vec((0.0..1.0_f64, 1_usize..6000, any::<u8>()), 1..5),
        cut in prop::option::weighted(0.2, 0.1..1.0_f64),
    ) {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path());
        damage(dir.path(), |bytes| {
            // Page 1 says whose file it is, and one that is nobody's is refused.
            let room = bytes.len() - PAGE;
            for (place, len, value) in scribbles {
                let from = PAGE + (place * room as f64) as usize;
                let to = bytes.len().min(from + len);
                bytes[from..to].fill(value);
            }
            if let Some(cut) = cut {
                bytes.truncate(PAGE + (cut * room as f64) as usize);
            }
        });
        let before = fs::read(dir.path().join(FILE_NAME)).unwrap();
        if let Some(salvage) = Library::salvage(dir.path()).unwrap() {
            prop_assert_eq!(fs::read(&salvage.kept).unwrap(), before);
        }
        let library = Library::open(dir.path()).unwrap();
        prop_assert_eq!(library.health().unwrap().problems, Vec::<String>::new());
        prop_assert!(library.throughlines().open().is_ok());
        prop_assert!(library.vectors().each(&recipe(), |_| ()).is_ok());
        prop_assert!(library.tracks().all(&recipe()).is_ok());
    }
}
