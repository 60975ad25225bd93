//! Songs of the catalogue: found, seeded, heard, seen, planned and reported.

use serde_json::{Value, json};
use throughline_store::{Audio, Store, StoreSettings, StoreSong};

use super::{Window, tone};

#[test]
fn a_song_of_the_catalogue_is_found_seeded_and_streamed_to_the_player() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("song.wav");
    tone(&file, 330.0);
    let song = StoreSong {
        id: 1_001,
        title: "Pip".to_owned(),
        artist_id: 100,
        artist: "The Pips".to_owned(),
        album_id: 500,
        album: "Pips".to_owned(),
        genre_id: 21,
        genre: "Rock".to_owned(),
        year: 1_999,
        duration_ms: 200_000,
        audio: Audio::File(file),
    };
    let store = Store::start(StoreSettings::new(vec![song])).expect("a store");
    let window = Window::with_store(&dir.path().join("library"), &[], &store.url);
    let found = window.answer("catalog_search", json!({ "text": "pip" }));
    assert_eq!(
        (&found[0]["title"], &found[0]["track"]),
        (&json!("Pip"), &Value::Null),
        "{found}"
    );
    let thread = window.answer("seed_song", json!({ "song": found[0]["song"] }));
    let seed = &thread["seeds"][0];
    assert_eq!(
        (&seed["title"], &seed["path"], &seed["duration_s"]),
        (&json!("Pip"), &json!(""), &json!(200.0)),
        "{thread}"
    );
    assert_eq!(seed["artwork"], true, "{thread}");
    let picture = window.bytes("artwork", json!({ "track": seed["id"] }));
    assert!(picture.starts_with(b"\x89PNG"), "it comes as it is");
    let kept = |report: Value| report["artwork_bytes"].as_u64();
    assert!(kept(window.answer("catalog_report", json!({}))) > Some(0));
    assert_eq!(kept(window.answer("clear_artwork", json!({}))), Some(0));
    let asked = store.log().len();
    assert_eq!(
        window.code("play", json!({ "id": seed["id"] })),
        "no_sound",
        "all but the sound works"
    );
    assert_eq!(store.log().len(), asked + 1, "it streams again");
    assert_eq!(
        window.code("open_store", json!({ "track": seed["id"] })),
        "internal",
        "a page that is none of the store's is not opened"
    );
    store.offline();
    let player = window.answer("play", json!({ "id": seed["id"] }));
    assert_eq!(player["track"]["title"], "Pip", "{player}");
    assert!(
        player["error"]
            .as_str()
            .is_some_and(|words| words.contains("cannot be reached")),
        "offline it says so: {player}"
    );
    assert_eq!(
        window.code("catalog_search", json!({ "text": "pip" })),
        "offline"
    );
    let again = window.answer("resume", json!({}));
    assert!(again["error"].is_string(), "it was tried again: {again}");
    store.online();
    assert_eq!(window.code("resume", json!({})), "no_sound");
}

#[test]
fn the_catalogue_is_planned_and_reported_without_a_network() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    let request = json!({
        "seeds": [{ "kind": "genre", "name": "Jazz" }], "countries": ["us"], "size": 100,
    });
    let plan = window.answer("plan_catalog", json!({ "request": request }));
    assert!(plan["calls"].as_u64() > Some(0), "{plan}");
    let report = window.answer("catalog_report", json!({}));
    assert_eq!(report["known"], 0, "{report}");
    assert_eq!(
        window.answer("remove_genre", json!({ "name": "Jazz" }))["known"],
        0
    );
    assert_eq!(
        window.answer("remove_artist", json!({ "id": 100 }))["known"],
        0
    );
    assert!(
        window.bytes("artwork", json!({ "track": 99 })).is_empty(),
        "no track, no picture"
    );
    for command in ["resume_catalog", "retry_catalog"] {
        let channel = json!({ "onProgress": "__CHANNEL__:1" });
        assert_eq!(
            window.code(command, channel),
            "nothing_to_resume",
            "{command}"
        );
    }
}
