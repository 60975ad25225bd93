//! Rows for every table of a library.

use std::path::Path;

use ndarray::Array2;
use throughline_core::catalog::crawl::{Judged, Order, Origin, Verdict};
use throughline_core::catalog::{
    Album, AlbumId, Answer, Artist, ArtistId, Call, Country, Question, Song, SongId,
};
use throughline_core::embedding::{FeatureVersion, Features, ModelId, Recipe, Space};
use throughline_core::feedback::{Act, ThroughlineId, What};
use throughline_core::track::{ContentHash, Tags, TrackId};
use throughline_core::versions::{Evidence, Kind, Kinship};
use throughline_library::{
    Analysed, Description, Failure, FileId, Library, Result, SONG_STAT, Scanned, StageTime, Stat,
    Transaction, Version, Vote, Winner,
};

/// A moment, in Unix milliseconds.
const NOW: i64 = 1_700_000_000_000;

/// What the files of the library look like on disk.
const STAT: Stat = Stat {
    size: 1_000,
    mtime_ns: 7,
};

/// The number of the catalogue's song that was heard.
const HEARD: SongId = SongId(1_001);

/// What the vectors were made with.
pub(super) fn recipe() -> Recipe {
    Recipe {
        model: ModelId("small".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

/// What they were compared with by ear.
pub(super) fn rival() -> Recipe {
    Recipe {
        model: ModelId("large".into()),
        ..recipe()
    }
}

/// Puts rows into every table: files, one of which is none, a song of the catalogue with how it was found, and
/// what was said and computed of them.
pub(super) fn fill(library: &mut Library) -> Result<()> {
    let line = library.throughlines().open()?.id;
    let tx = library.begin()?;
    let names = ["rock", "slow"].map(str::to_owned);
    tx.tag_names_mut().set(&recipe(), &names)?;
    let mut tracks = files(&tx)?;
    tracks.push(catalogue(&tx)?);
    said(&tx, line, &tracks)?;
    computed(&tx, &tracks)?;
    tx.settings_mut().set("library", &recipe().to_string())?;
    tx.commit()
}

/// A folder of three tracks and of a file that is none.
fn files(tx: &Transaction<'_>) -> Result<Vec<TrackId>> {
    let paths = [
        "/music/a.flac",
        "/music/b.mp3",
        "/music/c.wav",
        "/music/silent.wav",
    ];
    let scanned = paths.map(|path| Scanned {
        path: Path::new(path).to_owned(),
        stat: STAT,
    });
    tx.sources_mut().add(Path::new("/music"), NOW)?;
    let files = tx.files_mut().plan(&recipe(), &scanned)?;
    let why = Failure {
        code: "silent".into(),
        reason: "the file is silent".into(),
    };
    tx.fail(&recipe(), files[3], STAT, &why)?;
    let tracks = files.iter().take(3).enumerate().map(|(n, file)| {
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
        store(tx, *file, STAT, &about, n as u8)
    });
    tracks.collect()
}

/// A crawl with a call that was answered, one that was given up and the time it took; the song that it was for,
/// heard, and a version of it, which was not wanted.
fn catalogue(tx: &Transaction<'_>) -> Result<TrackId> {
    let crawl = tx.crawls_mut().add(&Order::default(), NOW)?;
    let question = |artist| Question {
        country: Country::US,
        call: Call::ArtistSongs {
            artist: ArtistId(artist),
        },
    };
    let answer = Answer {
        songs: vec![song(HEARD.0), song(HEARD.0 + 1)],
        artists: vec![Artist {
            id: ArtistId(100),
            name: "The Pips".into(),
            genre: Some("Rock".into()),
        }],
        albums: vec![Album {
            id: AlbumId(500),
            title: "Pips".into(),
            artist_id: Some(ArtistId(100)),
            songs: Some(2),
        }],
        ..Answer::default()
    };
    let verdicts = [Verdict::Wanted { rank: 0 }, Verdict::Version { of: HEARD }];
    let judged: Vec<_> = answer
        .songs
        .iter()
        .zip(verdicts)
        .map(|(song, verdict)| Judged {
            song: song.id,
            verdict,
        })
        .collect();
    let crawls = tx.crawls_mut();
    crawls.record(crawl, &question(100), &answer, &judged, Origin::Artist, NOW)?;
    crawls.skip(crawl, &question(101), "it did not answer", NOW)?;
    let stage = StageTime {
        name: "fetch".into(),
        seconds: 1.5,
        threads: 2,
    };
    crawls.spend(crawl, &[stage], NOW)?;
    tx.songs_mut().plan(&recipe(), NOW)?;
    let planned = tx.songs().get(&[HEARD])?.swap_remove(0);
    let file = planned.file.expect("a wanted song is planned");
    let about = Description::of_song(&planned.song, "aac", 44_100, 2, 30.0);
    store(tx, file, SONG_STAT, &about, 9)
}

/// Every kind of act, and a vote.
fn said(tx: &Transaction<'_>, line: ThroughlineId, tracks: &[TrackId]) -> Result<()> {
    for (act, track) in Act::ALL.into_iter().zip(tracks.iter().cycle()) {
        tx.events_mut().append(line, What::Did(act, *track), NOW)?;
    }
    tx.votes_mut().append(&Vote {
        at: NOW,
        throughline: line,
        seeds: tracks.to_vec(),
        a: recipe(),
        b: rival(),
        winner: Winner::A,
    })
}

/// What the end of a build freezes.
fn computed(tx: &Transaction<'_>, tracks: &[TrackId]) -> Result<()> {
    let space = Space {
        parts: vec![2, 2],
        mean: vec![0.5, -1.5, 3.0, 0.0],
        tag_mean: vec![0.1, 0.2],
        tag_std: vec![0.01, 0.02],
        tracks: tracks.len(),
    };
    let space = tx.spaces_mut().add(&recipe(), &space, NOW)?;
    let terms = tracks.iter().map(|track| (*track, 0.75));
    tx.hubs_mut().put(space, terms)?;
    let kinship = Kinship {
        kind: Kind::Live,
        evidence: Evidence::Name,
    };
    tx.versions_mut().put([Version {
        track: tracks[1],
        family: tracks[0],
        kinship,
    }])
}

/// Stores what a model made of a file; `n` tells the files apart.
fn store(
    tx: &Transaction<'_>,
    file: FileId,
    stat: Stat,
    about: &Description,
    n: u8,
) -> Result<TrackId> {
    let x = f32::from(n);
    let features = Features {
        pooled: vec![x, 1.0, -x, 0.5],
        windows: Array2::from_shape_fn((9, 4), |(window, i)| x + window as f32 - i as f32),
        window_starts: (0..9).map(|window| window * 48_000).collect(),
        tags: vec![0.25, 0.5],
    };
    let done = Analysed {
        file,
        stat,
        hash: ContentHash([n; 32]),
        about,
        features: &features,
    };
    tx.store(&recipe(), &done, NOW)
}

fn song(id: u64) -> Song {
    let link = |what: &str| Some(format!("https://example.com/{what}/{id}"));
    Song {
        id: SongId(id),
        title: "Pip".into(),
        artist: Some("The Pips".into()),
        artist_id: Some(ArtistId(100)),
        album: Some("Pips".into()),
        album_id: Some(AlbumId(500)),
        genre: Some("Rock".into()),
        year: Some(1_999),
        duration_s: Some(200.0),
        preview: link("preview"),
        artwork: link("artwork"),
        page: link("page"),
    }
}
