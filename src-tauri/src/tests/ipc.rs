//! Whatever a page asks, it is answered: with what it asked for, or with an error that it can act on.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use throughline_app::CODES;
use throughline_fuzz::Rng;

use super::{Window, commands, tone};
use Kind::{
    Channel, Count, Flag, Id, Ids, Knob, Limits, Model, Number, Numbers, Path, Paths, Request,
    Side, Text, Verdict, Which,
};

/// Commands with their arguments.
const COMMANDS: &[(&str, &[(&str, Kind)])] = &[
    ("status", &[]),
    (
        "build",
        &[
            ("folder", Path),
            ("retryFailed", Flag),
            ("onProgress", Channel),
        ],
    ),
    ("cancel_build", &[]),
    ("remove_source", &[("id", Id)]),
    ("use_model", &[("id", Model)]),
    (
        "failures",
        &[
            ("which", Which),
            ("hidden", Flag),
            ("offset", Count),
            ("limit", Count),
        ],
    ),
    ("retry_failures", &[("which", Which)]),
    ("hide_failures", &[("which", Which), ("hidden", Flag)]),
    (
        "browse",
        &[("text", Text), ("offset", Count), ("limit", Count)],
    ),
    (
        "ahead",
        &[("text", Text), ("letters", Text), ("from", Count)],
    ),
    ("classify", &[("paths", Paths)]),
    ("salvage", &[]),
    ("set_watching", &[("on", Flag)]),
    ("set_gentle", &[("gentle", Flag)]),
    ("models", &[]),
    ("cancel_fetch", &[("id", Model)]),
    (
        "import_model",
        &[
            ("id", Model),
            ("path", Path),
            ("stats", Path),
            ("onProgress", Channel),
        ],
    ),
    ("verify_model", &[("id", Model), ("onProgress", Channel)]),
    ("remove_model", &[("id", Model)]),
    ("plan_catalog", &[("request", Request)]),
    ("artwork", &[("track", Id)]),
    ("clear_artwork", &[]),
    ("limit_previews", &[("limits", Limits)]),
    ("catalog_report", &[]),
    ("remove_genre", &[("name", Text)]),
    ("remove_artist", &[("id", Count)]),
    ("thread", &[]),
    ("seed_tracks", &[("ids", Ids)]),
    ("seed_files", &[("paths", Paths)]),
    ("unseed", &[("id", Id)]),
    ("clear_thread", &[]),
    ("rate", &[("id", Id), ("verdict", Verdict)]),
    ("banish", &[("id", Id)]),
    ("undo", &[]),
    ("turn_knob", &[("knob", Knob), ("value", Number)]),
    ("weigh_seed", &[("id", Id), ("weight", Number)]),
    ("oppose", &[("ids", Ids)]),
    ("rate_family", &[("id", Id)]),
    ("would_hide", &[("id", Id), ("radii", Numbers)]),
    ("down_near", &[("id", Id), ("radius", Number)]),
    ("path", &[("from", Id), ("to", Id), ("steps", Count)]),
    ("versions", &[("id", Id)]),
    ("why", &[("id", Id)]),
    ("name_thread", &[("name", Text)]),
    ("threads", &[]),
    ("open_thread", &[("id", Id)]),
    ("branch_thread", &[("id", Id), ("before", Id)]),
    ("import_thread", &[("path", Path)]),
    ("play", &[("id", Id)]),
    ("pause", &[]),
    ("resume", &[]),
    ("stop", &[]),
    ("seek", &[("seconds", Number)]),
    ("comparable", &[]),
    ("trial", &[("a", Model), ("b", Model)]),
    ("vote", &[("trial", Count), ("side", Side)]),
];

/// Commands that ask the network, open another program or a dialog, or take minutes.
const LEFT_OUT: &[&str] = &[
    "build_demo",
    "reveal",
    "fetch_model",
    "open_page",
    "catalog_search",
    "seed_song",
    "build_catalog",
    "resume_catalog",
    "grow_catalog",
    "retry_catalog",
    "refresh_catalog",
    "open_store",
    "export_thread",
];

/// Where the page hears how work gets on.
const CHANNEL: &str = "__CHANNEL__:1";

/// What an argument is, as the page sends it.
#[derive(Clone, Copy)]
enum Kind {
    Id,
    Ids,
    /// A whole number from nought.
    Count,
    Number,
    Numbers,
    Flag,
    Text,
    Path,
    Paths,
    Model,
    Verdict,
    Knob,
    Side,
    /// Which failures.
    Which,
    /// What is asked of a plan.
    Request,
    /// What previews are limited to.
    Limits,
    Channel,
}

/// Longest that an answer may take: a build may have to embed all three tracks on a busy machine.
const LONGEST: Duration = Duration::from_mins(5);

#[test]
fn every_command_is_asked_or_left_out_by_name() {
    let asked = COMMANDS.iter().map(|(command, _)| *command);
    let mut named: Vec<_> = asked.chain(LEFT_OUT.iter().copied()).collect();
    let mut ours = commands();
    named.sort_unstable();
    ours.sort_unstable();
    assert_eq!(named, ours);
}

#[test]
fn every_command_takes_arguments_of_its_types() {
    let asked = Asked::new();
    let mut rng = Rng::new(3);
    for (command, arguments) in COMMANDS {
        let fitting = arguments.iter().map(|(name, kind)| {
            let value = kind.value(&asked.words, &mut rng);
            ((*name).to_owned(), value)
        });
        let fitting = Value::Object(fitting.collect());
        let shown = format!("{command} {:.400}", fitting.to_string());
        if let Err(error) = asked.window.send(command, fitting) {
            assert!(!error.is_string(), "{shown}: {error}");
        }
    }
}

#[test]
fn any_arguments_are_answered() {
    ask_while(|asked, _| asked < 150, 1);
}

#[test]
#[ignore = "takes 20 minutes"]
fn any_arguments_are_answered_for_long() {
    let asked = ask_while(|_, time| time < Duration::from_mins(20), 2);
    println!("ipc: {asked} questions");
}

/// A window over a library of three tracks and a file that is none.
struct Asked {
    window: Window,
    /// Paths that the page may name: the folder, the bad file, a good one.
    words: [Value; 3],
    _folders: [tempfile::TempDir; 2],
}

impl Asked {
    fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        let [dir, music] = [folder(), folder()];
        for (name, hz) in [("a.wav", 220.0), ("b.wav", 990.0), ("c.wav", 90.0)] {
            tone(&music.path().join(name), hz);
        }
        let bad = music.path().join("bad.wav");
        std::fs::write(&bad, b"RIFF, and then nothing of the kind").expect("a file");
        let window = Window::open(dir.path(), &[]);
        let folder = json!(music.path());
        let request = json!({ "folder": folder, "retryFailed": false, "onProgress": CHANNEL });
        window.answer("build", request);
        Self {
            window,
            words: [folder, json!(bad), json!(music.path().join("a.wav"))],
            _folders: [dir, music],
        }
    }
}

/// Asks at random while `more` says so of the number of questions and the time; gives their number.
fn ask_while(more: impl Fn(u64, Duration) -> bool, seed: u64) -> u64 {
    let Asked { window, words, .. } = &Asked::new();
    let mut rng = Rng::new(seed);
    let (begun, mut asked) = (Instant::now(), 0);
    while more(asked, begun.elapsed()) {
        let (command, arguments) = *rng.pick(COMMANDS);
        let (mut sent, mut fits) = (Map::new(), true);
        for (name, kind) in arguments {
            let value = match rng.below(16) {
                0 => None,
                1..=4 => Some(anything(words, &mut rng, 0)),
                _ => {
                    sent.insert((*name).to_owned(), kind.value(words, &mut rng));
                    continue;
                }
            };
            fits = false;
            sent.extend(value.map(|value| ((*name).to_owned(), value)));
        }
        let sent = Value::Object(sent);
        let since = Instant::now();
        let answer = window.send(command, sent.clone());
        let shown = || format!("{command} {:.400}", sent.to_string());
        assert!(since.elapsed() < LONGEST, "it took too long: {}", shown());
        if let Err(error) = answer {
            // What does not fit a command's types is turned down in words, before it is called.
            let code = error["code"].as_str();
            let known = code.is_some_and(|code| CODES.contains(&code));
            assert!(
                known || (error.is_string() && !fits),
                "{}: {error}",
                shown()
            );
            assert!(!error.to_string().contains("panic"), "{}: {error}", shown());
        }
        asked += 1;
    }
    window.answer("status", json!({}));
    asked
}

impl Kind {
    /// One that fits.
    fn value(self, words: &[Value], rng: &mut Rng) -> Value {
        let some = |rng: &mut Rng, of: Self| -> Value {
            (0..rng.below(4)).map(|_| of.value(words, rng)).collect()
        };
        match self {
            Id => match rng.below(8) {
                0 => rng.pick(&[-1, i64::MIN, i64::MAX].map(Value::from)).clone(),
                _ => json!(rng.below(6)),
            },
            Count => match rng.below(4) {
                0 => rng
                    .pick(&[1_000, u64::from(u32::MAX), u64::MAX].map(Value::from))
                    .clone(),
                _ => json!(rng.below(6)),
            },
            Ids => some(rng, Id),
            Paths => some(rng, Path),
            Numbers => some(rng, Number),
            Number => number(rng),
            Flag => json!(rng.below(2) == 0),
            Text => text(rng),
            Path => rng.pick(words).clone(),
            Model => one_of(&["msd-musicnn", "musicfm", "muq", "no such"], rng),
            Verdict => one_of(&["up", "down", "clear"], rng),
            Knob => one_of(&["breadth", "explore"], rng),
            Side => one_of(&["left", "right", "neither"], rng),
            Which => match rng.below(3) {
                0 => json!({ "kind": "all" }),
                1 => json!({ "kind": "reason", "code": one_of(&["damaged", "not_audio"], rng) }),
                _ => json!({ "kind": "file", "file": Id.value(words, rng) }),
            },
            Request => {
                let seed = match rng.below(5) {
                    0 => json!({ "kind": "charts" }),
                    1 => json!({ "kind": "own" }),
                    2 => json!({ "kind": "artist", "id": Count.value(words, rng) }),
                    3 => json!({ "kind": "genre", "name": one_of(&["Jazz", "21", "none"], rng) }),
                    _ => json!({ "kind": "text", "text": text(rng) }),
                };
                let (country, size) = (
                    one_of(&["us", "de", "nowhere"], rng),
                    Count.value(words, rng),
                );
                json!({ "seeds": [seed], "countries": [country], "size": size })
            }
            Limits => {
                let [connections, bytes] = [(); 2].map(|()| Count.value(words, rng));
                json!({ "connections": connections, "bytes_per_s": bytes })
            }
            Channel => json!(CHANNEL),
        }
    }
}

fn one_of(words: &[&str], rng: &mut Rng) -> Value {
    json!(rng.pick(words))
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
