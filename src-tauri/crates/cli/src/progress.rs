//! The progress of a build, a fetch or a sweep on a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use throughline_app::sweep::SweepProgress;
use throughline_app::view::{FetchProgress, Ordering, Progress};

/// A bar on standard error; hidden when that is no terminal or the answer is for machines.
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar that is shown if `visible` and standard error is a terminal.
    pub fn new(visible: bool) -> Self {
        let bar = if visible {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        Self { bar }
    }

    /// Shows how the build gets on.
    pub fn show(&self, progress: &Progress) {
        match progress {
            Progress::Rendering { done, total } => {
                self.count(*done, *total, "rendering the demo collection");
            }
            Progress::Loading { model, note } => {
                if let Some(note) = note {
                    self.bar.println(format!("note: {note}"));
                }
                self.bar.set_message(format!("loading {model}"));
                self.bar.tick();
            }
            Progress::Scanning { files } => {
                self.bar
                    .set_message(format!("looking for music: {files} files"));
                self.bar.tick();
            }
            Progress::Working {
                total,
                done,
                tracks_per_s,
                eta_s,
                crawling,
                file,
                failure,
                ..
            } => {
                if let Some(failure) = failure {
                    self.bar
                        .println(format!("left out {}: {}", failure.path, failure.reason));
                }
                let pace = tracks_per_s
                    .map(|pace| format!("{pace:.1} tracks/s"))
                    .unwrap_or_default();
                let left = left(*eta_s);
                let paused = crawling
                    .as_ref()
                    .and_then(|crawling| crawling.paused.as_deref());
                let now = paused.or(file.as_deref()).unwrap_or_default();
                self.count(*done, *total, &format!("{pace}{left}  {now}"));
            }
            Progress::Finishing {
                step: Some(step),
                done,
                total,
                eta_s,
            } => {
                let what = match step {
                    Ordering::Comparing => "comparing all tracks",
                    Ordering::Versions => "looking for versions of one song",
                };
                self.count(*done, *total, &format!("{what}{}", left(*eta_s)));
            }
            Progress::Finishing { step: None, .. } => {
                self.bar.set_message("computing library statistics");
                self.bar.tick();
            }
            Progress::Finished { .. } => self.bar.finish_and_clear(),
        }
    }

    /// Shows how the fetch, import or check of a model gets on.
    pub fn show_fetch(&self, progress: &FetchProgress) {
        match progress {
            FetchProgress::Connecting { attempt } => {
                let again = if *attempt > 1 {
                    format!(" (try {attempt})")
                } else {
                    String::new()
                };
                self.bar.set_message(format!("asking the server{again}"));
                self.bar.tick();
            }
            FetchProgress::Downloading {
                file,
                done,
                total,
                bytes_per_s,
                eta_s,
            } => {
                let pace = bytes_per_s
                    .map(|pace| format!("{:.1} MB/s", pace / 1e6))
                    .unwrap_or_default();
                let left = left(*eta_s);
                self.bytes(*done, *total, &format!("{file}  {pace}{left}"));
            }
            FetchProgress::Waiting {
                reason, seconds, ..
            } => {
                self.bar
                    .println(format!("{reason}: trying again in {seconds:.0} s"));
            }
            FetchProgress::Verifying { done, total } => {
                self.bytes(*done, *total, "reading it through");
            }
            FetchProgress::Finished { .. } | FetchProgress::Cancelled { .. } => {
                self.bar.finish_and_clear();
            }
        }
    }

    /// Shows how a sweep gets on.
    pub fn show_sweep(&self, progress: &SweepProgress) {
        match progress {
            SweepProgress::Identifying { done, total } => {
                self.count(*done, *total, "reading files");
            }
            SweepProgress::Loading { model } => self.bar.set_message(format!("loading {model}")),
            SweepProgress::Listening {
                done,
                total,
                eta_s,
                file,
            } => {
                let left = eta_s
                    .map(|s| format!("about {} left  ", crate::out::clock(s)))
                    .unwrap_or_default();
                self.count(*done, *total, &format!("{left}{file}"));
            }
            SweepProgress::Judging { done, total } => {
                self.count(*done, *total, "judging the layers");
            }
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn bytes(&self, done: u64, total: u64, message: &str) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            let shape = "{bar:24} {decimal_bytes}/{decimal_total_bytes} {wide_msg}";
            if let Ok(style) = ProgressStyle::with_template(shape) {
                self.bar.set_style(style);
            }
        }
        self.bar.set_position(done);
        self.bar.set_message(message.to_owned());
    }

    fn count(&self, done: usize, total: usize, message: &str) {
        if self.bar.length() != Some(total as u64) {
            self.bar.set_length(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}") {
                self.bar.set_style(style);
            }
        }
        self.bar.set_position(done as u64);
        self.bar.set_message(message.to_owned());
    }
}

/// How long something still takes, behind other words; nothing while that is not known.
fn left(eta_s: Option<f64>) -> String {
    eta_s
        .map(|s| format!(", about {} left", crate::out::clock(s)))
        .unwrap_or_default()
}
