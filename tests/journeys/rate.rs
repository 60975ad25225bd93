//! Seeds and thumbs.

use throughline_app::{SeedRef, Verdict};

use crate::fixture::{NOW, World, similar, titled, tone};

const PITCHES: [f32; 6] = [100.0, 120.0, 140.0, 1900.0, 2200.0, 2400.0];

fn titles(thread: &throughline_app::view::Thread) -> Vec<&str> {
    thread
        .rows
        .iter()
        .map(|row| row.track.title.as_str())
        .collect()
}

#[test]
fn a_thumb_down_leaves_at_once_and_undo_brings_it_back() {
    let (_world, session) = World::built(&PITCHES);
    let (seed, down) = (titled(&session, "100").id, titled(&session, "120").id);
    let before = session.seed_tracks(&[seed], NOW).unwrap();
    let after = session.rate(down, Verdict::Down, NOW).unwrap();
    assert!(
        !titles(&after).contains(&"120"),
        "gone in the same round trip"
    );
    assert_eq!(after.disliked.len(), 1);
    assert_eq!(after.undo.as_deref(), Some("thumb down for “120”"));
    let undone = session.undo(NOW).unwrap();
    assert_eq!(titles(&undone), titles(&before));
    session.undo(NOW).unwrap();
    assert_eq!(session.undo(NOW).unwrap_err().code(), "nothing_to_undo");
}

#[test]
fn a_thumb_up_moves_the_list() {
    let (_world, session) = World::built(&PITCHES);
    let seed = titled(&session, "140").id;
    let before = session.seed_tracks(&[seed], NOW).unwrap();
    let score = |thread: &throughline_app::view::Thread, title: &str| {
        thread
            .rows
            .iter()
            .find(|row| row.track.title == title)
            .unwrap()
            .score
    };
    let after = session
        .rate(titled(&session, "2400").id, Verdict::Up, NOW)
        .unwrap();
    assert!(
        score(&after, "2200") > score(&before, "2200"),
        "its neighbours come nearer"
    );
    assert!(
        after
            .rows
            .iter()
            .any(|row| row.track.title == "2400" && row.thumb.is_some()),
        "it stays, marked"
    );
}

#[test]
fn thumbs_belong_to_their_throughline_and_banishing_to_all() {
    let (_world, session) = World::built(&PITCHES);
    let [seed, down, never] = ["100", "120", "140"].map(|title| titled(&session, title).id);
    session.seed_tracks(&[seed], NOW).unwrap();
    session.rate(down, Verdict::Down, NOW).unwrap();
    session.banish(never, NOW).unwrap();
    let fresh = session.clear_thread(NOW).unwrap();
    assert!(
        fresh.seeds.is_empty() && fresh.disliked.is_empty(),
        "a new throughline knows no thumbs"
    );
    let thread = session.seed_tracks(&[seed], NOW).unwrap();
    assert!(
        titles(&thread).contains(&"120"),
        "the thumb was down elsewhere"
    );
    assert!(
        !titles(&thread).contains(&"140"),
        "never again is never again"
    );
    assert_eq!(session.status().unwrap().banished, 1);
    let rows = similar(&session, &[SeedRef::Track(seed)], None).unwrap();
    assert!(rows.iter().all(|row| row.track.id != never));
}

#[test]
fn named_throughlines_apply_when_asked_for() {
    let (_world, session) = World::built(&PITCHES);
    let (seed, down) = (titled(&session, "100").id, titled(&session, "120").id);
    session
        .rate_in(Some("evening"), down, Verdict::Down, NOW)
        .unwrap();
    let listed = |name| {
        let rows = similar(&session, &[SeedRef::Track(seed)], name).unwrap();
        rows.iter().any(|row| row.track.id == down)
    };
    assert!(listed(None), "no throughline, no thumbs");
    assert!(!listed(Some("evening")));
    session
        .rate_in(Some("evening"), down, Verdict::Clear, NOW)
        .unwrap();
    assert!(listed(Some("evening")), "a thumb can be taken back");
    let error = similar(&session, &[SeedRef::Track(seed)], Some("morning")).unwrap_err();
    assert_eq!(error.code(), "no_throughline");
}

#[test]
fn everything_is_kept_over_a_restart() {
    let (world, session) = World::built(&PITCHES);
    let outside = world.music().with_file_name("outside é.wav");
    tone(&outside, 110.0);
    session.seed_files(&[outside], NOW).unwrap();
    session
        .rate(titled(&session, "120").id, Verdict::Down, NOW)
        .unwrap();
    let before = session
        .rate(titled(&session, "140").id, Verdict::Up, NOW)
        .unwrap();
    assert_eq!(
        before.seeds[0].title, "outside é",
        "a dropped file is a seed"
    );
    assert!(!titles(&before).contains(&"outside é"), "and no row");
    drop(session);
    assert_eq!(world.session().thread(NOW).unwrap(), before);
}

#[test]
fn a_new_throughline_does_not_undo_what_was_done_in_another() {
    let (_world, session) = World::built(&PITCHES);
    session.banish(titled(&session, "140").id, NOW).unwrap();
    let fresh = session.clear_thread(NOW + 1).unwrap();
    assert_eq!(fresh.undo, None);
    assert_eq!(session.undo(NOW + 2).unwrap_err().code(), "nothing_to_undo");
    assert_eq!(
        session.status().unwrap().banished,
        1,
        "never again is never again"
    );
}

#[test]
fn an_act_that_changes_nothing_is_nothing_to_undo() {
    let (_world, session) = World::built(&PITCHES);
    let seed = titled(&session, "100").id;
    session.seed_tracks(&[seed], NOW).unwrap();
    session.seed_tracks(&[seed], NOW).unwrap();
    session
        .rate(titled(&session, "120").id, Verdict::Clear, NOW)
        .unwrap();
    assert!(
        session.undo(NOW).unwrap().seeds.is_empty(),
        "one undo takes the seed back"
    );
}

#[test]
fn files_that_cannot_seed_are_said_and_the_others_do() {
    let (world, session) = World::built(&PITCHES);
    let bad = world.music().with_file_name("bad.mp3");
    std::fs::write(&bad, b"no").unwrap();
    let good = world.music().with_file_name("good.wav");
    tone(&good, 110.0);
    let error = session
        .seed_files(std::slice::from_ref(&bad), NOW)
        .unwrap_err();
    assert_eq!(error.code(), "unreadable_audio");
    assert!(session.thread(NOW).unwrap().seeds.is_empty());
    let thread = session.seed_files(&[bad, good], NOW).unwrap();
    assert_eq!(thread.seeds.len(), 1);
    assert!(
        thread.note.unwrap().contains("bad.mp3"),
        "the listener hears which one did not work"
    );
}
