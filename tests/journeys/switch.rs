//! Another model for a living library.

use std::sync::atomic::Ordering;

use throughline_app::core::embedding::{FeatureVersion, ModelId, Recipe};
use throughline_app::view::{Progress, Thread};
use throughline_app::{BuildRequest, Session};
use throughline_library::Library;

use crate::fixture::{FakeModel, NOW, World, build, rebuild, titled, wanted};

const PITCHES: [f32; 6] = [100.0, 120.0, 140.0, 1900.0, 2200.0, 2400.0];

fn both() -> Vec<FakeModel> {
    vec![FakeModel::new(), FakeModel::other()]
}

fn ids(thread: &Thread) -> Vec<i64> {
    thread.rows.iter().map(|row| row.track.id).collect()
}

/// Which model serves, and how far the next one has come.
fn models(session: &Session) -> (String, Option<(String, usize, usize)>) {
    let status = session.status().unwrap();
    let next = status
        .next_model
        .map(|next| (next.id, next.done, next.total));
    (status.model, next)
}

#[test]
fn old_vectors_serve_until_the_new_are_complete() {
    let (world, session) = World::built_with(both(), &PITCHES);
    let before = session
        .seed_tracks(&[titled(&session, "100").id], NOW)
        .unwrap();
    session.use_model(wanted("other")).unwrap();
    let next = |done| Some(("other".to_owned(), done, 6));
    assert_eq!(models(&session), ("fake".to_owned(), next(0)));

    // Cancelled in the middle, which is what a kill leaves behind too: rows are stored one by one.
    let mut seen = Vec::new();
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |progress| {
            if matches!(progress, Progress::Working { added, .. } if added >= 2) {
                seen.push(session.thread(NOW).expect("a list while building"));
                session.cancel_build().ok();
            }
        })
        .unwrap();
    assert!(report.cancelled && !seen.is_empty());
    assert!(seen.iter().all(|thread| ids(thread) == ids(&before)));
    drop(session);

    let session = world.session();
    let (serving, half) = models(&session);
    assert_eq!(serving, "fake", "over a restart too");
    assert!(half.is_some_and(|(_, done, total)| done >= 2 && total == 6));
    assert_eq!(session.thread(NOW).unwrap(), before);

    let rest = rebuild(&session);
    assert_eq!(rest.failed, 0);
    // What the model was at when it was cancelled is heard again, what was stored is not.
    assert_eq!(report.added + rest.added, 6, "nothing is stored twice");
    assert_eq!(models(&session), ("other".to_owned(), None));
    let after = session.thread(NOW).unwrap();
    assert_eq!(after.seeds, before.seeds, "seeds stay");
    assert_ne!(ids(&after), ids(&before), "another model, another list");
    assert!(after.rows.iter().all(|row| row.shared_tags.is_empty()));
    assert_eq!(world.session().thread(NOW).unwrap(), after);
}

#[test]
fn going_back_needs_no_embedding() {
    let (world, session) = World::built_with(both(), &PITCHES);
    let before = session
        .seed_tracks(&[titled(&session, "100").id], NOW)
        .unwrap();
    session.use_model(wanted("other")).unwrap();
    rebuild(&session);
    let other = session.thread(NOW).unwrap();
    for (id, list) in [("fake", &before), ("other", &other), ("fake", &before)] {
        session.use_model(wanted(id)).unwrap();
        assert_eq!(models(&session), (id.to_owned(), None), "at once");
        assert_eq!(session.thread(NOW).unwrap(), *list);
        assert_eq!(rebuild(&session).unchanged, 6);
    }
    let embedded = ["fake", "other"].map(|id| world.model(id).embedded.load(Ordering::SeqCst));
    assert_eq!(embedded, [6, 6]);
}

#[test]
fn what_was_missed_meanwhile_is_heard_before_going_back() {
    let (world, session) = World::built_with(both(), &PITCHES);
    session.use_model(wanted("other")).unwrap();
    rebuild(&session);
    world.tone("new.wav", 500.0);
    std::fs::remove_file(world.file("100.wav")).unwrap();
    world.tone("100.wav", 3000.0);
    assert_eq!(rebuild(&session).added, 2);
    session.use_model(wanted("fake")).unwrap();
    let next = Some(("fake".to_owned(), 5, 7));
    assert_eq!(models(&session), ("other".to_owned(), next));
    assert_eq!(rebuild(&session).added, 2);
    assert_eq!(models(&session), ("fake".to_owned(), None));
}

#[test]
fn a_wish_can_be_taken_back() {
    let (world, session) = World::built_with(both(), &PITCHES);
    session.use_model(wanted("other")).unwrap();
    session.use_model(wanted("fake")).unwrap();
    assert_eq!(models(&session), ("fake".to_owned(), None));
    assert_eq!(rebuild(&session).unchanged, 6);
    assert_eq!(world.model("other").embedded.load(Ordering::SeqCst), 0);
}

#[test]
fn a_wish_taken_back_stops_its_build() {
    let pitches: Vec<f32> = (0..24).map(|n| 100.0 + 50.0 * n as f32).collect();
    let (_world, session) = World::built_with(both(), &pitches);
    session.use_model(wanted("other")).unwrap();
    std::thread::scope(|scope| {
        let mut asked = None;
        let report = session
            .build(&BuildRequest::default(), NOW, &mut |progress| {
                let begun = matches!(progress, Progress::Working { added, .. } if added > 0);
                if !begun || asked.is_some() {
                    return;
                }
                asked = Some(scope.spawn(|| session.use_model(wanted("fake"))));
                // It is taken back first and stopped then; the build stands still here meanwhile.
                while models(&session).1.is_some() {
                    std::thread::yield_now();
                }
            })
            .unwrap();
        let answer = asked.expect("the build began").join().expect("no panic");
        assert!(
            !answer.unwrap().building,
            "it answers once the build has ended"
        );
        assert!(report.cancelled);
    });
    assert_eq!(models(&session), ("fake".to_owned(), None));
}

#[test]
fn copies_are_heard_once_and_failures_are_the_new_models_own() {
    let mut models_there = both();
    models_there[1].breaks_on = Some(1900.0);
    let (world, session) = World::built_with(models_there, &PITCHES);
    std::fs::copy(world.file("100.wav"), world.file("copy.wav")).unwrap();
    build(&session, &world.music());
    let [seed, liked] = ["1900", "120"].map(|title| titled(&session, title).id);
    session.seed_tracks(&[seed], NOW).unwrap();
    session
        .rate(liked, throughline_app::Verdict::Up, NOW)
        .unwrap();
    session.use_model(wanted("other")).unwrap();
    assert_eq!(session.status().unwrap().failed, 0);
    let report = rebuild(&session);
    assert_eq!((report.added, report.moved, report.failed), (5, 1, 1));
    assert_eq!(models(&session), ("other".to_owned(), None));
    assert_eq!(session.status().unwrap().failed, 1);
    assert_eq!(session.failures().unwrap()[0].code, "model_failed");

    let thread = session.thread(NOW).unwrap();
    assert_eq!(thread.seeds[0].id, seed, "it stays a seed");
    assert_eq!(thread.liked[0].id, liked, "and that a thumb");
    let note = thread.note.expect("the listener is told");
    assert!(note.contains("“1900”") && !note.contains("“120”"), "{note}");
}

#[test]
fn a_new_library_is_served_by_its_first_model_from_the_start() {
    let world = World::with_all(vec![FakeModel::other(), FakeModel::new()]);
    world.tone("a.wav", 220.0);
    let session = world.session();
    assert_eq!(models(&session), ("other".to_owned(), None));
    session.use_model(wanted("fake")).unwrap();
    assert_eq!(models(&session), ("fake".to_owned(), None), "or another");
    let mut loading = Vec::new();
    for _ in 0..2 {
        crate::fixture::build_watched(&session, &world.music(), &mut |progress| {
            if let Progress::Loading { model, .. } = progress {
                loading.push(model);
            }
        });
    }
    assert_eq!(
        loading,
        ["fake"],
        "a model is loaded once, and that is said"
    );
    assert_eq!(models(&session), ("fake".to_owned(), None));
}

#[test]
fn a_model_that_is_not_there_is_not_wished_for() {
    let (_world, session) = World::built(&PITCHES);
    let error = session.use_model(wanted("other")).unwrap_err();
    assert_eq!(error.code(), "no_model");
    assert_eq!(models(&session), ("fake".to_owned(), None));
}

#[test]
fn a_library_from_before_there_were_settings_is_served_by_the_embedded_model() {
    let musicnn = Recipe {
        model: ModelId("musicnn".to_owned()),
        feature_version: FeatureVersion("1".to_owned()),
    };
    let first = FakeModel {
        recipe: musicnn,
        ..FakeModel::new()
    };
    let (world, session) = World::built_with(vec![first, FakeModel::other()], &PITCHES);
    let before = session
        .seed_tracks(&[titled(&session, "100").id], NOW)
        .unwrap();
    drop(session);
    let mut library = Library::open(&world.library()).unwrap();
    let tx = library.begin().unwrap();
    for key in ["models", "serving", "wanted"] {
        tx.settings_mut().clear(key).unwrap();
    }
    tx.commit().unwrap();

    let session = world.session();
    assert_eq!(models(&session), ("musicnn".to_owned(), None));
    assert_eq!(session.thread(NOW).unwrap(), before);
    session.use_model(wanted("other")).unwrap();
    rebuild(&session);
    assert_eq!(models(&session), ("other".to_owned(), None));
    session.use_model(wanted("musicnn")).unwrap();
    assert_eq!(models(&session), ("musicnn".to_owned(), None), "at once");
    assert_eq!(session.thread(NOW).unwrap(), before);
}
