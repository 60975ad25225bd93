use rusqlite::Connection;
use throughline_core::feedback::{
    Act, Event, EventId, Knob, Standing, Thousandths, ThroughlineId, What,
};
use throughline_core::track::TrackId;
use throughline_library::{FILE_NAME, Library, LibraryError};

use crate::{NOW, library, store};

fn append(library: &mut Library, throughline: ThroughlineId, what: What) -> Event {
    let tx = library.begin().unwrap();
    let event = tx.events_mut().append(throughline, what, NOW).unwrap();
    tx.commit().unwrap();
    event
}

fn two_throughlines(library: &mut Library) -> (ThroughlineId, ThroughlineId) {
    let first = library.throughlines().open().unwrap().id;
    let tx = library.begin().unwrap();
    let second = tx.throughlines_mut().named("rain", NOW).unwrap().id;
    tx.commit().unwrap();
    (first, second)
}

#[test]
fn every_act_comes_back_in_order() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let (open, _) = two_throughlines(&mut library);
    let acts = Act::ALL.map(|act| What::Did(act, track));
    let rest = [
        What::Weighed(track, Thousandths(0)),
        What::DownNear(track, Thousandths(u16::MAX)),
        What::Turned(Knob::Breadth, Thousandths(250)),
        What::Turned(Knob::Explore, Thousandths::ONE),
    ];
    let mut said: Vec<Event> = acts
        .into_iter()
        .chain(rest)
        .map(|what| append(&mut library, open, what))
        .collect();
    said.push(append(&mut library, open, What::Undid(said[3].id)));
    assert_eq!(library.events().of(open).unwrap(), said);
    assert!(said.is_sorted_by_key(|event| event.id), "ids ascend");
    assert!(said.iter().all(|event| event.at == NOW));
}

#[test]
fn thumbs_belong_to_a_throughline_and_banishing_to_all() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let (first, second) = two_throughlines(&mut library);
    append(&mut library, first, What::Did(Act::Up, track));
    let banished = append(&mut library, first, What::Did(Act::Banished, track));
    assert_eq!(library.events().of(second).unwrap(), [banished]);
    let each = library.events().of_each().unwrap();
    for line in [first, second] {
        assert_eq!(each[&line], library.events().of(line).unwrap());
    }

    append(&mut library, second, What::Undid(banished.id));
    let standing = Standing::of(&library.events().of(first).unwrap());
    assert!(
        !standing.banished.contains(&track),
        "undone in one, undone in all"
    );
    assert_eq!(standing.ups, [track], "the thumb stays");
}

#[test]
fn what_is_not_there_is_refused() {
    let mut library = library();
    let track = store(&mut library, "/music/a.flac", 1, "A");
    let (first, second) = two_throughlines(&mut library);
    let thumb = append(&mut library, first, What::Did(Act::Up, track));
    let undo = append(&mut library, first, What::Undid(thumb.id));
    let tx = library.begin().unwrap();
    let refused = |throughline, what| {
        let error = tx.events_mut().append(throughline, what, NOW).err();
        assert!(
            matches!(error, Some(LibraryError::Unknown { .. })),
            "{what:?} gave {error:?}"
        );
    };
    refused(first, What::Did(Act::Up, TrackId(99)));
    refused(ThroughlineId(99), What::Did(Act::Up, track));
    refused(first, What::Undid(EventId(99)));
    refused(second, What::Undid(thumb.id));
    refused(first, What::Undid(undo.id));
}

#[test]
fn events_are_never_changed_removed_or_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    let track = store(&mut library, "/a.flac", 1, "A");
    let open = library.throughlines().open().unwrap().id;
    let said = [append(&mut library, open, What::Did(Act::Up, track))];
    let db = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    for sql in [
        "UPDATE event SET act = 'down'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event (id, throughline_id, at, act, track_id) VALUES (1, 1, 0, 'down', 1)",
        "REPLACE INTO event SELECT * FROM event",
    ] {
        let error = db.execute_batch(sql).expect_err(sql);
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
    assert_eq!(library.events().of(open).unwrap(), said);
}
