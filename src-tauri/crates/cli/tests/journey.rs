//! The commands as they are typed, with the real model: answers, exit codes, and what they leave behind.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

mod world;

use world::{World, text};

#[test]
fn a_folder_becomes_a_library_that_answers() {
    let world = World::new();
    let music = world.path("music");
    assert_eq!(
        world.code(&["tracks"]),
        Some(1),
        "there is no library yet, and asking makes none"
    );
    assert!(!world.path("library").exists());

    let first = world.ask(&["build", "--folder", text(&music)]);
    assert_eq!(
        (&first["added"], &first["failed"]),
        (&4.into(), &1.into()),
        "one bad file stops nothing"
    );
    let second = world.ask(&["build", "--folder", text(&music)]);
    assert_eq!(
        (&second["added"], &second["unchanged"]),
        (&0.into(), &4.into())
    );

    let tracks = world.ask(&["tracks"])["tracks"]
        .as_array()
        .expect("a list")
        .clone();
    assert_eq!(tracks.len(), 4);
    for track in &tracks {
        assert!(Path::new(track["path"].as_str().expect("a path")).is_absolute());
        assert_eq!(track["status"], "ready");
        assert!((track["duration_s"].as_f64().expect("a length") - 4.0).abs() < 1e-3);
    }
    let id = |title: &str| {
        tracks
            .iter()
            .find(|track| track["title"] == title)
            .expect(title)["id"]
            .to_string()
    };
    assert_eq!(
        world.ask(&["tracks", "--search", "hig"])["tracks"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );

    let answer = world.ask(&["similar", "--seed", &id("low"), "--limit", "3"]);
    assert_eq!(answer["model"], "musicnn");
    let rows = answer["results"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[0]["title"], "lower",
        "the other low tone sounds most alike"
    );
    assert_eq!(rows[0]["seed_scores"].as_array().map(Vec::len), Some(1));
    assert!(rows[0]["shared_tags"].is_array());

    world.ask(&["rate", &id("lower"), "down", "--throughline", "evening"]);
    let rows = world.ask(&["similar", "--seed", &id("low"), "--throughline", "evening"])["results"]
        .clone();
    assert!(
        rows.as_array()
            .expect("rows")
            .iter()
            .all(|row| row["title"] != "lower")
    );

    world.tone("outside.wav", 120.0, 1.0);
    let outside = world.path("outside.wav");
    let rows = world.ask(&["similar", "--seed", text(&outside), "--limit", "2"])["results"].clone();
    let low = |row: &Value| {
        row["title"]
            .as_str()
            .is_some_and(|title| title.starts_with("low"))
    };
    assert!(rows.as_array().expect("rows").iter().all(low), "{rows}");

    let failures = world.ask(&["failures"]);
    assert_eq!(failures["failures"][0]["code"], "not_audio");
    let doctor = world.ask(&["doctor"]);
    assert_eq!(doctor["problems"], Value::Array(Vec::new()));
    assert_eq!(doctor["status"]["tracks"], 4);
}

#[test]
fn features_are_written_as_an_array_of_one_row_a_file() {
    let world = World::new();
    let (low, high, out) = (
        world.path("music/low.wav"),
        world.path("music/high.wav"),
        world.path("out.npy"),
    );
    world.ask(&[
        "embed",
        text(&low),
        text(&high),
        "--model",
        "musicnn",
        "--out",
        text(&out),
    ]);
    let bytes = std::fs::read(&out).expect("an array");
    let header = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert!(String::from_utf8_lossy(&bytes[..header]).contains("'shape': (2, 400)"));
    assert_eq!(bytes.len() - header, 2 * 400 * 4);
    let bad = world.path("music/words.mp3");
    assert_eq!(
        world.code(&["embed", text(&bad), "--out", text(&out)]),
        Some(1)
    );
}

#[test]
fn wrong_use_is_two() {
    let world = World::new();
    assert_eq!(world.code(&["sing"]), Some(2));
    assert_eq!(world.code(&["similar"]), Some(2), "a seed is needed");
    assert_eq!(world.code(&["rate", "1", "sideways"]), Some(2));
    assert_eq!(
        world.code(&["build", "--folder", "x", "--model", "none"]),
        Some(2)
    );
    assert_eq!(
        world.code(&["embed", "x.wav", "--layer", "7", "--out", "x.npy"]),
        Some(2)
    );
    assert_eq!(
        world.code(&["build", "--folder", text(&world.path("nowhere"))]),
        Some(1)
    );
}

#[test]
fn a_device_is_had_or_refused_in_words() {
    let world = World::new();
    let doctor = world.ask(&["doctor"]);
    assert!(doctor["device"].is_string(), "auto always finds one");
    let looked = doctor["cuda"].as_array().expect("what a card needs");
    let (last, before) = looked.split_last().expect("at least the build");
    assert!(before.iter().all(|check| check["sound"] == true));
    assert_eq!(
        last["sound"] == true,
        last["advice"].is_null(),
        "what is missing comes with what to do: {last}"
    );
    let processor = world.ask(&["doctor", "--device", "cpu"]);
    assert_eq!(processor["cuda"], Value::Array(Vec::new()));
    assert_eq!(processor["precision"], "f32");
    // Nobody has that many cards.
    for command in [
        &["doctor"][..],
        &["demo"],
        &["embed", "song.wav", "--out", "song.npy"],
    ] {
        let refused = world.run(&[command, &["--device", "cuda:65535"]].concat());
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{command:?}: {said}");
        for words in ["CUDA cannot be used", "or choose `cpu` or `auto`"] {
            assert!(said.contains(words), "{command:?}: {said}");
        }
    }
    for wrong in [["--device", "gpu"], ["--precision", "f64"]] {
        let words = [&["doctor"][..], &wrong].concat();
        assert_eq!(world.code(&words), Some(2), "{wrong:?}");
    }
}

#[test]
fn models_come_by_import_and_never_unasked_from_the_network() {
    let world = World::new();
    let state = |id: &str| {
        let answer = world.ask(&["model", "list"]);
        let models = answer["models"].as_array().expect("a list").clone();
        let found = models.into_iter().find(|model| model["id"] == id);
        found.expect("it is listed")["state"].clone()
    };
    assert_eq!(state("musicnn"), "built_in");
    assert_eq!(state("muq"), "absent");
    let fetch = world.run(&["model", "fetch", "muq"]);
    let said = String::from_utf8_lossy(&fetch.stderr);
    assert_eq!(fetch.status.code(), Some(2), "nobody can be asked: {said}");
    for word in ["CC-BY-NC-4.0", "1.33 GB", "--accept-licence"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let nowhere = ["--base-url", "http://127.0.0.1:9", "--proxy", "here"];
    let fetch = [&["model", "fetch", "muq", "--accept-licence"][..], &nowhere].concat();
    assert_eq!(world.code(&fetch), Some(1), "that is no proxy");
    assert!(!world.path("models/muq").exists(), "nothing is left behind");

    // A safetensors file that holds nothing, and a file of words.
    let (file, words) = (
        world.path("mine.safetensors"),
        world.path("music/words.mp3"),
    );
    std::fs::write(&file, b"\x02\0\0\0\0\0\0\0{}").expect("a file");
    for (file, why) in [(&file, "lacks"), (&words, "no safetensors file")] {
        let import = world.run(&["model", "import", text(file), "--model", "muq"]);
        let said = String::from_utf8_lossy(&import.stderr);
        assert_eq!(import.status.code(), Some(1), "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(
        world.code(&["model", "verify", "muq"]),
        Some(1),
        "it is not here"
    );
    assert_eq!(state("muq"), "absent");
}

#[test]
fn a_library_is_told_which_model_to_use() {
    let world = World::new();
    let music = world.path("music");
    assert_eq!(
        world.code(&["use", "musicnn"]),
        Some(1),
        "there is no library yet"
    );
    world.ask(&["build", "--folder", text(&music), "--model", "musicnn"]);
    assert_eq!(world.ask(&["use", "musicnn"])["model"], "musicnn");
    for (words, code, why) in [
        (vec!["use", "none"], 2, "there is no such model"),
        (
            vec!["use", "musicnn", "--layer", "3"],
            2,
            "it has no layers",
        ),
        (vec!["use", "muq", "--pooling", "sum"], 2, "no such pooling"),
        (
            vec!["similar", "--seed", "1", "--model", "muq"],
            2,
            "musicnn serves",
        ),
    ] {
        assert_eq!(world.code(&words), Some(code), "{why}");
    }
    let refused = world.run(&["build", "--folder", text(&music), "--model", "muq"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("use muq"), "it says what to do: {said}");
    let doctor = world.ask(&["doctor"]);
    assert_eq!(doctor["status"]["model"], "musicnn");
    assert_eq!(doctor["status"]["next_model"], Value::Null);
}

#[test]
fn readings_are_tried_on_labelled_tracks() {
    let world = World::new();
    let (table, out) = (world.path("labels.tsv"), world.path("sweep"));
    let tracks = [
        ("low", "deep"),
        ("lower", "deep"),
        ("high", "bright"),
        ("higher", "bright"),
        ("nowhere", "bright"),
    ];
    let line = |(name, label)| {
        let file = world.path(&format!("music/{name}.wav"));
        format!("{}\t{label}", text(&file))
    };
    let lines = [&tracks.map(line)[..], &["no tab here".to_owned()]]
        .concat()
        .join("\n");
    std::fs::write(&table, lines).expect("a file");
    let words = ["--labels", text(&table), "--out", text(&out)];
    let sweep = [&["sweep", "--model", "musicnn"][..], &words].concat();
    let report = world.ask(&sweep);
    assert_eq!(
        (&report["tracks"], &report["heard"]),
        (&4.into(), &4.into())
    );
    assert_eq!(
        report["left_out"].as_array().map(Vec::len),
        Some(2),
        "a bad line and a missing file stop nothing"
    );
    let rows = report["rows"].as_array().expect("rows");
    let windows: Vec<_> = rows.iter().map(|row| row["windows"].clone()).collect();
    assert_eq!(windows, ["1", "3", "all"]);
    assert!(
        rows.iter()
            .all(|row| row["map"].as_f64() > report["chance"]["map"].as_f64())
    );
    let written = |name: &str| std::fs::read_to_string(out.join(name)).expect(name);
    assert_eq!(written("sweep.csv").lines().count(), 1 + rows.len());
    for word in [
        "precision@10",
        "mean average precision",
        "layer",
        "prefers-color-scheme",
    ] {
        assert!(written("sweep.svg").contains(word), "{word}");
    }
    let kept: Value = serde_json::from_str(&written("sweep.json")).expect("JSON");
    assert_eq!(kept["rows"], report["rows"]);
    assert_eq!(world.ask(&sweep)["heard"], 0, "it was all heard before");

    let wrong = [&sweep[..], &["--layers", "0-12"]].concat();
    assert_eq!(world.code(&wrong), Some(2), "musicnn has no layers");
    let absent = [&["sweep", "--model", "muq"][..], &words].concat();
    assert_eq!(world.code(&absent), Some(1), "it is not here");
    std::fs::write(&table, "").expect("a file");
    assert_eq!(world.code(&sweep), Some(1), "there is nothing to judge");
}

#[cfg(unix)]
#[test]
fn an_interrupted_build_says_so_and_goes_on_later() {
    use std::process::Stdio;

    let world = World::new();
    for n in 0..100 {
        world.tone(&format!("music/{n}.wav"), 200.0 + 40.0 * n as f32, 2.0);
    }
    let music = world.path("music");
    let child = Command::new(env!("CARGO_BIN_EXE_throughline-cli"))
        .args(["--json", "build", "--folder", text(&music), "--library"])
        .arg(world.path("library"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The library can be asked while it is being built.
    let stored = || world.run(&["tracks"]).stdout;
    while !String::from_utf8_lossy(&stored()).contains("ready") {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(status.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report all the same");
    let rest = world.ask(&["build", "--folder", text(&music)]);
    let added = |report: &Value| report["added"].as_u64().expect("a number");
    assert_eq!(
        added(&report) + added(&rest),
        104,
        "nothing is lost, nothing is done twice"
    );
}

#[test]
fn a_damaged_library_is_told_and_salvaged() {
    let world = World::new();
    world.ask(&["build", "--folder", text(&world.path("music"))]);
    world.ask(&["rate", "1", "up"]);
    let untouched = world.ask(&["salvage"]);
    assert!(untouched["salvaged"].is_null(), "nothing is wrong with it");

    let path = world.path("library/library.db");
    let mut bytes = std::fs::read(&path).expect("a file");
    let pages = bytes.len() / 4096;
    bytes[(pages - 1) * 4096..].fill(0x5a);
    std::fs::write(&path, &bytes).expect("a file");
    let problems = world.ask(&["doctor"])["problems"].to_string();
    assert!(
        problems.contains("`salvage`"),
        "it says what to do: {problems}"
    );

    let saved = world.ask(&["salvage"])["salvaged"].clone();
    let kept = saved["kept"].as_str().expect("where the damaged file is");
    assert_eq!(std::fs::read(kept).expect("it is there"), bytes);
    let ratings = &saved["rows"][0];
    assert_eq!((&ratings["saved"], &ratings["of"]), (&1.into(), &1.into()));
    world.ask(&["build", "--folder", text(&world.path("music"))]);
    assert_eq!(
        world.ask(&["tracks"])["tracks"].as_array().map(Vec::len),
        Some(4)
    );
    assert_eq!(world.ask(&["doctor"])["problems"], serde_json::json!([]));
}
