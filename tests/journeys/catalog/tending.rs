//! What a build could not have is said and asked for again, and what is not wanted any more is not asked.

use std::thread;
use std::time::Duration;

use throughline_app::core::catalog::crawl::{Order, Seed};
use throughline_app::core::catalog::{ArtistId, SongId};
use throughline_app::view::{StageName, TrackStatus};
use throughline_catalog::{Backoff, Limit, Rule};
use throughline_store::{Fault, Faults, StoreSettings};

use super::shop::{self, build, order, songs};
use super::slow;
use crate::fixture::{FakeModel, NOW, World, rebuild, wanted};

#[test]
fn calls_that_were_given_up_are_said_and_asked_again() {
    let world = World::new();
    // Twice nothing, where there must be something, and the build tries twice.
    let mut faults = Faults::first(2, Fault::NoRows);
    faults.previews.clear();
    let store = shop::open(StoreSettings {
        faults,
        ..StoreSettings::new(songs(12))
    });
    let mut settings = shop::settings(&world, &store.url);
    settings.patience.tries = 2;
    let session = world.session().with_catalog(settings);
    let order = Order {
        seeds: vec![Seed::Song(SongId(1000)), Seed::Artist(ArtistId(101))],
        size: 12,
        ..Order::default()
    };
    let report = build(&session, &order);
    assert!(report.skipped > 0, "{report:?}");
    let skipped = session.catalog_report().unwrap().skipped;
    assert_eq!(skipped.len(), report.skipped);
    let listed = |words: &str| skipped.iter().find(|call| call.words == words);
    let herons = listed("songs of The Herons");
    let herons = herons.unwrap_or_else(|| panic!("they are not listed: {skipped:?}"));
    assert!(herons.reason.contains("nothing"), "{}", herons.reason);
    // The second artist in a row that has nothing is a refusal, which is waited out.
    assert!(listed("songs of The Otters").is_none(), "{skipped:?}");
    assert!(!session.status().unwrap().unfinished);

    let again = session.retry_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!(again.skipped, 0, "{again:?}");
    let report = session.catalog_report().unwrap();
    assert_eq!((report.tracks, report.skipped.len()), (12, 0));
    let herons = store
        .log()
        .iter()
        .filter(|entry| entry.path.starts_with("/lookup?id=101&entity=song"))
        .count();
    assert!(herons >= 2, "it was tried twice before it was given up");
}

#[test]
fn a_call_that_never_succeeds_is_given_up_though_another_was_before_it() {
    let world = World::new();
    let lookup = |artist: u64| format!("/lookup?id={artist}&");
    let faults = Faults {
        decided: vec![
            (lookup(101), Fault::NoRows),
            (lookup(102), Fault::Internal),
            (lookup(103), Fault::Internal),
        ],
        ..Faults::none()
    };
    let store = shop::open(StoreSettings {
        faults,
        ..StoreSettings::new(songs(30))
    });
    let mut settings = shop::settings(&world, &store.url);
    settings.patience.tries = 2;
    let session = world.session().with_catalog(settings);
    let order = Order {
        seeds: (100..104).map(|id| Seed::Artist(ArtistId(id))).collect(),
        size: 30,
        ..Order::default()
    };
    build(&session, &order);
    let skipped = session.catalog_report().unwrap().skipped;
    for (reason, calls) in [("nothing", 1), ("500", 2)] {
        let listed = skipped.iter().filter(|call| call.reason.contains(reason));
        assert!(listed.count() >= calls, "{reason}: {skipped:?}");
    }
    assert!(!session.status().unwrap().unfinished);
}

#[test]
fn a_report_says_where_the_time_went_and_whose_songs_there_are() {
    let world = World::new();
    let store = shop::open(slow(24));
    let session = shop::session(&world, &store);
    assert!(session.catalog_report().unwrap().stages.is_empty());
    build(&session, &order(18));
    let report = session.catalog_report().unwrap();
    let names: Vec<_> = report.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(
        names,
        [
            StageName::Crawl,
            StageName::Fetch,
            StageName::Decode,
            StageName::Embed,
            StageName::Store
        ]
    );
    assert!(report.stages.iter().all(|stage| stage.seconds > 0.0));
    assert_eq!(
        report.stages.iter().filter(|stage| stage.busiest).count(),
        1
    );
    let mut artists = report.artists.iter();
    let first = artists.find(|artist| artist.id == 100).expect("the seed");
    assert_eq!((first.name.as_str(), first.count), ("The Otters", 6));
    let all: usize = report.artists.iter().map(|artist| artist.count).sum();
    assert_eq!(all, 18);

    let seed = session.search("otters", 1).unwrap()[0].id;
    session.grow_catalog(&[seed], 6, NOW, &mut |_| ()).unwrap();
    let grown = session.catalog_report().unwrap();
    for (before, after) in report.stages.iter().zip(&grown.stages) {
        assert!(after.seconds >= before.seconds, "{:?} goes on", after.name);
    }
    session.remove_artist(first.id).unwrap();
    let left = session.catalog_report().unwrap().artists;
    assert!(left.iter().all(|artist| artist.id != first.id));
}

#[test]
fn seeds_from_the_search_box_follow_another_model() {
    let world = World::with_all(vec![FakeModel::new(), FakeModel::other()]);
    for pitch in [110.0, 2_400.0] {
        world.tone(&format!("{pitch}.wav"), pitch);
    }
    let store = shop::open(StoreSettings::new(songs(6)));
    let session = shop::session(&world, &store);
    crate::fixture::build(&session, &world.music());
    assert_eq!(
        session.resume_catalog(NOW, &mut |_| ()).unwrap_err().code(),
        "nothing_to_resume"
    );
    session.seed_song(1003, NOW).unwrap();
    assert!(!session.status().unwrap().unfinished);
    session.use_model(wanted("other")).unwrap();
    rebuild(&session);
    let status = session.status().unwrap();
    assert_eq!(status.model, "other");
    assert!(status.unfinished, "a seed is still to be heard");
    let report = session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!((report.added, report.failed), (1, 0));
    let thread = session.thread(NOW).unwrap();
    assert_eq!(thread.seeds[0].status, TrackStatus::Ready);
    assert_eq!((thread.rows.len(), thread.note), (2, None));
    let status = session.status().unwrap();
    assert_eq!((status.songs, status.unfinished), (0, false));
}

#[test]
fn a_newer_search_takes_the_place_of_one_that_still_waits() {
    let world = World::new();
    let store = shop::open(StoreSettings::new(songs(6)));
    let mut settings = shop::settings(&world, &store.url);
    // One in two seconds, after the first few.
    settings.client.calls_per_minute = 30;
    let limit = {
        let server = store.url.trim_start_matches("http://").replace(':', "-");
        let rule = Rule {
            calls_per_minute: 30,
            backoff: Backoff::REFUSED,
        };
        Limit::open(&settings.client.limits, &server, rule).expect("a folder")
    };
    let session = world.session().with_catalog(settings);
    while limit.state().expect("a file").wait < Duration::from_secs(1) {
        session.catalog_search("otter", 5, NOW).unwrap();
    }
    let asked = store.log().len();
    thread::scope(|scope| {
        let old = scope.spawn(|| session.catalog_search("ot", 5, NOW));
        // It waits a second at least.
        thread::sleep(Duration::from_millis(200));
        let new = session.catalog_search("heron", 5, NOW).unwrap();
        assert!(new.is_empty(), "there are otters alone");
        let old = old.join().expect("no panic").unwrap_err();
        assert_eq!(old.code(), "superseded");
    });
    let log = store.log();
    assert_eq!(log.len(), asked + 1, "the old one was no call");
    assert!(log[asked].path.contains("heron"));
}
