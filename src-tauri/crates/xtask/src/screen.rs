//! A screen of our own for the tests, so that they do not take over a person's.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A virtual screen with a window manager. Both end when it is dropped, and also when this process
/// is killed.
pub struct Screen {
    number: String,
    /// In the order in which they are to end.
    processes: Vec<Child>,
}

impl Screen {
    /// Starts an X server without hardware on a display number that is free.
    ///
    /// # Errors
    /// What did not start, in words.
    pub fn start() -> Result<Self, String> {
        let words = [
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1440x960x24",
            "-nolisten",
            "tcp",
        ];
        let mut server = companion("Xvfb")
            .args(words)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("Xvfb could not be started: {error}"))?;
        // It writes its number when it is ready.
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            let _ = BufReader::new(stdout).read_line(&mut number);
        }
        let mut screen = Self {
            number: number.trim().to_owned(),
            processes: vec![server],
        };
        if screen.number.is_empty() {
            return Err("Xvfb ended before it was ready; what it says stands above.".to_owned());
        }
        let manager = companion("openbox")
            .env("DISPLAY", screen.display())
            // It complains about menus that nobody opens.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("openbox could not be started: {error}"))?;
        screen.processes.insert(0, manager);
        Ok(screen)
    }

    /// The value for `DISPLAY`.
    pub fn display(&self) -> String {
        format!(":{}", self.number)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // Xvfb takes its socket away when it is asked to end, not when it is killed.
            let asked = Command::new("sh")
                .args(["-c", "kill \"$0\"", &process.id().to_string()])
                .status();
            if !asked.is_ok_and(|status| status.success()) {
                // It has ended already, or is killed now.
                let _ = process.kill();
            }
            let _ = process.wait();
        }
    }
}

/// A command that the kernel ends when this process is gone, however that came about.
fn companion(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "TERM", program])
        .stdin(Stdio::null());
    command
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::{display, packages};

    #[test]
    fn a_screen_is_there_until_it_is_dropped() {
        if !packages::on_path("Xvfb") || !packages::on_path("openbox") {
            eprintln!("left out: Xvfb or openbox is missing");
            return;
        }
        let screen = Screen::start().expect("a screen");
        let number = screen.display();
        assert!(display::answers(&number), "the server answers");
        drop(screen);
        assert!(!display::answers(&number), "the server is gone");
    }
}
