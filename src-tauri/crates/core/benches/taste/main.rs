//! What a thumb costs: from the thumb to a list of 50 rows with their whys, out of a held pool, and how
//! much of the exact ranking that pool keeps.
//!
//! `cargo bench -p throughline-core --bench taste -- 16000 1000000`: one run for each number of tracks. `3..6`
//! besides lets other listeners than the first three begin, and `0.0` puts the explore knob there instead of at ½. A
//! million tracks take 4 GB. Each listener begins with five seeds of two groups and gives [`THUMBS`] thumbs; while a
//! list is looked at, the pool takes in what the thumb asks for.

use std::ops::Range;
use std::time::{Duration, Instant};

use throughline_core::taste::held::{Ask, CONSIDERED, Held, JOINING, Row, Voice};
use throughline_core::taste::limits::{Facts, Limits};
use throughline_core::taste::why::moment;
use throughline_core::taste::{Columns, Evidence, Knobs, hubs, score};
use throughline_core::track::TrackId;

mod library;

use library::{DIMENSION, GROUP, Library, Random};

const THUMBS: usize = 30;
const ROWS: usize = 50;

/// Windows of a track that are compared for the moment: 3 of 30 s, each in segments of 3 s.
const WINDOWS: usize = 30;

fn main() {
    let (mut sizes, mut listeners, mut explore) = (Vec::new(), 0..3, 0.5);
    for arg in std::env::args().skip(1) {
        if let Ok(tracks) = arg.parse::<usize>() {
            sizes.push(tracks);
        } else if let Some((first, end)) = arg.split_once("..") {
            listeners = first.parse().expect("a number")..end.parse().expect("a number");
        } else if let Ok(at) = arg.parse::<f32>() {
            explore = at;
        }
    }
    if sizes.is_empty() {
        sizes.push(16_000);
    }
    for tracks in sizes {
        measure(&Library::draw(tracks), listeners.clone(), explore);
    }
}

/// Times of one kind, in the order in which they were taken.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn take<T>(&mut self, what: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let result = what();
        self.0.push(begun.elapsed());
        result
    }

    fn say(mut self, what: &str) {
        self.0.sort();
        let at = |share: f64| {
            let place = (self.0.len() as f64 * share).ceil() as usize;
            self.0[place.clamp(1, self.0.len()) - 1].as_secs_f64() * 1e3
        };
        let (half, most, worst) = (at(0.5), at(0.99), at(1.0));
        println!(
            "  {what}: p50 {half:.2} ms, p99 {most:.2} ms, worst {worst:.2} ms of {}",
            self.0.len()
        );
    }
}

/// A listener's throughline.
struct Listener<'a> {
    library: &'a Library,
    held: Held,
    facts: Vec<Facts>,
    likes: Vec<Voice>,
    dislikes: Vec<Voice>,
    explore: f32,
}

fn measure(library: &Library, listeners: Range<usize>, explore: f32) {
    let spread = library.cosines();
    println!(
        "{} tracks of {DIMENSION} dimensions; cosines of random pairs {:.3} ± {:.3}",
        library.len(),
        spread.mean,
        spread.deviation
    );
    let (mut thumbs, mut columns, mut without, mut moments) = (
        Times::default(),
        Times::default(),
        Times::default(),
        Times::default(),
    );
    for listener in listeners.clone() {
        let mut random = Random(42 + listener as u64);
        let mut listener = Listener::begin(library, listener);
        listener.explore = explore;
        let mut rows = listener.list();
        let begun_with = listener.held.ids().len();
        let mut joined = Duration::ZERO;
        for _ in 0..THUMBS {
            // Mostly upper rows are thumbed, and more of them up.
            let row = random.below(ROWS).min(random.below(ROWS));
            let up = random.below(10) < 6;
            let track = rows[row].id;
            listener.speak(track, up);
            let vector = library.vectors.row(track.0 as usize).to_vec();
            let hub = library.hubs[track.0 as usize];
            let before = rows;
            rows = thumbs.take(|| {
                columns.take(|| listener.held.anchor(track, &vector, hub));
                listener.list()
            });
            without.take(|| listener.ranks_without(&rows));
            listener.moments(&before, &rows, &mut moments);
            let begun = Instant::now();
            listener.join(track, up);
            joined += begun.elapsed();
        }
        let (overlap, ups) = (listener.overlap(), listener.likes.len() - 5);
        println!(
            "  a pool of {begun_with}, {} after {ups} up and {} down: {:.1} % of the exact best {ROWS} ({:.0} ms a thumb to find what joins, by a scan)",
            listener.held.ids().len(),
            listener.dislikes.len(),
            100.0 * overlap,
            joined.as_secs_f64() * 1e3 / THUMBS as f64,
        );
    }
    steps(library, listeners);
    thumbs.say("thumb to list with whys");
    columns.say("of that, the column");
    without.say("ranks without each of five seeds");
    moments.say("moments of the rows that are new in a list");
}

/// Says what the explore knob does, over all listeners as they begin.
fn steps(library: &Library, listeners: Range<usize>) {
    let mut listeners: Vec<_> = listeners.map(|at| Listener::begin(library, at)).collect();
    for step in 0..5 {
        let (mut distance, mut novelty, mut rank) = (0.0, 0.0, 0);
        for listener in &mut listeners {
            listener.explore = step as f32 / 4.0;
            let rows = listener.list();
            for (at, a) in rows.iter().enumerate() {
                let cosines = rows[..at]
                    .iter()
                    .map(|b| listener.held.likeness(a.place, b.place));
                distance += cosines.map(|cosine| 1.0 - cosine).sum::<f32>();
                novelty += a.why.novelty;
                rank = rank.max(a.rank);
            }
        }
        let lists = listeners.len() as f32;
        println!(
            "  explore {:.2}: distance within the list {:.3}, novelty {:.3}, lowest rank {rank}",
            step as f32 / 4.0,
            distance / lists / (ROWS * (ROWS - 1) / 2) as f32,
            novelty / lists / ROWS as f32,
        );
    }
}

impl<'a> Listener<'a> {
    /// Three seeds of one group and two of another, and the pool around them.
    fn begin(library: &'a Library, listener: usize) -> Self {
        let group = |at: usize| (listener * 37 + at * 11) * GROUP % (library.len() - GROUP);
        let seeds = [group(0), group(0) + 1, group(0) + 2, group(1), group(1) + 1];
        let mut held = Held::new(DIMENSION, library.len(), library.spread);
        let vector = |seed: usize| library.vectors.row(seed).to_vec();
        for seed in seeds {
            held.anchor(TrackId(seed as i64), &vector(seed), library.hubs[seed]);
        }
        let near = library.nearest(&seeds.map(|seed| (vector(seed), Held::share(seeds.len()))));
        held.extend(None, library.candidates(near));
        let voice = |(place, seed): (usize, usize)| Voice {
            anchor: TrackId(seed as i64),
            weight: 1.0,
            pocket: usize::from(place > 2),
            seed: true,
        };
        let mut listener = Self {
            library,
            held,
            facts: Vec::new(),
            likes: seeds.into_iter().enumerate().map(voice).collect(),
            dislikes: Vec::new(),
            explore: 0.0,
        };
        listener.learn();
        listener
    }

    /// Learns the facts of the candidates: ten tracks an album, two albums an artist.
    fn learn(&mut self) {
        let known = self.facts.len();
        self.facts
            .extend(self.held.ids()[known..].iter().map(|id| Facts {
                artist: Some(id.0 as u32 / 20),
                album: Some(id.0 as u32 / 10),
                family: Some(id.0 as u32),
                owned: true,
                ..Facts::default()
            }));
    }

    /// Gives a thumb; it lies in the pocket of the seed that it is most like.
    fn speak(&mut self, track: TrackId, up: bool) {
        let vectors = &self.library.vectors;
        let like = |voice: &Voice| {
            let seed = vectors.row(voice.anchor.0 as usize);
            seed.dot(&vectors.row(track.0 as usize))
        };
        let seeds = self.likes.iter().filter(|voice| voice.seed);
        let nearest = seeds.max_by(|a, b| like(a).total_cmp(&like(b)));
        let pocket = nearest.map_or(0, |voice| voice.pocket);
        let voice = Voice {
            anchor: track,
            weight: 1.0,
            pocket,
            seed: false,
        };
        if up {
            self.likes.push(voice);
        } else {
            self.dislikes.push(voice);
        }
    }

    /// What a thumb brings into the pool: the neighbours of a new like, and the best of what is considered.
    fn join(&mut self, track: TrackId, up: bool) {
        let vector = self.library.vectors.row(track.0 as usize).to_vec();
        if up {
            self.extend(track, &[(vector.clone(), JOINING)]);
        }
        let headings = self.ask(|ask| self.held.headings(ask, |track| self.spoke_of(track)));
        let like = up.then_some(vector);
        let queries = headings.into_iter().chain(like);
        let since = self.held.ids().len();
        self.extend(
            track,
            &queries.map(|query| (query, CONSIDERED)).collect::<Vec<_>>(),
        );
        let places = self.ask(|ask| self.held.contenders(ask, since));
        self.held.keep(since, &places);
        self.facts.truncate(since);
        self.learn();
    }

    fn extend(&mut self, by: TrackId, queries: &[(Vec<f32>, usize)]) {
        let near = self.library.nearest(queries);
        self.held.extend(Some(by), self.library.candidates(near));
        self.learn();
    }

    fn ask<T>(&self, answer: impl FnOnce(&Ask<'_>) -> T) -> T {
        answer(&Ask {
            likes: &self.likes,
            dislikes: &self.dislikes,
            head: None,
            heard: &[],
            fatigue: None,
            knobs: Knobs {
                explore: self.explore,
                ..Knobs::default()
            },
            limits: &Limits::default(),
            facts: &self.facts,
            rows: ROWS,
        })
    }

    fn spoke_of(&self, track: TrackId) -> bool {
        let mut voices = self.likes.iter().chain(&self.dislikes);
        voices.any(|voice| voice.anchor == track)
    }

    fn list(&self) -> Vec<Row> {
        self.ask(|ask| self.held.list(ask, &|track| self.spoke_of(track)))
    }

    fn ranks_without(&self, rows: &[Row]) -> usize {
        let seeds = self.likes.iter().filter(|voice| voice.seed);
        seeds
            .map(|seed| {
                let excluded = |track| self.spoke_of(track);
                self.ask(|ask| {
                    self.held
                        .ranks_without(ask, &excluded, seed.anchor, rows)
                        .len()
                })
            })
            .sum()
    }

    /// Finds the moments of the rows that were not in the list before, each with its strongest anchor.
    fn moments(&self, before: &[Row], rows: &[Row], times: &mut Times) {
        let new: Vec<_> = rows
            .iter()
            .filter(|row| before.iter().all(|other| other.id != row.id))
            .map(|row| {
                let anchor = row.why.anchors[0].id;
                let windows = |id: TrackId| self.library.windows(id.0 as usize, WINDOWS);
                (windows(anchor), windows(row.id))
            })
            .collect();
        times.take(|| {
            let pairs = new
                .iter()
                .filter_map(|(seed, row)| moment(&seed.view(), &row.view()));
            pairs.count()
        });
    }

    /// Share of the best rows of the whole library that are the best of the pool as well, by relevance.
    fn overlap(&self) -> f64 {
        let held = |anchor: TrackId| self.held.similarity(anchor).expect("it spoke").to_vec();
        let pool = self.best(self.held.ids(), held);
        let spoken: Vec<TrackId> = self
            .likes
            .iter()
            .chain(&self.dislikes)
            .map(|voice| voice.anchor)
            .collect();
        let vectors = spoken
            .iter()
            .map(|id| self.library.vectors.row(id.0 as usize).to_vec());
        let products = self.library.products(&vectors.collect::<Vec<_>>());
        let exact = |anchor: TrackId| {
            let place = spoken
                .iter()
                .position(|id| *id == anchor)
                .expect("it spoke");
            let hub = self.library.hubs[anchor.0 as usize];
            let corrected = products.column(place).into_iter().zip(&self.library.hubs);
            corrected
                .map(|(cosine, x)| hubs::csls(*cosine, hub, *x) / self.library.spread)
                .collect()
        };
        let all: Vec<_> = (0..self.library.len() as i64).map(TrackId).collect();
        let exact = self.best(&all, exact);
        let both = exact.iter().filter(|track| pool.contains(track)).count();
        both as f64 / exact.len() as f64
    }

    fn best(&self, ids: &[TrackId], column: impl Fn(TrackId) -> Vec<f32>) -> Vec<TrackId> {
        let columns = |voices: &[Voice]| -> Vec<(Voice, Vec<f32>)> {
            voices
                .iter()
                .map(|voice| (*voice, column(voice.anchor)))
                .collect()
        };
        let (likes, dislikes) = (columns(&self.likes), columns(&self.dislikes));
        let (likes, dislikes) = (evidence(&likes), evidence(&dislikes));
        let columns = Columns {
            likes: &likes,
            dislikes: &dislikes,
            ..Columns::default()
        };
        let parts = score(&columns, Knobs::default());
        let mut scored: Vec<(f32, TrackId)> = parts
            .iter()
            .zip(ids)
            .filter(|(_, id)| !self.spoke_of(**id))
            .map(|(parts, id)| (parts.relevance(), *id))
            .collect();
        scored.sort_unstable_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
        scored.into_iter().take(ROWS).map(|(_, id)| id).collect()
    }
}

fn evidence(columns: &[(Voice, Vec<f32>)]) -> Vec<Evidence<'_>> {
    columns
        .iter()
        .map(|(voice, similarity)| Evidence {
            weight: voice.weight,
            pocket: voice.pocket,
            similarity,
        })
        .collect()
}
