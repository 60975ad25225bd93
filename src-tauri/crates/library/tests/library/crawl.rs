use throughline_core::catalog::crawl::{Crawl, Judged, Order, Origin, Seed};
use throughline_core::catalog::{
    Album, AlbumId, Answer, Artist, ArtistId, Call, GenreId, Question, Song, SongId, Within,
};
use throughline_library::{CrawlId, Library, LibraryError, StageTime};

use crate::song::song;
use crate::{NOW, library, recipe};

fn questions() -> Vec<Question> {
    let calls = [
        Call::Songs {
            ids: vec![SongId(1), SongId(u64::MAX)],
        },
        Call::Search {
            term: "a \"b\" ü".into(),
            within: Within::Artist,
            limit: 200,
        },
        Call::ArtistSongs {
            artist: ArtistId(3),
        },
        Call::ArtistAlbums {
            artist: ArtistId(3),
        },
        Call::AlbumSongs { album: AlbumId(4) },
        Call::Chart {
            genre: Some(GenreId(11)),
        },
        Call::Chart { genre: None },
    ];
    calls
        .map(|call| Question {
            country: "de".parse().unwrap(),
            call,
        })
        .to_vec()
}

fn record(library: &mut Library, crawl: CrawlId, question: &Question, answer: &Answer) {
    let tx = library.begin().unwrap();
    tx.crawls_mut()
        .record(crawl, question, answer, &[], Origin::Chart, NOW)
        .unwrap();
    tx.commit().unwrap();
}

fn begin(library: &mut Library, order: &Order) -> CrawlId {
    let tx = library.begin().unwrap();
    let crawl = tx.crawls_mut().add(order, NOW).unwrap();
    tx.commit().unwrap();
    crawl
}

fn replayed(library: &Library, crawl: CrawlId) -> Vec<(Question, Answer)> {
    let mut calls = Vec::new();
    library
        .crawls()
        .replay(crawl, |question, answer| {
            calls.push((question.clone(), answer.clone()));
        })
        .unwrap();
    calls
}

#[test]
fn an_order_is_kept_and_changed() {
    let mut library = library();
    assert_eq!(library.crawls().open().unwrap(), None);
    let order = Order {
        seeds: vec![
            Seed::Text("blue".into()),
            Seed::Song(SongId(u64::MAX)),
            Seed::Artist(ArtistId(2)),
            Seed::ArtistName("Ann".into()),
            Seed::Genre(GenreId(3)),
            Seed::Charts,
        ],
        ..Order::default()
    };
    let crawl = begin(&mut library, &order);
    let stored = library.crawls().open().unwrap().expect("an open crawl");
    assert_eq!(
        (stored.id, &stored.order, stored.created_at),
        (crawl, &order, NOW)
    );
    let mut grown = Crawl::new(&order);
    grown.grow(vec![Seed::Charts], 10);
    let tx = library.begin().unwrap();
    tx.crawls_mut().set(crawl, grown.order(), false).unwrap();
    tx.commit().unwrap();
    assert_eq!(
        library.crawls().open().unwrap(),
        None,
        "nothing more to ask"
    );
    assert_eq!(&library.crawls().all().unwrap()[0].order, grown.order());
}

#[test]
fn answers_come_back_as_they_were() {
    let mut library = library();
    let crawl = begin(&mut library, &Order::default());
    let other = begin(&mut library, &Order::default());
    let answers: Vec<Answer> = (0..)
        .zip(questions())
        .map(|(nth, _)| Answer {
            songs: (nth..nth + 3).map(song).collect(),
            artists: vec![Artist {
                id: ArtistId(nth),
                name: "Ann".into(),
                genre: None,
            }],
            albums: vec![Album {
                id: AlbumId(nth),
                title: "A".into(),
                artist_id: None,
                songs: Some(9),
            }],
            unreadable: nth as usize,
            refused_links: nth as usize,
        })
        .collect();
    for (question, answer) in questions().iter().zip(&answers) {
        record(&mut library, crawl, question, answer);
    }
    let calls: Vec<_> = questions().into_iter().zip(answers).collect();
    assert_eq!(replayed(&library, crawl), calls);
    assert!(
        replayed(&library, other).is_empty(),
        "a crawl has its own calls"
    );
    assert_eq!(library.crawls().all().unwrap()[0].calls, 7);
}

#[test]
fn an_answer_says_what_it_said_then_not_what_is_known_now() {
    let mut library = library();
    let crawl = begin(&mut library, &Order::default());
    let poor = Song {
        artist_id: None,
        genre: None,
        preview: None,
        ..song(1)
    };
    let another = Song {
        title: "Song 1 (Live)".into(),
        ..song(1)
    };
    let said = [vec![poor.clone()], vec![song(1)], vec![another], vec![poor]];
    let calls: Vec<_> = questions()
        .into_iter()
        .zip(said)
        .map(|(question, songs)| {
            (
                question,
                Answer {
                    songs,
                    ..Answer::default()
                },
            )
        })
        .collect();
    for (question, answer) in &calls {
        record(&mut library, crawl, question, answer);
    }
    let tx = library.begin().unwrap();
    tx.songs_mut()
        .refresh(SongId(1), "https://example.invalid/new.m4a")
        .unwrap();
    tx.commit().unwrap();
    let replayed = replayed(&library, crawl);
    assert_eq!(replayed, calls);
    assert_eq!(
        library.songs().get(&[SongId(1)]).unwrap()[0].song.genre,
        song(1).genre
    );
}

#[test]
fn a_crawl_goes_on_where_it_was() {
    let order = Order {
        seeds: vec![Seed::Artist(ArtistId(1))],
        size: 60,
        ..Order::default()
    };
    let answer = |question: &Question| {
        let from = serde_json::to_string(question).unwrap().len() as u64;
        Answer {
            songs: (from..from + 20).map(song).collect(),
            ..Answer::default()
        }
    };
    let mut library = library();
    let id = begin(&mut library, &order);
    let mut crawl = Crawl::new(&order);
    for _ in 0..4 {
        let question = crawl.next().expect("more to ask");
        let answer = answer(&question);
        let origin = crawl.origin(&question);
        let judged: Vec<Judged> = crawl.answer(&question, &answer);
        let tx = library.begin().unwrap();
        tx.crawls_mut()
            .record(id, &question, &answer, &judged, origin, NOW)
            .unwrap();
        tx.songs_mut().plan(&recipe(), NOW).unwrap();
        tx.commit().unwrap();
    }
    let mut resumed = Crawl::new(&library.crawls().open().unwrap().unwrap().order);
    library
        .crawls()
        .replay(id, |question, answer| {
            resumed.answer(question, answer);
        })
        .unwrap();
    assert_eq!(resumed.progress(), crawl.progress());
    assert_eq!(resumed.next(), crawl.next());
    assert_eq!(
        library.songs().pending(&recipe(), 1000).unwrap().len(),
        crawl.progress().wanted,
        "what the crawl wants waits to be embedded"
    );
}

#[test]
fn a_question_is_kept_once() {
    let mut library = library();
    let crawl = begin(&mut library, &Order::default());
    let question = &questions()[0];
    record(&mut library, crawl, question, &Answer::default());
    let tx = library.begin().unwrap();
    let nothing = Answer::default();
    let calls = tx.crawls_mut();
    let again = calls.record(crawl, question, &nothing, &[], Origin::Chart, NOW);
    assert!(matches!(again, Err(LibraryError::Database(_))), "{again:?}");
    let calls = tx.crawls_mut();
    let nowhere = calls.record(CrawlId(9), question, &nothing, &[], Origin::Chart, NOW);
    assert!(matches!(
        nowhere,
        Err(LibraryError::Unknown {
            table: "crawl",
            row: 9
        })
    ));
    drop(tx);
    assert_eq!(replayed(&library, crawl).len(), 1);
}

#[test]
fn a_call_that_was_given_up_is_listed_until_it_is_answered_or_not_missed_any_more() {
    let mut library = library();
    let crawl = begin(&mut library, &Order::default());
    let (first, second, third) = (&questions()[2], &questions()[3], &questions()[1]);
    let tx = library.begin().unwrap();
    for (question, reason) in [
        (first, "one"),
        (second, "two"),
        (third, "x"),
        (first, "three"),
    ] {
        tx.crawls_mut().skip(crawl, question, reason, NOW).unwrap();
    }
    tx.crawls_mut()
        .set(crawl, &Order::default(), false)
        .unwrap();
    tx.commit().unwrap();
    let skipped = library.crawls().skipped().unwrap();
    let listed: Vec<_> = skipped
        .iter()
        .map(|call| (&call.question, call.reason.as_str()))
        .collect();
    assert_eq!(listed, [(first, "three"), (second, "two"), (third, "x")]);
    record(&mut library, crawl, first, &Answer::default());
    let skipped = |library: &Library| -> Vec<Question> {
        let skipped = library.crawls().skipped().unwrap().into_iter();
        skipped.map(|call| call.question).collect()
    };
    assert_eq!(skipped(&library), [second.clone(), third.clone()]);
    assert!(library.crawls().open().unwrap().is_none());
    let other = begin(&mut library, &Order::default());
    let tx = library.begin().unwrap();
    tx.crawls_mut().end(other, &[]).unwrap();
    assert_eq!(tx.crawls_mut().retry().unwrap(), 1, "one crawl has some");
    tx.commit().unwrap();
    assert_eq!(
        skipped(&library),
        [second.clone(), third.clone()],
        "they were not asked yet"
    );
    let open = library.crawls().open().unwrap();
    assert_eq!(
        open.map(|crawl| crawl.id),
        Some(crawl),
        "there is more to ask"
    );
    let tx = library.begin().unwrap();
    tx.crawls_mut()
        .end(crawl, std::slice::from_ref(third))
        .unwrap();
    tx.commit().unwrap();
    assert_eq!(skipped(&library), std::slice::from_ref(third));
    assert!(library.crawls().open().unwrap().is_none());
}

#[test]
fn the_time_of_stages_adds_up_over_the_builds_of_a_crawl() {
    let mut library = library();
    let [first, second] = [(); 2].map(|()| begin(&mut library, &Order::default()));
    let stage = |seconds| StageTime {
        name: "embed".into(),
        seconds,
        threads: 1,
    };
    let tx = library.begin().unwrap();
    for (crawl, seconds, now) in [
        (first, 1.0, NOW),
        (second, 8.0, NOW + 1),
        (first, 2.0, NOW + 2),
    ] {
        tx.crawls_mut()
            .spend(crawl, &[stage(seconds)], now)
            .unwrap();
    }
    tx.commit().unwrap();
    assert_eq!(
        library.crawls().stages().unwrap(),
        [stage(3.0)],
        "of the crawl that was built last"
    );
}
