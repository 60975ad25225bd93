//! A store of tones, and sessions that know where it is.

use std::f32::consts::TAU;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use throughline_app::Session;
use throughline_app::catalog::{CatalogSettings, NamedLimits, Patience};
use throughline_app::core::catalog::ArtistId;
use throughline_app::core::catalog::crawl::{Order, Seed};
use throughline_app::view::{BuildReport, Progress};
use throughline_catalog::{Backoff, Proxy, Settings};
use throughline_store::{Audio, Store, StoreSettings, StoreSong};

use crate::fixture::{NOW, RATE, World};

/// Songs of each artist.
pub const EACH: u64 = 6;

/// `n` songs of [`EACH`] by each artist, every one a tone of its own.
pub fn songs(n: u64) -> Vec<StoreSong> {
    (0..n)
        .map(|i| {
            let artist = i / EACH;
            let (genre_id, genre) = if artist.is_multiple_of(2) {
                (11, "Jazz")
            } else {
                (21, "Rock")
            };
            StoreSong {
                id: 1000 + i,
                title: format!(
                    "{} of the {}",
                    TITLES[(i % EACH) as usize],
                    NAMES[artist as usize % NAMES.len()]
                ),
                artist_id: 100 + artist,
                artist: format!("The {}s", NAMES[artist as usize % NAMES.len()]),
                album_id: 500 + artist,
                album: format!("{} songs", NAMES[artist as usize % NAMES.len()]),
                genre_id,
                genre: genre.to_owned(),
                year: 1990 + artist as i32,
                duration_ms: 200_000 + i * 1000,
                audio: Audio::Bytes(wav(100.0 + 20.0 * i as f32)),
            }
        })
        .collect()
}

const TITLES: [&str; EACH as usize] = ["Morning", "Evening", "Waltz", "Return", "Shadow", "Garden"];

const NAMES: [&str; 20] = [
    "Otter", "Heron", "Badger", "Lynx", "Marten", "Falcon", "Beaver", "Plover", "Weasel", "Curlew",
    "Stoat", "Osprey", "Hare", "Kite", "Vole", "Raven", "Newt", "Swift", "Toad", "Crane",
];

/// Two seconds of a tone of `pitch` Hz.
fn wav(pitch: f32) -> Arc<[u8]> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a header");
    for n in 0..RATE * 2 {
        let x = (n as f32 * pitch * TAU / RATE as f32).sin() * 0.5;
        writer
            .write_sample((x * f32::from(i16::MAX)) as i16)
            .expect("a sample");
    }
    writer.finalize().expect("a whole file");
    bytes.into_inner().into()
}

/// A store as `settings` say.
pub fn open(settings: StoreSettings) -> Store {
    Store::start(settings).expect("a store")
}

/// How the store at `url` is asked in these journeys: hastily.
pub fn settings(world: &World, url: &str) -> CatalogSettings {
    let soon = |cap| Backoff {
        base: Duration::from_millis(10),
        cap: Duration::from_millis(cap),
    };
    let mut client = Settings::new(world.library().with_file_name("limits"));
    client.base_url = Some(url.to_owned());
    client.proxy = Proxy::Direct;
    client.connect_timeout = Duration::from_secs(5);
    client.stall_timeout = Duration::from_millis(700);
    client.calls_per_minute = 60_000;
    client.refusal_backoff = soon(50);
    CatalogSettings {
        client,
        patience: Patience {
            tries: 6,
            passing: soon(50),
            offline: soon(100),
            refused: soon(100),
        },
        named: NamedLimits::default(),
        wrong: None,
    }
}

/// A session of `world` that asks `store`.
pub fn session(world: &World, store: &Store) -> Session {
    world.session().with_catalog(settings(world, &store.url))
}

/// `size` songs around the first artist.
pub fn order(size: usize) -> Order {
    Order {
        seeds: vec![Seed::Artist(ArtistId(100))],
        size,
        ..Order::default()
    }
}

/// Builds `order` and ignores how it gets on.
pub fn build(session: &Session, order: &Order) -> BuildReport {
    build_watched(session, order, &mut |_| ())
}

/// Builds `order`.
pub fn build_watched(
    session: &Session,
    order: &Order,
    on_progress: &mut dyn FnMut(Progress),
) -> BuildReport {
    session
        .build_catalog(order, NOW, on_progress)
        .expect("the build ends")
}

/// What a library holds, independent of the order in which it came: titles with artists, and failures.
pub fn contents(session: &Session) -> (Vec<String>, Vec<String>) {
    let tracks = session.search("", usize::MAX).expect("a list");
    let mut titles: Vec<_> = tracks
        .into_iter()
        .map(|track| format!("{} {:?}", track.title, track.artist))
        .collect();
    titles.sort();
    let failures = session.failures().expect("a list");
    let mut failures: Vec<_> = failures
        .into_iter()
        .map(|failure| format!("{} {}", failure.path, failure.code))
        .collect();
    failures.sort();
    (titles, failures)
}
