//! The second journey: from seeds and thumbs to a list, and why each row is in it.
//!
//! `asked` turns what the listener said into what is asked of the pool, `pool` holds the candidates,
//! `facts` knows what limits ask of a track, `why` finds what is told of a row on request.

use std::collections::HashSet;

use ndarray::ArrayView1;
use throughline_core::feedback::{Standing, When};
use throughline_core::taste::held::Row;
use throughline_core::taste::thread::Thread;
use throughline_core::taste::{InCharge, Knobs, SHARED_TAGS, recency, shared_tags};
use throughline_core::track::TrackId;

use crate::error::Result;
use crate::shelf::Shelf;

mod asked;
mod facts;
mod path;
mod pool;
mod why;

pub(crate) use facts::FactBook;
pub use facts::Wishes;
pub(crate) use path::path;
pub(crate) use pool::Pool;
pub(crate) use why::{moments, without_seeds};

use asked::Asked;

/// Something that was spoken of: a track of the library, a guest, or a file that was embedded on the spot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spoken {
    /// The track; a number below zero, of the caller's, for a file that is no track.
    pub id: TrackId,
    /// Mean and variation of its features, `[2 · dimension]`.
    pub raw: Vec<f32>,
    /// Tag probabilities `[tags]`.
    pub tags: Vec<f32>,
}

/// What a list is made for.
pub(crate) struct Wanted<'a> {
    /// What the listener said.
    pub standing: &'a Standing,
    /// Vectors of what it names, as far as there are any.
    pub spoken: &'a [Spoken],
    /// Where the knobs stand.
    pub knobs: Knobs,
    /// What the list may hold.
    pub wishes: &'a Wishes,
    /// The time, Unix milliseconds.
    pub now: i64,
    /// Rows at most.
    pub rows: usize,
}

impl Wanted<'_> {
    /// What a seed or a thumb weighs that was set when `said`.
    fn fresh(&self, said: Option<&When>) -> f32 {
        let age = said.map(|&said| self.standing.age(said, self.now));
        let age = age.unwrap_or_default();
        recency(age.events, age.days)
    }
}

/// A list before it is dressed with metadata.
pub(crate) struct Listed {
    /// What the seeds are to each other; places are those of `seeds`.
    pub thread: Thread,
    /// The seeds that could be heard, in order.
    pub seeds: Vec<TrackId>,
    /// What decided.
    pub in_charge: InCharge,
    /// The rows, best first.
    pub hits: Vec<Hit>,
    /// What was asked of the pool.
    asked: Asked,
}

/// A row before it is dressed with metadata.
pub(crate) struct Hit {
    /// Track, rank and why.
    pub row: Row,
    /// Cosine to each seed.
    pub seed_scores: Vec<f32>,
    /// Cosine to the anchors, each by its share.
    pub likeness: f32,
    /// Names of the shared tags.
    pub shared_tags: Vec<String>,
}

/// Lists what `pool` holds for `wanted`. [`AppError::NoThread`](crate::AppError::NoThread) when no seed has a direction.
pub(crate) fn list(pool: &mut Pool, wanted: &Wanted<'_>) -> Result<Listed> {
    let asked = Asked::of(pool, wanted)?;
    pool.fill(&asked, wanted);
    let (mut hits, mut in_charge) = answer(pool, &asked, wanted);
    for _ in 0..pool.rounds(&asked) {
        if !pool.grow(&asked, wanted) {
            break;
        }
        (hits, in_charge) = answer(pool, &asked, wanted);
    }
    Ok(Listed {
        thread: asked.thread.clone(),
        seeds: asked.seeds.clone(),
        in_charge,
        hits,
        asked,
    })
}

fn answer(pool: &Pool, asked: &Asked, wanted: &Wanted<'_>) -> (Vec<Hit>, InCharge) {
    let shelf = pool.shelf();
    let tags = |seed: &TrackId| {
        let of = wanted.spoken.iter().find(|spoken| spoken.id == *seed)?;
        Some(of.tags.as_slice())
    };
    let seed_tags: Vec<&[f32]> = asked.seeds.iter().filter_map(tags).collect();
    let (rows, in_charge) = asked.over(pool, wanted, |ask, excluded| {
        (pool.held().list(ask, excluded), asked.in_charge())
    });
    let hits = rows
        .into_iter()
        .map(|row| {
            let cosine = |anchor| pool.held().toward(anchor, row.place).unwrap_or(0.0);
            let places = shelf
                .tags(row.id)
                .map(|tags| shared_tags(tags, &seed_tags, shelf.tag_stats()))
                .unwrap_or_default();
            Hit {
                seed_scores: asked.seeds.iter().map(|&seed| cosine(seed)).collect(),
                likeness: row
                    .why
                    .anchors
                    .iter()
                    .map(|of| of.share * cosine(of.id))
                    .sum(),
                shared_tags: words(&shelf.tag_names, &places),
                row,
            }
        })
        .collect();
    (hits, in_charge)
}

/// The tracks of the library that a thumb down with this `radius` hides: those whose cosine to `vector`, of
/// unit length, is at least one less the radius.
pub(crate) fn within(shelf: &Shelf, vector: &[f32], radius: f32) -> HashSet<TrackId> {
    let cosines = shelf.index.matrix().dot(&ArrayView1::from(vector));
    let pairs = shelf.index.ids().iter().zip(cosines);
    // Rounding must not spare the very track.
    let near = pairs.filter(|&(_, cosine)| cosine >= 1.0 - radius - 1e-5);
    near.map(|(&track, _)| track).collect()
}

/// The names at `places`, each once (two taggers may agree on a word), [`SHARED_TAGS`] at most.
fn words(names: &[String], places: &[usize]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for name in places.iter().filter_map(|&place| names.get(place)) {
        if words.len() < SHARED_TAGS && !words.contains(name) {
            words.push(name.clone());
        }
    }
    words
}
