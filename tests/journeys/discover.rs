//! From seeds to a list.

use throughline_app::SeedRef;

use crate::fixture::{World, similar, titled, tone};

const PITCHES: [f32; 6] = [100.0, 120.0, 140.0, 1900.0, 2200.0, 2400.0];

#[test]
fn what_sounds_alike_comes_first_and_seeds_never_come_back() {
    let (_world, session) = World::built(&PITCHES);
    let seed = titled(&session, "100");
    let rows = similar(&session, &[SeedRef::Track(seed.id)], None).unwrap();
    let titles: Vec<_> = rows.iter().map(|row| row.track.title.as_str()).collect();
    assert_eq!(titles.len(), 5, "every track but the seed");
    assert_eq!(
        titles[..2],
        ["120", "140"],
        "near in pitch, near in the list"
    );
    assert!(
        rows.iter()
            .all(|row| (row.likeness - row.seed_scores[0]).abs() < 1e-5),
        "one seed is the thread"
    );
    assert_eq!(
        rows[0].shared_tags,
        ["low"],
        "low stands out here; nobody is louder than the rest"
    );
}

#[test]
fn equal_questions_have_equal_answers() {
    let (world, session) = World::built(&PITCHES);
    let seeds = ["100", "2400"].map(|title| SeedRef::Track(titled(&session, title).id));
    let first = similar(&session, &seeds, None).unwrap();
    let turned = similar(&session, &[seeds[1].clone(), seeds[0].clone()], None).unwrap();
    let ids = |rows: &[throughline_app::view::Row]| {
        rows.iter().map(|row| row.track.id).collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&first),
        ids(&turned),
        "the order of seeds is irrelevant"
    );
    assert_eq!(
        first,
        similar(&world.session(), &seeds, None).unwrap(),
        "and so is a restart"
    );
}

#[test]
fn a_file_outside_the_library_can_seed() {
    let (world, session) = World::built(&PITCHES);
    let outside = world.music().with_file_name("outside é.wav");
    tone(&outside, 2100.0);
    let rows = similar(&session, &[SeedRef::File(outside)], None).unwrap();
    assert!(
        rows[..3].iter().all(|row| row.track.title.len() == 4),
        "high tones first: {rows:?}"
    );
    assert_eq!(
        session.search("", 100).unwrap().len(),
        PITCHES.len(),
        "asking stores nothing"
    );
}

#[test]
fn a_copy_of_a_library_file_is_the_same_track() {
    let (world, session) = World::built(&PITCHES);
    let copy = world.music().with_file_name("copy.wav");
    std::fs::copy(world.file("100.wav"), &copy).unwrap();
    let embedded = world.embedded();
    let rows = similar(&session, &[SeedRef::File(copy)], None).unwrap();
    assert!(
        rows.iter().all(|row| row.track.title != "100"),
        "byte-identical copies are left out"
    );
    assert_eq!(world.embedded(), embedded, "its vector is known");
}

#[test]
fn errors_say_what_is_wrong() {
    let empty = World::new();
    let session = empty.session();
    let code = |seed: SeedRef| similar(&session, &[seed], None).unwrap_err().code();
    assert_eq!(code(SeedRef::Track(7)), "not_analysed");
    assert_eq!(
        code(SeedRef::File("nowhere.mp3".into())),
        "unreadable_audio"
    );
    tone(&empty.music().with_file_name("seed.wav"), 440.0);
    assert_eq!(
        code(SeedRef::File(empty.music().with_file_name("seed.wav"))),
        "no_tracks"
    );
}

#[test]
fn search_finds_by_name_whatever_is_typed() {
    let (_world, session) = World::built(&PITCHES);
    assert_eq!(session.search("2400", 10).unwrap().len(), 1);
    for hostile in ["\"", "* OR", "NEAR(", "'; DROP TABLE track", "\u{0}", "é"] {
        session
            .search(hostile, 10)
            .unwrap_or_else(|error| panic!("{hostile:?} is no error: {error}"));
    }
}
