//! Previews that are refused: by a host that has had enough, or one song alone.

use std::collections::BTreeSet;
use std::time::Duration;

use throughline_app::view::Progress;
use throughline_store::{Fault, Faults, StoreSettings};

use super::shop::{self, build, build_watched, order, songs};
use super::{crawling, slow};
use crate::fixture::{NOW, World};

#[test]
fn previews_that_are_refused_pause_all_of_them_together() {
    let world = World::new();
    let mut faults = Faults::first(1, Fault::TooMany);
    faults.calls.clear();
    let store = shop::open(StoreSettings {
        faults,
        ..StoreSettings::new(songs(6))
    });
    let mut settings = shop::settings(&world, &store.url);
    // A song that fails by itself is not tried again.
    settings.patience.tries = 1;
    // Nor does a machine that is busy fail one.
    settings.client.stall_timeout = Duration::from_secs(30);
    settings.client.previews.connections = 6;
    let session = world.session().with_catalog(settings);
    let mut paused = BTreeSet::new();
    let report = build_watched(&session, &order(6), &mut |progress| {
        paused.extend(crawling(&progress).and_then(|crawling| crawling.paused.clone()));
    });
    let failures = session.failures().unwrap();
    assert_eq!((report.added, report.failed), (6, 0), "{failures:?}");
    assert!(
        paused.iter().any(|words| words.contains("previews")),
        "{paused:?}"
    );
    let log = store.log();
    let previews = log
        .iter()
        .filter(|entry| entry.path.starts_with("/preview/"));
    let first = |status| {
        let of_status = previews.clone().filter(|entry| entry.status == status);
        of_status.map(|entry| entry.ms).min().expect("one at least")
    };
    let gap = first(200) - first(429);
    assert!(gap >= 900, "the wait that was asked for: {gap} ms");
}

#[test]
fn nothing_is_asked_within_a_wait_and_a_song_refused_for_good_holds_up_no_other() {
    let world = World::new();
    let faults = Faults {
        decided: vec![("/preview/1003.".to_owned(), Fault::TooMany)],
        ..Faults::none()
    };
    let store = shop::open(StoreSettings {
        faults,
        ..StoreSettings::new(songs(12))
    });
    let mut settings = shop::settings(&world, &store.url);
    settings.patience.tries = 2;
    // What waits for a connection waits for the pause as well.
    settings.client.previews.connections = 1;
    let session = world.session().with_catalog(settings);
    let report = build(&session, &order(12));
    assert_eq!((report.added, report.failed), (11, 1));
    assert_eq!(session.failures().unwrap()[0].code, "refused");
    let previews = || -> Vec<_> {
        let log = store.log().into_iter();
        log.filter(|entry| entry.path.starts_with("/preview/"))
            .collect()
    };
    for pair in previews().windows(2).filter(|pair| pair[0].status == 429) {
        let gap = pair[1].ms - pair[0].ms;
        assert!(gap >= 900, "the wait that was asked for: {gap} ms");
    }
    let asked = previews().len();
    session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!(previews().len(), asked, "it is left alone");
    session.retry_catalog(NOW, &mut |_| ()).unwrap();
    assert!(previews().len() > asked, "until it is asked for");
}

/// Previews of `ids` that are refused without an end, and without a wait of their own.
fn forbidden(ids: std::ops::Range<u64>) -> Faults {
    let preview = |id| (format!("/preview/{id}."), Fault::Forbidden);
    Faults {
        decided: ids.map(preview).collect(),
        ..Faults::none()
    }
}

#[test]
fn a_host_that_refuses_pauses_the_build_for_as_long_as_it_does() {
    let world = World::new();
    let store = shop::open(slow(24));
    let session = shop::session(&world, &store);
    let (mut refused, mut paused) = (false, BTreeSet::new());
    let mut looks = 0;
    let report = build_watched(&session, &order(24), &mut |progress| {
        let Progress::Working { added, eta_s, .. } = progress else {
            return;
        };
        if !refused && added >= 6 {
            refused = true;
            store.refuse_previews(true);
        }
        let crawling = crawling(&progress).expect("it is from the catalogue");
        if let Some(words) = &crawling.paused {
            paused.insert(words.clone());
            assert!(crawling.wait_s.is_some() && eta_s.is_none());
            let log = store.log();
            looks = log.iter().filter(|entry| entry.status == 403).count();
            // Far more often than a single song is tried.
            store.refuse_previews(looks < 20);
        }
    });
    assert!(looks >= 20, "{looks}");
    assert_eq!((report.added, report.failed), (24, 0), "none is given up");
    assert_eq!(paused.len(), 1, "{paused:?}");
    let words = paused.first().expect("one");
    assert!(words.contains("refuses previews"), "{words}");
}

#[test]
fn a_build_that_is_refused_from_the_start_can_be_cancelled_and_goes_on_later() {
    let world = World::new();
    let store = shop::open(StoreSettings::new(songs(6)));
    let session = shop::session(&world, &store);
    store.refuse_previews(true);
    let report = build_watched(&session, &order(6), &mut |progress| {
        let paused = crawling(&progress).and_then(|crawling| crawling.paused.as_ref());
        let refusals = store
            .log()
            .iter()
            .filter(|entry| entry.status == 403)
            .count();
        if paused.is_some() && refusals > 10 {
            session.cancel_build().ok();
        }
    });
    assert!(report.cancelled, "it does not end by itself");
    assert_eq!((report.added, report.failed), (0, 0), "no song is blamed");
    assert!(session.status().unwrap().unfinished);
    store.refuse_previews(false);
    let report = session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!((report.added, report.failed), (6, 0));
}

#[test]
fn songs_refused_alone_are_listed_though_none_is_left_beside_them() {
    let world = World::new();
    let store = shop::open(StoreSettings {
        faults: forbidden(1003..1006),
        ..StoreSettings::new(songs(6))
    });
    let mut settings = shop::settings(&world, &store.url);
    settings.patience.tries = 3;
    let session = world.session().with_catalog(settings);
    let report = build(&session, &order(6));
    assert_eq!((report.added, report.failed), (3, 3));
    let failures = session.failures().unwrap();
    assert!(failures.iter().all(|failure| failure.code == "refused"));
    assert!(
        failures
            .iter()
            .all(|failure| failure.reason.contains("status 403")),
        "{failures:?}"
    );
    // What came in an earlier build is a witness too.
    let report = session.retry_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!((report.added, report.failed), (0, 3));
}
