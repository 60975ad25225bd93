//! A folder becomes a library.

use std::path::Path;
use std::time::SystemTime;

use throughline_app::view::{BuildReport, Ordering, Progress, Row, TrackStatus};
use throughline_app::{AppError, BuildRequest, SeedRef, Session};

use crate::fixture::{NOW, World, build, build_watched, similar, titled};

#[test]
fn a_second_build_of_an_unchanged_folder_decodes_nothing() {
    let (world, session) = World::built(&[110.0, 220.0, 440.0]);
    let report = build(&session, &world.music());
    assert_eq!(
        (
            report.added,
            report.unchanged,
            report.failed,
            report.missing
        ),
        (0, 3, 0, 0)
    );
    assert_eq!(world.embedded(), 3, "nothing is embedded twice");
}

#[test]
fn moved_renamed_and_copied_files_are_recognised() {
    let (world, session) = World::built(&[110.0, 220.0]);
    let before = titled(&session, "110");
    std::fs::rename(world.file("110.wav"), world.file("renamed.wav")).unwrap();
    std::fs::copy(world.file("220.wav"), world.file("copy.wav")).unwrap();
    let report = build(&session, &world.music());
    assert_eq!((report.added, report.moved, report.missing), (0, 2, 0));
    assert_eq!(world.embedded(), 2, "nothing is embedded again");
    assert_eq!(
        titled(&session, "renamed").id,
        before.id,
        "a track keeps its identity when it moves"
    );
    assert_eq!(
        session.search("", 10).unwrap().len(),
        2,
        "a copy is no second track"
    );
}

#[test]
fn copies_that_arrive_together_are_embedded_once() {
    let world = World::new();
    world.tone("a.wav", 330.0);
    for copy in ["b.wav", "c.wav", "d.wav"] {
        std::fs::copy(world.file("a.wav"), world.file(copy)).unwrap();
    }
    let session = world.session();
    let report = build(&session, &world.music());
    assert_eq!((report.added, report.moved, world.embedded()), (1, 3, 1));
}

/// Lets `file`, which is as long as before, have changed at another time than when it was written first.
fn set_modified(file: &Path) {
    let file = std::fs::File::options().append(true).open(file).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
}

#[test]
fn a_changed_file_is_embedded_again_and_keeps_its_identity() {
    let (world, session) = World::built(&[110.0, 220.0]);
    let before = titled(&session, "110");
    world.tone("110.wav", 3000.0);
    set_modified(&world.file("110.wav"));
    let report = build(&session, &world.music());
    assert_eq!((report.added, report.unchanged), (1, 1));
    assert_eq!(titled(&session, "110").id, before.id);
}

#[test]
fn a_deleted_file_is_missing_and_comes_back() {
    let (world, session) = World::built(&[110.0, 220.0, 440.0]);
    let seed = titled(&session, "220").id;
    session.seed_tracks(&[seed], NOW).unwrap();
    let aside = world.music().with_file_name("aside.wav");
    std::fs::rename(world.file("110.wav"), &aside).unwrap();
    assert_eq!(build(&session, &world.music()).missing, 1);
    assert_eq!(titled(&session, "110").status, TrackStatus::Missing);
    let listed = |session: &Session| {
        session
            .thread(NOW)
            .unwrap()
            .rows
            .iter()
            .any(|row| row.track.title == "110")
    };
    assert!(
        !listed(&session),
        "what cannot be played is not recommended"
    );
    std::fs::rename(&aside, world.file("110.wav")).unwrap();
    assert_eq!(build(&session, &world.music()).missing, 0);
    assert!(listed(&session), "it is back");
    assert_eq!(world.embedded(), 3, "and was not embedded again");
}

#[test]
fn bad_files_cost_only_themselves_and_are_remembered() {
    let world = World::new();
    world.tone("good.wav", 220.0);
    std::fs::write(
        world.file("text.mp3"),
        "not music at all, just words. ".repeat(100),
    )
    .unwrap();
    std::fs::write(world.file("empty.flac"), b"").unwrap();
    world.tone("silent.wav", 0.0);
    let session = world.session();
    let mut told = Vec::new();
    let report = build_watched(&session, &world.music(), &mut |progress| {
        if let Progress::Working {
            failure: Some(failure),
            ..
        } = progress
        {
            told.push(failure);
        }
    });
    assert_eq!((report.added, report.failed), (1, 3));
    assert_eq!(told.len(), 3, "each failure is told once");
    let mut kept = session.failures().unwrap();
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    told.sort_by(|a, b| a.path.cmp(&b.path));
    assert_eq!(kept, told, "and kept");
    let codes: Vec<_> = kept.iter().map(|failure| failure.code.as_str()).collect();
    assert_eq!(codes, ["empty", "silent", "not_audio"]);

    let again = build(&session, &world.music());
    assert_eq!(
        (again.added, again.unchanged, again.failed),
        (0, 1, 3),
        "remembered, not tried again"
    );

    world.tone("text.mp3", 440.0);
    let mended = build(&session, &world.music());
    assert_eq!(
        (mended.added, mended.failed),
        (1, 2),
        "a file that changed is tried again"
    );

    let request = BuildRequest {
        folder: None,
        retry_failed: true,
    };
    let mut tried = 0;
    session
        .build(&request, NOW, &mut |progress| {
            if let Progress::Working { total, .. } = progress {
                tried = total;
            }
        })
        .unwrap();
    assert_eq!(tried, 2, "on demand the others are tried again too");
}

#[test]
fn a_cancelled_build_keeps_what_it_has_and_goes_on_later() {
    let world = World::new();
    for n in 0..24 {
        world.tone(&format!("{n}.wav"), 100.0 + 50.0 * n as f32);
    }
    let session = world.session();
    let first = build_watched(&session, &world.music(), &mut |progress| {
        if matches!(progress, Progress::Working { done, .. } if done >= 3) {
            session.cancel_build().ok();
        }
    });
    assert!(first.cancelled, "the report says that it was cancelled");
    assert!(first.added >= 3, "what was stored stays");
    let second = build(&session, &world.music());
    assert!(!second.cancelled);
    assert_eq!(
        first.added + second.added,
        24,
        "nothing is lost and nothing is done twice"
    );
    assert!(matches!(session.cancel_build(), Err(AppError::NotBuilding)));
}

#[test]
fn the_library_can_be_asked_while_it_is_being_built() {
    let (world, session) = World::built(&[110.0, 220.0]);
    session
        .seed_tracks(&[titled(&session, "110").id], NOW)
        .unwrap();
    for n in 0..8 {
        world.tone(&format!("new {n}.wav"), 500.0 + 100.0 * n as f32);
    }
    let session = world.session();
    let mut found = None;
    build_watched(&session, &world.music(), &mut |progress| {
        if found.is_none() && matches!(progress, Progress::Working { added, .. } if added >= 3) {
            found = Some(
                session
                    .thread(NOW)
                    .expect("a list while building")
                    .rows
                    .len(),
            );
        }
    });
    assert!(
        found > Some(3),
        "tracks are found before the build has ended: {found:?}"
    );
    assert_eq!(
        session.thread(NOW).unwrap().rows.len(),
        9,
        "and all of them once it has"
    );
}

#[test]
fn a_file_that_cannot_be_reached_is_tried_again_by_itself() {
    let world = World::new();
    world.tone("there.wav", 220.0);
    let away = world.music().with_file_name("away.wav");
    crate::fixture::tone(&away, 440.0);
    std::fs::copy(&away, world.file("vanishes.wav")).unwrap();
    let session = world.session();
    let first = build_watched(&session, &world.music(), &mut |progress| {
        // It vanishes after the scan has seen it, as on a disk that is unplugged.
        if matches!(progress, Progress::Scanning { files: 2 }) {
            std::fs::remove_file(world.file("vanishes.wav")).ok();
        }
    });
    assert_eq!((first.added, first.failed), (1, 1));
    std::fs::copy(&away, world.file("vanishes.wav")).unwrap();
    let second = build(&session, &world.music());
    assert_eq!((second.added, second.failed), (1, 0));
}

#[test]
fn a_folder_inside_another_is_gone_through_once() {
    let world = World::new();
    world.tone("a.wav", 220.0);
    world.tone("inner/b.wav", 440.0);
    let session = world.session();
    build(&session, &world.music());
    build(&session, &world.file("inner"));
    world.tone("inner/c.wav", 880.0);
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |_| ())
        .unwrap();
    assert_eq!((report.added, report.moved, report.unchanged), (1, 0, 2));
}

#[test]
fn a_folder_that_is_not_there_is_said_and_nothing_is_marked_missing() {
    let (world, session) = World::built(&[110.0]);
    std::fs::rename(world.music(), world.music().with_file_name("unplugged")).unwrap();
    let request = BuildRequest {
        folder: Some(world.music()),
        retry_failed: false,
    };
    let error = session.build(&request, NOW, &mut |_| ()).unwrap_err();
    assert_eq!(error.code(), "folder_gone");
    let all = session
        .build(&BuildRequest::default(), NOW, &mut |_| ())
        .unwrap();
    assert_eq!(
        all.missing, 0,
        "a disk that is away is not a deleted collection"
    );
    assert!(!session.status().unwrap().sources[0].online);
}

#[test]
fn a_folder_inside_another_that_is_away_loses_nothing() {
    let world = World::new();
    world.tone("110.wav", 110.0);
    world.tone("share/220.wav", 220.0);
    let session = world.session();
    build(&session, &world.music());
    build(&session, &world.file("share"));
    let away = world.music().with_file_name("away");
    std::fs::rename(world.file("share"), &away).unwrap();
    std::fs::create_dir(world.file("share")).unwrap();
    assert_eq!(build(&session, &world.music()).missing, 0);
    assert_eq!(titled(&session, "220").status, TrackStatus::Ready);
    std::fs::remove_dir(world.file("share")).unwrap();
    assert_eq!(build(&session, &world.music()).missing, 0, "nor like this");
    std::fs::rename(&away, world.file("share")).unwrap();
    assert_eq!(build(&session, &world.music()).unchanged, 2);
}

#[cfg(unix)]
#[test]
fn a_folder_that_became_a_link_stays_the_source_that_it_is() {
    let (world, session) = World::built(&[110.0, 220.0]);
    let disk = world.music().with_file_name("disk");
    std::fs::rename(world.music(), &disk).unwrap();
    std::os::unix::fs::symlink(&disk, world.music()).unwrap();
    let report = build(&session, &world.music());
    assert_eq!((report.unchanged, report.moved, report.missing), (2, 0, 0));
    let sources = session.status().unwrap().sources;
    assert_eq!(sources.len(), 1, "its target is no source of its own");
}

/// What a build says while it puts the library in order.
fn told(session: &Session, mut on_progress: impl FnMut(&Progress)) -> (BuildReport, Vec<usize>) {
    let mut compared = Vec::new();
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |progress| {
            on_progress(&progress);
            if let Progress::Finishing {
                step: Some(Ordering::Comparing),
                done,
                total,
                ..
            } = progress
            {
                assert!(done <= total);
                compared.push(done);
            }
        })
        .unwrap();
    (report, compared)
}

#[test]
fn putting_in_order_says_how_far_it_is_and_can_be_cancelled() {
    let (world, session) = World::built(&[100.0, 200.0, 300.0]);
    let seeds = [SeedRef::Track(titled(&session, "100").id)];
    let before = similar(&session, &seeds, None).unwrap();
    assert_eq!(told(&session, |_| ()).1, [0; 0], "nothing is new");
    world.tone("400.wav", 400.0);
    let (report, compared) = told(&session, |progress| {
        if matches!(progress, Progress::Finishing { step: Some(_), .. }) {
            session.cancel_build().expect("a build is under way");
        }
    });
    assert!(report.cancelled);
    assert_eq!(report.added, 1, "what was heard is kept");
    assert_eq!(compared, [4], "it was told that all were compared");
    let after = similar(&session, &seeds, None).unwrap();
    let score = |rows: &[Row], title: &str| {
        let row = rows.iter().find(|row| row.track.title == title);
        row.expect("it is listed").likeness.to_bits()
    };
    for title in ["200", "300"] {
        let (was, is) = (score(&before, title), score(&after, title));
        assert_eq!(was, is, "what was frozen before serves on");
    }
    assert_eq!(after.len(), 3, "and the new track is found");
    let (report, compared) = told(&session, |_| ());
    assert!(!report.cancelled);
    assert_eq!((report.added, compared), (0, vec![4]), "it is made up for");
    assert_eq!(told(&session, |_| ()).1, [0; 0], "once");
}

#[test]
fn what_was_heard_anew_in_place_is_put_in_order_although_the_build_was_cancelled() {
    let (world, session) = World::built(&[100.0, 200.0, 300.0]);
    world.tone("300.wav", 3000.0);
    let cancelled = |progress: &Progress| {
        if matches!(progress, Progress::Finishing { .. }) {
            session.cancel_build().expect("a build is under way");
        }
    };
    set_modified(&world.file("300.wav"));
    let (report, _) = told(&session, cancelled);
    assert_eq!((report.added, report.cancelled), (1, true));
    // As many tracks as before, and none comes now.
    let (report, compared) = told(&session, |_| ());
    assert_eq!((report.added, compared), (0, vec![3]), "it is made up for");
    assert_eq!(told(&session, |_| ()).1, [0; 0], "once");
}
