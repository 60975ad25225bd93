//! Folders are watched while the app is open: files come, disks go and come back.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use throughline_app::view::{Progress, Status, TrackStatus, Which};
use throughline_app::{BuildRequest, Noticed, Session, WatchSettings};

use crate::fixture::{FakeModel, NOW, World, build, rebuild, titled, tone, wanted};

/// A watch with the patience of a test.
const QUICK: WatchSettings = WatchSettings {
    glance: Duration::from_millis(10),
    quiet: Duration::from_millis(100),
    longest: Duration::from_secs(5),
    poll: Duration::from_mins(5),
};

/// Does `meanwhile` while `session` watches; gives how many songs each of the builds added that nobody asked for.
fn watched(session: &Session, meanwhile: impl FnOnce()) -> Vec<usize> {
    watched_as(&QUICK, session, meanwhile)
}

/// The same with the patience of `settings`.
fn watched_as(settings: &WatchSettings, session: &Session, meanwhile: impl FnOnce()) -> Vec<usize> {
    let (stop, added) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        scope.spawn(|| {
            session.watch(settings, &stop, &|| NOW, &mut |noticed| {
                if let Noticed::Building(progress) = noticed
                    && let Progress::Finished { report } = *progress
                {
                    added.lock().expect("no panic").push(report.added);
                }
            });
        });
        let ended = StopOnDrop(&stop);
        meanwhile();
        drop(ended);
    });
    added.into_inner().expect("no panic")
}

/// Ends a watch also when an assertion fails, which would wait for it for ever.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Waits until the library's status is as `is` says. Gives up after a minute, which a watch that works never
/// needs.
fn until(session: &Session, what: &str, is: impl Fn(&Status) -> bool) {
    for _ in 0..6000 {
        let status = session.status().expect("a status");
        if is(&status) && !status.building {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain: {what}");
}

fn is_there(status: &Status) -> bool {
    status.sources[0].online
}

#[test]
fn songs_that_come_change_and_go_while_the_app_is_open_are_noticed() {
    let (world, session) = World::built(&[110.0, 220.0]);
    let added = watched(&session, || {
        world.tone("new/440.wav", 440.0);
        until(&session, "a new song is heard", |status| status.tracks == 3);
        std::fs::remove_file(world.file("110.wav")).unwrap();
        until(&session, "a song has gone", |status| status.missing == 1);
        std::fs::rename(world.file("new"), world.file("moved")).unwrap();
        until(&session, "a folder has moved", |_| {
            titled(&session, "440").path.contains("moved")
        });
    });
    assert_eq!(added.iter().sum::<usize>(), 1, "nothing is heard twice");
}

#[test]
fn what_came_while_nobody_watched_is_found_first() {
    let (world, session) = World::built(&[110.0]);
    world.tone("220.wav", 220.0);
    let added = watched(&session, || {
        until(&session, "it is heard", |status| status.tracks == 2);
    });
    assert_eq!(added, [1]);
}

#[test]
fn a_disk_that_is_unplugged_is_said_and_waited_for() {
    let (world, session) = World::built(&[110.0, 220.0]);
    let away = world.music().with_file_name("unplugged");
    watched(&session, || {
        std::fs::rename(world.music(), &away).unwrap();
        until(&session, "it is said", |status| !is_there(status));
        // Where a disk is mounted there is a folder, which is empty without it.
        std::fs::create_dir(world.music()).unwrap();
        until(&session, "an empty folder is no disk", |status| {
            !is_there(status)
        });
        assert_eq!(rebuild(&session).missing, 0, "nothing was deleted");
        assert_eq!(titled(&session, "110").status, TrackStatus::Ready);
        let asked = BuildRequest {
            folder: Some(world.music()),
            retry_failed: false,
        };
        let error = session.build(&asked, NOW, &mut |_| ()).unwrap_err();
        assert_eq!(error.code(), "folder_gone", "also when it is asked for");

        tone(&away.join("440.wav"), 440.0);
        std::fs::remove_dir(world.music()).unwrap();
        std::fs::rename(&away, world.music()).unwrap();
        until(&session, "it is back, with a new song", |status| {
            is_there(status) && status.tracks == 3 && status.missing == 0
        });
    });
}

#[test]
fn a_disk_that_goes_while_it_is_scanned_loses_nothing() {
    let (world, session) = World::built(&[110.0, 220.0]);
    let away = world.music().with_file_name("unplugged");
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |progress| {
            if matches!(progress, Progress::Scanning { files: 0 }) {
                std::fs::rename(world.music(), &away).ok();
            }
        })
        .unwrap();
    assert_eq!((report.missing, report.unchanged), (0, 0));
    std::fs::rename(&away, world.music()).unwrap();
    assert_eq!(rebuild(&session).unchanged, 2);
}

#[test]
fn a_library_that_is_not_to_be_watched_is_left_alone() {
    let (world, session) = World::built(&[110.0]);
    session.set_watching(false).unwrap();
    assert!(!session.status().unwrap().watching.on);
    world.tone("220.wav", 220.0);
    let added = watched(&session, || thread::sleep(5 * QUICK.quiet));
    assert!(added.is_empty());
    session.set_watching(true).unwrap();
    watched(&session, || {
        until(&session, "it is watched again", |status| status.tracks == 2);
    });
}

#[test]
fn a_build_that_nobody_asked_for_gives_way_and_comes_back() {
    // The song in the watched folder is only prepared once another has been embedded.
    let world = World::with(FakeModel {
        slow_on: Some((440.0, 2)),
        ..FakeModel::new()
    });
    world.tone("110.wav", 110.0);
    let session = world.session();
    build(&session, &world.music());
    let asked = world.music().with_file_name("asked");
    tone(&asked.join("220.wav"), 220.0);
    let added = watched(&session, || {
        world.tone("440.wav", 440.0);
        for _ in 0..6000 {
            if session.status().unwrap().building {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(build(&session, &asked).added, 1, "it need not wait");
        until(&session, "the other goes on", |status| status.tracks == 3);
    });
    assert_eq!(added.iter().sum::<usize>(), 1);
}

/// Songs of [`many`] that nobody has heard.
const MANY: usize = 24;

/// A world with a song in its library, more beside it that nobody has heard, and a model that takes its time.
fn many() -> (World, Session) {
    let models = vec![
        FakeModel::slow(Duration::from_millis(50)),
        FakeModel::other(),
    ];
    let (world, session) = World::built_with(models, &[110.0]);
    for n in 0..MANY {
        world.tone(&format!("{n}.wav"), 200.0 + 50.0 * n as f32);
    }
    (world, session)
}

/// Waits until a build that nobody asked for has heard one of [`many`], as patient as [`until`].
fn until_one_is_heard(world: &World) {
    for _ in 0..6000 {
        if world.embedded() > 1 {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain: one is heard");
}

#[test]
fn a_watch_that_ends_stops_what_it_builds() {
    let (world, session) = many();
    let added = watched(&session, || until_one_is_heard(&world));
    assert!(added.iter().sum::<usize>() < MANY, "{added:?}");
    assert!(!session.status().unwrap().building);
}

#[test]
fn a_watch_that_is_switched_off_stops_what_it_builds() {
    let (world, session) = many();
    watched(&session, || {
        until_one_is_heard(&world);
        session.set_watching(false).unwrap();
        until(&session, "it stops", |_| true);
        assert!(session.status().unwrap().tracks <= MANY, "on the way");
        session.set_watching(true).unwrap();
        until(&session, "it goes on", |status| status.tracks == 1 + MANY);
    });
}

#[test]
fn a_build_that_nobody_asked_for_comes_back_after_whatever_stopped_it() {
    let (world, session) = many();
    watched(&session, || {
        until_one_is_heard(&world);
        // A wish for another model stops what is built for this one, and waits for nothing afterwards.
        session.use_model(wanted("other")).unwrap();
        assert!(session.status().unwrap().tracks <= MANY, "on the way");
        session.use_model(wanted("fake")).unwrap();
        until(&session, "it goes on", |status| status.tracks == 1 + MANY);
    });
}

#[test]
fn what_was_heard_and_not_put_in_order_is_put_in_order_though_no_file_changed() {
    let (world, session) = World::built(&[100.0, 200.0]);
    world.tone("300.wav", 300.0);
    let mut cancelled = |progress| {
        if matches!(progress, Progress::Finishing { .. }) {
            session.cancel_build().expect("a build is under way");
        }
    };
    let request = BuildRequest::default();
    let report = session.build(&request, NOW, &mut cancelled).unwrap();
    assert_eq!((report.added, report.cancelled), (1, true));
    let file = world.library().join(throughline_library::FILE_NAME);
    let noted = || -> u32 {
        let db = rusqlite::Connection::open(&file).expect("the library");
        let count = "SELECT count(*) FROM setting WHERE key LIKE 'unfrozen:%'";
        db.query_row(count, [], |row| row.get(0)).expect("a number")
    };
    assert_eq!(noted(), 1);
    watched(&session, || {
        until(&session, "it is in order", |_| noted() == 0);
    });
    assert_eq!(session.status().unwrap().tracks, 3);
}

#[test]
fn what_could_not_be_compared_is_compared_later() {
    let (world, session) = World::built(&[110.0]);
    let path = world.library().join(throughline_library::FILE_NAME);
    let schema = |version: u32| {
        let db = rusqlite::Connection::open(&path).expect("the library");
        db.pragma_update(None, "user_version", version)
            .expect("a number");
    };
    watched(&session, || {
        // A newer program's library is not opened; the session has its own open.
        schema(throughline_library::SCHEMA + 1);
        world.tone("220.wav", 220.0);
        thread::sleep(5 * QUICK.quiet);
        assert_eq!(session.status().unwrap().tracks, 1);
        schema(throughline_library::SCHEMA);
        until(&session, "it is heard", |status| status.tracks == 2);
    });
}

#[cfg(unix)]
#[test]
fn what_is_mounted_below_a_folder_is_found_now_and_then() {
    let world = World::new();
    world.tone("110.wav", 110.0);
    // A link that leads nowhere yet: the system tells as little of what comes there as of a mount.
    let share = world.music().with_file_name("share");
    std::os::unix::fs::symlink(&share, world.file("share")).unwrap();
    let session = world.session();
    build(&session, &world.music());
    let settings = WatchSettings {
        poll: Duration::from_millis(50),
        ..QUICK
    };
    watched_as(&settings, &session, || {
        thread::sleep(3 * QUICK.quiet);
        tone(&share.join("220.wav"), 220.0);
        until(&session, "it is there", |status| status.tracks == 2);
        std::fs::remove_dir_all(&share).unwrap();
        until(&session, "it is away", |status| status.missing == 1);
    });
}

#[test]
fn failures_are_hidden_shown_again_and_tried_again() {
    let world = World::new();
    world.tone("good.wav", 220.0);
    for name in ["a.mp3", "b.mp3"] {
        std::fs::write(world.file(name), b"").unwrap();
    }
    world.tone("silent.wav", 0.0);
    let session = world.session();
    build(&session, &world.music());
    let page = |which: Which, hidden| session.failure_page(&which, hidden, 0, 9).unwrap();
    let empty = || Which::Reason {
        code: "empty".to_owned(),
    };
    let all = page(Which::All, false);
    assert_eq!((all.total, all.failures.len()), (3, 3));
    let reasons = all
        .reasons
        .iter()
        .map(|reason| (reason.code.as_str(), reason.shown));
    assert_eq!(reasons.collect::<Vec<_>>(), [("empty", 2), ("silent", 1)]);

    assert_eq!(session.hide_failures(&empty(), true).unwrap(), 2);
    let status = session.status().unwrap();
    assert_eq!((status.failed, status.hidden), (1, 2));
    assert_eq!(page(empty(), false).total, 0);
    assert_eq!(page(empty(), true).total, 2);
    assert_eq!(session.hide_failures(&Which::All, false).unwrap(), 3);

    let file = page(empty(), false).failures[0].file;
    assert_eq!(session.retry_failures(&Which::File { file }).unwrap(), 1);
    let mut tried = 0;
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |progress| {
            if let Progress::Working { total, .. } = progress {
                tried = total;
            }
        })
        .unwrap();
    assert_eq!((tried, report.failed), (1, 3), "one of them is tried again");
    let path = Path::new(&page(empty(), false).failures[0].path).to_owned();
    assert!(
        path.ends_with("a.mp3"),
        "and fails again: {}",
        path.display()
    );
}

#[test]
fn the_library_is_looked_at_in_pages() {
    let (_world, session) = World::built(&[100.0, 200.0, 300.0, 400.0, 500.0]);
    let titles = |offset, limit| {
        let page = session.browse("", offset, limit).unwrap();
        assert_eq!(page.total, 5);
        let tracks = page.tracks.into_iter();
        tracks.map(|track| track.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(0, 2), ["100", "200"]);
    assert_eq!(titles(3, 9), ["400", "500"]);
    assert!(titles(9, 9).is_empty(), "past the end");
    let found = session.browse("400", 0, 9).unwrap();
    assert_eq!((found.total, found.tracks.len()), (1, 1));
    assert_eq!(session.ahead("", "3", 0).unwrap(), Some(2));
    assert_eq!(
        session.ahead("400", "3", 0).unwrap(),
        None,
        "it is not in that list"
    );
}
