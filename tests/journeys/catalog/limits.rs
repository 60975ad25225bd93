//! What holds a build up is named, and limits on previews are kept and heeded.

use std::time::Duration;

use throughline_app::Session;
use throughline_app::catalog::NamedLimits;
use throughline_app::view::{PreviewLimits, StageName};
use throughline_catalog::{Limit, Rule};
use throughline_store::StoreSettings;

use super::shop::{self, build, order, songs};
use crate::fixture::{FakeModel, World};

/// What the report of `session` says held the build up.
fn busiest(session: &Session) -> StageName {
    let stages = session.catalog_report().unwrap().stages;
    let busiest: Vec<_> = stages.iter().filter(|stage| stage.busiest).collect();
    assert_eq!(busiest.len(), 1, "{stages:?}");
    busiest[0].name
}

#[test]
fn a_build_that_waits_for_its_turns_is_limited_by_calls() {
    let world = World::new();
    let store = shop::open(StoreSettings::new(songs(18)));
    let mut settings = shop::settings(&world, &store.url);
    // One a second, once those are spent that may come at once.
    settings.client.calls_per_minute = 60;
    let rule = Rule {
        calls_per_minute: 60,
        backoff: settings.client.refusal_backoff,
    };
    let server = store.url.trim_start_matches("http://").replace(':', "-");
    let limit = Limit::open(&settings.client.limits, &server, rule).expect("a folder");
    let session = world.session().with_catalog(settings);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    // A quarter of a minute's calls may come at once.
    for _ in 0..15 {
        runtime.block_on(limit.wait()).expect("a turn");
    }
    build(&session, &order(6));
    assert_eq!(busiest(&session), StageName::Crawl);
}

#[test]
fn a_build_held_to_few_bytes_is_limited_by_streaming() {
    let world = World::new();
    let store = shop::open(StoreSettings::new(songs(18)));
    let session = shop::session(&world, &store);
    // Previews are of 32 kB: they take two seconds in all.
    let limits = PreviewLimits {
        connections: 3,
        bytes_per_s: Some(300_000),
    };
    session.limit_previews(&limits).unwrap();
    build(&session, &order(18));
    assert_eq!(busiest(&session), StageName::Fetch);
}

#[test]
fn a_build_whose_model_takes_its_time_is_limited_by_embedding() {
    let world = World::with(FakeModel::slow(Duration::from_millis(120)));
    let store = shop::open(StoreSettings::new(songs(18)));
    let session = shop::session(&world, &store);
    build(&session, &order(18));
    assert_eq!(busiest(&session), StageName::Embed);
}

#[test]
fn limits_on_previews_are_kept_and_what_is_named_goes_before_them() {
    let world = World::new();
    let store = shop::open(StoreSettings::new(songs(6)));
    let session = shop::session(&world, &store);
    let shown = |session: &Session| session.catalog_report().unwrap();
    let limits = |connections, bytes_per_s| PreviewLimits {
        connections,
        bytes_per_s,
    };
    assert_eq!(shown(&session).previews, limits(4, None));
    for wrong in [limits(0, None), limits(17, None), limits(4, Some(999))] {
        let error = session.limit_previews(&wrong).unwrap_err();
        assert_eq!(error.code(), "no_limit", "{wrong:?}");
    }
    assert_eq!(
        shown(&session).previews,
        limits(4, None),
        "nothing was kept"
    );
    session.limit_previews(&limits(2, Some(70_000))).unwrap();
    drop(session);

    let mut settings = shop::settings(&world, &store.url);
    settings.named = NamedLimits {
        connections: Some(9),
        bytes_per_s: None,
    };
    let named = world.session().with_catalog(settings);
    let report = shown(&named);
    assert_eq!(report.previews, limits(9, Some(70_000)));
    assert!(report.connections_named && !report.bytes_named);
    // What is named is for this run: it is not kept.
    named.limit_previews(&limits(9, None)).unwrap();
    assert_eq!(shown(&named).previews, limits(9, None));
    drop(named);
    let session = shop::session(&world, &store);
    assert_eq!(shown(&session).previews, limits(2, None));
}
