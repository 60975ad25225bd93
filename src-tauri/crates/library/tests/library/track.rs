use std::path::Path;

use throughline_core::track::{Tags, TrackId};
use throughline_library::{Description, Status};

use crate::{library, mark_missing, other_recipe, plan, recipe, store, store_described};

#[test]
fn everything_a_file_says_comes_back() {
    let mut library = library();
    let about = Description {
        tags: Tags {
            title: Some("Blue".into()),
            artist: Some("Ann".into()),
            album: Some("Skies".into()),
            year: Some(1971),
            genre: Some("Folk".into()),
        },
        duration_s: 215.25,
        codec: "mp3".into(),
        sample_rate: 48_000,
        channels: 1,
    };
    let id = store_described(&mut library, "/music/a.mp3", 1, &about);
    let track = &library.tracks().all(&recipe()).unwrap()[0];
    assert_eq!(
        (track.id, &track.tags, track.duration_s),
        (id, &about.tags, 215.25)
    );
    assert_eq!(
        (track.path.as_deref(), track.status),
        (Some(Path::new("/music/a.mp3")), Status::Ready)
    );
}

#[test]
fn tracks_come_in_the_order_in_which_they_are_asked_for() {
    let mut library = library();
    let a = store(&mut library, "/music/a.flac", 1, "A");
    let b = store(&mut library, "/music/b.flac", 2, "B");
    let c = store(&mut library, "/music/c.flac", 3, "C");
    let ids: Vec<TrackId> = library
        .tracks()
        .get(&recipe(), &[c, a, TrackId(99), b])
        .unwrap()
        .into_iter()
        .map(|track| track.id)
        .collect();
    assert_eq!(ids, [c, a, b], "an unknown one is left out");
    assert!(library.tracks().get(&recipe(), &[]).unwrap().is_empty());
}

#[test]
fn the_status_is_that_of_a_recipe() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let status = |recipe| library.tracks().get(&recipe, &[track]).unwrap()[0].status;
    assert_eq!(status(recipe()), Status::Ready);
    assert_eq!(status(other_recipe()), Status::Pending);
}

#[test]
fn counts_add_up() {
    let mut library = library();
    store(&mut library, "/music/a.flac", 1, "A");
    store(&mut library, "/music/b.flac", 2, "B");
    mark_missing(&mut library, "/music/b.flac");
    plan(&mut library, "/music/c.flac", 3);
    store(&mut library, "/guest.flac", 4, "D");
    let counts = library.counts(&recipe()).unwrap();
    assert_eq!((counts.listed, counts.ready, counts.missing), (2, 1, 1));
    assert_eq!((counts.pending, counts.failed), (1, 0));
}
