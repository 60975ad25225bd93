use proptest::prelude::*;

use super::*;
use crate::embedding::{FeatureVersion, ModelId};
use crate::feedback::{Act, EventId, Knob, Standing, Thousandths};

fn recipe() -> Recipe {
    Recipe {
        model: ModelId("musicnn".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

fn track(id: i64) -> FileTrack {
    FileTrack {
        id: TrackId(id),
        content_hash: Some("0123456789abcdef".repeat(4)),
        song: Some(SongId(42)),
        title: Some("Stay".into()),
        artist: None,
        album: None,
        duration_s: Some(201.5),
    }
}

fn events(whats: &[What]) -> Vec<Event> {
    whats
        .iter()
        .enumerate()
        .map(|(place, &what)| Event {
            id: EventId(place as i64),
            what,
            at: 1000,
        })
        .collect()
}

fn file() -> ThroughlineFile {
    let whats = [
        What::Did(Act::Seeded, TrackId(7)),
        What::Weighed(TrackId(7), Thousandths(1500)),
        What::Did(Act::Up, TrackId(8)),
        What::DownNear(TrackId(9), Thousandths(200)),
        What::Turned(Knob::Explore, Thousandths(300)),
        What::Undid(EventId(2)),
    ];
    let tracks = vec![track(7), track(8), track(9), track(10)];
    ThroughlineFile::new(
        Some("late at night".into()),
        recipe(),
        tracks,
        events(&whats),
    )
    .unwrap()
}

/// The file's JSON with the value at `pointer` replaced.
fn with(pointer: &str, value: serde_json::Value) -> Vec<u8> {
    let mut json = serde_json::to_value(file()).unwrap();
    *json.pointer_mut(pointer).expect("the field is there") = value;
    serde_json::to_vec(&json).unwrap()
}

#[test]
fn a_file_comes_back_as_it_was_written() {
    let file = file();
    assert_eq!(
        file.tracks.len(),
        3,
        "a track that no event names is left out"
    );
    let read = ThroughlineFile::parse(&file.to_bytes().unwrap()).unwrap();
    assert_eq!(read, file);
    assert_eq!(Standing::of(&read.events), Standing::of(&file.events));
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let bytes = br#"{
        "format": "throughline", "version": 1, "name": "late at night",
        "recipe": { "model": "musicnn", "feature_version": "1" },
        "tracks": [{ "id": 7, "title": "Stay", "artist": "Nobody", "duration_s": 201.4 }],
        "events": [
            { "id": 1, "what": { "did": ["seeded", 7] }, "at": 1735689600000 },
            { "id": 2, "what": { "turned": ["breadth", 300] }, "at": 1735689601000 }
        ]
    }"#;
    let standing = Standing::of(&ThroughlineFile::parse(bytes).unwrap().events);
    assert_eq!(standing.seeds, [TrackId(7)]);
    assert_eq!(standing.knobs[&Knob::Breadth], Thousandths(300));
}

#[test]
fn lies_are_named() {
    let parse = |pointer, value| ThroughlineFile::parse(&with(pointer, value)).unwrap_err();
    assert!(matches!(
        parse("/format", "playlist".into()),
        FileError::Foreign
    ));
    assert!(matches!(parse("/version", 2.into()), FileError::Newer(2)));
    assert!(matches!(
        parse("/tracks/1/id", 7.into()),
        FileError::TrackTwice(TrackId(7))
    ));
    assert!(matches!(
        parse("/events/1/id", 0.into()),
        FileError::Order(0)
    ));
    assert!(matches!(
        parse("/events/0/what", serde_json::json!({"did": ["up", 99]})),
        FileError::UnknownTrack {
            event: 0,
            track: TrackId(99)
        }
    ));
    assert!(matches!(
        parse("/events/0/what", serde_json::json!({"undid": 5})),
        FileError::Undo(0)
    ));
    assert!(matches!(
        parse("/tracks/0/content_hash", "0123".into()),
        FileError::Field { .. }
    ));
    assert!(matches!(
        parse("/tracks/0/duration_s", (-1.0).into()),
        FileError::Field { .. }
    ));
    assert!(matches!(
        parse("/tracks/0/title", "x".repeat(5000).into()),
        FileError::Field { .. }
    ));
    assert!(matches!(
        parse("/name", "x".repeat(5000).into()),
        FileError::Text("name")
    ));
    assert!(matches!(
        parse("/events/4/what", "danced".into()),
        FileError::Malformed(_)
    ));
    let long = vec![b' '; MOST_BYTES + 1];
    assert!(matches!(
        ThroughlineFile::parse(&long),
        Err(FileError::TooLong { .. })
    ));
}

#[test]
fn fields_of_a_later_writer_are_passed_over() {
    let mut json = serde_json::to_value(file()).unwrap();
    json["mood"] = "blue".into();
    json["tracks"][0]["isrc"] = "XX".into();
    assert_eq!(
        ThroughlineFile::parse(&serde_json::to_vec(&json).unwrap()).unwrap(),
        file()
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = file().to_bytes().unwrap();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = ThroughlineFile::parse(&bytes) {
            prop_assert!(read.to_bytes().is_ok(), "what is read can be written");
        }
        let cut = cut.index(bytes.len());
        prop_assert!(ThroughlineFile::parse(&bytes[..cut]).is_err(), "a part is no throughline");
    }
}
