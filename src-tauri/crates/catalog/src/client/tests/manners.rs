//! What is not believed, not called, and not taken for a picture.

use throughline_store::BadPicture;

use super::*;

#[test]
fn pictures_are_small_and_of_two_kinds() {
    let bad_pictures = vec![
        (501, BadPicture::Page),
        (502, BadPicture::Garbage),
        (503, BadPicture::Large),
        (504, BadPicture::Gone),
    ];
    let stage = Stage::new(StoreSettings {
        bad_pictures,
        ..StoreSettings::new(songs())
    });
    let picture = |album: u64| {
        let link = format!("{}/artwork/{album}/100.png", stage.store.url);
        block_on(stage.client.picture(&link))
    };
    let png = picture(500).expect("a picture");
    assert_eq!(png.kind, crate::PictureKind::Png);
    for (album, expected) in [
        (501, "passing"),
        (502, "unexpected"),
        (503, "unexpected"),
        (504, "gone"),
    ] {
        assert_eq!(code(picture(album)), expected, "{album}");
    }
    let elsewhere = block_on(stage.client.picture("https://store.example/a.png"));
    assert_eq!(code(elsewhere), "refused_link");
}

#[test]
fn a_turn_that_nobody_takes_up_is_no_call() {
    let stage = Stage::with(StoreSettings::new(songs()), |settings| {
        settings.calls_per_minute = 20;
    });
    let given_up = block_on(async {
        let mut turns = 0;
        let wait = Duration::from_millis(50);
        while tokio::time::timeout(wait, stage.client.turn())
            .await
            .is_ok()
        {
            turns += 1;
        }
        turns
    });
    assert!((5..20).contains(&given_up), "a small burst: {given_up}");
    assert_eq!(stage.store.log(), [], "nothing was asked");
    assert!(block_on(stage.client.is_reachable()));
    stage.store.offline();
    assert!(!block_on(stage.client.is_reachable()));
}

#[test]
fn a_host_without_an_address_is_offline() {
    // No name below `invalid` ever has an address (RFC 6761, 6.4).
    let stage = Stage::with(StoreSettings::new(songs()), |settings| {
        settings.base_url = Some("http://previews.invalid".to_owned());
    });
    let preview = block_on(stage.client.preview("http://previews.invalid/1.m4a"));
    let words = preview.as_ref().expect_err("there is none").to_string();
    assert!(words.contains("no address"), "{words}");
    assert_eq!(code(preview), "offline");
    assert!(!block_on(stage.client.is_reachable()));
}

#[test]
fn two_answers_without_rows_in_a_row_are_a_refusal() {
    let stage = Stage::with(
        StoreSettings {
            faults: Faults::always(Fault::NoRows),
            ..StoreSettings::new(songs())
        },
        |settings| {
            let soon = Duration::from_millis(300);
            settings.refusal_backoff = Backoff {
                base: soon,
                cap: soon,
            };
        },
    );
    let of = |artist| Call::ArtistSongs {
        artist: ArtistId(artist),
    };
    assert_eq!(code(stage.ask(of(100))), "no_rows");
    assert_eq!(code(stage.ask(of(100))), "no_rows", "the same once more");
    let rate = || {
        let state = stage.client.limit().state().expect("a file");
        state.calls_per_minute
    };
    let before = rate();
    assert_eq!(code(stage.ask(of(101))), "refused", "another");
    assert!(rate() < 0.6 * before, "it is asked more slowly");
    assert_eq!(code(stage.ask(of(101))), "no_rows", "it stands by it");
    assert!(stage.search().is_ok());
    assert_eq!(code(stage.ask(of(102))), "no_rows", "not in a row");
    let ids = (0..10).map(SongId).collect();
    assert_eq!(code(stage.ask(Call::Songs { ids })), "refused");
}

#[test]
fn nothing_is_believed_only_where_there_may_be_nothing() {
    let artist = ArtistId(102);
    let album = AlbumId(504);
    for call in [
        Call::ArtistSongs { artist },
        Call::ArtistAlbums { artist },
        Call::AlbumSongs { album },
        Call::Chart { genre: None },
    ] {
        let stage = Stage::faulty(Fault::NoRows);
        assert_eq!(code(stage.ask(call.clone())), "no_rows", "{call:?}");
        let state = stage.client.limit().state().expect("a file");
        assert!(!state.is_blocked, "it may be true after all: {state:?}");
    }
    let stage = Stage::faulty(Fault::NoRows);
    let found = stage.ask(Call::Search {
        term: "nobody has ever heard of this".to_owned(),
        within: Within::Anything,
        limit: 5,
    });
    assert_eq!(found.expect("an answer"), Answer::default());
    let ids = vec![SongId(9)];
    let found = stage.ask(Call::Songs { ids });
    assert_eq!(found.expect("an answer"), Answer::default());
}
