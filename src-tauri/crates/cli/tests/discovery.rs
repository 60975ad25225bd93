//! Lists, throughlines, paths and evaluations as they are typed, with the real model.

use std::path::PathBuf;

use serde_json::Value;

mod world;

use world::{World, text};

/// Tones of a pocket.
const TONES: usize = 6;

/// A library of two pockets, six low tones and six high ones, with the ids of the tracks in this order.
struct Library {
    world: World,
    ids: Vec<String>,
}

impl Library {
    fn new() -> Self {
        let world = World::new();
        let music = world.path("tones");
        std::fs::create_dir_all(&music).expect("a folder");
        for n in 0..TONES {
            world.tone(&format!("tones/a{n}.wav"), 80.0 + 9.0 * n as f32, 1.0);
            world.tone(&format!("tones/b{n}.wav"), 2000.0 + 190.0 * n as f32, 9.0);
        }
        world.ask(&["build", "--folder", text(&music)]);
        let mut tracks: Vec<(String, String)> = rows(&world.ask(&["tracks"]), "tracks")
            .iter()
            .map(|track| (track["title"].to_string(), track["id"].to_string()))
            .collect();
        tracks.sort();
        let ids = tracks.into_iter().map(|(_, id)| id).collect();
        Self { world, ids }
    }

    fn file(&self, n: usize) -> PathBuf {
        let (pocket, n) = (["a", "b"][n / TONES], n % TONES);
        self.world.path(&format!("tones/{pocket}{n}.wav"))
    }

    /// Exit code, and code of the error.
    fn fail(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.world.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        let error: Value =
            serde_json::from_str(last).unwrap_or_else(|_| panic!("{words:?}: {said}"));
        let code = error["error"]["code"].as_str().unwrap_or_default();
        (output.status.code(), code.to_owned())
    }
}

fn rows(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().expect(name).clone()
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].to_string()).collect()
}

#[test]
fn a_list_is_steered_and_says_why() {
    let library = Library::new();
    let (world, id) = (&library.world, &library.ids);
    let weight = format!("{}=2", id[0]);
    let words = [
        "similar",
        "--seed",
        &id[0],
        "--seed",
        &id[6],
        "--negative",
        &id[11],
        "--seed-weight",
        &weight,
        "--breadth",
        "1",
        "--explore",
        "0",
        "--per-artist",
        "0",
        "--family",
        "all",
        "--now",
        "2026-03-01T20:15:00Z",
    ];
    let answer = world.ask(&words);
    assert_eq!(
        answer,
        world.ask(&words),
        "the same question has one answer"
    );
    assert_eq!(answer["model"], "musicnn");
    let kind = answer["thread"]["kind"].as_str().expect("a kind");
    assert!(["thread", "pockets", "loose"].contains(&kind), "{kind}");
    let pockets = rows(&answer["thread"], "pockets");
    let seeds: usize = pockets
        .iter()
        .map(|of| of.as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(seeds, 2, "each seed is in a pocket: {pockets:?}");

    let list = rows(&answer, "results");
    assert_eq!(list.len(), 2 * TONES - 3, "all but the seeds of both kinds");
    for row in &list {
        let why = &row["why"];
        let shares = rows(why, "anchors");
        let sum: f64 = shares.iter().filter_map(|of| of["share"].as_f64()).sum();
        assert!((sum - 1.0).abs() < 1e-4, "shares add up: {why}");
        assert!((0.0..=100.0).contains(&why["percentile"].as_f64().expect("a share")));
        assert!((0.0..=1.0).contains(&why["novelty"].as_f64().expect("a share")));
        assert!(why["agreement"].is_u64());
        assert_eq!(why["in_charge"], "anchors", "no thumbs, no head");
        let without = rows(why, "without_seed");
        assert_eq!(ids(&without), [id[0].as_str(), &id[6]]);
        assert!(without.iter().all(|of| of["rank"].as_u64() > Some(0)));
        let moment = &why["moment"];
        assert!([&id[0], &id[6]].contains(&&moment["seed_id"].to_string()));
        assert!(moment["seed_s"].is_f64() && moment["row_s"].is_f64());
    }

    let seed = ["similar", "--seed", &id[0]];
    let with = |more: &[&str]| rows(&world.ask(&[&seed, more].concat()), "results").len();
    assert_eq!(with(&["--limit", "3"]), 3);
    assert_eq!(with(&["--owned", "only"]), 2 * TONES - 1);
    for nothing in [
        &["--owned", "hide"][..],
        &["--genre", "Polka"],
        &["--years", "1990..1999"],
        &["--seconds", "5.."],
        &["--tag", "no such tag"],
    ] {
        assert_eq!(with(nothing), 0, "{nothing:?}");
    }

    for wrong in [
        &["--breadth", "1.5"][..],
        &["--explore", "NaN"],
        &["--seed-weight", "1"],
        &["--seed-weight", "999=1"],
        &["--per-artist", "-1"],
        &["--family", "some"],
        &["--years", "1999..1990"],
        &["--now", "yesterday"],
    ] {
        assert_eq!(world.code(&[&seed, wrong].concat()), Some(2), "{wrong:?}");
    }
    let unknown = ["similar", "--seed", &id[0], "--negative", "999"];
    assert_eq!(library.fail(&unknown), (Some(1), "not_analysed".to_owned()));
}

#[test]
fn throughlines_are_kept_shown_and_carried() {
    let library = Library::new();
    let (world, id) = (&library.world, &library.ids);
    world.ask(&["rate", &id[1], "up", "--throughline", "evening"]);
    world.ask(&["rate", &id[7], "down", "--throughline", "evening"]);
    let list = rows(&world.ask(&["throughline", "list"]), "throughlines");
    let evening = list
        .iter()
        .find(|one| one["name"] == "evening")
        .expect("it is listed");
    assert_eq!(
        (&evening["thumbs"], &evening["open"]),
        (&2.into(), &false.into())
    );

    let shown = world.ask(&["throughline", "show", "evening"]);
    assert_eq!(
        shown,
        world.ask(&["throughline", "show", &evening["id"].to_string()])
    );
    assert_eq!(ids(&rows(&shown, "liked")), [id[1].as_str()]);
    assert_eq!(ids(&rows(&shown, "disliked")), [id[7].as_str()]);
    assert!(shown["knobs"]["breadth"].is_number() && shown["rows"].is_array());
    let open = world.ask(&["throughline", "show"]);
    assert_eq!(open["name"], Value::Null, "showing one does not open it");

    let past = [
        "throughline",
        "show",
        "evening",
        "--before",
        "2001-01-01T00:00:00Z",
    ];
    assert!(rows(&world.ask(&past), "liked").is_empty());
    let branched = world.ask(&["throughline", "branch", "evening", "night"]);
    assert_eq!(branched["name"], "night");
    assert_eq!(ids(&rows(&branched, "liked")), [id[1].as_str()]);
    let mut early = vec!["throughline", "branch", "evening", "dawn"];
    early.extend(["--before", "2001-01-01T00:00:00Z"]);
    assert_eq!(library.fail(&early), (Some(1), "nothing_said".to_owned()));

    let file = world.path("evening.throughline");
    let exported = world.ask(&["throughline", "export", "evening", text(&file)]);
    assert_eq!(exported["id"], evening["id"]);
    let imported = world.ask(&["throughline", "import", text(&file)]);
    assert_eq!(imported["unresolved"], Value::Array(Vec::new()));
    assert_eq!(ids(&rows(&imported["thread"], "liked")), [id[1].as_str()]);
    let saved = world.ask(&["throughline", "save", "morning"]);
    assert_eq!(
        (&saved["name"], &saved["id"]),
        (&"morning".into(), &imported["thread"]["id"])
    );

    let failed = |code: &str| (Some(1), code.to_owned());
    assert_eq!(
        library.fail(&["throughline", "save", "evening"]),
        failed("name_taken")
    );
    for unknown in ["nobody", "999"] {
        let show = ["throughline", "show", unknown];
        assert_eq!(library.fail(&show), failed("no_throughline"), "{unknown}");
    }
    let words = world.path("music/words.mp3");
    let import = ["throughline", "import", text(&words)];
    assert_eq!(library.fail(&import), failed("throughline_file"));
    assert_eq!(world.code(&["throughline", "import", "nowhere"]), Some(1));
    assert_eq!(
        world.code(&["throughline", "save", " "]),
        Some(2),
        "that is no name"
    );
}

#[test]
fn a_path_leads_from_one_track_to_another() {
    let library = Library::new();
    let (world, id) = (&library.world, &library.ids);
    let ends = ["path", "--from", &id[0], "--to", &id[6]];
    let path = |steps: &str| {
        ids(&rows(
            &world.ask(&[&ends[..], &["--steps", steps]].concat()),
            "tracks",
        ))
    };
    let way = path("4");
    assert_eq!(way.len(), 4);
    assert!(
        !way.contains(&id[0]) && !way.contains(&id[6]),
        "the ends are not on it"
    );
    assert_eq!(path("100").len(), 2 * TONES - 2, "no track comes twice");
    assert_eq!(
        world.code(&[&ends[..], &["--steps", "0"]].concat()),
        Some(2)
    );
    let nowhere = ["path", "--from", &id[0], "--to", "999"];
    assert_eq!(library.fail(&nowhere), (Some(1), "not_analysed".to_owned()));
}

#[test]
fn labels_judge_what_the_library_makes_of_its_tracks() {
    let library = Library::new();
    let world = &library.world;
    let (table, svg) = (world.path("labels.tsv"), world.path("curves.svg"));
    let mut lines: Vec<String> = (0..2 * TONES)
        .map(|n| format!("{}\t{}", text(&library.file(n)), ["low", "high"][n / TONES]))
        .collect();
    lines.push(format!("{}\tlow", text(&world.path("music/low.wav"))));
    let copy = world.path("copy.wav");
    std::fs::copy(library.file(0), &copy).expect("a copy");
    lines.push(format!("{}\tlow", text(&copy)));
    std::fs::write(&table, lines.join("\n")).expect("a file");
    let evaluate = ["evaluate", "--labels", text(&table), "--listeners", "20"];
    let answer = world.ask(&[&evaluate[..], &["--svg", text(&svg)]].concat());
    assert_eq!(
        (&answer["tracks"], &answer["labels"]),
        (&12.into(), &2.into())
    );
    let left = rows(&answer, "left_out");
    let reasons: Vec<_> = left.iter().map(|left| left["reason"].to_string()).collect();
    assert_eq!(
        reasons.len(),
        2,
        "one is not in the library, one is: {reasons:?}"
    );
    assert!(reasons[1].contains("the same track as"), "{reasons:?}");
    for figure in ["precision_at_10", "r_precision", "map"] {
        let value = answer["leave_one_out"][figure].as_f64().expect(figure);
        assert!((0.4..=1.0 + 1e-9).contains(&value), "{figure}: {value}");
    }
    let listener = &answer["listener"];
    assert_eq!(
        (&listener["rounds"], &listener["listeners"]),
        (&4.into(), &20.into())
    );
    for arm in [
        "fixed_centroid",
        "drifting_mean",
        "anchors",
        "anchors_negatives",
        "anchors_head",
        "shipped",
    ] {
        for of in ["arms", "standard_error"] {
            assert_eq!(rows(&listener[of], arm).len(), 4, "{of} of {arm}");
        }
    }
    for figure in [
        "skew_plain",
        "skew_corrected",
        "unreachable_plain",
        "unreachable_corrected",
    ] {
        assert!(answer["hubs"][figure].is_f64(), "{figure}");
    }
    let drawn = std::fs::read_to_string(&svg).expect("a picture");
    assert!(drawn.contains("as shipped"));
    let again = world.ask(&evaluate);
    assert_eq!(
        again["listener"], answer["listener"],
        "the seed determines them"
    );
    let other = world.ask(&[&evaluate[..], &["--seed", "2"]].concat());
    assert_eq!(other["leave_one_out"], answer["leave_one_out"]);

    let failed = |code: &str| (Some(1), code.to_owned());
    std::fs::write(&table, format!("{}\nno tab here", lines[0])).expect("a file");
    let said = String::from_utf8(world.run(&evaluate).stderr).expect("words");
    assert!(said.contains("line 2"), "it says where: {said}");
    assert_eq!(library.fail(&evaluate), failed("input"));
    std::fs::write(&table, &lines[12]).expect("a file");
    assert_eq!(library.fail(&evaluate), failed("not_comparable"));
    std::fs::remove_file(&table).expect("it goes");
    assert_eq!(
        library.fail(&evaluate),
        failed("input"),
        "there is no table"
    );
    let none = [&evaluate[..], &["--listeners", "0"]].concat();
    assert_eq!(world.code(&none), Some(2));
}

#[test]
fn nothing_is_asked_of_a_library_that_is_not_there() {
    let world = World::new();
    let table = world.path("labels.tsv");
    std::fs::write(&table, "/a.mp3\tslow").expect("a file");
    for words in [
        &["throughline", "list"][..],
        &["path", "--from", "1", "--to", "2"],
        &["evaluate", "--labels", text(&table)],
        &["similar", "--seed", "1"],
    ] {
        assert_eq!(world.code(words), Some(1), "{words:?}");
    }
    assert!(!world.path("library").exists(), "asking makes none");
}
