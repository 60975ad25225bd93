//! Pictures of albums are fetched for rows that are shown, once, and kept in a folder that can go.

use std::thread;

use throughline_store::{BadPicture, StoreSettings};

use super::shop::{self, build, order, songs};
use crate::fixture::{World, titled};

#[test]
fn pictures_are_fetched_when_a_row_asks_once_and_kept() {
    let world = World::new();
    world.tone("own.wav", 3000.0);
    let store = shop::open(StoreSettings {
        bad_pictures: vec![
            (501, BadPicture::Garbage),
            (502, BadPicture::Large),
            (503, BadPicture::Gone),
        ],
        ..StoreSettings::new(songs(24))
    });
    let session = shop::session(&world, &store);
    crate::fixture::build(&session, &world.music());
    build(&session, &order(24));
    let fetched = || {
        let log = store.log();
        let pictures = log
            .iter()
            .filter(|entry| entry.path.starts_with("/artwork/"));
        pictures.count()
    };
    assert_eq!(fetched(), 0, "nobody has looked at a row");

    let own = titled(&session, "own");
    assert!(!own.artwork && session.artwork(own.id).unwrap().is_none());
    assert!(session.artwork(999_999).unwrap().is_none());
    let tracks = session.search("", usize::MAX).unwrap();
    let of_songs: Vec<_> = tracks.iter().filter(|track| track.artwork).collect();
    assert_eq!(of_songs.len(), 24);
    let shown = || -> Vec<_> {
        let with = |track: &&&throughline_app::view::Track| {
            session.artwork(track.id).expect("no error").is_some()
        };
        let albums = of_songs.iter().filter(with);
        albums.filter_map(|track| track.album.clone()).collect()
    };
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(shown(), ["Otter songs"; 6]));
        }
    });
    assert_eq!(fetched(), 4, "one for each album, good or bad");
    let report = session.catalog_report().unwrap();
    assert!(report.artwork_bytes > 0 && report.artwork_bytes < report.artwork_limit);

    store.offline();
    let later = shop::session(&world, &store);
    for track in &of_songs {
        let picture = later.artwork(track.id).expect("no error without a network");
        let is_good = track.album.as_deref() == Some("Otter songs");
        assert_eq!(picture.is_some(), is_good, "{track:?}");
    }
    later.clear_artwork().unwrap();
    assert_eq!(later.catalog_report().unwrap().artwork_bytes, 0);
    assert!(later.artwork(of_songs[0].id).unwrap().is_none());
    std::fs::remove_dir_all(world.library().join("artwork")).expect("it is a cache");
    store.online();
    later.clear_artwork().unwrap();
    assert_eq!(
        of_songs
            .iter()
            .filter(|track| later.artwork(track.id).unwrap().is_some())
            .count(),
        6,
        "it is made anew"
    );
}
