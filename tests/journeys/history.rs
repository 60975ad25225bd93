//! Throughlines as they were, and branches of them.

use throughline_app::view::{Thread, Track};
use throughline_app::{Session, Verdict};

use crate::fixture::{NOW, World, titled};

/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;

fn called(tracks: &[Track]) -> Vec<&str> {
    tracks.iter().map(|track| track.title.as_str()).collect()
}

/// What a thread shows, whatever it is called and whatever could be undone.
fn shown(thread: Thread) -> Thread {
    Thread {
        id: 0,
        name: None,
        undo: None,
        ..thread
    }
}

/// A throughline in which something was said every hour: a seed, a thumb, its undoing, another seed; and the
/// tracks banished after that. Answers with how it stood after the thumb.
fn said(session: &Session) -> Thread {
    let id = |title| titled(session, title).id;
    session.seed_tracks(&[id("100")], NOW).unwrap();
    session.name_thread(Some("rain"), NOW).unwrap();
    session.rate(id("110"), Verdict::Up, NOW + HOUR).unwrap();
    let then = session.thread(NOW + 2 * HOUR).unwrap();
    session.undo(NOW + 2 * HOUR).unwrap();
    session.seed_tracks(&[id("2000")], NOW + 3 * HOUR).unwrap();
    session.banish(id("125"), NOW + 4 * HOUR).unwrap();
    then
}

fn built() -> (World, Session) {
    World::built(&[100.0, 104.0, 110.0, 117.0, 125.0, 2000.0, 2080.0])
}

#[test]
fn a_throughline_is_shown_as_it_was() {
    let (_world, session) = built();
    let then = said(&session);
    let rain = then.id;
    let now = session.thread(NOW + 5 * HOUR).unwrap();
    let before = session.thread_before(Some(rain), NOW + 2 * HOUR).unwrap();
    assert_eq!(before.undo, None, "nothing can be undone in the past");
    assert_eq!(
        shown(before.clone()),
        shown(then),
        "what was undone or banished later counts as it did"
    );
    assert_eq!(
        session.thread_before(None, NOW + 2 * HOUR).unwrap(),
        before,
        "it is the open one"
    );
    assert!(
        session.thread_before(None, NOW).unwrap().seeds.is_empty(),
        "nothing had been said"
    );
    assert_eq!(
        session.thread(NOW + 5 * HOUR).unwrap(),
        now,
        "looking back changes nothing"
    );
    assert_eq!(
        session.thread_before(Some(99), NOW).unwrap_err().code(),
        "no_throughline"
    );
}

#[test]
fn a_branch_goes_its_own_way_from_then_on() {
    let (_world, session) = built();
    let rain = said(&session).id;
    let stood = session.thread_at(rain, NOW + 5 * HOUR).unwrap();
    let branch = session
        .branch_thread(rain, None, Some(NOW + 2 * HOUR), NOW + 5 * HOUR)
        .unwrap();
    assert_ne!(branch.id, rain);
    assert_eq!(branch.name.as_deref(), Some("rain 2"));
    assert_eq!(called(&branch.seeds), ["100"]);
    assert_eq!(called(&branch.liked), ["110"], "it was not undone by then");
    assert!(
        !branch.rows.iter().any(|row| row.track.title == "125"),
        "what is banished is banished everywhere"
    );
    let undone = session.undo(NOW + 5 * HOUR).unwrap();
    assert!(undone.liked.is_empty(), "its acts are its own");
    assert_eq!(
        session.thread_at(rain, NOW + 5 * HOUR).unwrap(),
        stood,
        "the one it comes from is as it was"
    );
    let whole = session
        .branch_thread(rain, Some("snow"), None, NOW + 6 * HOUR)
        .unwrap();
    assert_eq!(whole.name.as_deref(), Some("snow"));
    assert_eq!(called(&whole.seeds), ["100", "2000"]);
    assert!(
        whole.liked.is_empty(),
        "what is undone is not carried along"
    );
    let kept = session.threads().unwrap();
    let names: Vec<_> = kept.iter().map(|of| of.name.as_deref()).collect();
    assert_eq!(names, [Some("snow"), Some("rain 2"), Some("rain")]);
    assert_eq!(
        (kept[2].begun_at, kept[2].changed_at),
        (NOW, NOW + 3 * HOUR)
    );
}

#[test]
fn a_branch_of_nothing_or_of_a_taken_name_is_refused() {
    let (_world, session) = built();
    let rain = said(&session).id;
    for (name, before, code) in [
        (None, Some(NOW), "nothing_said"),
        (Some("rain"), None, "name_taken"),
    ] {
        let refused = session.branch_thread(rain, name, before, NOW + 5 * HOUR);
        assert_eq!(refused.unwrap_err().code(), code);
    }
    assert_eq!(
        session.threads().unwrap().len(),
        1,
        "nothing was left behind"
    );
    let unnamed = session.clear_thread(NOW + 5 * HOUR).unwrap().id;
    assert_eq!(
        session
            .branch_thread(unnamed, None, None, NOW + 5 * HOUR)
            .unwrap_err()
            .code(),
        "nothing_said"
    );
}
