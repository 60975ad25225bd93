//! What a download asks for, and how it is called off and gone on with.

use std::fs;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use throughline_app::models::manifest::{File, Role};
use throughline_app::models::{Backoff, FetchSettings, Proxy};
use throughline_app::view::{FetchProgress, ModelState};

use super::server::{Content, Server, status};
use super::{ID, LENGTH, World, settings, sha256};

/// Longer than anybody waits for a test: what ends earlier was called off.
const FOR_EVER: Duration = Duration::from_hours(1);

#[test]
fn nothing_is_asked_before_the_licence_is_accepted() {
    let (world, server) = (World::new(), Server::start(vec![]));
    let fetched = world.store.fetch(
        ID,
        false,
        &settings(&server),
        &AtomicBool::new(false),
        &mut |_| {},
    );
    let error = fetched.expect_err("nobody accepted it");
    assert_eq!(error.code(), "licence_not_accepted");
    assert_eq!(server.asked().len(), 0);
    assert!(!world.folder().exists());
}

#[test]
fn a_request_says_no_more_than_it_must() {
    let world = World::new();
    let server = Server::start(vec![world.weights.cut(10), world.weights.serve()]);
    world.fetch(&settings(&server)).0.expect("it is fetched");
    let asked = server.asked();
    let agent = format!("throughline/{}", env!("CARGO_PKG_VERSION"));
    for request in &asked {
        assert_eq!(request.target, "/some/body/resolve/0123/weights.pt");
        assert_eq!(request.header("user-agent"), Some(agent.as_str()));
        assert_eq!(request.header("accept-encoding"), Some("identity"));
        for (name, value) in &request.headers {
            assert!(
                [
                    "host",
                    "user-agent",
                    "accept",
                    "accept-encoding",
                    "range",
                    "if-range"
                ]
                .contains(&name.as_str()),
                "{name}: {value}"
            );
        }
    }
    assert_eq!(asked[0].header("range"), None);
    assert_eq!(asked[1].header("range"), Some("bytes=10-"));
    assert_eq!(asked[1].header("if-range"), Some("\"a\""));
}

#[test]
fn called_off_half_way_and_gone_on_with() {
    let world = World::new();
    let server = Server::start(vec![world.weights.stall(LENGTH / 4), world.weights.serve()]);
    let settings = FetchSettings {
        stall_timeout: FOR_EVER,
        ..settings(&server)
    };
    let (cancel, mut last) = (AtomicBool::new(false), None);
    let model = world
        .store
        .fetch(ID, true, &settings, &cancel, &mut |progress| {
            if let FetchProgress::Downloading { .. } = progress {
                cancel.store(true, Ordering::Relaxed);
            }
            last = Some(progress);
        })
        .expect("being called off is no error");
    assert_eq!(model.state, ModelState::Partial);
    assert!(model.got_bytes > 0, "what came in stays");
    let got_bytes = model.got_bytes;
    assert_eq!(last, Some(FetchProgress::Cancelled { got_bytes }));
    assert_eq!(world.left(), [format!("weights.pt.part {got_bytes}")]);
    let (model, told) = world.fetch(&settings);
    assert_eq!(model.expect("it is fetched").state, ModelState::Present);
    assert!(matches!(told.last(), Some(FetchProgress::Finished { .. })));
    let range = format!("bytes={got_bytes}-");
    assert_eq!(server.asked()[1].header("range"), Some(range.as_str()));
    let before = server.asked().len();
    world.fetch(&settings).0.expect("it is here");
    assert_eq!(
        server.asked().len(),
        before,
        "what is here is not asked for"
    );
}

#[test]
fn called_off_while_it_waits() {
    let world = World::new();
    let server = Server::start(vec![status(503, "")]);
    let settings = FetchSettings {
        backoff: Backoff {
            base: FOR_EVER,
            cap: FOR_EVER,
        },
        longest_wait: FOR_EVER,
        ..settings(&server)
    };
    let (cancel, mut attempts) = (AtomicBool::new(false), Vec::new());
    let model = world
        .store
        .fetch(ID, true, &settings, &cancel, &mut |progress| {
            if let FetchProgress::Waiting { attempt, .. } = progress {
                attempts.push(attempt);
                cancel.store(true, Ordering::Relaxed);
            }
        });
    assert_eq!(model.expect("no error").state, ModelState::Absent);
    assert_eq!(attempts, [1]);
    assert!(!world.folder().exists(), "nothing came in, nothing stays");
}

#[test]
fn one_download_of_a_model_at_a_time() {
    let world = World::new();
    let server = Server::start(vec![world.weights.stall(LENGTH / 4)]);
    let settings = FetchSettings {
        stall_timeout: FOR_EVER,
        ..settings(&server)
    };
    let (cancel, (begun, begins)) = (AtomicBool::new(false), mpsc::channel());
    std::thread::scope(|scope| {
        let (world, settings, cancel) = (&world, &settings, &cancel);
        let first = scope.spawn(move || {
            world
                .store
                .fetch(ID, true, settings, cancel, &mut |progress| {
                    if let FetchProgress::Downloading { .. } = progress {
                        begun.send(()).expect("somebody waits");
                    }
                })
        });
        begins.recv().expect("it begins");
        let error = world.fetch(settings).0.expect_err("the first one goes on");
        assert_eq!(error.code(), "model_in_use");
        let error = world
            .store
            .remove(ID)
            .expect_err("its files are being written");
        assert_eq!(error.code(), "model_in_use");
        assert_eq!(
            world.model().state,
            ModelState::Partial,
            "it can be looked at"
        );
        cancel.store(true, Ordering::Relaxed);
        first.join().expect("no panic").expect("no error");
    });
    assert_eq!(server.asked().len(), 1);
    world.store.remove(ID).expect("now they are not");
    assert!(!world.folder().exists());
}

#[test]
fn a_disk_without_room_is_seen_before_anything_is_asked() {
    let (world, server) = (World::new(), Server::start(vec![]));
    let settings = FetchSettings {
        spare_bytes: u64::MAX,
        ..settings(&server)
    };
    let error = world.fetch(&settings).0.expect_err("no disk is that large");
    assert_eq!(error.code(), "disk_full");
    assert!(error.to_string().contains("make room"), "{error}");
    assert_eq!(server.asked().len(), 0);
    assert!(!world.folder().exists());
    println!("| too little room on the disk | disk_full: {error} | 0 |  |");
}

#[test]
#[ignore = "needs a small file system, named by THROUGHLINE_SMALL_DISK"]
fn a_disk_that_fills_up_on_the_way_keeps_what_came() {
    let Some(disk) = std::env::var_os("THROUGHLINE_SMALL_DISK") else {
        return;
    };
    let world = World::of(tempfile::tempdir_in(disk).expect("a folder"), &[]);
    let weights = &world.weights;
    let server = Server::start(vec![
        weights.cut(LENGTH / 4),
        weights.serve(),
        weights.serve(),
    ]);
    let ballast = world.dir.path().join("ballast");
    let cancel = AtomicBool::new(false);
    let mut fill = |progress| {
        // After the first part, before it is gone on with.
        if matches!(progress, FetchProgress::Waiting { .. }) {
            let mut ballast = fs::File::create(&ballast).expect("a file");
            while ballast.write_all(&[0; 4096]).is_ok() {}
        }
    };
    let fetched = world
        .store
        .fetch(ID, true, &settings(&server), &cancel, &mut fill);
    let error = fetched.expect_err("there is no more room");
    assert_eq!(error.code(), "disk_full");
    let left = world.left();
    println!(
        "| the disk is full on the way | disk_full: {error} | 2 | {} |",
        left.join(", ")
    );
    assert_eq!(world.model().state, ModelState::Partial);

    fs::remove_file(&ballast).expect("room is made");
    world.fetch(&settings(&server)).0.expect("it is fetched");
    let range = server.asked()[2].header("range").map(str::to_owned);
    assert_ne!(range, None, "what came is not asked for again");
    let weights = fs::read(world.folder().join("weights.pt")).expect("a file");
    assert!(weights == world.weights.bytes);
}

#[test]
fn a_machine_without_that_server_is_told_so() {
    let world = World::new();
    let server = Server::start(vec![]);
    for (base_url, words) in [
        ("http://127.0.0.1:9", "there is no connection to 127.0.0.1"),
        ("huggingface.co", "no http or https address"),
    ] {
        let settings = FetchSettings {
            base_url: base_url.to_owned(),
            ..settings(&server)
        };
        let error = world.fetch(&settings).0.expect_err("nobody is there");
        assert_eq!(error.code(), "network");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!world.folder().exists());
        println!("| {base_url} | network: {error} | 0 |  |");
    }
}

#[test]
fn a_proxy_is_asked_in_place_of_the_server() {
    let world = World::new();
    let proxy = Server::start(vec![world.weights.serve()]);
    let settings = FetchSettings {
        base_url: "http://hub.invalid/mirror".to_owned(),
        proxy: Proxy::Via(proxy.url.clone()),
        ..settings(&proxy)
    };
    world.fetch(&settings).0.expect("it is fetched");
    assert_eq!(
        proxy.asked()[0].target,
        "http://hub.invalid/mirror/some/body/resolve/0123/weights.pt"
    );
}

#[test]
fn every_file_of_a_model_is_fetched_and_used() {
    let stats = Content {
        bytes: br#"{"melspec_2048_mean": 1.5, "melspec_2048_std": 2.5}"#.to_vec(),
        etag: "\"s\"",
    };
    let world = World::with_files(&[File {
        name: "stats.json",
        bytes: stats.bytes.len() as u64,
        sha256: sha256(&stats.bytes).leak(),
        role: Role::Stats,
    }]);
    let refuses = Server::start(vec![world.weights.serve(), status(404, "")]);
    let error = world
        .fetch(&settings(&refuses))
        .0
        .expect_err("half of it is missing");
    assert_eq!(error.code(), "fetch_refused");
    assert_eq!(world.model().state, ModelState::Partial);
    let server = Server::start(vec![stats.serve()]);
    let model = world.fetch(&settings(&server)).0.expect("it is fetched");
    assert_eq!(server.asked().len(), 1, "the weights are not fetched again");
    assert!(model.published);
    assert_eq!(model.bytes, (LENGTH + stats.bytes.len()) as u64);
    let located = world.store.located(ID).expect("it is here");
    assert_eq!(
        (located.normalisation.mean, located.normalisation.std),
        (1.5, 2.5)
    );
    assert_eq!(located.other_stats, None, "they are the published ones");
}
