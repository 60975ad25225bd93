//! The app in a real window, driven through `WebKitWebDriver`.

use std::{
    env,
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::home::Home;

/// The app.
pub const APP: &str = env!("CARGO_BIN_EXE_throughline");

/// How long the driver may take until it listens.
const STARTING: Duration = Duration::from_secs(20);

/// A running driver and the app that it started. Dropping it ends both.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts the driver for an app that lives in `home`.
    pub fn start(home: &Home) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let process = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(home.variables())
            .stdout(Stdio::null())
            // Closing a session leaves the app behind; a group of their own can be ended whole.
            .process_group(0)
            .spawn()?;
        let driver = Self { process, port };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if started.elapsed() > STARTING {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "WebKitWebDriver does not listen",
                ));
            }
            sleep(Duration::from_millis(50));
        }
        Ok(driver)
    }

    /// Starts the app and answers with a hold on its window.
    pub async fn open(&self) -> Result<Client, fantoccini::error::NewSessionError> {
        let app = json!({ "binary": APP, "args": [] });
        let wanted = [("webkitgtk:browserOptions".to_owned(), app)]
            .into_iter()
            .collect();
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        if let Err(error) = ended.and_then(|_| self.process.wait()) {
            // A panic here would hide what the test has to say.
            let _ = writeln!(
                io::stderr(),
                "the driver's processes {group} do not end: {error}"
            );
        }
    }
}

/// Whether there is a display to open a window on. Without one the test is skipped, and says so,
/// unless whoever runs it insists.
pub fn display() -> bool {
    if env::var_os("DISPLAY").is_some() {
        return true;
    }
    let required = env::var("THROUGHLINE_DESKTOP").is_ok_and(|value| value == "required");
    assert!(
        !required && env::var_os("CI").is_none(),
        "the desktop test needs a display: run it as `cargo xtask test` does"
    );
    // Past the test harness, which would swallow it.
    let _ = writeln!(
        io::stderr(),
        "\n*** SKIPPED: the desktop test found no DISPLAY. `cargo xtask test` brings its own. ***\n"
    );
    false
}
