//! The catalogue as it is typed, with the real model and a store on this machine.

use std::f32::consts::TAU;
use std::io::Cursor;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use throughline_store::{Audio, Fault, Faults, Store, StoreSettings, StoreSong};

/// Rate of the previews, which is the model's: they are not resampled.
const RATE: u32 = 16_000;

struct World {
    dir: TempDir,
    store: Store,
}

impl World {
    fn new(faults: Faults) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        for name in ["tmp", "home"] {
            std::fs::create_dir(dir.path().join(name)).expect("a folder");
        }
        let settings = StoreSettings {
            faults,
            ..StoreSettings::new((0..6).map(song).collect())
        };
        let store = Store::start(settings).expect("a store");
        Self { dir, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_throughline-cli"))
            .env("THROUGHLINE_MODELS", self.path("models"))
            .env("THROUGHLINE_CATALOG_LIMITS", self.path("limits"))
            .env("THROUGHLINE_CATALOG_CALLS", "6000")
            .env("NO_PROXY", "127.0.0.1")
            .env("TMPDIR", self.path("tmp"))
            .env("HOME", self.path("home"))
            .args(["--json", "--library"])
            .arg(self.path("library"))
            .args(words)
            .output()
            .expect("the program starts")
    }

    fn ask(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// Exit code, and code of the error.
    fn fail(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        let error: Value =
            serde_json::from_str(last).unwrap_or_else(|_| panic!("{words:?}: {said}"));
        let code = error["error"]["code"].as_str().unwrap_or_default();
        (output.status.code(), code.to_owned())
    }
}

/// Song `i`: four seconds of a tone with a tremolo, which the model takes for music.
fn song(i: u64) -> StoreSong {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a header");
    for n in 0..RATE * 4 {
        let t = n as f32 / RATE as f32;
        let wave =
            (t * (200.0 + 150.0 * i as f32) * TAU).sin() * (0.6 + 0.4 * (t * 3.0 * TAU).sin());
        writer
            .write_sample((0.4 * wave * f32::from(i16::MAX)) as i16)
            .expect("a sample");
    }
    writer.finalize().expect("a whole file");
    let title = ["Dawn", "Noon", "Dusk", "Night", "Rain", "Frost"][i as usize % 6];
    StoreSong {
        id: 10 + i,
        title: title.to_owned(),
        artist_id: 7,
        artist: "The Otters".to_owned(),
        album_id: 8,
        album: "By the River".to_owned(),
        genre_id: 11,
        genre: "Jazz".to_owned(),
        year: 1999,
        duration_ms: 200_000 + i,
        audio: Audio::Bytes(bytes.into_inner().into()),
    }
}

#[test]
fn a_plan_becomes_a_library_that_is_reported() {
    let world = World::new(Faults::none());
    let url = ["--base-url", world.store.url.as_str()];
    let file = world.path("plan.json");
    let file = file.to_str().expect("a path that is text");

    let plan = [
        "catalog", "plan", "--artist", "7", "--size", "5", "--out", file,
    ];
    let plan = world.ask(&plan);
    assert_eq!(
        (&plan["songs"], &plan["seeds"][0]),
        (&5.into(), &"artist 7".into())
    );
    assert!(world.store.log().is_empty(), "a plan asks nothing");

    let report = world.ask(&["build", "--catalog", file, url[0], url[1]]);
    assert_eq!(
        (&report["added"], &report["failed"]),
        (&5.into(), &0.into())
    );
    let again = world.ask(&["build", "--catalog", file, url[0], url[1]]);
    assert_eq!(again["added"], Value::from(0));

    let tracks = world.ask(&["tracks", "--search", "otters"]);
    let tracks = tracks["tracks"].as_array().expect("a list");
    assert_eq!(tracks.len(), 5);
    assert!(tracks.iter().all(|track| track["store"].is_string()));
    let report = world.ask(&["catalog", "report"]);
    assert_eq!(
        (&report["tracks"], &report["unfinished"]),
        (&5.into(), &false.into())
    );
    assert_eq!(report["artists"][0]["count"], Value::from(5));
    let source = &report["sources"][0];
    assert_eq!(
        (&source["name"], &source["wanted"], &source["ready"]),
        (&"artist".into(), &5.into(), &5.into())
    );
    assert_eq!(report["own"], Value::from(0));
    assert_eq!(report["previews"]["connections"], Value::from(4));
    assert_eq!(report["stages"].as_array().map(Vec::len), Some(5));
    assert_eq!(report["skipped"], Value::Array(Vec::new()));

    let seed = tracks[0]["id"].to_string();
    let grown = ["catalog", "grow", &seed, "--songs", "1", url[0], url[1]];
    assert_eq!(world.ask(&grown)["added"], Value::from(1));
    for command in ["resume", "refresh", "retry"] {
        let limits = ["--connections", "2", "--bytes-per-second", "100000000"];
        let words = [&["catalog", command, url[0], url[1]], &limits[..]].concat();
        let report = world.ask(&words);
        assert_eq!(
            (&report["added"], &report["failed"]),
            (&0.into(), &0.into())
        );
    }

    let again = ["build", "--catalog", file, "--retry-failed", url[0], url[1]];
    let report = world.ask(&again);
    assert_eq!(
        (&report["added"], &report["skipped"]),
        (&0.into(), &0.into())
    );

    let found = world.ask(&["catalog", "search", "frost", url[0], url[1]]);
    assert_eq!(found["songs"][0]["title"], "Frost");
    let checks = world.ask(&["catalog", "check", url[0], url[1]]);
    let checks = checks["checks"].as_array().expect("a list");
    assert!(checks.iter().any(|check| check["what"] == "search"));

    let left = world.ask(&["catalog", "remove", "--genre", "Jazz"]);
    assert_eq!(left["tracks"], Value::from(0));

    for folder in ["tmp", "home"] {
        let left: Vec<_> = std::fs::read_dir(world.path(folder))
            .expect("a folder")
            .collect();
        assert!(left.is_empty(), "{folder}: {left:?}");
    }
}

#[test]
fn what_is_not_there_or_refuses_is_a_typed_error() {
    let world = World::new(Faults::always(Fault::Forbidden));
    let url = ["--base-url", world.store.url.as_str()];
    let refused = (Some(1), "catalog_refused".to_owned());
    assert_eq!(
        world.fail(&["catalog", "search", "frost", url[0], url[1]]),
        refused
    );

    let away = ["--base-url", "http://127.0.0.1:9"];
    let offline = (Some(1), "offline".to_owned());
    assert_eq!(
        world.fail(&["catalog", "search", "frost", away[0], away[1]]),
        offline
    );
    assert_eq!(world.fail(&["catalog", "check", away[0], away[1]]), offline);
    let file = world.path("plan.json");
    let file = file.to_str().expect("a path that is text");
    world.ask(&["catalog", "plan", "--charts", "--size", "5", "--out", file]);
    let build = ["build", "--catalog", file, away[0], away[1]];
    assert_eq!(world.fail(&build), offline);
    assert_eq!(
        world
            .fail(&["catalog", "plan", "--genre", "my own", "--size", "5"])
            .1,
        "no_plan"
    );
    assert_eq!(
        world.run(&["build"]).status.code(),
        Some(2),
        "a folder or a plan"
    );
}
