//! Songs of a catalogue become a library, from a store on this machine that misbehaves.

use throughline_app::view::Progress;
use throughline_store::{Fate, Fates, Faults, StoreSettings};

use crate::fixture::{NOW, World};
use shop::{build, build_watched, contents, order, songs};

mod shop;

#[test]
fn what_can_be_had_is_there_and_the_rest_is_listed_with_its_reason() {
    let world = World::new();
    let songs = songs(60);
    let store = shop::open(StoreSettings {
        faults: Faults::every(0.2, 3),
        fates: Fates::every(0.2, 5),
        ..StoreSettings::new(songs.clone())
    });
    let session = shop::session(&world, &store);
    let report = build(&session, &order(60));
    let of_fate = |wanted: &[Fate]| {
        songs
            .iter()
            .filter(|song| wanted.contains(&store.fate(song.id)))
            .count()
    };
    let (tracks, failures) = contents(&session);
    assert_eq!(tracks.len(), of_fate(&[Fate::Good]), "{failures:?}");
    assert_eq!(
        failures.len(),
        of_fate(&[Fate::Gone, Fate::Garbage]),
        "{failures:?}"
    );
    assert_eq!(
        (report.added, report.failed),
        (tracks.len(), failures.len())
    );
    assert_eq!(world.embedded(), tracks.len(), "nothing is embedded twice");
    let status = session.status().unwrap();
    assert!(!status.unfinished);
    assert_eq!((status.songs, status.tracks), (tracks.len(), tracks.len()));
    assert_eq!(store.beyond_limit(), 0);
}

#[test]
fn cancelled_and_resumed_it_comes_to_the_same() {
    let undisturbed = World::new();
    let store = shop::open(StoreSettings::new(songs(48)));
    let session = shop::session(&undisturbed, &store);
    build(&session, &order(40));
    let expected = contents(&session);
    assert_eq!(expected.0.len(), 40);

    let world = World::new();
    let mut cancels = 0;
    loop {
        let session = shop::session(&world, &store);
        let mut stored = 0;
        let report = build_watched(&session, &order(40), &mut |progress| {
            if let Progress::Working { added, .. } = progress
                && added >= 9
            {
                stored = added;
                session.cancel_build().ok();
            }
        });
        if !report.cancelled {
            break;
        }
        assert!(report.added >= 9 && stored > 0, "what was stored stays");
        assert!(session.status().unwrap().unfinished);
        cancels += 1;
        assert!(cancels < 20, "it never ends");
    }
    assert!(cancels > 0, "it was cancelled");
    let session = shop::session(&world, &store);
    assert_eq!(contents(&session), expected);
    assert_eq!(world.embedded(), 40, "nothing is embedded twice");
    let again = session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!((again.added, again.failed), (0, 0));
}
