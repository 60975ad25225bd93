use std::path::Path;

use throughline_library::JobState;

use crate::{known, library, mark_missing, other_recipe, plan, recipe, stat, store};

#[test]
fn a_scan_compares_with_what_was_planned_and_done() {
    let mut library = library();
    let planned = plan(&mut library, "/music/a.flac", 1);
    store(&mut library, "/music/b.flac", 2, "B");
    let source = library.sources().all().unwrap()[0].id;
    let files = library.files().under(source, &recipe()).unwrap();
    assert_eq!(files.len(), 2);

    let a = &files[Path::new("/music/a.flac")];
    assert_eq!(
        (a.id, a.stat, a.track, a.missing),
        (planned, stat(1), None, false)
    );
    assert_eq!(a.job.map(|job| job.state), Some(JobState::Pending));
    assert!(
        !a.settled(stat(1)),
        "a job that a kill left pending is still to be done"
    );

    let b = &files[Path::new("/music/b.flac")];
    assert!(b.track.is_some());
    assert!(b.settled(stat(2)), "an unchanged file is not read again");
    assert!(!b.settled(stat(3)), "a changed one is");

    let b = &library.files().under(source, &other_recipe()).unwrap()[Path::new("/music/b.flac")];
    assert_eq!(b.job, None, "jobs of another recipe do not count");
}

#[test]
fn planning_twice_keeps_the_file() {
    let mut library = library();
    let first = plan(&mut library, "/music/a.flac", 1);
    assert_eq!(plan(&mut library, "/music/a.flac", 2), first);
    assert_eq!(known(&library, "/music/a.flac").unwrap().stat, stat(2));
}

#[test]
fn missing_files_come_back() {
    let mut library = library();
    store(&mut library, "/music/a.flac", 1, "A");
    assert_eq!(mark_missing(&mut library, "/music/a.flac"), 1);
    let file = known(&library, "/music/a.flac").unwrap();
    assert!(file.missing);
    assert_eq!(library.counts(&recipe()).unwrap().missing, 1);
    let tx = library.begin().unwrap();
    tx.files_mut().mark_found(&[file.id]).unwrap();
    tx.commit().unwrap();
    assert!(!known(&library, "/music/a.flac").unwrap().missing);
    assert_eq!(
        library.counts(&recipe()).unwrap().ready,
        1,
        "with its vectors"
    );
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_unicode_survives() {
    use std::os::unix::ffi::OsStrExt;
    let mut library = library();
    let name = Path::new(std::ffi::OsStr::from_bytes(b"/music/caf\xe9 \xff\xfe.mp3"));
    plan(&mut library, name, 1);
    let source = library.sources().all().unwrap()[0].id;
    let files = library.files().under(source, &recipe()).unwrap();
    assert_eq!(files.keys().collect::<Vec<_>>(), [name]);
    let file = &library
        .files()
        .at(name, &recipe())
        .unwrap()
        .expect("found by its bytes");
    let about = crate::described("Café");
    let features = crate::features(1);
    let done = throughline_library::Analysed {
        file: file.id,
        stat: stat(1),
        hash: crate::hash(1),
        about: &about,
        features: &features,
    };
    let tx = library.begin().unwrap();
    tx.store(&recipe(), &done, crate::NOW).unwrap();
    tx.commit().unwrap();
    let found = library.tracks().search(&recipe(), "caf", 10).unwrap();
    assert_eq!(
        found[0].path.as_deref(),
        Some(name),
        "and can be searched for"
    );
}
