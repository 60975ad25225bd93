//! A run says what went wrong, its own faults included.

use std::sync::OnceLock;
use std::thread::{self, ThreadId};
use std::time::Duration;

use throughline_fuzz::{Meter, Plan, Report, Target, replay, run};

/// Longest that an input of these targets may take.
const STALL: Duration = Duration::from_millis(500);

/// Runs `target` for `time`, with findings below `folder`.
fn run_for(time: Duration, target: Target, folder: &std::path::Path) -> std::io::Result<Report> {
    let plan = Plan {
        target,
        time,
        stall: STALL,
        seed: 1,
        findings: folder.to_owned(),
    };
    let meter = Meter {
        current: || 0,
        peak: || 0,
        reset: || (),
    };
    run(plan, meter)
}

/// A target that does `run` on one input and what comes of it.
fn target(corpus: fn() -> Vec<Vec<u8>>, run: fn(&[u8]) -> String) -> Target {
    Target {
        name: "test",
        corpus,
        run,
        memory: 1,
    }
}

/// The thread that has stalled.
static STALLED: OnceLock<ThreadId> = OnceLock::new();

/// Stalls once; whoever did may be given nothing more.
fn stall(_: &[u8]) -> String {
    let this = thread::current().id();
    if STALLED.set(this).is_ok() {
        thread::sleep(3 * STALL);
    } else {
        assert_ne!(STALLED.get(), Some(&this), "it was given up");
    }
    // Inputs are not to be had by the million.
    thread::sleep(Duration::from_millis(1));
    String::new()
}

/// One test, since a run takes note of every panic in the process.
#[test]
fn what_goes_wrong_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let short = Duration::from_millis(300);

    let refused = target(
        || vec![b"ab".to_vec()],
        |input| {
            thread::sleep(Duration::from_millis(1));
            assert_eq!(input, b"ab", "it was changed");
            String::new()
        },
    );
    let report = run_for(short, refused, folder.path()).expect("it ends");
    let (words, file) = report.findings[0].rsplit_once(": ").expect("a file");
    assert!(
        words.starts_with("panic") && words.contains("it was changed"),
        "{words}"
    );
    let again = thread::spawn({
        let file = file.to_owned();
        move || replay(refused, file.as_ref())
    });
    assert!(again.join().is_err(), "the file shows it");

    let report = run_for(5 * STALL, target(|| vec![vec![1]], stall), folder.path());
    let findings = report.expect("it ends").findings;
    let stalls = |finding: &String| finding.starts_with("stall");
    assert!(
        !findings.is_empty() && findings.iter().all(stalls),
        "{findings:?}"
    );

    let none = target(|| panic!("there are no inputs"), |_| String::new());
    let error = run_for(Duration::from_mins(1), none, folder.path());
    let words = error.expect_err("nothing was run").to_string();
    assert!(words.contains("there are no inputs"), "{words}");
}
