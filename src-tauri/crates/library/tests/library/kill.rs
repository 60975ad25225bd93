//! A process that stores and rates is killed at random moments.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use throughline_core::feedback::{Act, ThroughlineId, What};
use throughline_core::track::TrackId;
use throughline_library::Library;

use crate::{NOW, known, recipe, stat, store};

/// Names the folder in which the process to be killed builds its library.
const DOOMED: &str = "THROUGHLINE_TEST_LIBRARY";

/// How often it is killed, between how many reports.
const KILLS: u64 = 10;

#[test]
fn kills_lose_nothing_that_was_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (mut stored, mut rated) = (0, 0);
    for kill in 0..KILLS {
        let mut child = doomed(dir.path());
        let mut reports = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter(|line| line.starts_with("stored ") || line.starts_with("rated "));
        // Now soon and now late, and never just behind a report.
        let heard: Vec<String> = reports
            .by_ref()
            .take(5 + (kill * 7 % 20) as usize)
            .collect();
        thread::sleep(Duration::from_micros(kill * kill * 150 % 2500));
        child.kill().unwrap();
        child.wait().unwrap();
        // What was on its way through the pipe was reported too.
        for line in heard.into_iter().chain(reports) {
            match line.strip_prefix("stored ") {
                Some(number) => stored = number.parse().unwrap(),
                None => rated += 1,
            }
        }
        check(dir.path(), stored, rated);
    }
    assert!(rated > 0 && stored > 0, "it was at work when it was killed");
}

/// Everything that was reported is there, and what is there is whole.
fn check(dir: &Path, stored: u8, rated: usize) {
    let library = Library::open(dir).unwrap();
    assert_eq!(library.health().unwrap().problems, Vec::<String>::new());
    let mut vectors = 0;
    library.vectors().each(&recipe(), |_| vectors += 1).unwrap();
    let settled = |&content: &u8| {
        let file = known(&library, &format!("/music/{content}.flac"));
        file.is_some_and(|file| file.settled(stat(content)))
    };
    let done = (0..=u8::MAX).filter(settled).count();
    assert!(
        done >= stored.into(),
        "{done} are done, {stored} were reported"
    );
    assert_eq!(
        vectors, done,
        "a job is done when its vectors are there, and only then"
    );
    let events = library.events().of(ThroughlineId(1)).unwrap().len();
    assert!(
        events >= rated,
        "{events} thumbs are there, {rated} were reported"
    );
}

fn doomed(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "--nocapture",
            "kill::build_and_rate_until_killed",
        ])
        .env(DOOMED, dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "runs in a process of its own, which the test above kills"]
fn build_and_rate_until_killed() {
    let Some(dir) = std::env::var_os(DOOMED) else {
        return;
    };
    let mut library = Library::open(dir.as_ref()).unwrap();
    crate::add_source(&mut library, "/music");
    let mut vectors = 0;
    library.vectors().each(&recipe(), |_| vectors += 1).unwrap();
    for content in vectors..=u8::MAX {
        store(
            &mut library,
            &format!("/music/{content}.flac"),
            content,
            "A",
        );
        println!("stored {content}");
        let tx = library.begin().unwrap();
        let up = What::Did(Act::Up, TrackId(1));
        tx.events_mut().append(ThroughlineId(1), up, NOW).unwrap();
        tx.commit().unwrap();
        println!("rated {content}");
    }
    // Stay until the kill, or until the test that was to do it is gone.
    io::copy(&mut io::stdin(), &mut io::sink()).unwrap();
}
