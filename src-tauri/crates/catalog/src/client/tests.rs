//! The client against a store that misbehaves.

use std::sync::Arc;
use std::time::Duration;

use throughline_core::catalog::{AlbumId, ArtistId, Country, GenreId, SongId, Within};
use throughline_store::{Audio, Fate, Fates, Fault, Faults, Store, StoreSettings, StoreSong};

use super::*;
use crate::backoff::Backoff;
use crate::error::CODES;
use crate::settings::{PreviewLimits, Proxy};

mod checked;
mod manners;
mod raw;

/// Bytes of a preview, less the atom that the store adds.
const AUDIO_BYTES: usize = 100_000;

fn songs() -> Vec<StoreSong> {
    let mut audio = b"\0\0\0\x08ftyp".to_vec();
    audio.resize(AUDIO_BYTES, 7);
    let audio: Arc<[u8]> = audio.into();
    let song = |n: u64| StoreSong {
        id: 1_000 + n,
        title: format!("Song & Dänce {n}"),
        artist_id: 100 + n / 10,
        artist: format!("Artist {}", n / 10),
        album_id: 500 + n / 5,
        album: format!("Album {}", n / 5),
        genre_id: 21,
        genre: "Rock".to_owned(),
        year: 2_000,
        duration_ms: 200_000,
        audio: Audio::Bytes(Arc::clone(&audio)),
    };
    (0..30).map(song).collect()
}

/// A store, and a client of it.
struct Stage {
    store: Store,
    client: Client,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new(settings: StoreSettings) -> Self {
        Self::with(settings, |_| {})
    }

    fn with(settings: StoreSettings, change: impl FnOnce(&mut Settings)) -> Self {
        let store = Store::start(settings).expect("a store");
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings {
            base_url: Some(store.url.clone()),
            proxy: Proxy::Direct,
            calls_per_minute: 100_000,
            ..Settings::new(folder.path())
        };
        change(&mut settings);
        let client = Client::new(&settings).expect("a client");
        Self {
            store,
            client,
            folder,
        }
    }

    fn faulty(fault: Fault) -> Self {
        let store = StoreSettings {
            faults: Faults::always(fault),
            ..StoreSettings::new(songs())
        };
        Self::with(store, |settings| {
            if fault == Fault::Stall {
                settings.stall_timeout = Duration::from_millis(100);
            }
        })
    }

    fn ask(&self, call: Call) -> Result<Answer, CatalogError> {
        let country = Country::US;
        block_on(self.client.ask(&Question { country, call }))
    }

    fn search(&self) -> Result<Answer, CatalogError> {
        self.ask(Call::Search {
            term: "artist 1".to_owned(),
            within: Within::Artist,
            limit: 200,
        })
    }

    fn preview(&self, id: u64) -> Result<Preview, CatalogError> {
        block_on(self.client.preview(&self.store.preview_url(id)))
    }
}

/// On a runtime of its own: nothing is kept from call to call but what the client keeps.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

fn code<T: fmt::Debug>(result: Result<T, CatalogError>) -> &'static str {
    let code = result.expect_err("something is wrong").code();
    assert!(CODES.contains(&code), "{code} is not listed");
    code
}

#[test]
fn every_kind_of_call_is_answered() {
    let stage = Stage::new(StoreSettings::new(songs()));
    let found = stage.search().expect("an answer");
    assert_eq!(found.songs.len(), 10);
    assert_eq!((found.unreadable, found.refused_links), (0, 0));
    let song = &found.songs[3];
    assert_eq!(
        (song.id, song.title.as_str()),
        (SongId(1_013), "Song & Dänce 13")
    );
    assert_eq!(song.artist_id, Some(ArtistId(101)));
    assert_eq!((song.year, song.duration_s), (Some(2_000), Some(200.0)));
    assert_eq!(song.preview, Some(stage.store.preview_url(1_013)));

    let ids = vec![SongId(1_029), SongId(1_000), SongId(9)];
    let named = stage.ask(Call::Songs { ids }).expect("an answer");
    let ids: Vec<_> = named.songs.iter().map(|song| song.id.0).collect();
    assert_eq!(ids, [1_029, 1_000], "in the order that was asked for");

    let artist = ArtistId(102);
    let of_artist = stage.ask(Call::ArtistSongs { artist }).expect("an answer");
    assert_eq!((of_artist.artists.len(), of_artist.songs.len()), (1, 10));
    let albums = stage.ask(Call::ArtistAlbums { artist }).expect("an answer");
    let ids: Vec<_> = albums.albums.iter().map(|album| album.id.0).collect();
    assert_eq!((ids, albums.albums[0].songs), (vec![504, 505], Some(5)));
    let album = AlbumId(504);
    let of_album = stage.ask(Call::AlbumSongs { album }).expect("an answer");
    assert_eq!((of_album.albums.len(), of_album.songs.len()), (1, 5));

    for (genre, n) in [(None, 30), (Some(GenreId(21)), 30)] {
        let chart = stage.ask(Call::Chart { genre }).expect("an answer");
        assert_eq!(chart.songs.len(), n, "{genre:?}");
        assert_eq!((chart.unreadable, chart.refused_links), (0, 0));
        assert!(
            chart
                .songs
                .iter()
                .all(|song| song.preview.is_some() && song.album_id.is_some())
        );
    }
    let asked = stage.store.log().len();
    let nothing = stage
        .ask(Call::Songs { ids: Vec::new() })
        .expect("an answer");
    assert_eq!(nothing, Answer::default());
    assert_eq!(
        stage.store.log().len(),
        asked,
        "nothing is asked for nothing"
    );
}

#[test]
fn every_fault_of_a_call_has_its_name() {
    for (fault, expected, blocks) in [
        (Fault::Forbidden, "refused", true),
        (Fault::TooMany, "refused", true),
        (Fault::Empty, "refused", true),
        (Fault::Page, "refused", true),
        (Fault::Internal, "passing", false),
        (Fault::Unavailable, "passing", false),
        (Fault::Reset, "passing", false),
        (Fault::Stall, "passing", false),
        (Fault::Truncated, "passing", false),
        (Fault::Form, "unexpected", false),
    ] {
        let stage = Stage::faulty(fault);
        assert_eq!(code(stage.search()), expected, "{fault:?}");
        let state = stage.client.limit().state().expect("a file");
        assert_eq!(state.is_blocked, blocks, "{fault:?} {state:?}");
        let asked = if fault == Fault::Reset { 2 } else { 1 };
        assert_eq!(
            stage.store.log().len(),
            asked,
            "of all that can fail, only a connection that broke off is tried again here: {fault:?}"
        );
    }
    let odd = Stage::faulty(Fault::Types).search().expect("an answer");
    let right = Stage::new(StoreSettings::new(songs()))
        .search()
        .expect("an answer");
    let names = |answer: &Answer| -> Vec<_> {
        let songs = answer.songs.iter();
        songs
            .map(|song| (song.id, song.title.clone(), song.duration_s, song.artist_id))
            .collect()
    };
    assert_eq!(names(&odd), names(&right), "numbers as text are numbers");
}

#[test]
fn every_fault_of_a_preview_has_its_name() {
    for (fault, expected) in [
        (Fault::Forbidden, "refused"),
        (Fault::TooMany, "refused"),
        (Fault::Empty, "passing"),
        (Fault::Page, "passing"),
        (Fault::Internal, "passing"),
        (Fault::Unavailable, "passing"),
        (Fault::Reset, "passing"),
        (Fault::Stall, "passing"),
        (Fault::Truncated, "passing"),
        (Fault::Form, "passing"),
    ] {
        let stage = Stage::faulty(fault);
        assert_eq!(code(stage.preview(1_000)), expected, "{fault:?}");
        let state = stage.client.limit().state().expect("a file");
        assert!(!state.is_blocked, "{fault:?}: previews are no calls");
    }
    let wait = Stage::faulty(Fault::TooMany)
        .preview(1_000)
        .expect_err("it refuses")
        .retry_after();
    assert_eq!(wait, Some(Duration::from_secs(1)));
}

#[test]
fn what_is_wrong_with_a_song_for_good_is_told_apart() {
    let decided = vec![
        (1_000, Fate::Gone),
        (1_001, Fate::Garbage),
        (1_002, Fate::NoPreview),
        (1_003, Fate::Elsewhere),
    ];
    let stage = Stage::new(StoreSettings {
        fates: Fates {
            decided,
            ..Fates::none()
        },
        ..StoreSettings::new(songs())
    });
    let answer = stage
        .ask(Call::AlbumSongs {
            album: AlbumId(500),
        })
        .expect("an answer");
    assert_eq!(answer.songs.len(), 5, "no song is lost for its preview");
    let with_preview: Vec<_> = answer
        .songs
        .iter()
        .map(|song| song.preview.is_some())
        .collect();
    assert_eq!(with_preview, [true, true, false, false, true]);
    assert_eq!(answer.refused_links, 1);
    assert_eq!(code(stage.preview(1_000)), "gone");
    assert!(
        stage.preview(1_001).is_ok(),
        "what it sounds like is for others to find out"
    );
    assert_eq!(
        stage.preview(1_004).expect("a preview").bytes.len(),
        AUDIO_BYTES + 16
    );
}

#[test]
fn a_link_elsewhere_is_not_even_asked_for() {
    let stage = Stage::new(StoreSettings::new(songs()));
    for link in [
        "https://store.example/preview/1000.m4a",
        "http://audio-ssl.itunes.apple.com/a.m4a",
        "file:///etc/passwd",
        "https://169.254.169.254/latest",
        "https://user:word@audio-ssl.itunes.apple.com/a.m4a",
        "",
    ] {
        assert_eq!(
            code(block_on(stage.client.preview(link))),
            "refused_link",
            "{link}"
        );
    }
    assert_eq!(stage.store.log(), []);
}

#[test]
fn a_connection_that_breaks_off_is_tried_again_once() {
    for breaks in [1, 2] {
        let stage = || {
            Stage::new(StoreSettings {
                faults: Faults::first(breaks, Fault::Reset),
                ..StoreSettings::new(songs())
            })
        };
        assert_eq!(stage().search().is_ok(), breaks == 1, "a call");
        let preview = stage().preview(1_000);
        assert_eq!(preview.is_ok(), breaks == 1, "a preview");
    }
}

#[test]
fn a_store_that_is_away_is_offline_and_comes_back() {
    let stage = Stage::new(StoreSettings::new(songs()));
    assert!(stage.search().is_ok());
    for _ in 0..3 {
        stage.store.offline();
        let error = stage.search().unwrap_err().to_string();
        assert!(error.contains("127.0.0.1 refuses connections"), "{error}");
        assert!(!error.contains("os error"), "{error}");
        assert_eq!(code(stage.search()), "offline");
        assert_eq!(code(stage.preview(1_000)), "offline");
        stage.store.online();
        assert!(stage.search().is_ok(), "at the same address");
        assert!(stage.preview(1_000).is_ok());
    }
}

#[test]
fn a_refusal_keeps_from_calling_and_answers_come_after_it() {
    let stage = Stage::with(
        StoreSettings {
            faults: Faults::first(1, Fault::Forbidden),
            ..StoreSettings::new(songs())
        },
        |settings| {
            settings.refusal_backoff = Backoff {
                base: Duration::from_millis(80),
                cap: Duration::from_millis(80),
            };
        },
    );
    assert_eq!(code(stage.search()), "refused");
    assert!(stage.search().is_ok(), "after a wait");
    let log = stage.store.log();
    let gap = log[1].ms - log[0].ms;
    assert!(
        gap >= 30,
        "at least a half of the wait lies between: {gap} ms"
    );
}

#[test]
fn the_store_counts_no_more_calls_than_the_limit() {
    let store = StoreSettings {
        limit_per_minute: 20,
        ..StoreSettings::new(songs())
    };
    let stage = Stage::with(store, |settings| settings.calls_per_minute = 20);
    let country = Country::US;
    let call = Call::Chart { genre: None };
    let question = Question { country, call };
    block_on(async {
        let hurry = async {
            loop {
                stage.client.ask(&question).await.expect("an answer");
            }
        };
        let stopped: Result<(), _> = tokio::time::timeout(Duration::from_millis(400), hurry).await;
        assert!(stopped.is_err());
    });
    let (calls, beyond) = (stage.store.busiest_minute(), stage.store.beyond_limit());
    assert!((5..20).contains(&calls), "a small burst: {calls}");
    assert_eq!(beyond, 0);
}

#[test]
fn previews_keep_to_their_connections_and_their_pace() {
    let stage = Stage::with(StoreSettings::new(songs()), |settings| {
        settings.previews = PreviewLimits {
            connections: 2,
            bytes_per_s: Some(2_000_000),
        };
    });
    let begun = std::time::Instant::now();
    let bytes = block_on(async {
        let links = (1_000..1_006).map(|id| stage.store.preview_url(id));
        let mut all = Vec::new();
        for link in links {
            all.push(
                stage
                    .client
                    .preview(&link)
                    .await
                    .expect("a preview")
                    .bytes
                    .len(),
            );
        }
        all.iter().sum::<usize>()
    });
    let least = bytes as f64 / 2_000_000.0;
    let took = begun.elapsed().as_secs_f64();
    assert!(took >= least, "{bytes} bytes in {took} s");
    assert!(
        stage.client.streamed().as_secs_f64() >= least,
        "the time is counted"
    );
}

#[test]
fn the_head_of_a_preview_is_enough_for_a_look() {
    let stage = Stage::new(StoreSettings::new(songs()));
    let link = stage.store.preview_url(1_000);
    let head = block_on(stage.client.preview_head(&link, 64)).expect("a preview");
    assert_eq!(head.bytes.len(), 64);
    assert_eq!(head.content_type.as_deref(), Some("audio/x-m4p"));
}

#[test]
fn nothing_but_the_limit_is_written() {
    let stage = Stage::new(StoreSettings::new(songs()));
    stage.search().expect("an answer");
    stage.preview(1_000).expect("a preview");
    let written = std::fs::read_dir(stage.folder.path()).expect("a folder");
    for entry in written {
        let entry = entry.expect("a file");
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(name.starts_with("calls-127.0.0.1-"), "{name}");
        assert!(entry.metadata().expect("a file").len() < 4_096, "{name}");
    }
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for base_url in [
        "",
        "itunes.apple.com",
        "ftp://itunes.apple.com",
        "file:///tmp",
    ] {
        let settings = Settings {
            base_url: Some(base_url.to_owned()),
            ..Settings::new(folder.path())
        };
        assert_eq!(code(Client::new(&settings)), "settings", "{base_url}");
    }
    let settings = Settings {
        proxy: Proxy::Via("no proxy".to_owned()),
        ..Settings::new(folder.path())
    };
    assert_eq!(code(Client::new(&settings)), "settings");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    assert_eq!(code(Client::new(&Settings::new(&file))), "limit");
}
