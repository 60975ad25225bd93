//! The app in a real window, driven through `WebKitWebDriver`.

use std::{
    env, fs,
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// How long the driver may take until it listens.
const STARTING: Duration = Duration::from_secs(20);

/// The desktop's colours, which the page follows.
#[derive(Clone, Copy)]
pub enum Theme {
    Light,
    Dark,
}

/// A running driver and the app that it started. Dropping it ends both.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts the driver for an app whose home, library and settings all lie in `home`.
    pub fn start(home: &Path, theme: Theme) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("HOME", home)
            .env("THROUGHLINE_LIBRARY", home.join("library"))
            .stdout(Stdio::null())
            // Closing a session leaves the app behind; a group of their own can be ended whole.
            .process_group(0);
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            let folder = home.join(name.to_lowercase());
            fs::create_dir_all(&folder)?;
            command.env(name, folder);
        }
        set_desktop(&home.join("xdg_config_home"), theme)?;
        let driver = Self {
            process: command.spawn()?,
            port,
        };
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
        let app = json!({ "binary": env!("CARGO_BIN_EXE_throughline"), "args": [] });
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

/// What a desktop's settings would say: its colours, and to keep still, so that a click meets what
/// it aims at.
fn set_desktop(config: &Path, theme: Theme) -> io::Result<()> {
    let dark = u8::from(matches!(theme, Theme::Dark));
    let settings =
        format!("[Settings]\ngtk-application-prefer-dark-theme={dark}\ngtk-enable-animations=0\n");
    fs::create_dir_all(config.join("gtk-3.0"))?;
    fs::write(config.join("gtk-3.0/settings.ini"), settings)
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
