//! A library of 16,000 tracks with `MusiCNN`'s vectors: how large its file is, and how long it takes from opening
//! it to the first list.
//!
//! Rows are synthetic and of the real lengths, written by the writer of builds. `LIBRARY_TRACKS` names another
//! number of tracks.

use std::path::Path;
use std::time::Instant;

use ndarray::Array2;
use throughline_app::core::catalog::crawl::{Judged, Order, Origin, Verdict};
use throughline_app::core::catalog::{
    AlbumId, Answer, ArtistId, Call, Country, Question, Song, SongId,
};
use throughline_app::core::embedding::{Clip, Embedder, Features, Recipe, Span};
use throughline_app::core::track::ContentHash;
use throughline_app::view::{Ordering, Progress};
use throughline_app::{BuildRequest, DeviceChoice, Engines, Session, Wanted};
use throughline_library::{Analysed, Description, FILE_NAME, Library, SONG_STAT};

mod dice;

use dice::Dice;

/// Tracks of the library, unless the variable says otherwise.
const TRACKS: usize = 16_000;

/// Length of a preview in seconds.
const PREVIEW_S: u64 = 30;

/// Songs of a call.
const ROWS: usize = 200;

fn main() {
    let tracks = std::env::var("LIBRARY_TRACKS").ok();
    let tracks = tracks.and_then(|n| n.parse().ok()).unwrap_or(TRACKS);
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engines::on(DeviceChoice::Cpu)
        .get(&Wanted::musicnn())
        .expect("it is built in");
    let begun = Instant::now();
    fill(folder.path(), engine.embedder.as_ref(), tracks);
    let took = begun.elapsed().as_secs_f64();
    println!("{tracks} tracks written in {took:.1} s");

    let session = open(folder.path());
    // Nothing is to be read: statistics, hub terms and versions are frozen, as at the end of every build.
    let begun = Instant::now();
    let mut ends = [(Ordering::Comparing, 0.0), (Ordering::Versions, 0.0)];
    let built = session.build(&BuildRequest::default(), 0, &mut |progress| {
        if let Progress::Finishing {
            step: Some(step), ..
        } = progress
        {
            let end = ends.iter_mut().find(|(of, _)| *of == step);
            end.expect("one of the two").1 = begun.elapsed().as_secs_f64();
        }
    });
    assert_eq!(built.expect("a build").added, 0);
    let took = begun.elapsed().as_secs_f64();
    let [(_, compared), (_, placed)] = ends;
    println!(
        "statistics, hub terms and versions: {took:.1} s, of which {compared:.1} s until all are compared, \
         {:.1} s for versions",
        placed - compared
    );
    drop(session);

    let database = folder.path().join(FILE_NAME);
    let bytes = std::fs::metadata(database).expect("a file").len();
    println!("the library's file has {:.1} MB", bytes as f64 / 1e6);

    let begun = Instant::now();
    let session = open(folder.path());
    let rows = session.seed_tracks(&[1], 0).expect("a list").rows;
    let took = begun.elapsed().as_secs_f64();
    println!("from opening to {} rows: {took:.2} s", rows.len());

    let mut thumbs: Vec<f64> = rows
        .iter()
        .take(30)
        .map(|row| {
            let begun = Instant::now();
            let verdict = if row.track.id % 2 == 0 {
                throughline_app::Verdict::Up
            } else {
                throughline_app::Verdict::Down
            };
            session.rate(row.track.id, verdict, 0).expect("a list");
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    thumbs.sort_by(f64::total_cmp);
    println!(
        "from a thumb to its list with metadata: median {:.1} ms, longest {:.1} ms",
        thumbs[thumbs.len() / 2],
        thumbs[thumbs.len() - 1]
    );
}

fn open(library: &Path) -> Session {
    Session::open(library, Engines::on(DeviceChoice::Cpu)).expect("a library")
}

/// Makes the library in `folder` of `tracks` songs of the catalogue.
fn fill(folder: &Path, embedder: &dyn Embedder, tracks: usize) {
    let recipe = embedder.recipe();
    let mut library = Library::open(folder).expect("a library");
    let tx = library.begin().expect("a transaction");
    let crawl = tx.crawls_mut().add(&Order::default(), 0).expect("a crawl");
    tx.tag_names_mut()
        .set(recipe, embedder.tag_names())
        .expect("names");
    tx.commit().expect("a commit");
    let heard = hear(embedder);
    println!("windows and numbers of each: {:?}", heard.windows.dim());
    let mut dice = Dice(1);
    for first in (0..tracks).step_by(ROWS) {
        let songs: Vec<_> = (first..tracks.min(first + ROWS)).map(song).collect();
        let question = Question {
            country: Country::US,
            call: Call::ArtistSongs {
                artist: ArtistId(first as u64),
            },
        };
        let wanted = |song: &Song| Judged {
            song: song.id,
            verdict: Verdict::Wanted {
                rank: song.id.0 as u32,
            },
        };
        let judged: Vec<_> = songs.iter().map(wanted).collect();
        let answer = Answer {
            songs,
            ..Answer::default()
        };
        let tx = library.begin().expect("a transaction");
        tx.crawls_mut()
            .record(crawl, &question, &answer, &judged, Origin::Album, 0)
            .expect("a call");
        tx.songs_mut().plan(recipe, 0).expect("a plan");
        tx.commit().expect("a commit");
        for song in &answer.songs {
            store(&mut library, recipe, &heard, song, &mut dice);
        }
    }
    let tx = library.begin().expect("a transaction");
    tx.crawls_mut()
        .set(crawl, &Order::default(), false)
        .expect("a crawl");
    tx.commit().expect("a commit");
}

/// What the model makes of a preview: a tone of 30 s.
fn hear(embedder: &dyn Embedder) -> Features {
    let track_len = PREVIEW_S * u64::from(embedder.sample_rate());
    let tone = |span: Span| {
        let samples = (0..span.len).map(|n| (n as f32 * 0.1).sin() * 0.5);
        (span, samples.collect())
    };
    let clip = Clip {
        track_len,
        stretches: embedder.spans(track_len).into_iter().map(tone).collect(),
    };
    let prepared = embedder.prepare(&clip).expect("it is long enough");
    let mut heard = embedder.embed(&[prepared]);
    heard.swap_remove(0).expect("it is heard")
}

/// Stores `song` with other numbers than `heard` has, and as many.
fn store(library: &mut Library, recipe: &Recipe, heard: &Features, song: &Song, dice: &mut Dice) {
    let (windows, dimension) = heard.windows.dim();
    let windows = Array2::from_shape_vec((windows, dimension), dice.numbers(windows * dimension));
    let features = Features {
        pooled: dice.numbers(dimension),
        windows: windows.expect("as many numbers as it has places"),
        ..heard.clone()
    };
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&song.id.0.to_le_bytes());
    let known = library.songs().get(&[song.id]).expect("a song");
    let about = Description::of_song(song, "aac", 44_100, 2, PREVIEW_S as f64);
    let done = Analysed {
        file: known[0].file.expect("it is planned"),
        stat: SONG_STAT,
        hash: ContentHash(hash),
        about: &about,
        features: &features,
    };
    let tx = library.begin().expect("a transaction");
    tx.store(recipe, &done, 0).expect("it is stored");
    tx.commit().expect("a commit");
}

/// A song with links of the lengths that the catalogue's have.
fn song(n: usize) -> Song {
    let id = 1_400_000_000 + n as u64;
    let (artist, album) = (n / 20, n / 8);
    let part = "v4/1c/2d/3e/1c2d3e4f-5a6b-7c8d-9e0f-1a2b3c4d5e6f";
    Song {
        id: SongId(id),
        title: format!("A song of the usual length, number {n}"),
        artist: Some(format!("Artist number {artist}")),
        artist_id: Some(ArtistId(200_000_000 + artist as u64)),
        album: Some(format!("An album of the usual length, number {album}")),
        album_id: Some(AlbumId(1_300_000_000 + album as u64)),
        genre: Some("Alternative".to_owned()),
        year: Some(1_990 + (n % 35) as i32),
        duration_s: Some(200.0 + (n % 97) as f64),
        preview: Some(format!(
            "https://audio-ssl.itunes.apple.com/itunes-assets/AudioPreview125/{part}/\
             mzaf_{id}{id}.plus.aac.p.m4a"
        )),
        artwork: Some(format!(
            "https://is1-ssl.mzstatic.com/image/thumb/Music125/{part}/{id}.jpg/100x100bb.jpg"
        )),
        page: Some(format!(
            "https://music.apple.com/us/album/a-song-of-the-usual-length/{album}?i={id}&uo=4"
        )),
    }
}
