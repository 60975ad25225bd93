//! The check of the catalogue's answers, against a store whose answers are known.

use super::*;

#[test]
fn a_check_finds_nothing_where_all_is_as_expected_and_all_that_is_not() {
    let stage = Stage::new(StoreSettings::new(classical()));
    let checked = block_on(stage.client.check());
    let names: Vec<_> = checked.iter().map(|one| one.what).collect();
    let all = [
        "search",
        "chart",
        "songs",
        "artist_songs",
        "artist_albums",
        "album_songs",
        "preview",
    ];
    assert_eq!(names, all);
    for one in &checked {
        if one.what == "search" {
            assert_eq!(
                one.differences,
                ["there are no songs in it"],
                "nobody is well known here"
            );
        } else {
            assert_eq!(
                (one.outcome, &one.differences[..]),
                ("ok", &[][..]),
                "{}",
                one.what
            );
        }
    }
    assert_eq!(
        stage.store.log().len(),
        7,
        "one polite request of each kind"
    );

    let odd = Stage::with(
        StoreSettings {
            faults: Faults::always(Fault::Types),
            ..StoreSettings::new(classical())
        },
        |_| {},
    );
    let checked = block_on(odd.client.check());
    let songs = &checked[2];
    assert_eq!((songs.what, songs.outcome), ("songs", "differs"));
    assert!(
        songs
            .differences
            .contains(&"trackId is no number in 3 of 3 songs".to_owned())
    );

    let down = Stage::faulty(Fault::Internal);
    let checked = block_on(down.client.check());
    let outcomes: Vec<_> = checked.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes[..2], ["passing"; 2]);
    assert_eq!(outcomes[2..], ["skipped"; 5]);
}

/// The songs, as a chart has them that is asked for in a check.
fn classical() -> Vec<StoreSong> {
    let mut songs = songs();
    for song in &mut songs {
        song.genre_id = 5;
        song.genre = "Classical".to_owned();
    }
    songs
}
