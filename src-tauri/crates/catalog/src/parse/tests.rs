//! Answers as the catalogue gives them, as it should not, and any bytes at all.

use proptest::prelude::*;
use serde_json::{Value, json};
use throughline_core::catalog::{Album, AlbumId, Artist, ArtistId, Song, SongId};

use super::*;

const AUDIO: &str = "https://audio-ssl.itunes.apple.com/a/mzaf_1.plus.aac.p.m4a";

fn links() -> Links {
    Links::new(None).expect("the catalogue's own address")
}

fn read(value: &Value) -> Result<Reading, ParseError> {
    results(value.to_string().as_bytes(), &links())
}

fn one(row: &Value) -> Reading {
    read(&json!({"resultCount": 1, "results": [row]})).expect("it has the form")
}

fn row() -> Value {
    json!({
        "wrapperType": "track", "kind": "song", "artistId": 909_253, "collectionId": 1_469_577_723,
        "trackId": 1_469_577_741, "artistName": "An Artist", "collectionName": "An Album",
        "trackName": "  A\u{202e} Title\u{7}\n ", "trackViewUrl": "https://music.apple.com/us/album/x/1?i=2",
        "previewUrl": AUDIO, "artworkUrl100": "https://is1-ssl.mzstatic.com/image/100x100bb.jpg",
        "trackTimeMillis": 183_500, "releaseDate": "2005-03-01T12:00:00Z",
        "primaryGenreName": "Rock", "isStreamable": true, "somethingNew": {"deep": [1, 2]},
    })
}

fn changed(changes: &[(&str, Value)]) -> Value {
    let mut row = row();
    for (field, value) in changes {
        row[field] = value.clone();
    }
    row
}

#[test]
fn a_song_is_read_whole() {
    let reading = one(&row());
    let song = Song {
        id: SongId(1_469_577_741),
        title: "A Title".to_owned(),
        artist: Some("An Artist".to_owned()),
        artist_id: Some(ArtistId(909_253)),
        album: Some("An Album".to_owned()),
        album_id: Some(AlbumId(1_469_577_723)),
        genre: Some("Rock".to_owned()),
        year: Some(2005),
        duration_s: Some(183.5),
        preview: Some(AUDIO.to_owned()),
        artwork: Some("https://is1-ssl.mzstatic.com/image/100x100bb.jpg".to_owned()),
        page: Some("https://music.apple.com/us/album/x/1?i=2".to_owned()),
    };
    assert_eq!(reading.answer.songs, [song]);
    assert_eq!(
        (reading.answer.unreadable, reading.answer.refused_links),
        (0, 0)
    );
}

#[test]
fn artists_and_albums_stand_before_their_songs() {
    let reading = read(&json!({"resultCount": 3, "results": [
        {"wrapperType": "artist", "artistId": "12", "artistName": "A", "primaryGenreName": "Jazz"},
        {"wrapperType": "collection", "collectionId": 7, "collectionName": "B", "artistId": 12,
         "trackCount": 9.0},
        row(),
    ]}));
    let answer = reading.expect("it has the form").answer;
    let artist = Artist {
        id: ArtistId(12),
        name: "A".to_owned(),
        genre: Some("Jazz".to_owned()),
    };
    let album = Album {
        id: AlbumId(7),
        title: "B".to_owned(),
        artist_id: Some(ArtistId(12)),
        songs: Some(9),
    };
    assert_eq!(answer.artists, [artist]);
    assert_eq!(answer.albums, [album]);
    assert_eq!((answer.songs.len(), answer.unreadable), (1, 0));
}

#[test]
fn a_field_of_another_type_is_only_a_missing_field() {
    let wrong = [
        json!(null),
        json!([[1]]),
        json!({"a": {}}),
        json!(-4),
        json!(true),
    ];
    for value in wrong {
        let all = changed(&[
            ("artistId", value.clone()),
            ("collectionId", value.clone()),
            ("artistName", value.clone()),
            ("collectionName", value.clone()),
            ("trackViewUrl", value.clone()),
            ("previewUrl", value.clone()),
            ("artworkUrl100", value.clone()),
            ("trackTimeMillis", value.clone()),
            ("releaseDate", value.clone()),
            ("primaryGenreName", value.clone()),
        ]);
        let answer = one(&all).answer;
        let [song] = &answer.songs[..] else {
            panic!("{value} lost the song");
        };
        assert_eq!(
            (song.id, song.title.as_str()),
            (SongId(1_469_577_741), "A Title")
        );
        assert_eq!(
            (song.artist_id, &song.preview, song.year),
            (None, &None, None)
        );
        assert_eq!((song.duration_s, &song.artist), (None, &None));
    }
    let as_text = changed(&[
        ("trackId", json!(" 42 ")),
        ("trackTimeMillis", json!("1500")),
    ]);
    let song = &one(&as_text).answer.songs[0];
    assert_eq!((song.id, song.duration_s), (SongId(42), Some(1.5)));
}

#[test]
fn a_row_without_number_or_title_or_of_another_kind_is_counted() {
    for odd in [
        changed(&[("trackId", json!(0))]),
        changed(&[("trackId", json!(1.5))]),
        changed(&[("trackId", json!(u64::MAX))]),
        changed(&[(
            "trackName",
            json!(" \u{1b}\u{200b}".replace('\u{200b}', "")),
        )]),
        changed(&[("trackName", json!(7))]),
        changed(&[("kind", json!("music-video"))]),
        changed(&[("wrapperType", json!("audiobook"))]),
        json!({"wrapperType": "artist", "artistName": "no number"}),
        json!("no row"),
        json!([row()]),
        json!(3),
    ] {
        let answer = one(&odd).answer;
        assert_eq!((answer.songs.len(), answer.unreadable), (0, 1), "{odd}");
    }
}

#[test]
fn links_elsewhere_are_dropped_and_counted_and_the_song_stays() {
    for (link, refusal) in [
        (
            "http://audio-ssl.itunes.apple.com/a.m4a",
            Refusal::NotSecure,
        ),
        ("file:///etc/passwd", Refusal::NotSecure),
        ("https://evil.example/a.m4a", Refusal::Host),
        ("not a link", Refusal::NoLink),
    ] {
        let reading = one(&changed(&[("previewUrl", json!(link))]));
        assert_eq!(reading.answer.songs[0].preview, None, "{link}");
        assert_eq!(reading.answer.refused_links, 1, "{link}");
        assert_eq!(reading.refused, [(link.to_owned(), refusal)]);
    }
    let none = one(&changed(&[("previewUrl", json!(""))]));
    assert_eq!(none.answer.refused_links, 0, "no link is none to refuse");
}

#[test]
fn what_is_no_answer_is_never_an_empty_one() {
    for (bytes, error) in [
        (&b""[..], ParseError::Empty),
        (b" \n\r\n", ParseError::Empty),
        (b"\n<!DOCTYPE html><html>", ParseError::Page),
        (br#"{"resultCount": 1, "results": ["#, ParseError::Truncated),
    ] {
        assert_eq!(results(bytes, &links()), Err(error.clone()));
        assert_eq!(chart(bytes, &links()), Err(error));
    }
    for odd in [
        "null",
        "[]",
        "{}",
        "3",
        "nonsense",
        r#"{"results": {}}"#,
        r#"{"feed": []}"#,
    ] {
        let forms = [
            results(odd.as_bytes(), &links()),
            chart(odd.as_bytes(), &links()),
        ];
        for form in forms {
            assert!(matches!(form, Err(ParseError::Form(_))), "{odd}: {form:?}");
        }
    }
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(results(&large, &links()), Err(ParseError::TooLarge));
    let nothing = read(&json!({"resultCount": 0, "results": []}));
    assert_eq!(nothing, Ok(Reading::default()), "no match is an answer");
}

#[test]
fn what_is_kept_is_bounded() {
    let rows = vec![row(); MAX_ROWS + 9];
    let reading = read(&json!({"results": rows})).expect("it has the form");
    assert_eq!((reading.answer.songs.len(), reading.beyond), (MAX_ROWS, 9));
    let long = changed(&[
        ("trackName", json!("é".repeat(100_000))),
        (
            "previewUrl",
            json!(format!("{AUDIO}?{}", "a".repeat(100_000))),
        ),
    ]);
    let song = &one(&long).answer.songs[0];
    assert_eq!(song.title.chars().count(), 500);
    assert_eq!(song.preview, None, "no link is that long");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!(r#"{{"results": [{deep}]}}"#);
    assert!(matches!(
        results(deep.as_bytes(), &links()),
        Err(ParseError::Form(_))
    ));
}

/// An entry of the store's feed.
fn entry(number: u64) -> Value {
    json!({
        "im:name": {"label": "Title"},
        "im:image": [
            {"label": "https://is1-ssl.mzstatic.com/55.png", "attributes": {"height": "55"}},
            {"label": "https://is1-ssl.mzstatic.com/170.png", "attributes": {"height": "170"}},
        ],
        "im:collection": {
            "im:name": {"label": "Album"},
            "link": {"attributes": {"href": "https://music.apple.com/us/album/album/77?uo=2"}},
        },
        "title": {"label": "Title - Artist"},
        "link": [
            {"attributes": {"rel": "alternate", "href": "https://music.apple.com/us/album/x/77?i=5"}},
            {"im:duration": {"label": "30000"}, "attributes": {
                "rel": "enclosure", "type": "audio/x-m4a", "href": AUDIO, "im:assetType": "preview"}},
        ],
        "id": {"label": "https://music.apple.com/us/album/x/77?i=5",
               "attributes": {"im:id": number.to_string()}},
        "im:artist": {"label": "Artist",
                      "attributes": {"href": "https://music.apple.com/us/artist/artist/88?uo=2"}},
        "category": {"attributes": {"im:id": "21", "term": "Rock", "label": "Rock"}},
        "im:releaseDate": {"label": "2019-02-03T00:00:00-07:00"},
    })
}

#[test]
fn both_kinds_of_charts_are_read() {
    let feed = |feed: Value| {
        let text = json!({ "feed": feed }).to_string();
        chart(text.as_bytes(), &links())
            .expect("it has the form")
            .answer
    };
    let answer = feed(json!({"entry": [entry(5), {"im:name": {"label": "no number"}}]}));
    let song = Song {
        id: SongId(5),
        title: "Title".to_owned(),
        artist: Some("Artist".to_owned()),
        artist_id: Some(ArtistId(88)),
        album: Some("Album".to_owned()),
        album_id: Some(AlbumId(77)),
        genre: Some("Rock".to_owned()),
        year: Some(2019),
        duration_s: None,
        preview: Some(AUDIO.to_owned()),
        artwork: Some("https://is1-ssl.mzstatic.com/170.png".to_owned()),
        page: Some("https://music.apple.com/us/album/x/77?i=5".to_owned()),
    };
    assert_eq!((answer.songs, answer.unreadable), (vec![song], 1));
    let alone = feed(json!({"entry": entry(6)}));
    assert_eq!(alone.songs.len(), 1, "one entry is not put into a list");
    assert_eq!(
        feed(json!({"title": {}})).songs,
        [],
        "an empty chart has no entry"
    );

    let listed = feed(json!({"results": [{
        "id": "9", "name": "Title", "artistId": "88", "artistName": "Artist", "kind": "songs",
        "genres": [{"genreId": "21", "name": "Rock"}], "releaseDate": "2019-02-03",
        "url": "https://music.apple.com/us/album/x/77?i=9",
    }]}));
    let song = &listed.songs[0];
    assert_eq!((song.id, song.artist_id), (SongId(9), Some(ArtistId(88))));
    assert_eq!(
        (song.genre.as_deref(), song.year),
        (Some("Rock"), Some(2019))
    );
    assert_eq!(song.preview, None);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!(AUDIO)),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let field = prop::sample::select(vec![
            "results",
            "feed",
            "entry",
            "wrapperType",
            "kind",
            "trackId",
            "trackName",
            "previewUrl",
            "id",
            "attributes",
            "label",
            "link",
            "im:name",
            "im:id",
            "href",
            "rel",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(field.prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = (results(&bytes, &links()), chart(&bytes, &links()));
    }

    #[test]
    fn any_json_is_survived(value in any_json(), cut in 0_usize..400) {
        for document in [
            json!({"results": [value]}), json!({"results": value}), json!({"feed": {"entry": value}}),
            json!({"feed": {"entry": [value]}}), json!({"feed": {"results": [value]}}), value,
        ] {
            let text = document.to_string();
            for bytes in [text.as_bytes(), &text.as_bytes()[..cut.min(text.len())]] {
                for reading in [results(bytes, &links()), chart(bytes, &links())].into_iter().flatten() {
                    for song in reading.answer.songs {
                        prop_assert!(song.id.0 > 0 && !song.title.trim().is_empty());
                        prop_assert!(!song.title.chars().any(char::is_control));
                    }
                }
            }
        }
    }
}
