//! Songs of the catalogue that are found, heard, and made seeds, one at a time.

use std::io::Cursor;
use std::time::Duration;

use throughline_app::catalog::CatalogSettings;
use throughline_app::view::{CatalogSong, TrackStatus};
use throughline_app::{Result, Session};
use throughline_catalog::Proxy;
use throughline_store::{Audio, Fate, Fates, Fault, Faults, Store, StoreSettings, StoreSong};

use crate::fixture::{NOW, World, titled, tone};

/// Number of the first song; the others follow.
const FIRST: u64 = 1_000;

/// Pitches of the songs in Hz, the second one that of a file as well.
const PITCHES: [f32; 4] = [110.0, 120.0, 2_300.0, 2_500.0];

/// A store, a library of three files, and a session of both.
struct Stage {
    world: World,
    store: Store,
    session: Session,
}

impl Stage {
    fn new(change: impl FnOnce(&mut StoreSettings)) -> Self {
        let (world, _) = World::built(&[100.0, 120.0, 2_400.0]);
        let mut settings = StoreSettings::new(songs(&world));
        change(&mut settings);
        let store = Store::start(settings).expect("a store");
        let session = visit(&world, &store);
        Self {
            world,
            store,
            session,
        }
    }

    fn search(&self) -> Result<Vec<CatalogSong>> {
        self.session.catalog_search("pip", 10, NOW)
    }

    fn seed(&self, n: u64) -> Result<throughline_app::view::Thread> {
        self.session.seed_song(FIRST + n, NOW)
    }

    /// What the store was asked for so far.
    fn asked(&self) -> usize {
        self.store.log().len()
    }
}

/// Opens the library of `world` so that it asks `store`.
fn visit(world: &World, store: &Store) -> Session {
    let mut settings = CatalogSettings::from_environment();
    settings.client.base_url = Some(store.url.clone());
    settings.client.proxy = Proxy::Direct;
    settings.client.limits = world.file("../limits");
    settings.client.calls_per_minute = 60_000;
    settings.client.connect_timeout = Duration::from_secs(2);
    world.session().with_catalog(settings)
}

fn songs(world: &World) -> Vec<StoreSong> {
    let song = |(n, pitch): (u64, f32)| {
        let file = world.file(&format!("../song-{n}.wav"));
        tone(&file, pitch);
        StoreSong {
            id: FIRST + n,
            title: format!("Pip {n}"),
            artist_id: 100,
            artist: "The Pips".to_owned(),
            album_id: 500,
            album: "Pips".to_owned(),
            genre_id: 21,
            genre: "Rock".to_owned(),
            year: 1_999,
            duration_ms: 200_000,
            audio: Audio::Bytes(std::fs::read(file).expect("a file").into()),
        }
    };
    (0..).zip(PITCHES).map(song).collect()
}

fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "fine")
}

#[test]
fn a_song_that_is_found_becomes_a_seed_and_no_track_of_the_list() {
    let stage = Stage::new(|_| ());
    let found = stage.search().expect("an answer");
    assert_eq!(found.len(), 4);
    let song = &found[0];
    assert_eq!(
        (song.song, song.title.as_str(), song.artist.as_deref()),
        (FIRST, "Pip 0", Some("The Pips"))
    );
    assert!(song.has_preview && song.track.is_none(), "{song:?}");
    assert_eq!(stage.asked(), 1, "a search is one call");

    let embedded = stage.world.embedded();
    let thread = stage.seed(0).expect("a thread");
    assert_eq!(stage.asked(), 2, "what was found is not looked up again");
    assert_eq!(stage.world.embedded(), embedded + 1);
    let seed = &thread.seeds[0];
    assert_eq!(
        (seed.title.as_str(), seed.year, seed.path.as_str()),
        ("Pip 0", Some(1_999), "")
    );
    assert!(
        (seed.duration_s - 200.0).abs() < 1e-9,
        "as long as the whole song: {seed:?}"
    );
    assert_eq!(seed.status, TrackStatus::Ready);
    assert!(
        seed.store
            .as_deref()
            .is_some_and(|page| page.starts_with("http")),
        "its page in the store: {seed:?}"
    );
    let rows: Vec<_> = thread
        .rows
        .iter()
        .map(|row| row.track.title.as_str())
        .collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2], "2400", "what sounds like it comes first: {rows:?}");
    let listed = stage.session.search("", usize::MAX).expect("a list");
    assert_eq!(listed.len(), 3, "a guest is not listed");
    let again = stage.search().expect("an answer");
    assert_eq!(again[0].track, Some(seed.id), "it is known as a track now");
}

#[test]
fn what_is_here_already_is_neither_streamed_nor_embedded_again() {
    let stage = Stage::new(|_| ());
    let first = stage.seed(2).expect("a thread, without a search before");
    stage.store.offline();
    let embedded = stage.world.embedded();
    let again = visit(&stage.world, &stage.store)
        .seed_song(FIRST + 2, NOW)
        .expect("no network is needed");
    assert_eq!(first.seeds, again.seeds);
    assert_eq!(stage.world.embedded(), embedded);
}

#[test]
fn a_song_that_a_file_holds_is_that_files_track() {
    let stage = Stage::new(|_| ());
    let file = titled(&stage.session, "120");
    let embedded = stage.world.embedded();
    let thread = stage.seed(1).expect("a thread");
    assert_eq!(thread.seeds[0].id, file.id, "the same bytes");
    assert_eq!(stage.world.embedded(), embedded);
    let found = stage.search().expect("an answer");
    assert_eq!(found[1].track, Some(file.id));
}

#[test]
fn the_preview_of_a_track_streams_again() {
    let stage = Stage::new(|_| ());
    let thread = stage.seed(3).expect("a thread");
    let bytes = stage
        .session
        .preview(thread.seeds[0].id)
        .expect("the bytes");
    let mut wav = hound::WavReader::new(Cursor::new(&bytes)).expect("a WAV file");
    assert_eq!(wav.samples::<i16>().count(), 16_000, "two seconds of it");
    let file = titled(&stage.session, "100");
    assert_eq!(code(stage.session.preview(file.id)), "unknown_track");
    stage.store.offline();
    assert_eq!(code(stage.session.preview(thread.seeds[0].id)), "offline");
}

#[test]
fn songs_that_cannot_be_heard_say_why() {
    let stage = Stage::new(|settings| {
        settings.fates = Fates {
            decided: vec![
                (FIRST, Fate::Gone),
                (FIRST + 2, Fate::NoPreview),
                (FIRST + 3, Fate::Garbage),
            ],
            ..Fates::none()
        };
    });
    let found = stage.search().expect("an answer");
    assert!(!found[2].has_preview, "{:?}", found[2]);
    for (n, expected) in [
        (0, "no_preview"),
        (2, "no_preview"),
        (3, "unreadable_audio"),
        (99, "unknown_track"),
        (1, "fine"),
    ] {
        assert_eq!(code(stage.seed(n)), expected, "song {n}");
    }
    let error = stage.seed(3).expect_err("it is no music").to_string();
    assert!(error.contains("“Pip 3”"), "{error}");
    let thread = stage.session.thread(NOW).expect("a thread");
    assert_eq!(thread.seeds.len(), 1, "the others left nothing behind");
}

#[test]
fn a_network_that_is_away_and_a_catalogue_that_refuses_are_told_apart() {
    let stage = Stage::new(|_| ());
    stage.store.offline();
    assert_eq!(code(stage.search()), "offline");
    assert_eq!(code(stage.seed(0)), "offline");
    stage.store.online();
    assert_eq!(code(stage.search()), "fine");

    let stage = Stage::new(|settings| settings.faults = Faults::always(Fault::Forbidden));
    assert_eq!(code(stage.search()), "catalog_refused");
    let asked = stage.asked();
    assert_eq!(code(stage.search()), "catalog_refused");
    assert_eq!(stage.asked(), asked, "it is left in peace");
    assert!(
        stage
            .session
            .catalog_search("  ", 10, NOW)
            .is_ok_and(|found| found.is_empty()),
        "nothing is asked for nothing"
    );
}
