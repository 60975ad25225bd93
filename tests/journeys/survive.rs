//! What a library survives: other programs, other places, other times, damage.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use throughline_app::view::{Progress, TrackStatus};
use throughline_app::{AppError, BuildRequest, Session, Verdict};

use crate::fixture::{NOW, World, build, build_watched, rebuild, titled};

const PITCHES: [f32; 6] = [100.0, 120.0, 140.0, 1900.0, 2200.0, 2400.0];

fn titles(session: &Session) -> Vec<String> {
    let rows = session.thread(NOW).unwrap().rows;
    rows.into_iter().map(|row| row.track.title).collect()
}

/// A library with a seed and a thumb, and its list.
fn rated() -> (World, Session, Vec<String>) {
    let (world, session) = World::built(&PITCHES);
    let [seed, up] = ["100", "120"].map(|title| titled(&session, title).id);
    session.seed_tracks(&[seed], NOW).unwrap();
    session.rate(up, Verdict::Up, NOW).unwrap();
    let list = titles(&session);
    (world, session, list)
}

#[test]
fn a_second_program_is_told_of_a_build_and_may_rate_beside_it() {
    let (world, session) = World::built(&PITCHES);
    session
        .seed_tracks(&[titled(&session, "100").id], NOW)
        .unwrap();
    world.tone("new.wav", 160.0);
    let other = world.session();
    let mut refused = None;
    let report = build_watched(&session, &world.music(), &mut |progress| {
        if refused.is_none() && matches!(progress, Progress::Working { .. }) {
            refused = other
                .build(&BuildRequest::default(), NOW, &mut |_| ())
                .err();
            let id = titled(&other, "120").id;
            other
                .rate(id, Verdict::Down, NOW)
                .expect("a thumb waits for no build");
        }
    });
    assert!(matches!(refused, Some(AppError::Building)), "{refused:?}");
    assert_eq!(report.added, 1);
    assert_eq!(
        session.thread(NOW).unwrap().disliked.len(),
        1,
        "both see it"
    );
    assert_eq!(rebuild(&other).unchanged, 7, "the way is free again");
}

#[test]
fn what_a_second_program_built_is_in_the_list_of_the_first() {
    let (world, session, before) = rated();
    assert!(!before.contains(&"new".to_owned()));
    world.tone("new.wav", 105.0);
    assert_eq!(rebuild(&world.session()).added, 1);
    assert!(titles(&session).contains(&"new".to_owned()));
}

#[test]
fn a_library_that_was_moved_is_the_same_library() {
    let (world, session, before) = rated();
    drop(session);
    let elsewhere = world.library().with_file_name("elsewhere");
    fs::rename(world.library(), &elsewhere).unwrap();
    let session = world.session_in(&elsewhere);
    assert_eq!(titles(&session), before);
    let path = session
        .path_of(titled(&session, "100").id)
        .expect("music did not move");
    assert!(path.starts_with(fs::canonicalize(world.music()).unwrap()));
    assert_eq!(rebuild(&session).unchanged, PITCHES.len());
}

#[test]
fn music_that_was_moved_is_said_to_be_away_and_recognised_where_it_is() {
    let (world, session) = World::built(&PITCHES);
    let seed = titled(&session, "100").id;
    session.seed_tracks(&[seed], NOW).unwrap();
    let before = titles(&session);
    let moved = world.music().with_file_name("moved");
    fs::rename(world.music(), &moved).unwrap();
    assert!(!session.status().unwrap().sources[0].online, "it is said");
    let away = session.path_of(seed).unwrap_err();
    assert_eq!(away.code(), "file_missing");
    let report = build(&session, &moved);
    assert_eq!((report.added, report.moved), (0, PITCHES.len()));
    assert_eq!(world.embedded(), PITCHES.len(), "nothing is heard twice");
    assert_eq!(titles(&session), before);
    assert_eq!(titled(&session, "100").id, seed);
    assert_eq!(titled(&session, "100").status, TrackStatus::Ready);
    assert!(
        session
            .path_of(seed)
            .unwrap()
            .starts_with(fs::canonicalize(&moved).unwrap())
    );
}

#[test]
fn clocks_that_jump_change_neither_order_nor_list() {
    let (_world, session) = World::built(&PITCHES);
    let [seed, up, down] = ["100", "120", "2400"].map(|title| titled(&session, title).id);
    // Forwards by centuries, back before 1970, and to either end of time.
    session.seed_tracks(&[seed], i64::MAX).unwrap();
    session.rate(up, Verdict::Up, -NOW).unwrap();
    session.rate(down, Verdict::Down, i64::MIN).unwrap();
    for now in [i64::MIN, -1, 0, NOW, i64::MAX] {
        let thread = session.thread(now).unwrap();
        assert!(!thread.rows.is_empty() && thread.rows.iter().all(|row| row.score.is_finite()));
        let of = |tracks: &[throughline_app::view::Track]| {
            tracks.iter().map(|track| track.id).collect::<Vec<_>>()
        };
        assert_eq!(of(&thread.liked), [up]);
        assert_eq!(of(&thread.disliked), [down]);
    }
    let undone = session.undo(0).unwrap();
    assert!(
        undone.disliked.is_empty(),
        "the last act is the last that was said, not the latest by the clock"
    );
    assert!(session.undo(0).unwrap().liked.is_empty());
}

#[test]
fn a_damaged_library_is_told_and_salvaged_with_what_was_said() {
    let (world, session, before) = rated();
    let busy = throughline_app::salvage(&world.library()).unwrap_err();
    assert_eq!(
        busy.code(),
        "library_busy",
        "nobody's library is swapped away under him"
    );
    drop(session);
    assert_eq!(
        throughline_app::salvage(&world.library()).unwrap(),
        None,
        "it is sound"
    );

    let path = world.library().join(throughline_library::FILE_NAME);
    let whole = fs::read(&path).unwrap();
    let bytes = ruined(&whole, "track");
    fs::write(&path, &bytes).unwrap();
    let told = world.session().search("", 10).unwrap_err();
    assert_eq!(told.code(), "library_damaged");

    let saved = throughline_app::salvage(&world.library())
        .unwrap()
        .expect("it is damaged");
    assert_eq!(
        fs::read(&saved.kept).unwrap(),
        bytes,
        "the damaged file is kept as it was"
    );
    assert_eq!(
        (saved.rows[0].saved, saved.rows[0].of),
        (2, Some(2)),
        "a seed and a thumb"
    );
    assert_eq!(saved.nameless, PITCHES.len());
    let session = world.session();
    assert_eq!(
        rebuild(&session).added,
        PITCHES.len(),
        "names are in the files"
    );
    assert_eq!(titles(&session), before, "the very list of before");
    let thread = session.thread(NOW).unwrap();
    assert_eq!((thread.seeds.len(), thread.liked.len()), (1, 1));
}

#[test]
fn a_library_whose_exchange_was_cut_short_is_there() {
    let (world, session) = World::built(&PITCHES);
    drop(session);
    let path = world.library().join(throughline_library::FILE_NAME);
    fs::rename(&path, world.library().join("library-salvaged.db")).unwrap();
    assert_eq!(
        throughline_app::salvage(&world.library()).unwrap(),
        None,
        "it is finished, and sound"
    );
    fs::rename(&path, world.library().join("library-salvaged.db")).unwrap();
    let session = Session::open_existing(&world.library(), world.engines()).unwrap();
    assert_eq!(titled(&session, "100").title, "100");
}

/// `bytes` of a library without the pages that hold rows of `table`.
fn ruined(bytes: &[u8], table: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    fs::write(&copy, bytes).unwrap();
    let db = rusqlite::Connection::open(&copy).unwrap();
    let mut pages = db
        .prepare("SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf'")
        .unwrap();
    let mut bytes = bytes.to_vec();
    for page in pages
        .query_map([table], |row| row.get::<_, usize>(0))
        .unwrap()
    {
        let page = page.unwrap();
        bytes[(page - 1) * 4096..page * 4096].fill(0x5a);
    }
    bytes
}

/// A small file system that somebody has mounted for this test, as with
/// `mount -t tmpfs -o size=5m tmpfs FOLDER`.
#[test]
#[ignore = "needs a small file system, named by THROUGHLINE_SMALL_DISK"]
fn a_build_that_fills_the_disk_says_so_and_goes_on_when_there_is_room() {
    let Some(disk) = std::env::var_os("THROUGHLINE_SMALL_DISK") else {
        return;
    };
    let library = Path::new(&disk).join("library");
    let world = World::new();
    for n in 0..400 {
        world.tone(&format!("{n}.wav"), 100.0 + 5.0 * n as f32);
    }
    let session = world.session_in(&library);
    let ballast = Path::new(&disk).join("ballast");
    fs::write(&ballast, vec![0; 1_200_000]).unwrap();
    let request = BuildRequest {
        folder: Some(world.music()),
        retry_failed: false,
    };
    let error = session.build(&request, NOW, &mut |_| ()).unwrap_err();
    assert_eq!(error.code(), "disk_full");
    let stored = session
        .search("", usize::MAX)
        .expect("it can be asked")
        .len();
    let rating = session.search("", 1).unwrap().pop().map(|track| {
        session
            .rate(track.id, Verdict::Up, NOW)
            .map(|_| ())
            .map_err(|error| error.code())
    });
    println!("{stored} tracks were stored; then: {error}; a thumb then: {rating:?}");
    // What a thumb found room in is filled as well, and an export finds none.
    let (kept, rest) = (
        Path::new(&disk).join("kept.throughline"),
        Path::new(&disk).join("rest"),
    );
    fs::remove_file(&ballast).unwrap();
    fs::write(&kept, "what was there before").unwrap();
    let mut filling = fs::File::create(&rest).unwrap();
    while filling.write_all(&[0; 4096]).is_ok() {}
    let thread = session.threads().unwrap().remove(0).id;
    let error = session.export_thread(thread, &kept).unwrap_err();
    println!("an export then: {error}");
    assert_eq!(error.code(), "disk_full");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "what was there before");
    let parts = fs::read_dir(&disk).unwrap().count();
    assert_eq!(
        parts, 3,
        "nothing begun is left: the library, the file and the filling"
    );
    drop(filling);
    fs::remove_file(&rest).unwrap();
    let report = session.build(&request, NOW, &mut |_| ()).unwrap();
    assert_eq!(
        report.added + stored,
        400,
        "nothing is lost and nothing is done twice"
    );
    assert_eq!(session.health().unwrap().problems, Vec::<String>::new());
}
