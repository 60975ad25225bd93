//! The library through its public face. Modules mirror those of the crate.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use throughline_core::embedding::{FeatureVersion, Features, ModelId, Recipe};
use throughline_core::track::{ContentHash, Tags, TrackId};
use throughline_library::{Analysed, Description, FileId, KnownFile, Library, Scanned, Stat};

mod concurrency;
mod crawl;
mod derived;
mod disk;
mod event;
mod file;
mod guest;
mod identity;
mod job;
mod kill;
mod open;
mod salvage;
mod search;
mod setting;
mod song;
mod source;
mod space;
mod speed;
mod throughline;
mod track;
mod vector;
mod vote;

/// A time, in Unix milliseconds.
const NOW: i64 = 1_700_000_000_000;

fn recipe() -> Recipe {
    Recipe {
        model: ModelId("small".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

fn other_recipe() -> Recipe {
    Recipe {
        model: ModelId("large".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

/// What a file looks like whose content is `content`.
fn stat(content: u8) -> Stat {
    Stat {
        size: 1000 + u64::from(content),
        mtime_ns: i64::from(content),
    }
}

fn hash(content: u8) -> ContentHash {
    ContentHash([content; 32])
}

/// Features that differ by `content`: dimension 4, 3 windows, 2 tags.
fn features(content: u8) -> Features {
    let x = f32::from(content);
    Features {
        pooled: vec![x, 1.0, -x, 0.5],
        windows: Array2::from_shape_fn((3, 4), |(window, i)| x + window as f32 - i as f32),
        window_starts: vec![0, 48_000, 96_000],
        tags: vec![0.25, x / 255.0],
    }
}

fn described(title: &str) -> Description {
    Description {
        tags: Tags {
            title: Some(title.into()),
            ..Tags::default()
        },
        duration_s: 200.5,
        codec: "flac".into(),
        sample_rate: 44_100,
        channels: 2,
    }
}

/// A library with the folder `/music`.
fn library() -> Library {
    let mut library = Library::open_in_memory().expect("a library in memory");
    add_source(&mut library, "/music");
    library
}

fn add_source(library: &mut Library, path: &str) -> throughline_library::SourceId {
    let tx = library.begin().unwrap();
    let id = tx.sources_mut().add(Path::new(path), NOW).unwrap();
    tx.commit().unwrap();
    id
}

/// Plans the file `path`, whose content is `content`.
fn plan(library: &mut Library, path: impl Into<PathBuf>, content: u8) -> FileId {
    let tx = library.begin().unwrap();
    let scanned = [Scanned {
        path: path.into(),
        stat: stat(content),
    }];
    let ids = tx.files_mut().plan(&recipe(), &scanned).unwrap();
    tx.commit().unwrap();
    ids[0]
}

/// Plans and stores the file `path`, whose content is `content`, with `title` as its tag.
fn store(library: &mut Library, path: &str, content: u8, title: &str) -> TrackId {
    store_described(library, path, content, &described(title))
}

fn store_described(library: &mut Library, path: &str, content: u8, about: &Description) -> TrackId {
    let file = plan(library, path, content);
    let features = features(content);
    let done = Analysed {
        file,
        stat: stat(content),
        hash: hash(content),
        about,
        features: &features,
    };
    let tx = library.begin().unwrap();
    let track = tx.store(&recipe(), &done, NOW).unwrap();
    tx.commit().unwrap();
    track
}

fn known(library: &Library, path: &str) -> Option<KnownFile> {
    library.files().at(Path::new(path), &recipe()).unwrap()
}

/// Marks the file at `path` as not found by a scan; returns how many stay on the list as missing.
fn mark_missing(library: &mut Library, path: &str) -> usize {
    let file = known(library, path).expect("a known file").id;
    let tx = library.begin().unwrap();
    let missing = tx.files_mut().mark_missing(&[file]).unwrap();
    tx.commit().unwrap();
    missing
}
