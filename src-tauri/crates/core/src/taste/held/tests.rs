use std::collections::BTreeSet;

use ndarray::{Array2, ArrayView1};
use proptest::prelude::*;

use super::*;
use crate::taste::hubs::mean_similarity;
use crate::taste::knobs::Knobs;
use crate::taste::limits::{Facts, Limits};
use crate::taste::unit;

mod contenders;
mod knobs;
mod parts;

const DIMENSION: usize = 8;

/// A library of unit vectors whose track ids are their places, and its hub terms.
#[derive(Debug)]
struct Library {
    vectors: Vec<Vec<f32>>,
    hubs: Vec<f32>,
}

impl Library {
    fn of(vectors: impl IntoIterator<Item = Vec<f32>>) -> Self {
        let vectors: Vec<Vec<f32>> = vectors.into_iter().filter_map(|v| unit(&v)).collect();
        let hubs = (0..vectors.len())
            .map(|a| {
                let others = (0..vectors.len()).filter(|&b| b != a);
                mean_similarity(
                    others.map(|b| vectors[a].iter().zip(&vectors[b]).map(|(x, y)| x * y).sum()),
                )
            })
            .collect();
        Self { vectors, hubs }
    }

    /// `tracks` vectors whose variance falls with the component, as that of real ones does.
    fn drawn(tracks: usize, draw: u64) -> Self {
        let mut state = draw;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        let mut draw = || {
            let components = (0..64).map(|i| (i as f32 + 2.0).powf(-0.75));
            components
                .map(|deviation| deviation * (random() + random()))
                .collect()
        };
        Self::of((0..tracks).map(|_| draw()))
    }

    /// Two far groups of `each` tracks, `off` away from their middles at random.
    fn pockets(each: usize, off: f32, draw: u64) -> Self {
        let mut state = draw;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        let vectors = (0..2 * each).map(|track| {
            let mut v: Vec<f32> = (0..DIMENSION).map(|_| off * random()).collect();
            v[track % 2] += 1.0;
            v
        });
        Self::of(vectors)
    }

    fn candidates(&self) -> Vec<(TrackId, ArrayView1<'_, f32>, f32)> {
        let rows = (0..).map(TrackId).zip(&self.vectors).zip(&self.hubs);
        rows.map(|((id, v), hub)| (id, ArrayView1::from(v.as_slice()), *hub))
            .collect()
    }

    fn held(&self) -> Held {
        let mut held = Held::new(self.vectors[0].len(), self.vectors.len(), 0.5);
        held.extend(None, self.candidates());
        held
    }

    fn anchor(&self, held: &mut Held, track: usize) {
        held.anchor(
            TrackId(track as i64),
            &self.vectors[track],
            self.hubs[track],
        );
    }
}

fn library(most: usize) -> impl Strategy<Value = Library> {
    let vector = prop::collection::vec(-1.0_f32..1.0, DIMENSION);
    prop::collection::vec(vector, 8..most).prop_map(Library::of)
}

fn seed(track: usize) -> Voice {
    Voice {
        anchor: TrackId(track as i64),
        weight: 1.0,
        pocket: 0,
        seed: true,
    }
}

/// What `answer` says to these likes and dislikes, with no limits but those of every list.
fn over<T>(
    held: &Held,
    likes: &[Voice],
    dislikes: &[Voice],
    (knobs, rows): (Knobs, usize),
    answer: impl FnOnce(&Ask<'_>) -> T,
) -> T {
    let facts = vec![Facts::default(); held.ids().len()];
    answer(&Ask {
        dislikes,
        knobs,
        ..ask(likes, &Limits::default(), &facts, rows)
    })
}

/// These likes and nothing else said, with these limits.
fn ask<'a>(likes: &'a [Voice], limits: &'a Limits, facts: &'a [Facts], rows: usize) -> Ask<'a> {
    Ask {
        likes,
        dislikes: &[],
        head: None,
        heard: &[],
        fatigue: None,
        knobs: Knobs::default(),
        limits,
        facts,
        rows,
    }
}

/// The list for these likes and dislikes, without the tracks that they are.
fn list(held: &Held, likes: &[Voice], dislikes: &[Voice], knobs: Knobs, rows: usize) -> Vec<Row> {
    let spoken: BTreeSet<_> = likes
        .iter()
        .chain(dislikes)
        .map(|voice| voice.anchor)
        .collect();
    over(held, likes, dislikes, (knobs, rows), |ask| {
        held.list(ask, &|id| spoken.contains(&id))
    })
}

fn ids(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.id.0).collect()
}

proptest! {
    #[test]
    fn lists_are_full_and_without_what_is_excluded(library in library(60), rows in 0..30_usize) {
        let mut held = library.held();
        (0..3).for_each(|track| library.anchor(&mut held, track));
        let found = list(&held, &[seed(0), seed(1)], &[seed(2)], Knobs::default(), rows);
        prop_assert_eq!(found.len(), rows.min(library.vectors.len() - 3));
        let distinct: BTreeSet<_> = ids(&found).into_iter().collect();
        prop_assert_eq!(distinct.len(), found.len());
        prop_assert!(distinct.iter().all(|&id| id >= 3), "no seed, no dislike");
    }

    #[test]
    fn order_of_voices_is_irrelevant(library in library(40)) {
        let (mut forth, mut back) = (library.held(), library.held());
        (0..4).for_each(|track| library.anchor(&mut forth, track));
        (0..4).rev().for_each(|track| library.anchor(&mut back, track));
        let (a, b) = (
            list(&forth, &[seed(0), seed(1), seed(2)], &[seed(3)], Knobs::default(), 10),
            list(&back, &[seed(2), seed(0), seed(1)], &[seed(3)], Knobs::default(), 10),
        );
        prop_assert_eq!(a, b);
    }

    #[test]
    fn order_of_candidates_is_irrelevant(library in library(40)) {
        let forth = library.held();
        let mut back = Held::new(DIMENSION, library.vectors.len(), 0.5);
        let mut candidates = library.candidates();
        candidates.reverse();
        back.extend(None, candidates);
        let lists = [forth, back].map(|mut held| {
            library.anchor(&mut held, 0);
            list(&held, &[seed(0)], &[], Knobs::default(), 10)
        });
        prop_assert_eq!(ids(&lists[0]), ids(&lists[1]));
        for (a, b) in lists[0].iter().zip(&lists[1]) {
            prop_assert_eq!(&a.why, &b.why);
        }
    }

    #[test]
    fn the_why_adds_up(library in library(40)) {
        let mut held = library.held();
        (0..4).for_each(|track| library.anchor(&mut held, track));
        let likes = [seed(0), seed(1), Voice { seed: false, weight: 0.5, ..seed(2) }];
        for row in list(&held, &likes, &[seed(3)], Knobs { explore: 0.5, ..Knobs::default() }, 10) {
            let sum: f32 = row.why.anchors.iter().map(|share| share.share).sum();
            prop_assert!((sum - 1.0).abs() < 1e-4, "shares add up to {}", sum);
            prop_assert!(row.why.anchors.windows(2).all(|pair| pair[0].share >= pair[1].share));
            prop_assert!((0.0..=1.0).contains(&row.why.percentile));
            prop_assert!((0.0..=1.0).contains(&row.why.novelty));
            prop_assert_eq!(row.why.agreement.of, 2, "a thumb is no seed");
        }
    }

    #[test]
    fn taking_the_dislike_away_changes_the_score_by_its_part(library in library(40)) {
        let mut held = library.held();
        (0..3).for_each(|track| library.anchor(&mut held, track));
        let with = list(&held, &[seed(0), seed(1)], &[seed(2)], Knobs::default(), 40);
        let without = list(&held, &[seed(0), seed(1)], &[], Knobs::default(), 40);
        for row in &with {
            let other = without.iter().find(|other| other.id == row.id).expect("every track is listed");
            let change = row.why.parts.total() - other.why.parts.total();
            prop_assert!((change - row.why.parts.dislikes).abs() < 1e-4);
        }
    }

    #[test]
    fn a_pool_extended_is_a_pool_made_at_once(library in library(60), first in 1..50_usize) {
        let candidates = library.candidates();
        let first = first.min(candidates.len());
        let mut grown = Held::new(DIMENSION, candidates.len(), 0.5);
        grown.extend(None, candidates[..first].iter().copied());
        (0..2).for_each(|track| library.anchor(&mut grown, track));
        grown.extend(None, candidates.iter().copied());
        let mut made = library.held();
        (0..2).for_each(|track| library.anchor(&mut made, track));
        for anchor in [TrackId(0), TrackId(1)] {
            let (a, b) = (grown.similarity(anchor).unwrap(), made.similarity(anchor).unwrap());
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn undoing_a_thumb_brings_back_the_very_list(library in library(60)) {
        let candidates = library.candidates();
        let half = candidates.len() / 2;
        let mut held = Held::new(DIMENSION, candidates.len(), 0.5);
        held.extend(None, candidates[..half].iter().copied());
        (0..2).for_each(|track| library.anchor(&mut held, track));
        // Two pockets and both knobs: what is near and far must not remember either.
        let likes = [seed(0), Voice { pocket: 1, ..seed(1) }];
        let knobs = Knobs { breadth: 0.8, explore: 0.5 };
        let before = list(&held, &likes, &[], knobs, 20);
        library.anchor(&mut held, 2);
        held.extend(Some(TrackId(2)), candidates.iter().copied());
        let thumbed = list(&held, &[seed(0), seed(1), seed(2)], &[], Knobs::default(), 60);
        prop_assert_eq!(thumbed.len(), candidates.len() - 3, "its neighbours are in");
        let after = list(&held, &likes, &[], knobs, 20);
        prop_assert_eq!(ids(&after), ids(&before));
        for (after, before) in after.iter().zip(&before) {
            prop_assert_eq!(after.rank, before.rank);
            prop_assert_eq!(after.why.parts, before.why.parts);
            prop_assert_eq!(&after.why.anchors, &before.why.anchors);
            prop_assert_eq!(after.why.percentile.to_bits(), before.why.percentile.to_bits());
        }
    }

    #[test]
    fn without_a_seed_rows_rank_as_they_would(library in library(40)) {
        let mut held = library.held();
        (0..3).for_each(|track| library.anchor(&mut held, track));
        let likes = [seed(0), seed(2), seed(1)];
        let facts = vec![Facts::default(); held.ids().len()];
        let limits = Limits::default();
        let excluded = |id: TrackId| id.0 < 3;
        let ask = |seeds| Ask {
            likes: &likes[..seeds],
            dislikes: &[],
            head: None,
            heard: &[],
        fatigue: None,
            knobs: Knobs::default(),
            limits: &limits,
            facts: &facts,
            rows: 40,
        };
        let rows = held.list(&ask(3), &excluded);
        let ranks = held.ranks_without(&ask(3), &excluded, TrackId(1), &rows);
        let left = held.list(&ask(2), &excluded);
        for (row, rank) in rows.iter().zip(ranks) {
            let really = left.iter().find(|other| other.id == row.id).expect("every track is listed");
            prop_assert_eq!(rank, really.rank);
        }
        let same = held.ranks_without(&ask(3), &excluded, TrackId(99), &rows);
        prop_assert_eq!(same, rows.iter().map(|row| row.rank).collect::<Vec<_>>());
    }
}

#[test]
fn the_heading_points_to_the_likes_and_away_from_the_dislikes() {
    let library = Library::pockets(100, 0.3, 7);
    let mut held = library.held();
    (0..4).for_each(|track| library.anchor(&mut held, track));
    let (limits, facts) = (Limits::default(), vec![Facts::default(); 200]);
    let ask = |likes, dislikes| Ask {
        likes,
        dislikes,
        heard: &[],
        head: None,
        fatigue: None,
        knobs: Knobs::default(),
        limits: &limits,
        facts: &facts,
        rows: 10,
    };
    let (likes, dislikes) = ([seed(0)], [seed(2)]);
    let lead = |ask: &Ask<'_>| held.headings(ask, |id| id.0 == 0 || id.0 == 2);
    let near = |heading: &[f32], track: usize| -> f32 {
        heading
            .iter()
            .zip(&library.vectors[track])
            .map(|(x, y)| x * y)
            .sum()
    };
    let (with, without) = (lead(&ask(&likes, &dislikes)), lead(&ask(&likes, &[])));
    assert!(near(&without[0], 0) > 0.99, "one like is the heading");
    assert!(
        near(&with[0], 2) < near(&without[0], 2),
        "the dislike turns it away"
    );
    let explored = Knobs {
        explore: 1.0,
        ..Knobs::default()
    };
    let exploring = Ask {
        knobs: explored,
        ..ask(&likes, &dislikes)
    };
    assert_eq!(lead(&exploring), with, "exploring leads nowhere else");
    let both = [
        seed(0),
        Voice {
            pocket: 1,
            ..seed(1)
        },
    ];
    assert_eq!(lead(&ask(&both, &[])).len(), 2, "a heading for each pocket");
    assert!(lead(&ask(&[], &dislikes)).is_empty(), "nothing is liked");
}

#[test]
fn agreement_and_percentile_tell_the_near_from_the_far() {
    let library = Library::pockets(300, 0.3, 7);
    let mut held = library.held();
    (0..3).for_each(|track| library.anchor(&mut held, track));
    // Two seeds in one pocket, one in the other.
    let rows = list(
        &held,
        &[seed(0), seed(2), seed(1)],
        &[],
        Knobs::default(),
        5,
    );
    for row in &rows {
        assert!(row.why.percentile > 0.9, "{row:?} is among the nearest");
        assert_eq!(row.why.agreement.of, 3);
        assert!(
            row.why.agreement.seeds < 3,
            "no neighbourhood spans both pockets"
        );
    }
    assert!(rows.iter().any(|row| row.why.agreement.seeds > 0));
}

#[test]
fn an_artist_has_two_rows_and_a_family_one() {
    let library = Library::pockets(50, 0.3, 7);
    let mut held = library.held();
    library.anchor(&mut held, 0);
    let facts: Vec<_> = (0..100)
        .map(|track| Facts {
            artist: Some(track / 10),
            family: Some(track / 2),
            ..Facts::default()
        })
        .collect();
    let limits = Limits {
        without_families: [0].into(),
        ..Limits::default()
    };
    let likes = [seed(0)];
    let rows = held.list(&ask(&likes, &limits, &facts, 20), &|id| id == TrackId(0));
    assert_eq!(rows.len(), 20, "ten artists have two rows each");
    let families: BTreeSet<_> = rows.iter().map(|row| row.id.0 / 2).collect();
    assert_eq!(families.len(), 20);
    assert!(!families.contains(&0), "the seed's family-mate stays away");
}

#[test]
fn odd_vectors_and_empty_pools_are_answered() {
    let mut held = Held::new(2, 3, 0.5);
    assert_eq!(list(&held, &[seed(0)], &[], Knobs::default(), 5), []);
    let rows = Array2::from_shape_vec((4, 2), vec![0.0, 0.0, 1.0, 0.0, 1.0, 0.0, f32::NAN, 1.0]);
    let rows = rows.unwrap();
    held.extend(
        None,
        (0..)
            .map(TrackId)
            .zip(rows.outer_iter())
            .map(|(id, v)| (id, v, 0.0)),
    );
    held.extend(None, [(TrackId(9), ArrayView1::from(&[1.0][..]), 0.0)]);
    assert_eq!(
        held.ids().len(),
        3,
        "what is not finite, or of another length, is no candidate"
    );
    held.anchor(TrackId(50), &[f32::NAN, 0.0], 0.0);
    held.anchor(TrackId(51), &[1.0], 0.0);
    assert!(!held.knows(TrackId(50)) && !held.knows(TrackId(51)));
    assert_eq!(
        list(&held, &[seed(50)], &[], Knobs::default(), 5),
        [],
        "nobody speaks"
    );
    held.anchor(TrackId(52), &[1.0, 0.0], 0.0);
    let found = list(&held, &[seed(52)], &[], Knobs::default(), 5);
    assert_eq!(
        ids(&found),
        [1, 2, 0],
        "duplicates by id, then the silent one"
    );
    held.anchor(TrackId(53), &[0.0, 0.0], 0.0);
    assert_eq!(list(&held, &[seed(53)], &[], Knobs::default(), 5).len(), 3);
    held.retain_anchors(|id| id == TrackId(52));
    assert!(!held.knows(TrackId(53)));
    assert!(!held.wants_refill(), "the whole library is held");
}

#[test]
fn one_track_is_a_list() {
    let library = Library::of([vec![1.0, 0.0]]);
    let mut held = library.held();
    library.anchor(&mut held, 0);
    assert_eq!(
        list(&held, &[seed(0)], &[], Knobs::default(), 5),
        [],
        "the seed itself is none"
    );
    let elsewhere = TrackId(7);
    held.anchor(elsewhere, &[0.0, 1.0], 0.0);
    let likes = [Voice {
        anchor: elsewhere,
        ..seed(0)
    }];
    let rows = list(
        &held,
        &likes,
        &[],
        Knobs {
            breadth: 1.0,
            explore: 1.0,
        },
        5,
    );
    assert_eq!(ids(&rows), [0]);
    assert_eq!(rows[0].rank, 1);
}
