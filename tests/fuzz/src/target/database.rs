//! A library whose file was damaged: opened, and everything in it read.

use std::fs;
use std::path::Path;

use ndarray::Array2;
use throughline_core::embedding::{FeatureVersion, Features, ModelId, Recipe, Space};
use throughline_core::feedback::{Act, What};
use throughline_core::track::{ContentHash, Tags};
use throughline_library::{
    Analysed, Description, FILE_NAME, Failure, Library, LibraryError, Result, Scanned, Stat,
};

use super::Target;

/// A moment, in Unix milliseconds.
const NOW: i64 = 1_700_000_000_000;

pub(super) const TARGET: Target = Target {
    name: "database",
    corpus,
    run,
    // Of ours: what SQLite allocates itself is not counted.
    memory: 64 << 20,
};

fn run(input: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(FILE_NAME), input).expect("a file in it");
    let library = match Library::open(folder.path()) {
        Ok(library) => library,
        Err(error) => return format!("not opened: {}", kind(&error)),
    };
    // One table that cannot be read must not keep the others from being read.
    let refused: Vec<_> = read(&library)
        .into_iter()
        .filter_map(|(table, read)| Some(format!("{table}: {}", kind(&read.err()?))))
        .collect();
    refused.join("; ")
}

/// The kind of an error, without what the bytes have put into its words.
fn kind(error: &LibraryError) -> String {
    let words = format!("{error:?}");
    let end = words.find(|c: char| !c.is_alphanumeric());
    words[..end.unwrap_or(words.len())].to_owned()
}

/// Reads every table of `library` through its own handle.
fn read(library: &Library) -> Vec<(&'static str, Result<()>)> {
    let recipe = recipe();
    let tracks = library.tracks().all(&recipe);
    let ids: Vec<_> = tracks
        .iter()
        .flatten()
        .map(|track| track.id)
        .take(64)
        .collect();
    let each = |work: &dyn Fn(throughline_core::track::TrackId) -> Result<()>| {
        ids.iter().copied().try_for_each(work)
    };
    vec![
        ("tracks", tracks.map(drop)),
        ("get", library.tracks().get(&recipe, &ids).map(drop)),
        (
            "search",
            library.tracks().search(&recipe, "tone", 10).map(drop),
        ),
        ("called", library.tracks().called("A tone", None).map(drop)),
        ("hash", each(&|id| library.tracks().hash(id).map(drop))),
        (
            "vectors",
            library.vectors().each(&recipe, |vector| drop(vector.raw())),
        ),
        (
            "windows",
            each(&|id| library.vectors().windows(&recipe, id).map(drop)),
        ),
        ("sources", {
            let sources = library.sources().all();
            sources.and_then(|all| {
                all.iter()
                    .try_for_each(|source| library.files().under(source.id, &recipe).map(drop))
            })
        }),
        ("failures", library.jobs().failures(&recipe).map(drop)),
        ("tag names", library.tag_names().of(&recipe).map(drop)),
        ("recipes", library.spaces().recipes().map(drop)),
        (
            "spaces",
            library.spaces().newest(&recipe).and_then(|newest| {
                newest.map_or(Ok(()), |newest| library.hubs().of(newest.id).map(drop))
            }),
        ),
        ("versions", library.versions().all().map(drop)),
        ("settings", {
            let settings = library.settings();
            settings.get::<serde_json::Value>("library").map(drop)
        }),
        ("votes", library.votes().tally(&recipe, &recipe).map(drop)),
        (
            "throughlines",
            library.throughlines().all().and_then(|all| {
                all.iter()
                    .try_for_each(|line| library.events().of(line.id).map(drop))
            }),
        ),
        ("songs", library.songs().report(&recipe).map(drop)),
        ("pending", library.songs().pending(&recipe, 10).map(drop)),
        ("gone", library.songs().gone(10).map(drop)),
        (
            "crawls",
            library.crawls().all().and_then(|all| {
                all.iter()
                    .try_for_each(|crawl| library.crawls().replay(crawl.id, |_, _| ()))
            }),
        ),
        ("skipped", library.crawls().skipped().map(drop)),
        ("stages", library.crawls().stages().map(drop)),
        ("counts", library.counts(&recipe).map(drop)),
        ("coverage", library.coverage(&recipe).map(drop)),
        ("health", library.health().map(drop)),
    ]
}

fn recipe() -> Recipe {
    Recipe {
        model: ModelId("small".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

/// An empty library, and one with a row of most kinds.
fn corpus() -> Vec<Vec<u8>> {
    let bytes_of = |fill: fn(&mut Library) -> Result<()>| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut library = Library::open(folder.path()).expect("a new library");
        fill(&mut library).expect("rows");
        // The last connection that closes puts the log into the file.
        drop(library);
        fs::read(folder.path().join(FILE_NAME)).expect("its file")
    };
    vec![bytes_of(|_| Ok(())), bytes_of(fill)]
}

fn fill(library: &mut Library) -> Result<()> {
    let recipe = recipe();
    let paths = [
        "/music/a.flac",
        "/music/b.mp3",
        "/music/c.wav",
        "/music/silent.wav",
    ];
    let stat = Stat {
        size: 1_000,
        mtime_ns: 7,
    };
    let scanned = paths.map(|path| Scanned {
        path: Path::new(path).to_owned(),
        stat,
    });
    let line = library.throughlines().open()?.id;
    let tx = library.begin()?;
    tx.sources_mut().add(Path::new("/music"), NOW)?;
    let files = tx.files_mut().plan(&recipe, &scanned)?;
    let names = ["rock", "slow"].map(str::to_owned);
    tx.tag_names_mut().set(&recipe, &names)?;
    for (n, file) in files.iter().take(3).enumerate() {
        let about = Description {
            tags: Tags {
                title: Some(format!("A tone {n}")),
                artist: Some("Nobody".into()),
                ..Tags::default()
            },
            duration_s: 200.5,
            codec: "flac".into(),
            sample_rate: 44_100,
            channels: 2,
        };
        let x = n as f32;
        let features = Features {
            pooled: vec![x, 1.0, -x, 0.5],
            windows: Array2::from_shape_fn((9, 4), |(window, i)| x + window as f32 - i as f32),
            window_starts: (0..9).map(|window| window * 48_000).collect(),
            tags: vec![0.25, 0.5],
        };
        let analysed = Analysed {
            file: *file,
            stat,
            hash: ContentHash([n as u8; 32]),
            about: &about,
            features: &features,
        };
        let track = tx.store(&recipe, &analysed, NOW)?;
        tx.events_mut()
            .append(line, What::Did(Act::ALL[n], track), NOW)?;
    }
    let why = Failure {
        code: "silent".into(),
        reason: "the file is silent".into(),
    };
    tx.fail(&recipe, files[3], stat, &why)?;
    let space = Space {
        parts: vec![2, 2],
        mean: vec![0.5, -1.5, 3.0, 0.0],
        tag_mean: vec![0.1, 0.2],
        tag_std: vec![0.01, 0.02],
        tracks: 3,
    };
    tx.spaces_mut().add(&recipe, &space, NOW)?;
    tx.settings_mut().set("library", &recipe.to_string())?;
    tx.commit()
}
