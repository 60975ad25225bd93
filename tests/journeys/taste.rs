//! Steering: knobs, weights, negative seeds, whys, and throughlines that are kept. None of it needs a model.

use std::sync::atomic::Ordering;

use throughline_app::core::feedback::Knob;
use throughline_app::view::{CheckKind, Row, SeedWeight, Thread};
use throughline_app::{Query, SeedRef, Session, Verdict};

use crate::fixture::{NOW, World, titled, tone};

/// Two pockets of tones, far apart.
const PITCHES: [f32; 10] = [
    100.0, 104.0, 110.0, 117.0, 125.0, 2000.0, 2080.0, 2200.0, 2340.0, 2500.0,
];

/// Both pockets, on a machine whose model is gone once the library is built.
fn built() -> (World, Session) {
    let (world, session) = World::built(&PITCHES);
    drop(session);
    world.machine.away.store(true, Ordering::SeqCst);
    let session = world.session();
    (world, session)
}

fn ids<const N: usize>(session: &Session, titles: [&str; N]) -> [i64; N] {
    titles.map(|title| titled(session, title).id)
}

fn titles(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.track.title.as_str()).collect()
}

/// What a thread shows, without what an undo would take back.
fn shown(thread: Thread) -> Thread {
    Thread {
        undo: None,
        ..thread
    }
}

#[test]
fn knobs_are_remembered_and_undone() {
    let (world, session) = built();
    let seeds = ids(&session, ["100", "2000"]);
    let before = session.seed_tracks(&seeds, NOW).unwrap();
    let turned = session.turn_knob(Knob::Breadth, 0.0, NOW).unwrap();
    assert!((turned.knobs.breadth, turned.knobs.explore) == (0.0, before.knobs.explore));
    assert_eq!(turned.undo.as_deref(), Some("turning the breadth"));
    assert_ne!(titles(&turned.rows), titles(&before.rows));
    let far = |thread: &Thread| {
        let first = thread.rows.iter().take(4);
        first.filter(|row| row.track.title.len() == 4).count()
    };
    assert!(
        far(&turned) == 0 || far(&turned) == 4,
        "one pocket: {:?}",
        titles(&turned.rows)
    );
    drop(session);
    let session = world.session();
    assert_eq!(session.thread(NOW).unwrap(), turned, "kept over a restart");
    assert_eq!(
        session.undo(NOW).unwrap(),
        before,
        "the exact list of before"
    );
    assert_eq!(
        shown(session.turn_knob(Knob::Explore, 7.0, NOW).unwrap())
            .knobs
            .explore
            .to_bits(),
        1.0_f32.to_bits()
    );
}

#[test]
fn the_thread_check_names_pockets() {
    let (_world, session) = built();
    let seeds = ids(&session, ["100", "104", "2000", "2080"]);
    let check = session
        .seed_tracks(&seeds, NOW)
        .unwrap()
        .check
        .expect("a check");
    assert_eq!(check.kind, CheckKind::Pockets);
    assert_eq!(check.pockets[0], seeds[..2]);
    let mut all = check.pockets.concat();
    all.sort_unstable();
    let mut seeds_in_order = seeds.to_vec();
    seeds_in_order.sort_unstable();
    assert_eq!(all, seeds_in_order, "every seed lies in one pocket");
    assert!(
        check.sentence.contains("“100” and “104”") && check.sentence.contains("pockets"),
        "{}",
        check.sentence
    );
    session.clear_thread(NOW + 1).unwrap();
    let one = session
        .seed_tracks(&seeds[..2], NOW + 1)
        .unwrap()
        .check
        .expect("a check");
    assert_eq!(one.kind, CheckKind::Thread);
}

#[test]
fn a_row_says_why_and_what_it_would_be_without_a_seed() {
    let (_world, session) = built();
    let seeds = ids(&session, ["100", "2000"]);
    let thread = session.seed_tracks(&seeds, NOW).unwrap();
    for row in &thread.rows {
        let shares: f32 = row.why.anchors.iter().map(|of| of.share).sum();
        assert!((shares - 1.0).abs() < 1e-4, "shares add up: {:?}", row.why);
        assert!((0.0..=100.0).contains(&row.why.percentile));
        let parts = row.why.parts;
        let explored = parts.novelty + parts.uncertainty;
        let sum = parts.anchors + parts.dislikes + parts.head + explored + parts.fatigue;
        assert!((sum - row.score).abs() < 1e-5, "parts add up to the score");
        assert!(row.why.agreement <= seeds.len());
    }
    let low = thread
        .rows
        .iter()
        .find(|row| row.track.title == "104")
        .expect("a row");
    let strongest = &low.why.anchors[0];
    assert_eq!((strongest.id, strongest.title.as_str()), (seeds[0], "100"));
    let why = session.why(low.track.id, NOW).unwrap();
    let without = |seed| {
        let mut of = why.without_seed.iter().filter(|without| without.id == seed);
        of.next().expect("each seed is told of").rank
    };
    assert!(
        without(seeds[0]) > why.rank,
        "its seed holds it up: {why:?}"
    );
    assert!(without(seeds[1]) <= why.rank, "the other does not: {why:?}");
    assert_eq!(
        session.why(seeds[0], NOW).unwrap_err().code(),
        "unknown_track"
    );
}

#[test]
fn negative_seeds_and_weights_turn_the_list() {
    let (_world, session) = built();
    let [low, high] = ids(&session, ["100", "2000"]);
    let query = |weight: f32, opposed: Vec<SeedRef>| Query {
        seeds: vec![(SeedRef::Track(low), weight), (SeedRef::Track(high), 1.0)],
        opposed,
        limit: 4,
        ..Query::default()
    };
    let first = |query: &Query| {
        let similar = session.similar(query, NOW).unwrap();
        similar.rows[0].track.title.len()
    };
    assert_eq!(first(&query(4.0, Vec::new())), 3, "the heavy seed leads");
    assert_eq!(first(&query(0.0, Vec::new())), 4, "a muted one does not");
    let against = session.similar(
        &query(1.0, vec![SeedRef::Track(titled(&session, "2200").id)]),
        NOW,
    );
    assert!(
        against
            .unwrap()
            .rows
            .iter()
            .all(|row| row.track.title.len() == 3),
        "and turns away from what is opposed"
    );
    let thread = session.seed_tracks(&[low], NOW).unwrap();
    let turned = session.oppose(&[high], NOW).unwrap();
    assert_eq!(turned.opposed[0].id, high);
    assert!(turned.rows.iter().all(|row| row.track.id != high));
    assert_eq!(session.undo(NOW).unwrap(), thread);
    let weighed = session.weigh_seed(low, 2.0, NOW).unwrap();
    assert_eq!(weighed.undo.as_deref(), Some("weighing the seed “100”"));
    assert_eq!(
        weighed.weights,
        [SeedWeight {
            id: low,
            weight: 2.0
        }]
    );
    let even = session.weigh_seed(low, 1.0, NOW).unwrap();
    assert_eq!(even.weights, [], "one is what all weigh");
}

#[test]
fn a_thumb_down_hides_as_much_as_it_says() {
    let (_world, session) = built();
    let [seed, down] = ids(&session, ["100", "2200"]);
    let before = session.seed_tracks(&[seed], NOW).unwrap();
    let hidden = session.would_hide(down, 0.5).unwrap();
    assert!(
        (2..=5).contains(&hidden),
        "some of the high pocket: {hidden}"
    );
    let after = session.down_near(down, 0.5, NOW).unwrap();
    assert_eq!(after.rows.len(), before.rows.len() - hidden);
    assert_eq!(session.undo(NOW).unwrap(), before);
    let exact = session.rate(down, Verdict::Down, NOW).unwrap();
    assert_eq!(
        exact.rows.len(),
        before.rows.len() - 1,
        "a plain one hides that track alone"
    );
}

#[test]
fn what_was_heard_steps_back_and_comes_again() {
    let (_world, session) = built();
    let [seed, heard] = ids(&session, ["100", "104"]);
    let before = session.seed_tracks(&[seed], NOW).unwrap();
    let score = |thread: &Thread| {
        thread
            .rows
            .iter()
            .find(|row| row.track.id == heard)
            .map(|row| row.score)
            .expect("a row")
    };
    session.listened(heard, 180.0, 200.0, NOW).unwrap();
    let fresh = session.thread(NOW).unwrap();
    assert!(score(&fresh) < score(&before));
    assert_eq!(fresh.undo, before.undo, "playing is nothing to undo");
    let season = session.thread(NOW + 90 * 86_400_000).unwrap();
    let part = |thread: &Thread| {
        thread
            .rows
            .iter()
            .find(|row| row.track.id == heard)
            .map(|row| row.why.parts.fatigue)
            .expect("a row")
    };
    assert!(part(&season) > part(&fresh), "it is forgotten in time");
}

#[test]
fn throughlines_are_named_left_and_opened_again() {
    let (_world, session) = built();
    let [low, high] = ids(&session, ["100", "2000"]);
    session.seed_tracks(&[low], NOW).unwrap();
    let rain = session.name_thread(Some(" rain "), NOW).unwrap();
    assert_eq!(rain.name.as_deref(), Some("rain"));
    session.clear_thread(NOW + 1).unwrap();
    session.seed_tracks(&[high], NOW + 2).unwrap();
    assert_eq!(
        session
            .name_thread(Some("rain"), NOW + 2)
            .unwrap_err()
            .code(),
        "name_taken"
    );
    let kept = session.threads().unwrap();
    let told: Vec<_> = kept
        .iter()
        .map(|of| (of.name.as_deref(), of.seeds.clone(), of.open))
        .collect();
    assert_eq!(
        told,
        [
            (None, vec!["2000".to_owned()], true),
            (Some("rain"), vec!["100".to_owned()], false)
        ]
    );
    let id = session.thread_called("rain").unwrap();
    assert_eq!(session.open_thread(id, NOW).unwrap(), rain);
    assert_eq!(
        session.thread_called("snow").unwrap_err().code(),
        "no_throughline"
    );
}

#[test]
fn a_throughline_travels_to_another_library_as_a_file() {
    let (world, session) = built();
    let [seed, up, down] = ids(&session, ["100", "110", "125"]);
    session.seed_tracks(&[seed], NOW).unwrap();
    session.rate(up, Verdict::Up, NOW).unwrap();
    session.rate(down, Verdict::Down, NOW).unwrap();
    session.turn_knob(Knob::Explore, 0.25, NOW).unwrap();
    session.banish(titled(&session, "117").id, NOW).unwrap();
    let sent = session.name_thread(Some("rain"), NOW).unwrap();
    let file = world.music().with_file_name("rain.throughline");
    session.export_thread(sent.id, &file).unwrap();

    // The other library has half of the tones, and others before them, so that no id is the same.
    let (_other, elsewhere) = World::built(&[50.0, 60.0, 100.0, 110.0, 117.0]);
    let got = elsewhere.import_thread(&file, NOW + 5).unwrap();
    assert_eq!(
        got.unresolved.len(),
        1,
        "one thumb has no track here: {:?}",
        got.unresolved
    );
    let called = |tracks: &[throughline_app::view::Track]| -> Vec<String> {
        tracks.iter().map(|track| track.title.clone()).collect()
    };
    assert_eq!(called(&got.thread.seeds), ["100"]);
    assert_eq!(called(&got.thread.liked), ["110"]);
    assert!(got.thread.disliked.is_empty());
    assert_eq!(got.thread.knobs, sent.knobs);
    assert_eq!(got.thread.name.as_deref(), Some("rain"));
    assert!(
        titles(&got.thread.rows).contains(&"117"),
        "what is banished stays at home"
    );

    let again = session.import_thread(&file, NOW + 5).unwrap();
    assert_eq!(again.thread.name, None, "its name is taken here");
    assert_eq!(again.thread.rows, sent.rows, "and says the same");
    std::fs::write(&file, b"{\"format\": \"playlist\", \"version\": 1}").unwrap();
    assert_eq!(
        session.import_thread(&file, NOW).unwrap_err().code(),
        "throughline_file"
    );
}

#[test]
fn an_export_touches_no_other_file_and_leaves_none_behind() {
    let (world, session) = built();
    let [seed] = ids(&session, ["100"]);
    let id = session.seed_tracks(&[seed], NOW).unwrap().id;
    let dir = world.music().with_file_name("exports");
    let (file, theirs) = (dir.join("rain"), dir.join("rain.part1"));
    std::fs::create_dir(&dir).unwrap();
    let names = || std::fs::read_dir(&dir).unwrap().count();
    std::fs::write(&theirs, "not ours").unwrap();
    session.export_thread(id, &file).unwrap();
    assert_eq!(std::fs::read(&theirs).unwrap(), b"not ours");
    assert_eq!(names(), 2, "theirs and the export");

    let taken = dir.join("taken");
    std::fs::create_dir(&taken).unwrap();
    for refused in [taken, dir.join("nowhere/rain")] {
        let error = session.export_thread(id, &refused).unwrap_err();
        assert_eq!(error.code(), "file_refused", "{error}");
    }
    assert_eq!(names(), 3, "what was begun is gone");
}

#[test]
fn a_path_leads_from_one_to_the_other() {
    let (_world, session) = built();
    let [from, to] = ids(&session, ["100", "2500"]);
    let path = session.path(from, to, 4).unwrap();
    assert_eq!(path.len(), 4);
    assert!(path.iter().all(|track| track.id != from && track.id != to));
    let lengths: Vec<_> = path.iter().map(|track| track.title.len()).collect();
    assert!(lengths.is_sorted(), "low tones first: {lengths:?}");
    assert_eq!(
        session.path(from, 999, 4).unwrap_err().code(),
        "not_analysed"
    );
}

#[test]
fn a_path_may_begin_at_a_file_from_outside() {
    let (world, session) = World::built(&PITCHES);
    let outside = world.music().with_file_name("outside.wav");
    tone(&outside, 107.0);
    let guest = session.seed_files(&[outside], NOW).unwrap().seeds[0].id;
    let [far] = ids(&session, ["2500"]);
    let path = session.path(guest, far, 3).unwrap();
    assert_eq!(path.len(), 3);
    assert!(
        path.iter()
            .all(|track| track.id != guest && track.id != far)
    );
}
