//! What a build could not have is said and asked for again, and what is not wanted any more is not asked.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use throughline_app::Session;
use throughline_app::core::catalog::crawl::{Order, Seed};
use throughline_app::core::catalog::{ArtistId, SongId};
use throughline_app::view::{CatalogReport, StageName, TrackStatus};
use throughline_catalog::{Backoff, Limit, Rule};
use throughline_library::Library;
use throughline_store::{Fate, Fates, Fault, Faults, Store, StoreSettings};

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

/// A session of `world` that gives a call up that is answered without any row twice.
fn impatient(world: &World, store: &Store) -> Session {
    let mut settings = shop::settings(world, &store.url);
    settings.patience.tries = 2;
    world.session().with_catalog(settings)
}

/// An order around some artists, of more songs than there are: whatever is worth asking is asked.
fn around(artists: &[u64]) -> Order {
    let seed = |id: &u64| Seed::Artist(ArtistId(*id));
    Order {
        seeds: artists.iter().map(seed).collect(),
        size: 60,
        ..Order::default()
    }
}

/// A store that has nothing to say of these artists' songs.
fn without_rows(artists: &[u64]) -> Store {
    let lookup = |id: &u64| (format!("/lookup?id={id}&entity=song"), Fault::NoRows);
    shop::open(StoreSettings {
        faults: Faults {
            decided: artists.iter().map(lookup).collect(),
            ..Faults::none()
        },
        ..StoreSettings::new(songs(36))
    })
}

#[test]
fn calls_that_several_orders_gave_up_are_all_asked_again_and_listed_until_then() {
    let world = World::new();
    let store = without_rows(&[101, 104]);
    let session = impatient(&world, &store);
    for artists in [&[100, 101][..], &[103, 104]] {
        build(&session, &around(artists));
    }
    let listed = |session: &Session| -> BTreeSet<String> {
        let skipped = session.catalog_report().unwrap().skipped;
        skipped.into_iter().map(|call| call.words).collect()
    };
    let both: BTreeSet<_> = ["songs of The Herons", "songs of The Martens"]
        .map(str::to_owned)
        .into();
    assert!(both.is_subset(&listed(&session)), "{:?}", listed(&session));

    // A retry that finds no network has asked nothing, and loses nothing.
    store.offline();
    session.retry_catalog(NOW, &mut |_| ()).unwrap_err();
    assert!(both.is_subset(&listed(&session)), "{:?}", listed(&session));
    assert!(session.status().unwrap().unfinished);
    drop(session);
    drop(store);

    let store = without_rows(&[]);
    let session = impatient(&world, &store);
    session.retry_catalog(NOW, &mut |_| ()).unwrap();
    assert!(
        both.is_disjoint(&listed(&session)),
        "{:?}",
        listed(&session)
    );
    assert!(!session.status().unwrap().unfinished, "both came to an end");
    for artist in ["101", "104"] {
        let asked = format!("/lookup?id={artist}&entity=song");
        let log = store.log();
        let was_asked = log.iter().any(|entry| entry.path.starts_with(&asked));
        assert!(was_asked, "{asked}");
    }
}

#[test]
fn a_report_says_what_brought_the_songs() {
    let world = World::new();
    world.tone("own.wav", 3000.0);
    let store = shop::open(StoreSettings {
        fates: Fates {
            decided: vec![(1003, Fate::Gone)],
            ..Fates::none()
        },
        ..StoreSettings::new(songs(36))
    });
    let session = shop::session(&world, &store);
    crate::fixture::build(&session, &world.music());
    build(&session, &order(18));
    let report = session.catalog_report().unwrap();
    let of = |report: &CatalogReport, name: &str| {
        let mut sources = report.sources.iter();
        sources.find(|source| source.name == name).cloned()
    };
    let first = of(&report, "artist").expect("the artist that was named");
    assert_eq!((first.wanted, first.ready, first.failed), (6, 5, 1));
    assert!(first.words.contains("named"), "{}", first.words);
    let wanted: usize = report.sources.iter().map(|source| source.wanted).sum();
    assert_eq!(wanted, report.wanted, "{:?}", report.sources);
    assert_eq!((report.own, report.tracks), (1, 17));

    let seed = session.search("otters", 1).unwrap()[0].id;
    session.grow_catalog(&[seed], 6, NOW, &mut |_| ()).unwrap();
    let grown = session.catalog_report().unwrap();
    let more = of(&grown, "growth").expect("what was grown");
    assert_eq!((more.wanted, more.ready), (6, 6));
    assert_eq!(of(&grown, "artist"), Some(first), "it is counted once");
}

#[test]
fn the_dead_link_of_a_seed_from_the_search_box_is_looked_up_too() {
    let world = World::new();
    let all = songs(6);
    let store = shop::open(StoreSettings::new(all.clone()));
    let session = shop::session(&world, &store);
    let thread = session.seed_song(1003, NOW).unwrap();
    let track = thread.seeds[0].id;
    drop((session, store));

    let dead = shop::open(StoreSettings {
        fates: Fates {
            decided: vec![(1003, Fate::Gone)],
            ..Fates::none()
        },
        ..StoreSettings::new(all.clone())
    });
    relink(&world, &dead);
    let session = shop::session(&world, &dead);
    assert_eq!(session.preview(track).unwrap_err().code(), "no_preview");
    assert_eq!(session.catalog_report().unwrap().gone, 1);
    drop((session, dead));

    let store = shop::open(StoreSettings::new(all));
    let session = shop::session(&world, &store);
    let refreshed = session.refresh_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!(
        (refreshed.looked, refreshed.back, refreshed.gone),
        (1, 1, 0)
    );
    assert!(session.preview(track).is_ok(), "it can be heard again");
    assert_eq!(
        session.status().unwrap().songs,
        0,
        "it is no part of the list"
    );
}

/// Points the preview of song 1003 at `store`.
fn relink(world: &World, store: &Store) {
    let mut library = Library::open(&world.library()).expect("a library");
    let tx = library.begin().expect("a transaction");
    let link = store.preview_url(1003);
    tx.songs_mut().refresh(SongId(1003), &link).expect("a song");
    tx.commit().expect("a commit");
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
