//! Disks that are full, over their quota, or not to be written.

use std::fs;

use throughline_library::{FILE_NAME, Library, LibraryError};

use crate::{NOW, store};

#[test]
fn a_library_file_that_cannot_be_opened_is_said() {
    for name in [FILE_NAME, "library.db-wal"] {
        let dir = tempfile::tempdir().unwrap();
        // Nobody, not even root, opens a folder as a file.
        fs::create_dir(dir.path().join(name)).unwrap();
        let error = Library::open(dir.path()).err();
        let said = matches!(error, Some(LibraryError::ReadOnly | LibraryError::Disk(_)));
        assert!(said, "{name}: {error:?}");
    }
}

/// Fills the library in `dir` until it does not take any more; gives how many tracks and thumbs were
/// acknowledged, and why it stopped.
#[cfg(unix)]
fn fill(dir: &std::path::Path) -> (usize, LibraryError) {
    let mut acknowledged = 0;
    let mut fill = || -> Result<(), LibraryError> {
        let mut library = Library::open(dir)?;
        for _ in 0..100_000 {
            let tx = library.begin()?;
            let path = format!("/music/{acknowledged}/{}", "x".repeat(2000));
            tx.sources_mut().add(path.as_ref(), NOW)?;
            tx.commit()?;
            acknowledged += 1;
        }
        Ok(())
    };
    let why = fill().expect_err("the disk is small");
    (acknowledged, why)
}

/// Names the folder of the library in the process whose files may not grow.
#[cfg(unix)]
const SMALL: &str = "THROUGHLINE_TEST_SMALL";

#[cfg(unix)]
#[test]
fn files_that_may_not_grow_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    // 8 MiB a file: the log is written back at four, then the database cannot grow, then the log. A shell
    // sets the limit, and lets writes fail rather than end the process.
    let child = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 16384; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "--nocapture",
            "disk::fill_a_small_disk",
        ])
        .env(SMALL, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    let acknowledged = said
        .lines()
        .find_map(|line| line.strip_prefix("acknowledged "))
        .unwrap_or_else(|| panic!("it does not panic: {said}"));
    let acknowledged: usize = acknowledged.parse().unwrap();
    assert!(
        acknowledged > 100,
        "the disk is small, not full: {acknowledged}"
    );

    let mut library = Library::open(dir.path()).unwrap();
    assert_eq!(library.health().unwrap().problems, Vec::<String>::new());
    assert_eq!(library.sources().all().unwrap().len(), acknowledged);
    store(&mut library, "/a.flac", 1, "A");
}

#[cfg(unix)]
#[test]
#[ignore = "runs in a process of its own, whose files may not grow"]
fn fill_a_small_disk() {
    let Some(dir) = std::env::var_os(SMALL) else {
        return;
    };
    let (acknowledged, why) = fill(dir.as_ref());
    assert!(matches!(why, LibraryError::Disk(_)), "{why}");
    println!("acknowledged {acknowledged}");
}

/// A small file system that somebody has mounted for this test, as with
/// `mount -t tmpfs -o size=2m tmpfs FOLDER`.
#[cfg(unix)]
#[test]
#[ignore = "needs a small file system, named by THROUGHLINE_SMALL_DISK"]
fn a_full_disk_loses_nothing_and_goes_on_when_there_is_room() {
    let Some(disk) = std::env::var_os("THROUGHLINE_SMALL_DISK") else {
        return;
    };
    let disk = std::path::Path::new(&disk);
    let (dir, ballast) = (disk.join("library"), disk.join("ballast"));
    fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    let (acknowledged, why) = fill(&dir);
    assert!(matches!(why, LibraryError::Full), "{why}");
    let mut library = Library::open(&dir).expect("it can be read");
    assert_eq!(library.sources().all().unwrap().len(), acknowledged);
    let salvaged = {
        drop(library);
        Library::salvage(&dir)
    };
    assert!(
        matches!(salvaged, Err(LibraryError::Full)),
        "no room for a copy: {salvaged:?}"
    );
    fs::remove_file(&ballast).unwrap();
    library = Library::open(&dir).unwrap();
    assert_eq!(library.health().unwrap().problems, Vec::<String>::new());
    store(&mut library, "/a.flac", 1, "A");
    assert_eq!(library.sources().all().unwrap().len(), acknowledged);
    println!("{acknowledged} commits were acknowledged; then: {why}");
}
