//! A collection of 20,000 files: how long it takes to go through it when nothing has changed, from opening
//! the library to the first list, and from a profile to ranked rows.
//!
//! The files are a byte each and are never read; their vectors are synthetic, of `MusiCNN`'s lengths, written
//! by the writer of builds. `COLLECTION_FILES` names another number of files, and `COLLECTION_FOLDER` a folder
//! that keeps files and library: the next run with as many files need not make them again.

use std::path::{Path, PathBuf};
use std::time::{Instant, UNIX_EPOCH};

use ndarray::Array2;
use throughline_app::core::embedding::{Embedder, Features};
use throughline_app::core::track::{ContentHash, Tags};
use throughline_app::view::Progress;
use throughline_app::{
    BuildRequest, DeviceChoice, Engines, Query, SeedRef, Session, Verdict, Wanted,
};
use throughline_library::{Analysed, Description, Library, Scanned, Stat};

mod dice;

use dice::Dice;

/// Files of the collection, unless the variable says otherwise.
const FILES: usize = 20_000;

/// Songs of an album, and albums of an artist.
const OF_EACH: usize = 10;

/// Windows of a track.
const WINDOWS: usize = 20;

/// How often each thing is measured.
const RUNS: usize = 9;

fn main() {
    let files = std::env::var("COLLECTION_FILES").ok();
    let files = files.and_then(|n| n.parse().ok()).unwrap_or(FILES);
    let kept = std::env::var_os("COLLECTION_FOLDER").map(PathBuf::from);
    let own = tempfile::tempdir().expect("a folder");
    let folder = kept.unwrap_or_else(|| own.path().to_owned());
    let (music, library) = (folder.join("music"), folder.join("library"));
    if !library.exists() {
        fill(&music, &library, files);
    }

    let mut walks = Vec::new();
    let session = open(&library);
    // A kept library has the thumbs of the last run in its open throughline.
    session.clear_thread(0).expect("a new throughline");
    timed("going through it unchanged", || {
        let begun = Instant::now();
        let mut walked = None;
        let report = session.build(&BuildRequest::default(), 0, &mut |progress| {
            if matches!(progress, Progress::Scanning { files: found } if found == files) {
                walked = Some(begun.elapsed().as_secs_f64() * 1e3);
            }
        });
        assert_eq!(report.expect("a build").unchanged, files);
        walks.extend(walked);
    });
    told("of that the walk", walks);
    drop(session);

    timed("from opening to the first list", || {
        let rows = open(&library).seed_tracks(&[1], 0).expect("a list").rows;
        assert_eq!(rows.len(), 100);
    });

    let session = open(&library);
    session.clear_thread(0).expect("a new throughline");
    session.seed_tracks(&[1], 0).expect("a list");
    timed("the list of a throughline, with metadata", || {
        assert_eq!(session.thread(0).expect("a list").rows.len(), 100);
    });
    let mut track = 1;
    timed("from a thumb to its list, with metadata", || {
        track += 40;
        let list = session.rate(track, Verdict::Up, 0).expect("a list");
        assert_eq!(list.rows.len(), 100);
    });
    for rows in [10, 50] {
        timed(
            &format!("similar to a new seed, {rows} rows with whole whys"),
            || {
                track += 40;
                let query = Query {
                    seeds: vec![(SeedRef::Track(track), 1.0)],
                    limit: rows,
                    ..Query::default()
                };
                assert_eq!(session.similar(&query, 0).expect("a list").rows.len(), rows);
            },
        );
    }
    timed("a search by words, 50 rows", || {
        let found = session.search("song 7", 50).expect("an answer");
        assert_eq!(found.len(), 50);
    });
}

/// Says how long `work` takes: the median of [`RUNS`], the fastest and the slowest.
fn timed(what: &str, mut work: impl FnMut()) {
    let run = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1e3
    };
    told(what, (0..RUNS).map(run).collect());
}

fn told(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    println!(
        "{what}: {:.1} ms ({:.1} to {:.1})",
        times[times.len() / 2],
        times[0],
        times[times.len() - 1]
    );
}

fn open(library: &Path) -> Session {
    Session::open(library, Engines::on(DeviceChoice::Cpu)).expect("a library")
}

/// Makes `files` files below `music` and the library of them, as a build would leave it.
fn fill(music: &Path, library: &Path, files: usize) {
    let engine = Engines::on(DeviceChoice::Cpu)
        .get(&Wanted::musicnn())
        .expect("it is built in");
    let embedder = engine.embedder.as_ref();
    std::fs::create_dir_all(music).expect("a folder");
    let music = std::fs::canonicalize(music).expect("a folder");
    // The first build says which model serves, and makes the folder a source.
    let request = BuildRequest {
        folder: Some(music.clone()),
        retry_failed: false,
    };
    open(library)
        .build(&request, 0, &mut |_| ())
        .expect("a build");

    let mut stored = Library::open(library).expect("a library");
    let mut dice = Dice(1);
    for first in (0..files).step_by(1000) {
        let found: Vec<Scanned> = (first..files.min(first + 1000))
            .map(|n| make(&music, n))
            .collect();
        let tx = stored.begin().expect("a transaction");
        let ids = tx
            .files_mut()
            .plan(embedder.recipe(), &found)
            .expect("a plan");
        for (n, (file, found)) in (first..).zip(ids.into_iter().zip(&found)) {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&n.to_le_bytes());
            let done = Analysed {
                file,
                stat: found.stat,
                hash: ContentHash(hash),
                about: &about(n),
                features: &heard(embedder, &mut dice),
            };
            tx.store(embedder.recipe(), &done, 0).expect("it is stored");
        }
        tx.commit().expect("a commit");
    }
    drop(stored);
    let begun = Instant::now();
    open(library)
        .build(&request, 0, &mut |_| ())
        .expect("a build");
    println!(
        "statistics, hub terms and versions: {:.1} s",
        begun.elapsed().as_secs_f64()
    );
}

/// The file of song `n`: a byte.
fn make(music: &Path, n: usize) -> Scanned {
    let (album, artist) = (n / OF_EACH, n / OF_EACH / OF_EACH);
    let folder = music.join(format!("Artist {artist}/Album {album}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{n:05} song.mp3"));
    std::fs::write(&path, b"x").expect("a file");
    let metadata = std::fs::metadata(&path).expect("a file");
    let changed = metadata
        .modified()
        .expect("a time")
        .duration_since(UNIX_EPOCH);
    let stat = Stat {
        size: metadata.len(),
        mtime_ns: changed.expect("after 1970").as_nanos() as i64,
    };
    Scanned { path, stat }
}

fn about(n: usize) -> Description {
    let (album, artist) = (n / OF_EACH, n / OF_EACH / OF_EACH);
    Description {
        tags: Tags {
            title: Some(format!("A song of the usual length, number {n}")),
            artist: Some(format!("Artist number {artist}")),
            album: Some(format!("An album of the usual length, number {album}")),
            year: Some(1_990 + (n % 35) as i32),
            genre: Some("Alternative".to_owned()),
        },
        duration_s: 200.0 + (n % 97) as f64,
        codec: "mp3".into(),
        sample_rate: 44_100,
        channels: 2,
    }
}

fn heard(embedder: &dyn Embedder, dice: &mut Dice) -> Features {
    let dimension = embedder.dimension();
    let windows = dice.numbers(WINDOWS * dimension);
    Features {
        pooled: dice.numbers(dimension),
        windows: Array2::from_shape_vec((WINDOWS, dimension), windows).expect("as many numbers"),
        window_starts: (0..WINDOWS as u64).map(|window| window * 48_000).collect(),
        tags: dice.numbers(embedder.tag_names().len()),
    }
}
