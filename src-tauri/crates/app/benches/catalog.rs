//! A build from the catalogue against a store on this machine: songs a second of the whole pipeline, and of its
//! slowest stage run alone.
//!
//! `CATALOG_MUSIC` names a folder of m4a files of 30 s, `CATALOG_SONGS` says how many songs to make of them. First
//! with a model that hears nothing, so that decoding is the slowest stage, then with `MusiCNN`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ndarray::Array2;
use throughline_app::audio::AudioFile;
use throughline_app::catalog::{CatalogSettings, NamedLimits, Patience};
use throughline_app::core::catalog::crawl::Order;
use throughline_app::core::embedding::{
    Clip, EmbedError, Embedder, FeatureVersion, Features, ModelId, Prepared, Recipe, Span, Window,
};
use throughline_app::{DeviceChoice, Engine, Engines, Session, Wanted};
use throughline_catalog::{Backoff, Proxy, Settings};
use throughline_store::{Audio, Store, StoreSettings, StoreSong, from_folder};

/// Songs for the slower of both models.
const HEARD: usize = 60;

fn main() {
    let Some(music) = std::env::var_os("CATALOG_MUSIC").map(PathBuf::from) else {
        eprintln!("set CATALOG_MUSIC to a folder of m4a files");
        return;
    };
    let songs = std::env::var("CATALOG_SONGS").ok();
    let songs = songs.and_then(|songs| songs.parse().ok()).unwrap_or(400);
    let songs = from_folder(&music, songs).expect("a folder of m4a files");

    let deaf = Engine {
        embedder: Arc::new(Deaf::new()),
        device: "none".to_owned(),
        device_note: None,
    };
    let alone = decoding(&songs, deaf.embedder.as_ref());
    let whole = building(&songs, Engines::fixed(deaf));
    say("decoding", alone, "build without a model", whole);

    let few = &songs[..HEARD.min(songs.len())];
    let engines = Engines::on(DeviceChoice::Cpu);
    let engine = engines.get(&Wanted::musicnn()).expect("it is built in");
    let alone = embedding(few, engine.embedder.as_ref());
    let whole = building(few, engines);
    say("MusiCNN", alone, "build with it", whole);
}

fn say(stage: &str, alone: f64, build: &str, whole: f64) {
    let ratio = whole / alone;
    println!("{stage} alone {alone:.1} songs/s, {build} {whole:.1} songs/s: {ratio:.2}");
}

/// Songs decoded and prepared a second, on all cores.
fn decoding(songs: &[StoreSong], embedder: &dyn Embedder) -> f64 {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(song) = songs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    prepared(song, embedder);
                }
            });
        }
    });
    songs.len() as f64 / begun.elapsed().as_secs_f64()
}

/// Songs embedded a second, one by one.
fn embedding(songs: &[StoreSong], embedder: &dyn Embedder) -> f64 {
    let clips: Vec<_> = songs
        .iter()
        .filter_map(|song| prepared(song, embedder))
        .collect();
    let begun = Instant::now();
    for clip in &clips {
        let features = embedder.embed(std::slice::from_ref(clip));
        assert!(features.iter().all(Result::is_ok), "every song is heard");
    }
    clips.len() as f64 / begun.elapsed().as_secs_f64()
}

/// What the model gets of a song; `None` for one that is silent.
fn prepared(song: &StoreSong, embedder: &dyn Embedder) -> Option<Prepared> {
    let Audio::File(path) = &song.audio else {
        return None;
    };
    let bytes = std::fs::read(path).ok()?;
    let mut file = AudioFile::from_bytes(bytes.into()).ok()?;
    let clip = file.read(embedder.sample_rate(), |len| embedder.spans(len));
    embedder.prepare(&clip.ok()?).ok()
}

/// Songs stored a second by a whole build, crawl and all.
fn building(songs: &[StoreSong], engines: Engines) -> f64 {
    let store = Store::start(StoreSettings::new(songs.to_vec())).expect("a store");
    let folder = tempfile::tempdir().expect("a folder");
    let soon = Backoff {
        base: Duration::from_millis(10),
        cap: Duration::from_millis(50),
    };
    let mut client = Settings::new(folder.path().join("limits"));
    client.base_url = Some(store.url.clone());
    client.proxy = Proxy::Direct;
    client.calls_per_minute = 60_000;
    let settings = CatalogSettings {
        client,
        patience: Patience {
            tries: 6,
            passing: soon,
            offline: soon,
            refused: soon,
        },
        named: NamedLimits::default(),
        wrong: None,
    };
    let library = folder.path().join("library");
    let session = Session::open(&library, engines).expect("a library");
    let session = session.with_catalog(settings);
    let order = Order {
        size: songs.len(),
        per_artist: usize::MAX,
        per_album: usize::MAX,
        ..Order::default()
    };
    let begun = Instant::now();
    let report = session.build_catalog(&order, 0, &mut |_| ());
    let report = report.expect("the store behaves");
    let took = begun.elapsed();
    println!("  {} added, {} failed", report.added, report.failed);
    report.added as f64 / took.as_secs_f64()
}

/// A model that hears nothing, at `MusiCNN`'s sample rate.
struct Deaf(Recipe);

impl Deaf {
    fn new() -> Self {
        Self(Recipe {
            model: ModelId("deaf".to_owned()),
            feature_version: FeatureVersion("1".to_owned()),
        })
    }
}

impl Embedder for Deaf {
    fn recipe(&self) -> &Recipe {
        &self.0
    }

    fn sample_rate(&self) -> u32 {
        16_000
    }

    fn parts(&self) -> &[usize] {
        &[2]
    }

    fn tag_names(&self) -> &[String] {
        &[]
    }

    fn spans(&self, track_len: u64) -> Vec<Span> {
        vec![Span {
            start: 0,
            len: track_len as usize,
        }]
    }

    fn prepare(&self, clip: &Clip) -> Result<Prepared, EmbedError> {
        let loudest = clip.stretches[0].1.iter().copied().fold(0.0, f32::max);
        Ok(Prepared {
            windows: vec![Window {
                start: 0,
                mel: Array2::from_elem((1, 1), loudest),
            }],
        })
    }

    fn embed(&self, batch: &[Prepared]) -> Vec<Result<Features, EmbedError>> {
        let heard = |clip: &Prepared| {
            let loudest = clip.windows[0].mel[[0, 0]];
            Ok(Features {
                pooled: vec![loudest, 1.0],
                windows: Array2::from_elem((1, 2), loudest),
                window_starts: vec![0],
                tags: Vec::new(),
            })
        };
        batch.iter().map(heard).collect()
    }
}
