use std::path::PathBuf;

use throughline_library::{Failure, Failures, FileId, Library};

use crate::{known, library, mark_missing, other_recipe, plan, recipe, stat, store};

fn fail(library: &mut Library, path: &str, content: u8) -> FileId {
    let file = plan(library, path, content);
    let tx = library.begin().unwrap();
    let why = Failure {
        code: "silent".into(),
        reason: "no sound in it".into(),
    };
    tx.fail(&recipe(), file, stat(content), &why).unwrap();
    tx.commit().unwrap();
    file
}

fn paths(library: &Library) -> Vec<PathBuf> {
    library
        .jobs()
        .failures(&recipe())
        .unwrap()
        .into_iter()
        .map(|failed| failed.path)
        .collect()
}

#[test]
fn a_failure_is_remembered_with_its_reason() {
    let mut library = library();
    let file = fail(&mut library, "/music/b.flac", 1);
    fail(&mut library, "/music/a.flac", 2);
    let failures = library.jobs().failures(&recipe()).unwrap();
    assert_eq!(
        paths(&library),
        ["/music/a.flac", "/music/b.flac"].map(PathBuf::from),
        "by path"
    );
    assert_eq!(
        (failures[1].file, failures[1].failure.code.as_str()),
        (file, "silent")
    );
    assert_eq!(failures[1].failure.reason, "no sound in it");
    assert_eq!(library.counts(&recipe()).unwrap().failed, 2);
    assert!(library.jobs().failures(&other_recipe()).unwrap().is_empty());
    let known = known(&library, "/music/b.flac").unwrap();
    assert!(known.settled(stat(1)), "it is not tried for ever");
    assert!(!known.settled(stat(9)), "but again when it changed");
}

#[test]
fn tries_are_counted_while_the_file_stays_the_same() {
    let mut library = library();
    let tries = |library: &Library| library.jobs().failures(&recipe()).unwrap()[0].tries;
    fail(&mut library, "/music/a.flac", 1);
    fail(&mut library, "/music/a.flac", 1);
    assert_eq!(tries(&library), 2);
    fail(&mut library, "/music/a.flac", 2);
    assert_eq!(tries(&library), 1, "another content, another count");
}

#[test]
fn what_is_not_listed_does_not_count_as_failed() {
    let mut library = library();
    fail(&mut library, "/elsewhere/guest.flac", 1);
    fail(&mut library, "/music/gone.flac", 2);
    mark_missing(&mut library, "/music/gone.flac");
    assert!(paths(&library).is_empty());
    assert_eq!(library.counts(&recipe()).unwrap().failed, 0);
}

#[test]
fn a_library_is_covered_once_every_file_is_done_or_failed() {
    let mut library = library();
    let coverage = |library: &Library, recipe| {
        let coverage = library.coverage(recipe).unwrap();
        (coverage.done, coverage.total, coverage.is_complete())
    };
    let (ours, others) = (recipe(), other_recipe());
    assert_eq!(
        coverage(&library, &ours),
        (0, 0, true),
        "nothing is to be done"
    );
    plan(&mut library, "/music/a.flac", 1);
    fail(&mut library, "/music/b.flac", 2);
    fail(&mut library, "/elsewhere/guest.flac", 3);
    assert_eq!(coverage(&library, &ours), (1, 2, false), "a is planned");
    store(&mut library, "/music/a.flac", 1, "A");
    assert_eq!(coverage(&library, &ours), (2, 2, true));
    assert_eq!(coverage(&library, &others), (0, 2, false));
    mark_missing(&mut library, "/music/a.flac");
    assert_eq!(coverage(&library, &ours), (1, 1, true), "what is gone");
}

#[test]
fn failures_are_read_in_pages_and_counted_by_reason() {
    let mut library = library();
    for n in 0..5 {
        fail(&mut library, &format!("/music/{n}.flac"), n);
    }
    let tx = library.begin().unwrap();
    let why = Failure {
        code: "empty".into(),
        reason: "there is nothing in it".into(),
    };
    let file = tx.files().at("/music/3.flac".as_ref(), &recipe()).unwrap();
    let file = file.expect("it was planned").id;
    tx.fail(&recipe(), file, stat(3), &why).unwrap();
    tx.commit().unwrap();
    let page = |which, offset, limit| {
        let page = library
            .jobs()
            .page(&recipe(), &which, Some(false), offset, limit)
            .unwrap();
        page.into_iter()
            .map(|failed| failed.path.file_stem().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(page(Failures::All, 1, 2), ["1", "2"]);
    assert_eq!(page(Failures::All, 4, 9), ["4"], "the last page is short");
    assert_eq!(page(Failures::Reason("silent".into()), 2, 9), ["2", "4"]);
    assert_eq!(page(Failures::File(file), 0, 9), ["3"]);
    let reasons = library.jobs().reasons(&recipe()).unwrap();
    let reasons: Vec<_> = reasons
        .iter()
        .map(|reason| (reason.code.as_str(), reason.shown, reason.hidden))
        .collect();
    assert_eq!(reasons, [("silent", 4, 0), ("empty", 1, 0)]);
}

#[test]
fn a_failure_is_hidden_until_it_is_shown_again_or_its_file_changes() {
    let mut library = library();
    let a = fail(&mut library, "/music/a.flac", 1);
    fail(&mut library, "/music/b.flac", 2);
    let hide = |library: &mut Library, which: Failures, hidden| {
        let tx = library.begin().unwrap();
        let changed = tx.jobs_mut().hide(&recipe(), &which, hidden).unwrap();
        tx.commit().unwrap();
        changed
    };
    let counts = |library: &Library| {
        let counts = library.counts(&recipe()).unwrap();
        (counts.failed, counts.hidden)
    };
    assert_eq!(hide(&mut library, Failures::File(a), true), 1);
    assert_eq!(counts(&library), (1, 1));
    fail(&mut library, "/music/a.flac", 1);
    assert_eq!(counts(&library), (1, 1), "tried again as it was");
    fail(&mut library, "/music/a.flac", 9);
    assert_eq!(counts(&library), (2, 0), "another file of that name");
    assert_eq!(
        hide(&mut library, Failures::Reason("silent".into()), true),
        2
    );
    assert_eq!(hide(&mut library, Failures::All, false), 2);
    assert_eq!(counts(&library), (2, 0));
}

#[test]
fn a_failure_that_is_to_be_tried_again_is_pending() {
    let mut library = library();
    let a = fail(&mut library, "/music/a.flac", 1);
    fail(&mut library, "/music/b.flac", 2);
    let retry = |library: &mut Library, which: Failures| {
        let tx = library.begin().unwrap();
        let retried = tx.jobs_mut().retry(&recipe(), &which).unwrap();
        tx.commit().unwrap();
        retried
    };
    assert_eq!(retry(&mut library, Failures::File(a)), 1);
    assert_eq!(paths(&library), [PathBuf::from("/music/b.flac")]);
    assert!(!known(&library, "/music/a.flac").unwrap().settled(stat(1)));
    assert_eq!(retry(&mut library, Failures::Reason("silent".into())), 1);
    assert_eq!(library.counts(&recipe()).unwrap().pending, 2);
}
