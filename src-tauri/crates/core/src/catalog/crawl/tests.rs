//! Crawls of invented catalogues.

use std::collections::{BTreeSet, HashMap, HashSet};

use proptest::prelude::*;

use super::super::{ArtistId, Country, GENRES, GenreId, SongId};
use super::world::World;
use super::*;

/// A crawl to its end: the crawl, what was asked, and what became of every song in turn.
struct Run {
    crawl: Crawl,
    asked: Vec<(Question, Answer)>,
    judged: Vec<Judged>,
}

impl Run {
    fn of(world: &World, order: &Order) -> Self {
        Self::on(world, Crawl::new(order))
    }

    fn on(world: &World, mut crawl: Crawl) -> Self {
        let (mut asked, mut judged) = (Vec::new(), Vec::new());
        while let Some(question) = crawl.next() {
            let answer = world.answer(&question);
            judged.extend(crawl.answer(&question, &answer));
            asked.push((question, answer));
        }
        Self {
            crawl,
            asked,
            judged,
        }
    }

    /// Wanted songs by ascending rank.
    fn wanted(&self) -> Vec<SongId> {
        let mut wanted: Vec<(u32, SongId)> = self
            .judged
            .iter()
            .filter_map(|judged| match judged.verdict {
                Verdict::Wanted { rank } => Some((rank, judged.song)),
                _ => None,
            })
            .collect();
        wanted.sort_unstable();
        wanted.into_iter().map(|(_, song)| song).collect()
    }
}

fn order(seeds: Vec<Seed>, size: usize) -> Order {
    Order {
        seeds,
        size,
        ..Order::default()
    }
}

fn song(world: &World, id: SongId) -> &Song {
    &world.songs[id.0 as usize - 1]
}

/// The first clean song of a genre.
fn seed_of(world: &World, genre: &str) -> Seed {
    let song = world.songs.iter().find(|song| {
        song.genre.as_deref() == Some(genre) && song.preview.is_some() && pollution(song).is_none()
    });
    Seed::Song(song.expect("a song of every genre").id)
}

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    let seed = prop_oneof![
        (1..2000_u64).prop_map(|id| Seed::Song(SongId(id))),
        (1..300_u64).prop_map(|id| Seed::Artist(ArtistId(id))),
        (0..300_u64).prop_map(|id| Seed::ArtistName(format!("Band {id}"))),
        (0..20_usize).prop_map(|at| Seed::Genre(GENRES[at].0)),
        Just(Seed::Genre(GenreId(14))),
        Just(Seed::Text("wolf city".into())),
        Just(Seed::Charts),
    ];
    prop::collection::vec(seed, 0..6)
}

fn orders() -> impl Strategy<Value = Order> {
    (seeds(), 0..700_usize, 0..30_usize, 0..10_usize).prop_map(
        |(seeds, size, per_artist, per_album)| {
            let countries = vec![Country::US, "de".parse().expect("a country")];
            Order {
                seeds,
                size,
                per_artist,
                per_album,
                countries,
                grown: Vec::new(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_ordered_is_kept(order in orders(), number in 0..1000_u64) {
        let world = World::new(number, 200);
        let run = Run::of(&world, &order);
        let wanted = run.wanted();
        prop_assert!(wanted.len() <= order.size, "never more than ordered");
        let distinct: HashSet<_> = wanted.iter().collect();
        prop_assert_eq!(distinct.len(), wanted.len(), "no song twice");
        let (mut artists, mut albums) = (HashMap::new(), HashMap::new());
        for &id in &wanted {
            let song = song(&world, id);
            prop_assert!(song.preview.is_some() && pollution(song).is_none(), "{}", &song.title);
            *artists.entry(song.artist_id).or_insert(0) += 1;
            *albums.entry(song.album_id).or_insert(0) += 1;
        }
        prop_assert!(artists.values().all(|&songs| songs <= order.per_artist));
        prop_assert!(albums.values().all(|&songs| songs <= order.per_album));
        let questions: HashSet<_> = run.asked.iter().map(|(question, _)| question).collect();
        prop_assert_eq!(questions.len(), run.asked.len(), "no question twice");
        let progress = run.crawl.progress();
        prop_assert_eq!(progress.wanted, wanted.len());
        prop_assert_eq!(progress.genres.values().sum::<usize>(), wanted.len());
    }

    #[test]
    fn a_replay_comes_to_the_same(order in orders(), number in 0..1000_u64, cut in 0..20_usize) {
        let world = World::new(number, 100);
        let whole = Run::of(&world, &order);
        let mut resumed = Crawl::new(&order);
        let mut judged = Vec::new();
        for (question, answer) in whole.asked.iter().take(cut) {
            judged.extend(resumed.answer(question, answer));
        }
        let rest = Run::on(&world, resumed);
        judged.extend(rest.judged);
        prop_assert_eq!(judged, whole.judged);
        prop_assert_eq!(rest.crawl.progress(), whole.crawl.progress());
    }

    #[test]
    fn growth_is_replayed_too(order in orders(), more in seeds(), number in 0..1000_u64) {
        let world = World::new(number, 100);
        let first = Run::of(&world, &order);
        let mut grown = first.crawl;
        grown.grow(more, 50);
        let grown = Run::on(&world, grown);
        let mut replayed = Crawl::new(grown.crawl.order());
        let mut judged = Vec::new();
        for (question, answer) in first.asked.iter().chain(&grown.asked) {
            judged.extend(replayed.answer(question, answer));
        }
        prop_assert_eq!(judged, [first.judged, grown.judged].concat());
        prop_assert_eq!(replayed.progress(), grown.crawl.progress());
        prop_assert_eq!(replayed.next(), None);
    }

    #[test]
    fn a_catalogue_that_fails_is_left_alone(order in orders()) {
        let mut crawl = Crawl::new(&order);
        let mut calls = 0;
        while let Some(question) = crawl.next() {
            crawl.skip(&question);
            calls += 1;
            prop_assert!(calls <= crawl.calls_at_most(), "it ends");
        }
        prop_assert_eq!(crawl.progress().skipped, calls);
    }

    #[test]
    fn what_a_song_has_beside_does_not_matter(order in orders(), number in 0..1000_u64) {
        let world = World::new(number, 100);
        let run = Run::of(&world, &order);
        let mut other = Crawl::new(&order);
        for (question, answer) in &run.asked {
            let mut answer = answer.clone();
            for song in &mut answer.songs {
                song.page = Some("https://example.invalid/page".into());
                song.preview = song.preview.take().map(|link| link + "?again");
                song.year = Some(1999);
            }
            answer.unreadable = 3;
            let next = other.next();
            prop_assert_eq!(next.as_ref(), Some(question));
            other.answer(question, &answer);
        }
        prop_assert_eq!(other.progress(), run.crawl.progress());
    }
}

#[test]
fn the_first_thousand_surround_the_seeds() {
    let world = World::new(7, 8000);
    let seeds = vec![seed_of(&world, "Jazz"), seed_of(&world, "Electronic")];
    let run = Run::of(&world, &order(seeds.clone(), 4000));
    let wanted = run.wanted();
    let theirs = |id: &&SongId| {
        matches!(
            song(&world, **id).genre.as_deref(),
            Some("Jazz" | "Electronic")
        )
    };
    let near = wanted.iter().take(1000).filter(theirs).count();
    assert!(
        near >= 990,
        "{near} of the first 1000 are of the seeds' genres"
    );
    for seed in seeds {
        let Seed::Song(id) = seed else { continue };
        assert!(wanted[..2].contains(&id), "the seeds come first");
        let artist = song(&world, id).artist_id;
        let of_artist = |id: &&SongId| song(&world, **id).artist_id == artist;
        let (first, all) = (
            wanted.iter().take(100).filter(of_artist).count(),
            wanted.iter().filter(of_artist).count(),
        );
        assert_eq!(first, all, "then the songs of their artists");
    }
    let all = wanted.iter().filter(theirs).count() as f64 / wanted.len() as f64;
    assert!(
        (0.7..0.95).contains(&all),
        "{all} of the library, with some of the rest"
    );
    let genres: BTreeSet<_> = run.crawl.progress().genres.into_keys().collect();
    assert!(genres.len() >= 6, "only {genres:?}");
}

#[test]
fn every_kind_of_seed_is_found() {
    let world = World::new(3, 300);
    let band = |at: usize| world.songs[at].artist_id;
    for (seed, artist) in [
        (Seed::ArtistName("Band 5".into()), Some(ArtistId(6))),
        (Seed::Artist(ArtistId(9)), Some(ArtistId(9))),
        (Seed::Text(world.songs[40].title.clone()), band(40)),
        (Seed::Song(world.songs[50].id), band(50)),
    ] {
        let run = Run::of(&world, &order(vec![seed.clone()], 100));
        let first = run.wanted()[0];
        assert_eq!(song(&world, first).artist_id, artist, "{seed:?}");
    }
    let run = Run::of(&world, &order(vec![Seed::Genre(GenreId(11))], 100));
    assert!(
        run.wanted()
            .iter()
            .all(|&id| song(&world, id).genre.as_deref() == Some("Jazz"))
    );
    assert_eq!(
        run.asked.len(),
        2,
        "a chart and a search at most: {:?}",
        run.asked.len()
    );
}

/// Calls that would have brought as much of every genre, had it been known what each of the artists
/// that were met has: the other calls as they were, then the richest artists first.
fn calls_in_hindsight(world: &World, run: &Run) -> usize {
    let Order {
        per_artist,
        per_album,
        ..
    } = *run.crawl.order();
    let mut again = Crawl::new(run.crawl.order());
    let (mut brought, mut had, mut calls) = (HashMap::new(), HashMap::new(), 0);
    for (question, answer) in &run.asked {
        let judged = again.answer(question, answer);
        let wanted = judged
            .iter()
            .filter(|judged| matches!(judged.verdict, Verdict::Wanted { .. }));
        let wanted = wanted.map(|judged| song(world, judged.song));
        if let Call::ArtistSongs { .. } = question.call {
            wanted.for_each(|song| *brought.entry(song.genre.clone()).or_insert(0_usize) += 1);
        } else {
            wanted.for_each(|song| *had.entry(song.artist_id).or_insert(0_usize) += 1);
            calls += 1;
        }
    }
    let artists: BTreeSet<ArtistId> = run.crawl.frontier.artists().collect();
    for (genre, mut songs) in brought {
        let room = |&artist: &ArtistId| {
            let most = world
                .brings(artist, genre.as_deref(), per_album)
                .min(per_artist);
            most.saturating_sub(had.get(&Some(artist)).copied().unwrap_or(0))
        };
        let mut rooms: Vec<usize> = artists.iter().map(room).filter(|&room| room > 0).collect();
        rooms.sort_unstable();
        while songs > 0 {
            songs = songs.saturating_sub(rooms.pop().expect("as many as were brought"));
            calls += 1;
        }
    }
    calls
}

#[test]
fn calls_are_not_wasted() {
    for (number, artists, size) in [(1, 4000, 2000), (2, 8000, 8000), (5, 12_000, 16_000)] {
        let world = World::new(number, artists);
        let genres = ["Jazz", "Rock", "Dance", "Pop", "Latin"];
        let seeds = genres.map(|genre| seed_of(&world, genre)).to_vec();
        let run = Run::of(&world, &order(seeds, size));
        assert_eq!(run.wanted().len(), size, "it reaches its size");
        let (calls, ideal) = (run.asked.len(), calls_in_hindsight(&world, &run));
        let estimate = Crawl::new(run.crawl.order()).progress().calls_left;
        let over = calls as f64 / ideal as f64;
        assert!(
            over <= 1.35,
            "{calls} calls for {size} songs, {ideal} in hindsight"
        );
        let off = (estimate as f64 / calls as f64).ln().abs();
        assert!(
            off <= 1.6_f64.ln(),
            "{estimate} were estimated, {calls} were needed"
        );
    }
}
