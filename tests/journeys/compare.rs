//! Two models by ear.

use std::sync::atomic::Ordering;

use throughline_app::view::{Side, Track, Trial};
use throughline_app::{SeedRef, Session};

use crate::fixture::{FakeModel, NOW, World, rebuild, similar, titled, wanted};

const PITCHES: [f32; 6] = [100.0, 120.0, 140.0, 1900.0, 2200.0, 2400.0];

/// A library that both models have heard; the second serves.
fn heard_twice() -> (World, Session) {
    let (world, session) = World::built_with(vec![FakeModel::new(), FakeModel::other()], &PITCHES);
    session.use_model(wanted("other")).unwrap();
    rebuild(&session);
    (world, session)
}

fn ids(tracks: &[Track]) -> Vec<i64> {
    tracks.iter().map(|track| track.id).collect()
}

/// The list of the model that serves, for the seed of `trial`.
fn served(session: &Session, trial: &Trial) -> Vec<i64> {
    let seed = SeedRef::Track(trial.seeds[0].id);
    let rows = similar(session, &[seed], None).unwrap();
    rows.iter().map(|row| row.track.id).collect()
}

#[test]
fn models_whose_vectors_are_all_there_can_be_compared() {
    let (world, session) = World::built_with(vec![FakeModel::new(), FakeModel::other()], &PITCHES);
    let comparable = |session: &Session| {
        let models = session.comparable().unwrap();
        models
            .into_iter()
            .map(|model| (model.id, model.tracks))
            .collect::<Vec<_>>()
    };
    assert_eq!(comparable(&session), [("fake".to_owned(), 6)]);
    assert_eq!(
        session.trial("fake", "other", NOW).unwrap_err().code(),
        "not_comparable"
    );
    session.use_model(wanted("other")).unwrap();
    rebuild(&session);
    world.machine.away.store(true, Ordering::SeqCst);
    let session = world.session();
    assert_eq!(
        comparable(&session),
        [("fake".to_owned(), 6), ("other".to_owned(), 6)]
    );
    session.trial("other", "fake", NOW).unwrap();
    assert_eq!(
        session.trial("fake", "fake", NOW).unwrap_err().code(),
        "not_comparable"
    );
}

#[test]
fn a_vote_reveals_whose_list_was_whose() {
    let (_world, session) = heard_twice();
    let mut sides = Vec::new();
    for now in 0..12 {
        let trial = session.trial("fake", "other", now).unwrap();
        assert_eq!(trial.seeds.len(), 1, "no seeds are laid, so one is drawn");
        let revealed = session.vote(trial.id, Side::Tie, now).unwrap();
        let of_other = if revealed.left == "other" {
            &trial.left
        } else {
            &trial.right
        };
        assert_eq!(ids(of_other), served(&session, &trial));
        assert_ne!(revealed.left, revealed.right);
        sides.push(revealed.left);
    }
    for id in ["fake", "other"] {
        assert!(sides.iter().any(|side| side == id), "always on one side");
    }
}

#[test]
fn the_seeds_of_the_thread_are_tried() {
    let (_world, session) = heard_twice();
    let seeds = ["100", "2400"].map(|title| titled(&session, title).id);
    let thread = session.seed_tracks(&seeds, NOW).unwrap();
    let down = thread.rows[0].track.id;
    session
        .rate(down, throughline_app::Verdict::Down, NOW)
        .unwrap();
    let trial = session.trial("fake", "other", NOW).unwrap();
    assert_eq!(ids(&trial.seeds), seeds);
    for list in [&trial.left, &trial.right] {
        assert_eq!(list.len(), 3, "all but the seeds and what was put down");
        assert!(!ids(list).contains(&down));
    }
}

#[test]
fn equal_moments_give_equal_trials() {
    let (world, session) = heard_twice();
    let trial = session.trial("fake", "other", NOW).unwrap();
    let again = world.session().trial("fake", "other", NOW).unwrap();
    assert_eq!(
        (&trial.seeds, &trial.left, &trial.right),
        (&again.seeds, &again.left, &again.right)
    );
}

#[test]
fn votes_are_counted_once_and_kept() {
    let (world, session) = heard_twice();
    let vote = |session: &Session, model: &str, now| {
        let trial = session.trial("fake", "other", now).unwrap();
        // Peek: the list of the model that serves is known.
        let other_is_left = ids(&trial.left) == served(session, &trial);
        let side = if (model == "other") == other_is_left {
            Side::Left
        } else {
            Side::Right
        };
        (trial.id, session.vote(trial.id, side, now).unwrap())
    };
    let (id, first) = vote(&session, "other", NOW);
    assert_eq!((first.verdicts.a_votes, first.verdicts.b_votes), (0, 1));
    assert_eq!(
        (first.verdicts.a.as_str(), first.verdicts.b.as_str()),
        ("fake", "other")
    );
    let twice = session.vote(id, Side::Tie, NOW).unwrap_err();
    assert_eq!(twice.code(), "not_comparable");
    vote(&session, "fake", NOW + 1);
    let (_, last) = vote(&world.session(), "other", NOW + 2);
    assert_eq!(
        (
            last.verdicts.a_votes,
            last.verdicts.b_votes,
            last.verdicts.ties
        ),
        (1, 2, 0)
    );
}
