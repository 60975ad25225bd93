use std::path::Path;

use throughline_core::catalog::crawl::{Judged, Order, Origin, Verdict};
use throughline_core::catalog::pollution::Pollution;
use throughline_core::catalog::{AlbumId, Answer, ArtistId, Call, Country, Question, Song, SongId};
use throughline_core::feedback::{Act, ThroughlineId, What};
use throughline_core::track::TrackId;
use throughline_library::{
    Analysed, Description, Failure, FileId, JobState, Library, LibraryError, SONG_STAT, Status,
};

use crate::{NOW, features, hash, known, library, other_recipe, plan, recipe, store};

pub(crate) fn song(id: u64) -> Song {
    Song {
        id: SongId(id),
        title: format!("Song {id}"),
        artist: Some(format!("Artist {}", id % 10)),
        artist_id: Some(ArtistId(id % 10)),
        album: Some("Album".into()),
        album_id: Some(AlbumId(id / 10)),
        genre: Some(if id.is_multiple_of(2) { "Jazz" } else { "Rock" }.into()),
        year: Some(1980),
        duration_s: Some(200.25),
        preview: Some(format!("https://example.invalid/{id}.m4a")),
        artwork: Some("https://example.invalid/small.jpg".into()),
        page: Some("https://example.invalid/page".into()),
    }
}

fn judged(song: u64, verdict: Verdict) -> Judged {
    Judged {
        song: SongId(song),
        verdict,
    }
}

pub(crate) fn wanted(song: u64, rank: u32) -> Judged {
    judged(song, Verdict::Wanted { rank })
}

/// Records a call that brought the songs of `judged`.
pub(crate) fn bring(library: &mut Library, songs: &[Song], judged: &[Judged]) {
    let tx = library.begin().unwrap();
    let crawl = match tx.crawls().open().unwrap() {
        Some(crawl) => crawl.id,
        None => tx.crawls_mut().add(&Order::default(), NOW).unwrap(),
    };
    let asked = tx.crawls().open().unwrap().map_or(0, |crawl| crawl.calls);
    let call = Call::AlbumSongs {
        album: AlbumId(asked),
    };
    let question = Question {
        country: Country::US,
        call,
    };
    let answer = Answer {
        songs: songs.to_vec(),
        ..Answer::default()
    };
    tx.crawls_mut()
        .record(crawl, &question, &answer, judged, Origin::Album, NOW)
        .unwrap();
    tx.commit().unwrap();
}

pub(crate) fn plan_songs(library: &mut Library) -> usize {
    let tx = library.begin().unwrap();
    let planned = tx.songs_mut().plan(&recipe(), NOW).unwrap();
    tx.commit().unwrap();
    planned
}

/// A library with the folder `/music` and the songs `ids`, wanted in that order and planned.
fn with_songs(ids: &[u64]) -> Library {
    let mut library = library();
    let songs: Vec<Song> = ids.iter().map(|&id| song(id)).collect();
    let judged: Vec<Judged> = (0..).zip(ids).map(|(rank, &id)| wanted(id, rank)).collect();
    bring(&mut library, &songs, &judged);
    assert_eq!(plan_songs(&mut library), ids.len());
    library
}

fn pending(library: &Library) -> Vec<u64> {
    let pending = library.songs().pending(&recipe(), 100).unwrap();
    pending.into_iter().map(|song| song.song.0).collect()
}

fn file(library: &Library, id: u64) -> FileId {
    library.songs().get(&[SongId(id)]).unwrap()[0]
        .file
        .expect("a planned song")
}

fn embed(library: &mut Library, id: u64, content: u8) -> TrackId {
    let about = Description::of_song(&song(id), "aac", 44_100, 2, 30.0);
    let features = features(content);
    let done = Analysed {
        file: file(library, id),
        stat: SONG_STAT,
        hash: hash(content),
        about: &about,
        features: &features,
    };
    let tx = library.begin().unwrap();
    let track = tx.store(&recipe(), &done, NOW).unwrap();
    tx.commit().unwrap();
    track
}

fn fail(library: &mut Library, id: u64) {
    let file = file(library, id);
    let tx = library.begin().unwrap();
    let why = Failure {
        code: "stalled".into(),
        reason: "nothing came for 30 s".into(),
    };
    tx.fail(&recipe(), file, SONG_STAT, &why).unwrap();
    tx.commit().unwrap();
}

#[test]
fn songs_wait_by_rank_and_become_tracks() {
    let mut library = with_songs(&[5, 3, 4]);
    assert_eq!(pending(&library), [5, 3, 4], "nearest first");
    assert_eq!(library.songs().pending(&recipe(), 1).unwrap().len(), 1);
    let first = &library.songs().pending(&recipe(), 1).unwrap()[0];
    assert_eq!(first.title, "Song 5");
    assert_eq!(first.preview, "https://example.invalid/5.m4a");
    assert_eq!(library.songs().track(SongId(3)).unwrap(), None);
    let track = embed(&mut library, 3, 1);
    assert_eq!(pending(&library), [5, 4]);
    assert_eq!(library.songs().track(SongId(3)).unwrap(), Some(track));
    let shown = &library.tracks().get(&recipe(), &[track]).unwrap()[0];
    assert_eq!(
        (shown.song, &shown.path, shown.status),
        (Some(SongId(3)), &None, Status::Ready)
    );
    assert_eq!(
        (shown.tags.title.as_deref(), shown.duration_s),
        (Some("Song 3"), 200.25)
    );
    let of_tracks = library.songs().of_tracks(&[track, TrackId(99)]).unwrap();
    assert_eq!(of_tracks.len(), 1);
    assert_eq!(of_tracks[&track].song, song(3), "links and all");
    assert_eq!(plan_songs(&mut library), 0, "nothing is planned twice");
    let coverage = library.coverage(&recipe()).unwrap();
    assert_eq!((coverage.done, coverage.total), (1, 3));
    let counts = library.counts(&recipe()).unwrap();
    assert_eq!(
        (counts.listed, counts.ready, counts.missing, counts.pending),
        (1, 1, 0, 2)
    );
}

#[test]
fn another_recipe_has_jobs_of_its_own() {
    let mut library = with_songs(&[1, 2]);
    embed(&mut library, 1, 1);
    let tx = library.begin().unwrap();
    assert_eq!(tx.songs_mut().plan(&other_recipe(), NOW).unwrap(), 2);
    tx.commit().unwrap();
    assert_eq!(
        library.songs().pending(&other_recipe(), 9).unwrap().len(),
        2
    );
    assert_eq!(pending(&library), [2]);
}

#[test]
fn only_what_is_wanted_is_planned() {
    let mut library = library();
    let silent = Song {
        preview: None,
        ..song(2)
    };
    let of = SongId(1);
    let verdicts = [
        wanted(1, 0),
        judged(2, Verdict::NoPreview),
        judged(3, Verdict::Polluted(Pollution::Karaoke)),
        judged(4, Verdict::Version { of }),
        judged(5, Verdict::OverArtist),
    ];
    bring(
        &mut library,
        &[song(1), silent, song(3), song(4), song(5)],
        &verdicts,
    );
    assert_eq!(plan_songs(&mut library), 1);
    let ids: Vec<SongId> = [5, 4, 3, 99].map(SongId).to_vec();
    let stored = library.songs().get(&ids).unwrap();
    let verdicts: Vec<_> = stored.iter().map(|song| song.verdict.as_deref()).collect();
    assert_eq!(
        verdicts,
        [Some("over_artist"), Some("version"), Some("karaoke")]
    );
    assert_eq!(stored[1].version_of, Some(of));
    let report = library.songs().report(&recipe()).unwrap();
    assert_eq!(report.verdicts.len(), 5);
    assert_eq!(report.genres.len(), 1);
    for (count, name) in [(&report.genres[0], "Rock"), (&report.origins[0], "album")] {
        assert_eq!(count.name.as_deref(), Some(name));
        assert_eq!((count.wanted, count.pending), (1, 1), "{name}");
    }
    assert_eq!(
        report.origins.len(),
        1,
        "the wanted alone came by something"
    );
}

#[test]
fn what_is_wanted_stays_wanted() {
    let mut library = with_songs(&[1]);
    bring(&mut library, &[song(1)], &[judged(1, Verdict::OverAlbum)]);
    bring(&mut library, &[song(1)], &[judged(1, Verdict::Known)]);
    let stored = &library.songs().get(&[SongId(1)]).unwrap()[0];
    assert_eq!(
        (stored.verdict.as_deref(), stored.rank),
        (Some("wanted"), Some(0))
    );
}

#[test]
fn a_source_of_songs_is_no_folder() {
    let mut library = with_songs(&[1]);
    let track = embed(&mut library, 1, 1);
    let folders = library.sources().all().unwrap();
    assert_eq!(folders.len(), 1);
    assert_eq!(folders[0].path, Path::new("/music"));
    assert!(!library.files().any().unwrap(), "no file on disk is known");
    let under = library.files().under(folders[0].id, &recipe()).unwrap();
    assert!(under.is_empty(), "no scan will miss it: {under:?}");
    store(&mut library, "/music/a.flac", 2, "Elsewhere");
    assert!(library.files().any().unwrap());
    let tx = library.begin().unwrap();
    tx.sources_mut().remove(folders[0].id).unwrap();
    tx.sources_mut().add(Path::new("/"), NOW).unwrap();
    tx.commit().unwrap();
    let listed = library.tracks().all(&recipe()).unwrap();
    assert_eq!(listed.len(), 1, "folders come and go beside it");
    assert_eq!((listed[0].id, listed[0].status), (track, Status::Ready));
    assert_eq!(plan_songs(&mut library), 0);
}

#[test]
fn an_address_is_no_word_to_find() {
    let mut library = with_songs(&[7]);
    let track = embed(&mut library, 7, 1);
    let search = |text: &str| library.tracks().search(&recipe(), text, 9).unwrap();
    assert!(search("itunes").is_empty());
    assert!(search("itunes 7").is_empty());
    assert_eq!(search("song 7")[0].id, track, "its title is");
    assert_eq!(search("artist album")[0].song, Some(SongId(7)));
}

#[test]
fn failures_are_listed_and_tried_again() {
    let mut library = with_songs(&[1, 2]);
    fail(&mut library, 2);
    let failures = library.jobs().failures(&recipe()).unwrap();
    assert_eq!((failures.len(), failures[0].song), (1, Some(SongId(2))));
    assert_eq!(failures[0].path, Path::new("itunes:2"));
    assert_eq!(pending(&library), [1]);
    assert_eq!(plan_songs(&mut library), 0, "it is left alone");
    let tx = library.begin().unwrap();
    assert_eq!(tx.songs_mut().retry(&recipe(), None).unwrap(), 1);
    tx.commit().unwrap();
    assert_eq!(pending(&library), [1, 2]);
}

#[test]
fn dead_links_wait_for_new_ones() {
    let mut library = with_songs(&[1, 2, 3]);
    fail(&mut library, 2);
    let tx = library.begin().unwrap();
    tx.songs_mut().mark_gone(SongId(1)).unwrap();
    tx.songs_mut().mark_gone(SongId(2)).unwrap();
    let unknown = tx.songs_mut().mark_gone(SongId(99));
    assert!(matches!(
        unknown,
        Err(LibraryError::Unknown {
            table: "song",
            row: 99
        })
    ));
    assert_eq!(
        tx.songs_mut().retry(&recipe(), None).unwrap(),
        0,
        "it would fail again"
    );
    tx.commit().unwrap();
    assert_eq!(pending(&library), [3]);
    assert_eq!(library.songs().gone(9).unwrap(), [SongId(1), SongId(2)]);
    assert_eq!(library.songs().report(&recipe()).unwrap().previews_gone, 2);
    let tx = library.begin().unwrap();
    tx.songs_mut()
        .refresh(SongId(2), "https://example.invalid/new.m4a")
        .unwrap();
    tx.commit().unwrap();
    assert_eq!(pending(&library), [2, 3]);
    assert_eq!(library.songs().gone(9).unwrap(), [SongId(1)]);
    let waiting = library.songs().pending(&recipe(), 1).unwrap();
    assert_eq!(waiting[0].preview, "https://example.invalid/new.m4a");
}

#[test]
fn a_genre_or_an_artist_is_taken_off_the_list() {
    let mut library = with_songs(&[1, 2, 3, 4, 12]);
    let (one, two, four) = (
        embed(&mut library, 1, 1),
        embed(&mut library, 2, 2),
        embed(&mut library, 4, 4),
    );
    let tx = library.begin().unwrap();
    tx.events_mut()
        .append(ThroughlineId(1), What::Did(Act::Up, four), NOW)
        .unwrap();
    assert_eq!(tx.songs_mut().remove_genre("Jazz").unwrap(), 3);
    tx.commit().unwrap();
    let listed: Vec<TrackId> = library
        .tracks()
        .all(&recipe())
        .unwrap()
        .into_iter()
        .map(|track| track.id)
        .collect();
    assert_eq!(listed, [one]);
    assert_eq!(pending(&library), [3], "jobs go as well");
    assert!(
        library.vectors().has(&recipe(), two).unwrap(),
        "vectors stay"
    );
    let liked = &library.tracks().get(&recipe(), &[four]).unwrap()[0];
    assert_eq!(
        (liked.status, liked.song),
        (Status::Ready, Some(SongId(4))),
        "rated: a guest"
    );
    bring(&mut library, &[song(2)], &[wanted(2, 0)]);
    assert_eq!(plan_songs(&mut library), 0, "it does not come back");
    let tx = library.begin().unwrap();
    assert_eq!(tx.songs_mut().remove_artist(ArtistId(1)).unwrap(), 1);
    tx.commit().unwrap();
    assert!(library.tracks().all(&recipe()).unwrap().is_empty());
    assert!(library.health().unwrap().problems.is_empty());
}

#[test]
fn a_seed_is_a_guest_until_it_is_wanted() {
    let mut library = library();
    let tx = library.begin().unwrap();
    assert!(
        tx.songs_mut().plan_guest(&recipe(), SongId(6)).is_err(),
        "nothing is known of it"
    );
    tx.songs_mut().upsert(&[song(6)], NOW).unwrap();
    let guest = tx.songs_mut().plan_guest(&recipe(), SongId(6)).unwrap();
    tx.commit().unwrap();
    assert_eq!(pending(&library), [6]);
    let track = embed(&mut library, 6, 1);
    assert!(library.tracks().all(&recipe()).unwrap().is_empty());
    let tx = library.begin().unwrap();
    assert_eq!(
        tx.songs_mut().plan_guest(&recipe(), SongId(6)).unwrap(),
        guest
    );
    tx.commit().unwrap();
    assert!(
        pending(&library).is_empty(),
        "what is done is not done again"
    );
    bring(&mut library, &[song(6)], &[wanted(6, 4)]);
    assert_eq!(plan_songs(&mut library), 0);
    assert_eq!(
        library.tracks().all(&recipe()).unwrap()[0].id,
        track,
        "now it is listed"
    );
}

#[test]
fn one_recording_under_two_numbers_is_one_track() {
    let mut library = with_songs(&[8, 9]);
    let (first, second) = (embed(&mut library, 9, 1), embed(&mut library, 8, 1));
    assert_eq!(first, second);
    let songs = library.songs().of_tracks(&[first]).unwrap();
    assert_eq!(songs[&first].song.id, SongId(8), "the nearest");
    assert_eq!(library.counts(&recipe()).unwrap().listed, 1);
}

#[test]
fn what_is_known_stays_and_what_is_missing_is_filled_in() {
    let mut library = library();
    let poor = Song {
        artist_id: None,
        genre: None,
        page: None,
        ..song(1)
    };
    let other = Song {
        title: "Another".into(),
        page: Some("x".into()),
        ..song(1)
    };
    let tx = library.begin().unwrap();
    tx.songs_mut().upsert(&[poor, other], NOW).unwrap();
    tx.commit().unwrap();
    let stored = &library.songs().get(&[SongId(1)]).unwrap()[0];
    assert_eq!(
        stored.song,
        Song {
            page: Some("x".into()),
            ..song(1)
        }
    );
    assert_eq!(stored.seen_at, NOW);
}

#[test]
fn any_number_is_kept() {
    let ids = [0, u64::MAX, i64::MAX as u64, 1 << 63];
    let mut library = library();
    let songs: Vec<Song> = ids
        .map(|id| Song {
            artist_id: Some(ArtistId(id)),
            album_id: Some(AlbumId(id)),
            ..song(id)
        })
        .to_vec();
    let judged: Vec<Judged> = ids.map(|id| wanted(id, 1)).to_vec();
    bring(&mut library, &songs, &judged);
    assert_eq!(plan_songs(&mut library), 4);
    let stored = library.songs().get(&ids.map(SongId)).unwrap();
    assert_eq!(
        stored.into_iter().map(|song| song.song).collect::<Vec<_>>(),
        songs
    );
    let track = {
        let id = u64::MAX;
        embed(&mut library, id, 1)
    };
    assert_eq!(
        library.tracks().all(&recipe()).unwrap()[0].song,
        Some(SongId(u64::MAX))
    );
    assert_eq!(
        library.songs().track(SongId(u64::MAX)).unwrap(),
        Some(track)
    );
}

#[test]
fn a_local_file_stays_a_file() {
    let mut library = with_songs(&[1]);
    let track = store(&mut library, "/music/a.flac", 9, "Mine");
    let shown = &library.tracks().get(&recipe(), &[track]).unwrap()[0];
    assert_eq!(
        (shown.path.as_deref(), shown.song),
        (Some(Path::new("/music/a.flac")), None)
    );
    assert!(library.songs().of_tracks(&[track]).unwrap().is_empty());
    plan(&mut library, "/music/b.flac", 3);
    let job = known(&library, "/music/b.flac").unwrap().job.unwrap();
    assert_eq!(job.state, JobState::Pending);
    assert_eq!(pending(&library), [1], "files wait elsewhere");
}
