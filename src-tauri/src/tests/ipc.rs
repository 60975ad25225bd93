//! Whatever a page asks, it is answered: with what it asked for, or with an error that it can act on.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use throughline_app::CODES;
use throughline_fuzz::Rng;

use super::{Window, tone};

/// Commands with the names of their arguments, but for those that ask the network, open another program
/// or a dialog, or take minutes.
const COMMANDS: [(&str, &[&str]); 41] = [
    ("status", &[]),
    ("build", &["folder", "retryFailed", "onProgress"]),
    ("cancel_build", &[]),
    ("remove_source", &["id"]),
    ("failures", &[]),
    ("search", &["text", "limit"]),
    ("classify", &["paths"]),
    ("models", &[]),
    ("cancel_fetch", &["id"]),
    ("import_model", &["id", "path", "accept", "onProgress"]),
    ("verify_model", &["id", "onProgress"]),
    ("remove_model", &["id"]),
    ("thread", &[]),
    ("seed_tracks", &["ids"]),
    ("seed_files", &["paths"]),
    ("unseed", &["id"]),
    ("clear_thread", &[]),
    ("rate", &["id", "verdict"]),
    ("banish", &["id"]),
    ("undo", &[]),
    ("turn_knob", &["knob", "value"]),
    ("oppose", &["ids"]),
    ("rate_family", &["id"]),
    ("would_hide", &["id", "radii"]),
    ("down_near", &["id", "radius"]),
    ("versions", &["id"]),
    ("why", &["id"]),
    ("name_thread", &["name"]),
    ("threads", &[]),
    ("open_thread", &["id"]),
    ("import_thread", &["path"]),
    ("play", &["id"]),
    ("pause", &[]),
    ("stop", &[]),
    ("seek", &["seconds"]),
    ("catalog_report", &[]),
    ("remove_genre", &["name"]),
    ("remove_artist", &["id"]),
    ("comparable", &[]),
    ("trial", &["a", "b"]),
    ("vote", &["trial", "side"]),
];

/// Longest that an answer may take on a busy machine.
const LONGEST: Duration = Duration::from_secs(30);

#[test]
fn any_arguments_are_answered() {
    let asked = ask_for(Duration::from_secs(5), 1);
    assert!(asked > 100, "{asked} questions are few");
}

#[test]
#[ignore = "takes 20 minutes"]
fn any_arguments_are_answered_for_long() {
    let asked = ask_for(Duration::from_mins(20), 2);
    println!("ipc: {asked} questions");
}

/// Asks at random for as long as `time`; gives the number of questions.
fn ask_for(time: Duration, seed: u64) -> u64 {
    let (dir, music) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    for (name, hz) in [("a.wav", 220.0), ("b.wav", 990.0), ("c.wav", 90.0)] {
        tone(&music.path().join(name), hz);
    }
    let bad = music.path().join("bad.wav");
    std::fs::write(&bad, b"RIFF, and then nothing of the kind").expect("a file");
    let window = Window::open(dir.path(), &[]);
    let folder = json!(music.path());
    let request = json!({ "folder": folder, "retryFailed": false, "onProgress": "__CHANNEL__:1" });
    window.answer("build", request);
    let words = [folder, json!(bad), json!(music.path().join("a.wav"))];
    let mut rng = Rng::new(seed);
    let (begun, mut asked) = (Instant::now(), 0);
    while begun.elapsed() < time {
        let (command, names) = *rng.pick(&COMMANDS);
        let named = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), argument(name, &words, &mut rng)?)));
        let arguments = Value::Object(named.collect::<Map<_, _>>());
        let since = Instant::now();
        let answer = window.send(command, arguments.clone());
        let shown = || format!("{command} {:.400}", arguments.to_string());
        assert!(since.elapsed() < LONGEST, "it took too long: {}", shown());
        if let Err(error) = answer {
            // What does not fit a command's types is turned down in words, before it is called.
            let code = error["code"].as_str();
            let known = error.is_string() || code.is_some_and(|code| CODES.contains(&code));
            assert!(known, "{}: {error}", shown());
            assert!(!error.to_string().contains("panic"), "{}: {error}", shown());
        }
        asked += 1;
    }
    window.answer("status", json!({}));
    asked
}

/// An argument called `name`: often one that fits, else anything; sometimes none.
fn argument(name: &str, words: &[Value], rng: &mut Rng) -> Option<Value> {
    if rng.below(16) == 0 {
        return None;
    }
    if rng.below(4) == 0 {
        return Some(anything(words, rng, 0));
    }
    let id = |rng: &mut Rng| json!(rng.below(6));
    let list = |rng: &mut Rng, each: &dyn Fn(&mut Rng) -> Value| {
        let len = rng.below(4);
        Value::Array((0..len).map(|_| each(rng)).collect())
    };
    Some(match name {
        "ids" => list(rng, &|rng| id(rng)),
        "paths" => list(rng, &|rng| rng.pick(words).clone()),
        "radii" => list(rng, &|rng| number(rng)),
        "value" | "radius" | "seconds" => number(rng),
        "folder" | "path" => rng.pick(words).clone(),
        "verdict" => rng.pick(&["up", "down", "clear"].map(Value::from)).clone(),
        "knob" => rng.pick(&["breadth", "explore"].map(Value::from)).clone(),
        "side" => rng
            .pick(&["left", "right", "neither"].map(Value::from))
            .clone(),
        "a" | "b" => rng
            .pick(&["msd-musicnn", "musicfm", "muq"].map(Value::from))
            .clone(),
        "retryFailed" | "accept" => json!(rng.below(2) == 0),
        "onProgress" => json!("__CHANNEL__:1"),
        "text" | "name" => text(rng),
        _ => id(rng),
    })
}

/// Any JSON.
fn anything(words: &[Value], rng: &mut Rng, depth: usize) -> Value {
    let inner = |rng: &mut Rng| anything(words, rng, depth + 1);
    match rng.below(if depth < 4 { 9 } else { 7 }) {
        0 => Value::Null,
        1 => json!(rng.below(2) == 0),
        2 | 3 => number(rng),
        4 => rng.pick(words).clone(),
        5 | 6 => text(rng),
        7 => (0..rng.below(8)).map(|_| inner(rng)).collect(),
        _ => {
            let fields = (0..rng.below(5)).map(|_| (format!("f{}", rng.below(9)), inner(rng)));
            Value::Object(fields.collect())
        }
    }
}

fn number(rng: &mut Rng) -> Value {
    let edges = [
        json!(0),
        json!(-1),
        json!(1),
        json!(0.5),
        json!(-0.0),
        json!(1e-300),
        json!(1e308),
        json!(-1e308),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(u32::MAX),
    ];
    match rng.below(3) {
        0 => json!(rng.next_u64() as i64),
        1 => json!(rng.below(2_000) as f64 / 1_000.0),
        _ => rng.pick(&edges).clone(),
    }
}

fn text(rng: &mut Rng) -> Value {
    let long = "é\u{202e}'\"%_*\0\n".repeat(1 + rng.below(2_000));
    let odd = [
        "",
        " ",
        "a",
        "a.wav",
        "us",
        "../../../../etc/passwd",
        "/dev/null",
        "\0",
        "'; DROP TABLE track; --",
        "NEAR(\"",
        "a* OR b",
        "{\"a\":1}",
        "\u{feff}\u{202e}\u{0}",
        &long,
    ];
    json!(rng.pick(&odd))
}
