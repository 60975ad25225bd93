//! Songs of a catalogue become a library, from a store on this machine that misbehaves.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use throughline_app::BuildRequest;
use throughline_app::core::catalog::crawl::{Order, Seed};
use throughline_app::view::{Bottleneck, CatalogSeed, Crawling, PlanRequest, Progress};
use throughline_store::{Audio, Fate, Fates, Fault, Faults, StoreSettings};

use crate::fixture::{FakeModel, NOW, World, wanted};
use shop::{build, build_watched, contents, order, songs};

mod artwork;
mod limits;
mod refused;
mod shop;
mod tending;

#[test]
fn what_can_be_had_is_there_and_the_rest_is_listed_with_its_reason() {
    let world = World::new();
    let songs = songs(60);
    let store = shop::open(StoreSettings {
        faults: Faults::every(0.2, 3),
        fates: Fates::every(0.2, 5),
        ..StoreSettings::new(songs.clone())
    });
    let session = shop::session(&world, &store);
    let report = build(&session, &order(60));
    let of_fate = |wanted: &[Fate]| {
        songs
            .iter()
            .filter(|song| wanted.contains(&store.fate(song.id)))
            .count()
    };
    let (tracks, failures) = contents(&session);
    assert_eq!(tracks.len(), of_fate(&[Fate::Good]), "{failures:?}");
    assert_eq!(
        failures.len(),
        of_fate(&[Fate::Gone, Fate::Garbage]),
        "{failures:?}"
    );
    assert_eq!(
        (report.added, report.failed),
        (tracks.len(), failures.len())
    );
    assert_eq!(world.embedded(), tracks.len(), "nothing is embedded twice");
    let status = session.status().unwrap();
    assert!(!status.unfinished);
    assert_eq!((status.songs, status.tracks), (tracks.len(), tracks.len()));
    assert_eq!(store.beyond_limit(), 0);
}

#[test]
fn cancelled_and_resumed_it_comes_to_the_same() {
    let undisturbed = World::new();
    let store = shop::open(StoreSettings::new(songs(48)));
    let session = shop::session(&undisturbed, &store);
    build(&session, &order(40));
    let expected = contents(&session);
    assert_eq!(expected.0.len(), 40);
    let asked = store.log().len();
    build(&session, &order(40));
    assert_eq!(
        store.log().len(),
        asked,
        "what was asked once is not asked again"
    );

    let store = shop::open(slow(48));
    let world = World::new();
    let (mut cancels, mut all) = (0, 0);
    loop {
        let session = shop::session(&world, &store);
        let mut stored = 0;
        let report = build_watched(&session, &order(40), &mut |progress| {
            if let Progress::Working { added, .. } = progress
                && added >= 9
            {
                stored = added;
                session.cancel_build().ok();
            }
        });
        all += report.added;
        if !report.cancelled {
            break;
        }
        assert!(report.added >= 9 && stored > 0, "what was stored stays");
        assert!(session.status().unwrap().unfinished || all == 40);
        cancels += 1;
        assert!(cancels < 20, "it never ends");
    }
    assert!(cancels > 0, "it was cancelled");
    let session = shop::session(&world, &store);
    assert_eq!(contents(&session), expected);
    assert_eq!(all, 40, "nothing is stored twice");
    let again = session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!((again.added, again.failed), (0, 0));
}

/// A store that takes long enough for a build to be watched.
fn slow(n: u64) -> StoreSettings {
    StoreSettings {
        latency: Duration::from_millis(60),
        ..StoreSettings::new(songs(n))
    }
}

/// How the crawl of a build from the catalogue goes.
fn crawling(progress: &Progress) -> Option<&Crawling> {
    match progress {
        Progress::Working { crawling, .. } => crawling.as_ref(),
        _ => None,
    }
}

#[test]
fn a_network_that_goes_away_pauses_the_build_and_says_so() {
    let world = World::new();
    let store = shop::open(slow(36));
    let session = shop::session(&world, &store);
    let (mut went, mut paused) = (0, BTreeSet::new());
    let report = build_watched(&session, &order(36), &mut |progress| {
        let Progress::Working { added, eta_s, .. } = progress else {
            return;
        };
        let crawling = crawling(&progress).expect("it is from the catalogue");
        if went < 2 && added >= 8 * (went + 1) && crawling.paused.is_none() {
            went += 1;
            store.offline();
        }
        if let Some(words) = &crawling.paused {
            assert!(words.contains("network"), "{words}");
            let raw = ["os error", "hyper", "look after"];
            assert!(!raw.iter().any(|raw| words.contains(raw)), "{words}");
            assert!(crawling.wait_s.is_some() && eta_s.is_none());
            paused.insert(went);
            store.online();
        }
    });
    assert_eq!((report.added, report.failed), (36, 0));
    assert_eq!(paused.len(), 2, "both times");
    assert_eq!(world.embedded(), 36);
}

#[test]
fn a_catalogue_that_is_not_there_is_said_at_once_and_nothing_is_lost() {
    let world = World::new();
    let store = shop::open(StoreSettings::new(songs(12)));
    let session = shop::session(&world, &store);
    store.offline();
    let error = session
        .build_catalog(&order(12), NOW, &mut |_| ())
        .unwrap_err();
    assert_eq!(error.code(), "offline");
    assert!(session.status().unwrap().unfinished);
    store.online();
    let report = session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!(report.added, 12);
    assert!(!session.status().unwrap().unfinished);
}

#[test]
fn a_refusal_is_never_taken_for_nothing_found() {
    for fault in [Fault::Forbidden, Fault::Empty, Fault::Page] {
        let world = World::new();
        let store = shop::open(StoreSettings {
            faults: Faults::always(fault),
            ..StoreSettings::new(songs(12))
        });
        let session = shop::session(&world, &store);
        let error = session
            .build_catalog(&order(12), NOW, &mut |_| ())
            .unwrap_err();
        assert_eq!(error.code(), "catalog_refused", "{fault:?}");
        assert!(session.status().unwrap().unfinished, "{fault:?}");
    }
    let world = World::new();
    let mut faults = Faults::first(2, Fault::Forbidden);
    faults.previews.clear();
    let store = shop::open(StoreSettings {
        faults,
        ..StoreSettings::new(songs(12))
    });
    let session = shop::session(&world, &store);
    assert_eq!(build(&session, &order(6)).added, 6);
}

#[test]
fn nothing_is_written_but_the_library() {
    let world = World::new();
    let songs = songs(24);
    let store = shop::open(StoreSettings::new(songs.clone()));
    let session = shop::session(&world, &store);
    let root = world.library().parent().expect("its folder").to_owned();
    let mut seen = BTreeSet::new();
    build_watched(&session, &order(24), &mut |_| seen.extend(files(&root)));
    seen.extend(files(&root));
    let library = |name: &str| {
        let names = [
            "library/library.db",
            "library/library.lock",
            "library/building.lock",
            "library/index",
        ];
        names.iter().any(|known| name.starts_with(known))
    };
    let limits = |name: &str| name.starts_with("limits/calls-");
    let other: Vec<_> = seen
        .iter()
        .filter(|name| !library(name) && !limits(name))
        .collect();
    assert!(other.is_empty(), "{other:?}");
    let Audio::Bytes(preview) = &songs[0].audio else {
        panic!("tones are bytes");
    };
    let part = &preview[4000..4064];
    for name in files(&root) {
        let written = std::fs::read(root.join(&name)).expect("a file");
        assert!(
            written.windows(part.len()).all(|window| window != part),
            "{name} has audio in it"
        );
    }
}

/// The files below `folder`, by their paths in it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.push(name.to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[test]
fn no_more_is_asked_than_the_limit_allows() {
    let world = World::new();
    let store = shop::open(StoreSettings {
        limit_per_minute: 8,
        ..StoreSettings::new(songs(120))
    });
    let mut settings = shop::settings(&world, &store.url);
    // A quarter of these may come at once.
    settings.client.calls_per_minute = 8;
    let session = world.session().with_catalog(settings);
    let mut waited = false;
    let report = build_watched(&session, &order(120), &mut |progress| {
        let Progress::Working { done, .. } = progress else {
            return;
        };
        let crawling = crawling(&progress).expect("it is from the catalogue");
        if crawling.calls >= 2 && done >= 6 {
            waited = crawling.calls_left > 0;
            session.cancel_build().ok();
        }
    });
    assert!(report.cancelled && waited);
    assert_eq!(store.beyond_limit(), 0);
    assert!(store.busiest_minute() <= 8);
}

#[test]
fn a_library_grows_is_tended_and_searched_meanwhile() {
    let world = World::new();
    world.tone("own.wav", 3000.0);
    let songs = songs(48);
    let dead = songs[3].id;
    let mut fates = Fates::none();
    fates.decided.push((dead, Fate::Gone));
    let store = shop::open(StoreSettings {
        fates,
        ..StoreSettings::new(songs.clone())
    });
    let session = shop::session(&world, &store);
    crate::fixture::build(&session, &world.music());
    let mut found = 0;
    let small = Order {
        per_artist: 6,
        ..order(12)
    };
    build_watched(&session, &small, &mut |progress| {
        if matches!(progress, Progress::Working { added, .. } if added >= 6) {
            found = found.max(session.search("otters", 10).unwrap().len());
        }
    });
    assert!(found >= 1, "what is there can be found");
    let report = session.catalog_report().unwrap();
    assert_eq!(
        (report.gone, report.failed, report.unfinished),
        (1, 0, false)
    );
    assert!(
        report.failures.is_empty(),
        "another try is nothing to a dead link: {:?}",
        report.failures
    );
    assert_eq!(report.tracks, 11);

    // A folder build leaves songs alone.
    let folders = session
        .build(&BuildRequest::default(), NOW, &mut |_| ())
        .unwrap();
    assert_eq!((folders.added, folders.unchanged), (0, 1));

    let seed = session.search("otters", 1).unwrap()[0].id;
    let grown = session.grow_catalog(&[seed], 6, NOW, &mut |_| ()).unwrap();
    assert_eq!(grown.added, 6);

    drop(store);
    let store = shop::open(StoreSettings::new(songs));
    let session = shop::session(&world, &store);
    let before = session.status().unwrap().songs;
    let report = session.refresh_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!(
        (report.build.added, session.catalog_report().unwrap().gone),
        (1, 0)
    );
    assert_eq!(session.status().unwrap().songs, before + 1);

    let before = session.status().unwrap().songs;
    session.remove_genre("Jazz").unwrap();
    let report = session.catalog_report().unwrap();
    assert!(report.genres.iter().all(|genre| genre.name != "Jazz"));
    assert!(session.status().unwrap().songs < before);
    assert_eq!(
        session.status().unwrap().tracks,
        session.status().unwrap().songs + 1
    );
}

#[test]
fn a_plan_explains_itself() {
    let world = World::new();
    world.tone("own.wav", 300.0);
    let store = shop::open(StoreSettings::new(songs(6)));
    let session = shop::session(&world, &store);
    let request = PlanRequest {
        seeds: vec![
            CatalogSeed::Text {
                text: "so what".to_owned(),
            },
            CatalogSeed::Genre {
                name: "jazz".to_owned(),
            },
        ],
        countries: vec!["DE".to_owned()],
        size: 400,
    };
    let plan = session.plan_catalog(&request).unwrap();
    assert_eq!(plan.seeds, ["“so what”", "Jazz"]);
    assert_eq!(plan.songs, 400);
    assert!(plan.calls > 4 && plan.calls < 400, "{}", plan.calls);
    assert!((plan.gigabytes - 0.4).abs() < 1e-9);
    assert!(plan.clips_per_s > 0.0);
    let slowest = match plan.limit {
        Bottleneck::Calls => plan.call_minutes,
        Bottleneck::Stream => plan.stream_minutes,
        Bottleneck::Embed => plan.embed_minutes,
    };
    assert!((plan.minutes - slowest).abs() < 1e-9);
    assert!(store.log().is_empty(), "nothing was asked");
    let kept = serde_json::to_string(&plan.order).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&kept).unwrap(), plan.order);
    assert!(plan.order.seeds.contains(&Seed::Text("so what".to_owned())));
    for wrong in [
        PlanRequest {
            countries: vec!["Germany".to_owned()],
            ..request.clone()
        },
        PlanRequest {
            seeds: vec![CatalogSeed::Genre {
                name: "noise of my own".to_owned(),
            }],
            ..request.clone()
        },
        PlanRequest {
            seeds: vec![CatalogSeed::Own],
            ..request.clone()
        },
    ] {
        assert_eq!(session.plan_catalog(&wrong).unwrap_err().code(), "no_plan");
    }
}

#[test]
fn another_model_hears_the_songs_again() {
    let world = World::with_all(vec![FakeModel::new(), FakeModel::other()]);
    let store = shop::open(StoreSettings {
        fates: Fates {
            decided: vec![(1003, Fate::Gone)],
            ..Fates::none()
        },
        ..StoreSettings::new(songs(12))
    });
    let session = shop::session(&world, &store);
    build(&session, &order(12));
    let calls = store.log().iter().filter(|entry| entry.is_call).count();
    session.use_model(wanted("other")).unwrap();
    let report = session.resume_catalog(NOW, &mut |_| ()).unwrap();
    assert_eq!(report.added, 11);
    let status = session.status().unwrap();
    assert_eq!((status.model.as_str(), status.tracks), ("other", 11));
    let failures = session.failures().unwrap();
    assert_eq!(
        (failures.len(), failures[0].code.as_str()),
        (1, "preview_gone")
    );
    let asked = store.log().iter().filter(|entry| entry.is_call).count();
    assert_eq!(asked, calls, "nothing is looked up again");
}

#[test]
fn a_catalogue_that_never_says_what_is_understood_is_an_error_and_no_hang() {
    let world = World::new();
    let store = shop::open(StoreSettings {
        faults: Faults::always(Fault::Form),
        ..StoreSettings::new(songs(12))
    });
    let session = shop::session(&world, &store);
    let error = session
        .build_catalog(&order(12), NOW, &mut |_| ())
        .unwrap_err();
    assert_eq!(error.code(), "network");
}
