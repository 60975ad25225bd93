//! What exploring costs and gains: `explore FILE PART…`, with a dump of labelled vectors as `discovery` reads it.
//!
//! The simulated listener of `docs/discovery.md`, but with the very lists of the program: three rounds of ten
//! thumbs for the upper rows of a list of twenty, explored so far, out of one half of the tracks; then a list out
//! of the other half. A line for each stand of the knob says what is liked among the twenty rows of the last list
//! explored as far, and not explored at all (what the thumbs taught); and how far apart and how new its rows are.

use std::error::Error;
use std::{env, fs};

use ndarray::{Array2, ArrayView1};
use throughline_core::embedding::Space;
use throughline_core::taste::held::{Ask, Held, Learnt, Row, Voice};
use throughline_core::taste::limits::{Facts, Limits};
use throughline_core::taste::{Head, InCharge, Judged, Knobs, hubs, recency};
use throughline_core::track::TrackId;

const LISTENERS: u64 = 400;
const ROUNDS: usize = 3;
const THUMBED: usize = 10;
const ROWS: usize = 20;

/// When a head is in charge.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gate {
    /// As the program decides.
    Earned,
    /// As soon as there is one.
    Always,
}

/// A labelled library, held as a whole; a track's id is its row.
struct Library {
    vectors: Array2<f32>,
    terms: Vec<f32>,
    labels: Vec<usize>,
    held: Held,
}

/// Draws that a seed determines (`SplitMix64`).
struct Draw(u64);

/// Who likes what, and what may be shown when.
struct Listener {
    seeds: Vec<usize>,
    liked: Vec<bool>,
    wrong: Vec<bool>,
    feedback: Vec<bool>,
}

/// What a list is like.
#[derive(Clone, Copy, Default)]
struct Figures {
    precision: f64,
    distance: f64,
    novelty: f64,
    lowest: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let file = words.next().ok_or("which file?")?;
    let parts: Vec<usize> = words.map(|word| word.parse()).collect::<Result<_, _>>()?;
    let library = Library::read(&fs::read_to_string(file)?, &parts)?;
    println!(
        "gate     explore  shown 0 thumbs / 30    taught   distance  novelty  lowest   in charge"
    );
    for gate in [Gate::Earned, Gate::Always] {
        let mut before: Vec<f64> = Vec::new();
        for step in 0_u8..=4 {
            let explore = f32::from(step) / 4.0;
            let each: Vec<_> = (0..LISTENERS)
                .map(|stream| {
                    Listener::draw(&library, &mut Draw::of(stream)).listen(&library, explore, gate)
                })
                .collect();
            let mean = |of: &dyn Fn(&[Figures; 3]) -> f64| {
                each.iter().map(|(f, _)| of(f)).sum::<f64>() / each.len() as f64
            };
            let taught: Vec<f64> = each
                .iter()
                .map(|(figures, _)| figures[2].precision)
                .collect();
            if before.is_empty() {
                before.clone_from(&taught);
            }
            let differences: Vec<f64> = taught.iter().zip(&before).map(|(a, b)| a - b).collect();
            let (mean_difference, error) = mean_and_error(&differences);
            let charge = each.iter().filter(|(_, head)| *head).count() as f64 / each.len() as f64;
            println!(
                "{gate:?}  {explore:.2}     {:.3} / {:.3}   {:.3} ({:+.2} ± {:.2})   {:.3} / {:.3}   {:.3} / {:.3}   {:+.2} / {:+.2}   {charge:.2}",
                mean(&|f| f[0].precision),
                mean(&|f| f[1].precision),
                mean(&|f| f[2].precision),
                100.0 * mean_difference,
                100.0 * error,
                mean(&|f| f[0].distance),
                mean(&|f| f[1].distance),
                mean(&|f| f[0].novelty),
                mean(&|f| f[1].novelty),
                mean(&|f| f[0].lowest),
                mean(&|f| f[1].lowest),
            );
        }
    }
    Ok(())
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (square / (n - 1.0) / n).sqrt())
}

impl Library {
    fn read(text: &str, parts: &[usize]) -> Result<Self, Box<dyn Error>> {
        let mut names: Vec<&str> = Vec::new();
        let (mut labels, mut raw) = (Vec::new(), Vec::new());
        for line in text.lines() {
            let (label, vector) = line.split_once('\t').ok_or("a line without a label")?;
            let known = names.iter().position(|name| *name == label);
            labels.push(known.unwrap_or_else(|| {
                names.push(label);
                names.len() - 1
            }));
            let vector: Vec<f32> = vector
                .split(' ')
                .map(str::parse)
                .collect::<Result<_, _>>()?;
            raw.push(vector);
        }
        let space = Space::fit(parts, 0, raw.iter().map(|row| (row.as_slice(), &[][..])))?;
        let mut vectors = Array2::zeros((raw.len(), space.dimension()));
        for (mut vector, raw) in vectors.outer_iter_mut().zip(&raw) {
            vector.assign(&ArrayView1::from(&space.project(raw)?));
        }
        let terms = hubs::terms(&vectors.view());
        let mut held = Held::new(
            space.dimension(),
            raw.len(),
            hubs::spread(&vectors.view(), &terms),
        );
        let rows = vectors.outer_iter().zip(&terms);
        held.extend(
            None,
            (0..)
                .map(TrackId)
                .zip(rows)
                .map(|(id, (row, term))| (id, row, *term)),
        );
        Ok(Self {
            vectors,
            terms,
            labels,
            held,
        })
    }
}

impl Draw {
    fn of(stream: u64) -> Self {
        let mut draw = Self(stream.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x6578_706c);
        draw.next();
        draw
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

impl Listener {
    fn draw(library: &Library, draw: &mut Draw) -> Self {
        let labels = &library.labels;
        let mut choice: Vec<usize> = (0..=labels.iter().copied().max().unwrap_or(0)).collect();
        let many = 1 + draw.below(choice.len().min(3));
        draw.shuffle(&mut choice);
        let mut feedback = vec![false; labels.len()];
        let mut seeds = Vec::new();
        for (at, label) in choice.iter().enumerate() {
            let mut tracks: Vec<usize> = (0..labels.len())
                .filter(|&track| labels[track] == *label)
                .collect();
            draw.shuffle(&mut tracks);
            tracks.truncate(tracks.len().div_ceil(2));
            for &track in &tracks {
                feedback[track] = true;
            }
            if at < many {
                seeds.push(tracks[0]);
            }
        }
        Self {
            seeds,
            liked: labels
                .iter()
                .map(|label| choice[..many].contains(label))
                .collect(),
            wrong: labels.iter().map(|_| draw.below(10) == 0).collect(),
            feedback,
        }
    }

    /// The last list explored with the seeds alone and after all thumbs, that one not explored; and whether a
    /// head was in charge of these.
    fn listen(&self, library: &Library, explore: f32, gate: Gate) -> ([Figures; 3], bool) {
        let mut held = library.held.clone();
        let mut judged: Vec<(usize, bool)> = self.seeds.iter().map(|&seed| (seed, true)).collect();
        let speak = |held: &mut Held, track: usize| {
            let vector = library.vectors.row(track).to_vec();
            held.anchor(TrackId(track as i64), &vector, library.terms[track]);
        };
        for &seed in &self.seeds {
            speak(&mut held, seed);
        }
        let first = self.list(&held, &judged, explore, gate, false).0;
        for _ in 0..ROUNDS {
            let (rows, _) = self.list(&held, &judged, explore, gate, true);
            for row in rows.iter().take(THUMBED) {
                let track = row.id.0 as usize;
                speak(&mut held, track);
                judged.push((track, self.liked[track] != self.wrong[track]));
            }
        }
        let (last, charge) = self.list(&held, &judged, explore, gate, false);
        let taught = self.list(&held, &judged, 0.0, gate, false).0;
        (
            [first, last, taught].map(|rows| self.figures(&held, &rows)),
            charge,
        )
    }

    /// A list out of the feedback half, without what was judged, or of the other half.
    fn list(
        &self,
        held: &Held,
        judged: &[(usize, bool)],
        explore: f32,
        gate: Gate,
        feedback: bool,
    ) -> (Vec<Row>, bool) {
        let voices = |liked: bool| -> Vec<Voice> {
            let of = judged
                .iter()
                .enumerate()
                .filter(|(_, (_, up))| *up == liked);
            of.map(|(at, (track, _))| Voice {
                anchor: TrackId(*track as i64),
                weight: recency((judged.len() - 1 - at) as u32, 0.0),
                pocket: 0,
                seed: at < self.seeds.len(),
            })
            .collect()
        };
        let (likes, dislikes) = (voices(true), voices(false));
        let head = self
            .fit(held, judged)
            .filter(|head| gate == Gate::Always || head.in_charge() == InCharge::Head);
        let ids: Vec<TrackId> = judged
            .iter()
            .map(|(track, _)| TrackId(*track as i64))
            .collect();
        let facts = vec![Facts::default(); held.ids().len()];
        let limits = Limits::default();
        let ask = Ask {
            likes: &likes,
            dislikes: &dislikes,
            heard: &[],
            head: head.as_ref().map(|head| Learnt { head, judged: &ids }),
            fatigue: None,
            knobs: Knobs {
                explore,
                ..Knobs::default()
            },
            limits: &limits,
            facts: &facts,
            rows: ROWS,
        };
        let away = |id: TrackId| self.feedback[id.0 as usize] != feedback || ids.contains(&id);
        (held.list(&ask, &away), head.is_some())
    }

    fn fit(&self, held: &Held, judged: &[(usize, bool)]) -> Option<Head> {
        let tables: Vec<(Vec<f32>, Vec<f32>)> = judged
            .iter()
            .map(|(track, _)| {
                let to = |(other, _): &(usize, bool)| {
                    held.between(TrackId(*track as i64), TrackId(*other as i64))
                };
                judged
                    .iter()
                    .map(|other| to(other).unwrap_or_default())
                    .unzip()
            })
            .collect();
        let fitted: Vec<Judged<'_>> = judged
            .iter()
            .zip(&tables)
            .enumerate()
            .map(|(at, ((_, liked), (cosine, similarity)))| Judged {
                liked: *liked,
                thumb: at >= self.seeds.len(),
                weight: recency((judged.len() - 1 - at) as u32, 0.0),
                similarity,
                cosine,
            })
            .collect();
        Head::fit(&fitted)
    }

    fn figures(&self, held: &Held, rows: &[Row]) -> Figures {
        let count = rows.len().max(1) as f64;
        let mut distance = 0.0;
        for (at, a) in rows.iter().enumerate() {
            let others = rows[..at].iter();
            distance += others
                .map(|b| 1.0 - f64::from(held.likeness(a.place, b.place)))
                .sum::<f64>();
        }
        let relevance = rows.iter().map(|row| f64::from(row.why.parts.relevance()));
        Figures {
            precision: rows
                .iter()
                .filter(|row| self.liked[row.id.0 as usize])
                .count() as f64
                / count,
            distance: distance / (count * (count - 1.0) / 2.0).max(1.0),
            novelty: rows
                .iter()
                .map(|row| f64::from(row.why.novelty))
                .sum::<f64>()
                / count,
            lowest: relevance.fold(f64::INFINITY, f64::min),
        }
    }
}
