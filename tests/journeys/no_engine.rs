//! What a library can do on a machine that does not have its model.

use std::sync::atomic::Ordering;

use throughline_app::{BuildRequest, SeedRef, Verdict};

use crate::fixture::{NOW, World, similar, titled, tone};

const PITCHES: [f32; 6] = [100.0, 120.0, 140.0, 1900.0, 2200.0, 2400.0];

#[test]
fn lists_seeds_and_thumbs_load_no_model() {
    let (world, session) = World::built(&PITCHES);
    let loaded = world.machine.loads.load(Ordering::SeqCst);
    let seed = titled(&session, "100").id;
    let listed = similar(&session, &[SeedRef::Track(seed)], None).unwrap();
    world.machine.away.store(true, Ordering::SeqCst);

    let session = world.session();
    let status = session.status().unwrap();
    assert_eq!((status.tracks, status.model.as_str()), (6, "fake"));
    assert!(status.model_note.is_some(), "it is said beforehand");
    assert_eq!(session.search("2400", 9).unwrap().len(), 1);
    assert_eq!(
        similar(&session, &[SeedRef::Track(seed)], None).unwrap(),
        listed,
        "tags and all"
    );
    let thread = session.seed_tracks(&[seed], NOW).unwrap();
    assert_eq!(thread.rows.len(), 5);
    let down = thread.rows[0].track.id;
    assert_eq!(
        session.rate(down, Verdict::Down, NOW).unwrap().rows.len(),
        4
    );
    assert_eq!(session.undo(NOW).unwrap(), thread);
    assert!(session.failures().unwrap().is_empty());
    assert_eq!(
        world.machine.loads.load(Ordering::SeqCst),
        loaded,
        "nothing was loaded"
    );
}

#[test]
fn a_copy_of_a_song_seeds_without_a_model() {
    let (world, session) = World::built(&PITCHES);
    let copy = world.music().with_file_name("copy.wav");
    std::fs::copy(world.file("100.wav"), &copy).unwrap();
    drop(session);
    world.machine.away.store(true, Ordering::SeqCst);
    let thread = world.session().seed_files(&[copy], NOW).unwrap();
    assert_eq!(thread.seeds[0].title, "100");
}

#[test]
fn what_needs_the_model_says_that_it_is_not_there() {
    let (world, session) = World::built(&PITCHES);
    drop(session);
    world.machine.away.store(true, Ordering::SeqCst);
    let session = world.session();
    let outside = world.music().with_file_name("outside.wav");
    tone(&outside, 330.0);
    let dropped = session
        .seed_files(std::slice::from_ref(&outside), NOW)
        .unwrap_err();
    assert_eq!(dropped.code(), "no_model");
    let built = session
        .build(&BuildRequest::default(), NOW, &mut |_| ())
        .unwrap_err();
    assert_eq!(built.code(), "no_model");
    assert!(built.to_string().contains("fetch or import"), "{built}");

    world.machine.away.store(false, Ordering::SeqCst);
    assert_eq!(session.status().unwrap().model_note, None);
    let thread = session.seed_files(&[outside], NOW).unwrap();
    assert_eq!(thread.seeds.len(), 1, "it is there again");
}
