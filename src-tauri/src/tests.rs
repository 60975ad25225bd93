//! The commands as the page calls them, through the real permissions, without a display.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tauri::{
    App, Listener, Manager, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody, InvokeResponseBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};

use throughline_app::{
    catalog::CatalogSettings,
    models::{ModelStore, manifest::MODELS},
};

use crate::{context, opened::Given, player::Player, shell::Shell, with_commands};

mod catalogue;
mod ipc;
mod salvage;

/// Where no catalogue is: a port that nobody listens on.
const NO_STORE: &str = "http://127.0.0.1:9";

/// A window that nobody sees, over the library in `dir`.
struct Window {
    app: App<MockRuntime>,
    page: WebviewWindow<MockRuntime>,
}

impl Window {
    fn open(dir: &Path, opened: &[&str]) -> Self {
        Self::with_store(dir, opened, NO_STORE)
    }

    /// The same, with the catalogue at the address `store`.
    fn with_store(dir: &Path, opened: &[&str], store: &str) -> Self {
        Self::of(app(opened), dir, store)
    }

    /// The window of `app`.
    fn of(app: App<MockRuntime>, dir: &Path, store: &str) -> Self {
        let none = || "no sound in tests".to_owned();
        let player = Player::start(move || Err(none()), move |_| Err(none()), |_| {}, |_| {});
        let models = ModelStore::with(dir.join("models"), MODELS);
        app.manage(Shell::new(
            Some(dir.to_owned()),
            Some(models),
            catalog(dir, store),
            player,
        ));
        let config = app.config().app.windows[0].clone();
        let page = WebviewWindowBuilder::from_config(app.handle(), &config)
            .and_then(WebviewWindowBuilder::build)
            .expect("the window of the configuration");
        Self { app, page }
    }

    fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let answer = self.send(command, arguments)?;
        Ok(answer.deserialize().expect("JSON"))
    }

    /// The bytes that a command answers with.
    fn bytes(&self, command: &str, arguments: Value) -> Vec<u8> {
        match self.send(command, arguments) {
            Ok(InvokeResponseBody::Raw(bytes)) => bytes,
            other => panic!("{command}: no bytes but {other:?}"),
        }
    }

    fn send(&self, command: &str, arguments: Value) -> Result<InvokeResponseBody, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().expect("a URL"),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.page, request)
    }

    fn answer(&self, command: &str, arguments: Value) -> Value {
        self.invoke(command, arguments)
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    fn code(&self, command: &str, arguments: Value) -> String {
        let error = self
            .invoke(command, arguments)
            .expect_err("an error was expected");
        assert!(
            error["message"].is_string(),
            "{command}: an error is a code and a message: {error}"
        );
        error["code"].as_str().unwrap_or_default().to_owned()
    }

    /// What is told to the page under the name `event` from now on.
    fn heard(&self, event: &str) -> Arc<Mutex<Vec<Value>>> {
        let heard = Arc::new(Mutex::new(Vec::new()));
        self.app.listen_any(event, {
            let heard = Arc::clone(&heard);
            move |event| {
                let payload = serde_json::from_str(event.payload()).expect("JSON");
                heard.lock().expect("no panic").push(payload);
            }
        });
        heard
    }
}

/// An app that has begun to start, with the files `opened`.
fn app(opened: &[&str]) -> App<MockRuntime> {
    let opened = opened.iter().map(|&path| path.to_owned()).collect();
    with_commands(mock_builder())
        .manage(Given::of(opened))
        .build(context())
        .expect("the app is built")
}

/// The names of all commands, as the shell lists them for `tauri`.
fn commands() -> Vec<&'static str> {
    let list = include_str!("lib.rs")
        .split_once("generate_handler![")
        .and_then(|(_, after)| after.split_once(']'))
        .expect("the list of commands")
        .0;
    let paths = list.split(',').map(str::trim);
    let names = paths.filter_map(|path| Some(path.rsplit_once("::")?.1));
    names.collect()
}

/// How the catalogue at the address `store` is asked.
fn catalog(dir: &Path, store: &str) -> CatalogSettings {
    let mut settings = CatalogSettings::from_environment();
    settings.client.base_url = Some(store.to_owned());
    settings.client.limits = dir.join("limits");
    settings.client.calls_per_minute = 60_000;
    settings
}

/// Four seconds of a tone at `hz` with a second one that tells the pieces apart.
fn tone(path: &Path, hz: f64) {
    let format = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(path, format).expect("a WAV file");
    for i in 0..64_000 {
        let phase = f64::from(i) / 16_000.0 * std::f64::consts::TAU;
        let sample = (phase * hz).sin() * 0.5 + (phase * hz * 1.5).sin() * 0.2;
        wav.write_sample((sample * 20_000.0) as i16)
            .expect("a sample");
    }
    wav.finalize().expect("a finished WAV file");
}

#[test]
fn an_empty_library_answers() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    let status = window.answer("status", json!({}));
    assert_eq!(status["tracks"], 0, "{status}");
    assert_eq!(
        status["sound"], "no sound in tests",
        "the player's word is in the status"
    );
    assert_eq!(window.answer("thread", json!({}))["seeds"], json!([]));
    assert_eq!(
        window.answer("browse", json!({ "text": "", "offset": 0, "limit": 9 })),
        json!({ "total": 0, "tracks": [] })
    );
    let all = json!({ "which": { "kind": "all" }, "hidden": false, "offset": 0, "limit": 9 });
    assert_eq!(
        window.answer("failures", all),
        json!({ "total": 0, "failures": [], "reasons": [] })
    );
    let watching =
        |on: bool| window.answer("set_watching", json!({ "on": on }))["watching"].clone();
    assert_eq!(watching(false), json!({ "on": false, "note": null }));
    assert_eq!(watching(true), json!({ "on": true, "note": null }));
}

#[test]
fn errors_carry_the_code_that_the_page_acts_on() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    for (command, arguments, code) in [
        ("play", json!({ "id": 99 }), "unknown_track"),
        ("reveal", json!({ "id": 99 }), "unknown_track"),
        (
            "rate",
            json!({ "id": 99, "verdict": "down" }),
            "unknown_track",
        ),
        ("undo", json!({}), "nothing_to_undo"),
        ("cancel_build", json!({}), "not_building"),
        ("use_model", json!({ "id": "no such" }), "no_model"),
        (
            "trial",
            json!({ "a": "musicnn", "b": "muq" }),
            "not_comparable",
        ),
        (
            "vote",
            json!({ "trial": 1, "side": "left" }),
            "not_comparable",
        ),
        (
            "build",
            json!({ "folder": dir.path().join("gone"), "retryFailed": false, "onProgress": "__CHANNEL__:1" }),
            "folder_gone",
        ),
    ] {
        assert_eq!(window.code(command, arguments), code, "{command}");
    }
}

#[test]
fn a_folder_becomes_a_library_that_is_asked_and_rated() {
    let (dir, music) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    for (name, hz) in [
        ("a.wav", 220.0),
        ("b.wav", 233.0),
        ("c.wav", 1_900.0),
        ("d.wav", 90.0),
    ] {
        tone(&music.path().join(name), hz);
    }
    let window = Window::open(dir.path(), &[]);
    let changes = window.heard("library-changed");
    let request =
        json!({ "folder": music.path(), "retryFailed": false, "onProgress": "__CHANNEL__:1" });
    let report = window.answer("build", request);
    assert_eq!(
        (&report["added"], &report["failed"]),
        (&json!(4), &json!(0)),
        "{report}"
    );
    let last = changes
        .lock()
        .expect("no panic")
        .last()
        .cloned()
        .unwrap_or_default();
    assert_eq!(
        (&last["tracks"], &last["building"]),
        (&json!(4), &json!(false)),
        "{last}"
    );

    let page = json!({ "text": "a.wav", "offset": 0, "limit": 9 });
    let seed = window.answer("browse", page)["tracks"][0]["id"].clone();
    let ahead = json!({ "text": "", "letters": "B", "from": 0 });
    assert_eq!(
        window.answer("ahead", ahead),
        json!(1),
        "by its file's name"
    );
    let rows = |thread: &Value| {
        let rows = thread["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    let thread = window.answer("seed_tracks", json!({ "ids": [seed] }));
    assert_eq!(rows(&thread).len(), 3, "all but the seed: {thread}");
    let first = rows(&thread)[0].clone();
    let thread = window.answer("rate", json!({ "id": first, "verdict": "down" }));
    assert!(
        !rows(&thread).contains(&first),
        "a thumb down takes the row away: {thread}"
    );
    let thread = window.answer("undo", json!({}));
    assert!(
        rows(&thread).contains(&first),
        "an undo brings it back: {thread}"
    );
    assert_eq!(
        window.code("play", json!({ "id": first })),
        "no_sound",
        "all but the sound works"
    );
}

#[test]
fn a_library_that_does_not_open_says_so_to_every_question() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let library = dir.path().join("a file and no folder");
    std::fs::write(&library, b"in the way").expect("a file");
    let window = Window::open(&library, &[]);
    for (command, arguments) in [
        ("status", json!({})),
        ("thread", json!({})),
        ("browse", json!({ "text": "", "offset": 0, "limit": 1 })),
        ("undo", json!({})),
    ] {
        assert_eq!(
            window.code(command, arguments),
            "library_read_only",
            "{command}"
        );
    }
    assert_eq!(
        window.answer("stop", json!({}))["track"],
        Value::Null,
        "the rest goes on"
    );
}

#[test]
fn models_answer_without_a_library_and_without_a_network() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    let models = window.answer("models", json!({}));
    let states: Vec<_> = (0..4).map(|n| models[n]["state"].clone()).collect();
    assert_eq!(states, ["built_in", "absent", "absent", "absent"]);
    let channel = "__CHANNEL__:1";
    for (command, arguments, code) in [
        (
            "fetch_model",
            json!({ "id": "muq", "acceptLicence": false, "onProgress": channel }),
            "licence_not_accepted",
        ),
        (
            "fetch_model",
            json!({ "id": "nothing", "acceptLicence": true, "onProgress": channel }),
            "no_model",
        ),
        (
            "import_model",
            json!({ "id": "muq", "path": dir.path(), "stats": null, "onProgress": channel }),
            "model_damaged",
        ),
        (
            "verify_model",
            json!({ "id": "muq", "onProgress": channel }),
            "no_model",
        ),
        ("remove_model", json!({ "id": "muq" }), "no_model"),
    ] {
        assert_eq!(window.code(command, arguments), code, "{command}");
    }
    assert_eq!(window.answer("cancel_fetch", json!({})), Value::Null);
    assert_eq!(
        window.answer("models", json!({})),
        models,
        "nothing was left behind"
    );
}

#[test]
fn files_of_the_start_are_told_once_when_the_page_is_there() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &["/music/é a.ogg"]);
    let told = window.heard("open-files");
    window.answer("thread", json!({}));
    window.answer("thread", json!({}));
    assert_eq!(*told.lock().expect("no panic"), [json!(["/music/é a.ogg"])]);
}

#[test]
fn files_of_a_second_start_wait_for_the_page_and_are_then_told_at_once() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let [first, early, late] = ["first", "early", "late"].map(|name| dir.path().join(name));
    for song in [&first, &early, &late] {
        std::fs::write(song, b"").expect("a file");
    }
    let start = |app: &App<MockRuntime>, song: &Path| {
        let args = ["throughline".to_owned(), song.display().to_string()];
        crate::opened::second_start(app.handle(), args.to_vec(), "/".to_owned());
    };
    let app = app(&["/music/a.ogg"]);
    start(&app, &first);
    let window = Window::of(app, dir.path(), NO_STORE);
    let told = window.heard("open-files");
    start(&window.app, &early);
    assert!(
        told.lock().expect("no panic").is_empty(),
        "nobody listens yet"
    );
    window.answer("thread", json!({}));
    start(&window.app, &late);
    assert_eq!(
        *told.lock().expect("no panic"),
        [json!(["/music/a.ogg", first, early]), json!([late])],
        "also those that came before there was a window"
    );
}

#[test]
fn the_page_may_call_our_commands_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(dir.path(), &[]);
    // Without its arguments a command is turned down by itself and not by the permissions.
    for command in commands() {
        let refused = window
            .invoke(command, json!({}))
            .err()
            .map_or_else(String::new, |error| error.to_string());
        let forbidden = refused.contains("not allowed") || refused.contains("not found");
        assert!(!forbidden, "{command}: {refused}");
    }
    for command in [
        "plugin:event|emit",
        "plugin:dialog|save",
        "plugin:opener|open_url",
        "plugin:window|close",
    ] {
        let refused = window
            .invoke(command, json!({}))
            .expect_err("not permitted")
            .to_string();
        assert!(refused.contains("not allowed"), "{command}: {refused}");
    }
}
