use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn what() -> impl Strategy<Value = What> {
    let track = || (0..5_i64).prop_map(TrackId);
    let number = || (0..2000_u16).prop_map(Thousandths);
    prop_oneof![
        8 => (prop::sample::select(&Act::ALL[..]), track()).prop_map(|(act, track)| What::Did(act, track)),
        1 => (track(), number()).prop_map(|(track, weight)| What::Weighed(track, weight)),
        1 => (track(), number()).prop_map(|(track, radius)| What::DownNear(track, radius)),
        1 => (prop_oneof![Just(Knob::Breadth), Just(Knob::Explore)], number())
            .prop_map(|(knob, place)| What::Turned(knob, place)),
        1 => (0..30_i64).prop_map(|id| What::Undid(EventId(id))),
    ]
}

/// Events a second apart; the clock is once set back.
fn events() -> impl Strategy<Value = Vec<Event>> {
    (prop::collection::vec(what(), 1..30), 0..30_usize).prop_map(|(whats, set_back)| {
        whats
            .into_iter()
            .enumerate()
            .map(|(place, what)| Event {
                id: EventId(place as i64),
                what,
                at: 1000 * place as i64 - if place > set_back { 5000 } else { 0 },
            })
            .collect()
    })
}

fn did(acts: &[(Act, i64)]) -> Vec<Event> {
    acts.iter()
        .enumerate()
        .map(|(place, &(act, track))| Event {
            id: EventId(place as i64),
            what: What::Did(act, TrackId(track)),
            at: 1000 * place as i64,
        })
        .collect()
}

proptest! {
    #[test]
    fn undoing_any_event_gives_what_stood_without_it(done in events(), which in any::<prop::sample::Index>()) {
        let taken = done[which.index(done.len())];
        prop_assume!(!matches!(taken.what, What::Undid(_)));
        let mut with_undo = done.clone();
        with_undo.push(Event { id: EventId(99), what: What::Undid(taken.id), at: 99_000 });
        let without: Vec<_> = done.iter().filter(|event| event.id != taken.id).copied().collect();
        prop_assert_eq!(Standing::of(&with_undo), Standing::of(&without));
    }

    #[test]
    fn undo_after_undo_comes_to_the_beginning(mut done in events()) {
        let mut left = done.len();
        while let Some(last) = Standing::of(&done).undoable {
            prop_assert!(left > 0, "each undo takes one event back");
            left -= 1;
            done.push(Event { id: EventId(done.len() as i64 + 100), what: What::Undid(last.id), at: 0 });
        }
        let standing = Standing::of(&done);
        prop_assert_eq!(
            Standing { heard: std::collections::BTreeMap::new(), ..standing },
            Standing::default(),
            "only what was heard stays"
        );
    }

    #[test]
    fn a_track_has_one_thumb_and_is_one_kind_of_seed(done in events()) {
        let standing = Standing::of(&done);
        for track in &standing.ups {
            prop_assert!(!standing.downs.contains(track), "{} is up and down", track);
        }
        for track in &standing.seeds {
            prop_assert!(!standing.opposed.contains(track), "{} is wanted and not", track);
        }
        let distinct: BTreeSet<_> = standing.ups.iter().chain(&standing.downs).collect();
        prop_assert_eq!(distinct.len(), standing.ups.len() + standing.downs.len(), "a thumb counts once");
        for track in distinct {
            prop_assert!(standing.thumbed.contains_key(track), "every thumb has its time");
        }
        for track in standing.seeds.iter().chain(&standing.opposed) {
            prop_assert!(standing.seeded.contains_key(track), "every seed has its time");
        }
        let downs = |track: &TrackId| standing.downs.contains(track);
        prop_assert!(standing.family_downs.iter().all(downs));
        prop_assert!(standing.sound_downs.keys().all(downs));
        prop_assert!(standing.knobs.values().all(|place| *place <= Thousandths::ONE));
    }

    #[test]
    fn saying_it_again_changes_nothing(done in events(), which in any::<prop::sample::Index>()) {
        let last = Event { id: EventId(99), ..done[which.index(done.len())] };
        prop_assume!(!matches!(last.what, What::Undid(_) | What::Did(Act::Played | Act::Skipped, _)));
        let stood = |more: &[Event]| {
            let mut standing = Standing::of(&[done.as_slice(), more].concat());
            standing.undoable = None;
            standing
        };
        let again = Event { id: EventId(100), at: 100_000, ..last };
        prop_assert_eq!(stood(&[last, again]), stood(&[last]));
    }

    #[test]
    fn a_branch_stands_as_its_origin_stood(done in events(), which in any::<prop::sample::Index>()) {
        let at = done[which.index(done.len())].id;
        let until: Vec<_> = done.iter().filter(|event| event.id <= at).copied().collect();
        let own = |standing: Standing| Standing {
            banished: BTreeSet::new(),
            undoable: None,
            ..standing
        };
        prop_assert_eq!(own(Standing::of(&branch(&done, at))), own(Standing::of(&until)));
    }

    #[test]
    fn before_the_first_event_there_was_nothing_and_after_the_last_all_of_it(done in events()) {
        prop_assert_eq!(before(&done, i64::MIN), vec![]);
        prop_assert_eq!(before(&done, i64::MAX), done);
    }
}

#[test]
fn names_of_acts_are_those_of_serde_and_differ() {
    let names: BTreeSet<_> = Act::ALL.iter().map(|act| act.name()).collect();
    assert_eq!(names.len(), Act::ALL.len());
    for act in Act::ALL {
        let written = serde_json::to_string(&act).unwrap();
        assert_eq!(written, format!("\"{}\"", act.name()));
    }
}

#[test]
fn what_was_undone_later_still_stood_before() {
    let mut done = did(&[(Act::Seeded, 1), (Act::Up, 2)]);
    done.push(Event {
        id: EventId(2),
        what: What::Undid(EventId(1)),
        at: 2000,
    });
    assert_eq!(Standing::of(&done).ups, []);
    assert_eq!(
        Standing::of(&before(&done, 2000)).ups,
        [TrackId(2)],
        "the thumb counted until it was taken back"
    );
}

#[test]
fn a_newer_thumb_is_younger_in_events_and_in_days() {
    let day = 86_400_000;
    let mut done = did(&[
        (Act::Seeded, 1),
        (Act::Up, 2),
        (Act::Played, 7),
        (Act::Down, 3),
        (Act::Up, 4),
    ]);
    for (place, event) in done.iter_mut().enumerate() {
        event.at = place as i64 * day;
    }
    let standing = Standing::of(&done);
    let age = |track| standing.age(standing.thumbed[&TrackId(track)], 5 * day);
    assert_eq!(
        age(2),
        Age {
            events: 2,
            days: 4.0
        },
        "a play is no thumb"
    );
    assert_eq!(
        age(4),
        Age {
            events: 0,
            days: 1.0
        }
    );
    assert!(
        standing.age(standing.thumbed[&TrackId(4)], 0).days <= 0.0,
        "nothing lies in the future"
    );
}

#[test]
fn weights_belong_to_seeds() {
    let mut done = did(&[(Act::Seeded, 1)]);
    let mut say = |what| {
        let id = EventId(done.len() as i64);
        done.push(Event { id, what, at: 0 });
        Standing::of(&done)
    };
    let standing = say(What::Weighed(TrackId(2), Thousandths(500)));
    assert!(!standing.weights.contains_key(&TrackId(2)), "it is no seed");
    let standing = say(What::Weighed(TrackId(1), Thousandths(2500)));
    assert!((standing.weight(TrackId(1)) - 2.5).abs() < 1e-6);
    say(What::Did(Act::Unseeded, TrackId(1)));
    let standing = say(What::Did(Act::Seeded, TrackId(1)));
    assert!(
        (standing.weight(TrackId(1)) - 1.0).abs() < 1e-6,
        "a seed begins at one"
    );
}

#[test]
fn hearings_lie_days_back_and_never_ahead() {
    let day = 86_400_000;
    let mut done = did(&[(Act::Played, 1), (Act::Skipped, 1), (Act::Played, 1)]);
    for (place, event) in done.iter_mut().enumerate() {
        event.at = place as i64 * day;
    }
    let heard = &Standing::of(&done).heard[&TrackId(1)];
    assert_eq!(heard.days_ago(day).collect::<Vec<_>>(), [1.0, 0.0, 0.0]);
}

#[test]
fn no_number_becomes_thousandths_out_of_range() {
    assert_eq!(Thousandths::of(f32::NAN), Thousandths(0));
    assert_eq!(Thousandths::of(-1.0), Thousandths(0));
    assert_eq!(Thousandths::of(f32::INFINITY), Thousandths(u16::MAX));
    assert!((Thousandths::of(0.25).get() - 0.25).abs() < 1e-6);
}
