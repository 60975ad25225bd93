//! What the two knobs do to whole lists.

use super::*;
use crate::taste::{FLOOR, REACH};

/// Rows of the lists that the properties speak of.
const ROWS: usize = 20;

/// Libraries that each property is tried on.
const DRAWS: std::ops::Range<u64> = 1..13;

fn steps() -> impl Iterator<Item = f32> {
    (0_u8..5).map(|step| f32::from(step) / 4.0)
}

#[test]
fn breadth_goes_from_one_pocket_to_a_fair_share() {
    for draw in DRAWS {
        let library = Library::pockets(150, 0.3, draw);
        let mut held = library.held();
        (0..5).for_each(|track| library.anchor(&mut held, track));
        // Three seeds of the even pocket, two of the odd one, the second of half the weight.
        let likes: Vec<_> = (0..5)
            .map(|track| Voice {
                pocket: track % 2,
                weight: if track == 3 { 0.5 } else { 1.0 },
                ..seed(track)
            })
            .collect();
        let even: Vec<usize> = steps()
            .map(|breadth| {
                let knobs = Knobs {
                    breadth,
                    explore: 0.0,
                };
                let rows = list(&held, &likes, &[], knobs, ROWS);
                assert_eq!(rows.len(), ROWS);
                rows.iter().filter(|row| row.id.0 % 2 == 0).count()
            })
            .collect();
        let fewer = |count: usize| count.min(ROWS - count);
        assert!(
            fewer(even[0]) * 10 <= ROWS,
            "draw {draw}: breadth 0 keeps to one: {even:?}"
        );
        assert!(
            fewer(even[4]) * 100 >= 35 * ROWS,
            "draw {draw}: breadth 1 shares out: {even:?}"
        );
        let pairs = even.windows(2);
        let (rising, falling) = (
            pairs.clone().all(|pair| pair[0] <= pair[1]),
            pairs.clone().all(|pair| pair[0] >= pair[1]),
        );
        assert!(rising || falling, "draw {draw}: monotone between: {even:?}");
    }
}

/// What seeds are to each other.
#[derive(Clone, Copy, Debug)]
enum Seeds {
    /// A track and its two nearest.
    Coherent,
    /// A track and its nearest, and the same of the track that is the least like it.
    TwoPockets,
    /// Tracks that are as little like each other as can be.
    Scattered,
}

/// Likes that are so to each other, and a dislike among their neighbours.
fn spoken(library: &Library, seeds: Seeds) -> (Vec<Voice>, Voice) {
    let held = library.held();
    let nearest = |to: usize| {
        let mut order: Vec<usize> = (0..library.vectors.len()).collect();
        order.sort_by(|&a, &b| held.likeness(to, b).total_cmp(&held.likeness(to, a)));
        order
    };
    let near = nearest(0);
    let likes = match seeds {
        Seeds::Coherent => vec![(0, 0), (near[1], 0), (near[2], 0)],
        Seeds::TwoPockets => {
            let far = near[near.len() - 1];
            vec![(0, 0), (near[1], 0), (far, 1), (nearest(far)[1], 1)]
        }
        Seeds::Scattered => {
            let mut apart = vec![0];
            while apart.len() < 4 {
                let closest = |track: usize| {
                    let to = apart.iter().map(|&other| held.likeness(track, other));
                    to.fold(f32::NEG_INFINITY, f32::max)
                };
                let next = (0..near.len()).min_by(|&a, &b| closest(a).total_cmp(&closest(b)));
                apart.extend(next);
            }
            apart.into_iter().map(|track| (track, 0)).collect()
        }
    };
    let voices = likes.iter().map(|&(track, pocket)| Voice {
        pocket,
        ..seed(track)
    });
    (voices.collect(), seed(near[4]))
}

/// A pool of everything with these anchors.
fn held(library: &Library, likes: &[Voice], dislike: Voice) -> Held {
    let mut held = library.held();
    for voice in likes.iter().chain([&dislike]) {
        library.anchor(&mut held, voice.anchor.0 as usize);
    }
    held
}

/// Mean distance of all pairs of rows, and mean novelty.
fn spread(held: &Held, rows: &[Row]) -> (f32, f32) {
    let mut sum = 0.0;
    let mut pairs = 0.0_f32;
    for (at, a) in rows.iter().enumerate() {
        for b in &rows[..at] {
            sum += held.likeness(a.place, b.place);
            pairs += 1.0;
        }
    }
    let novelty: f32 = rows.iter().map(|row| row.why.novelty).sum();
    (1.0 - sum / pairs, novelty / rows.len() as f32)
}

/// Explores over five steps, and says what the rows are like: distance within the list, and novelty.
fn explored(library: &Library, seeds: Seeds) -> Vec<(f32, f32)> {
    let (likes, dislike) = spoken(library, seeds);
    let held = held(library, &likes, dislike);
    let at = |explore, rows| {
        let knobs = Knobs {
            explore,
            ..Knobs::default()
        };
        list(&held, &likes, &[dislike], knobs, rows)
    };
    let all = at(0.0, library.vectors.len());
    let last = all.iter().find(|row| row.rank == ROWS);
    let floor = last.map_or(f32::NEG_INFINITY, |last| last.why.parts.relevance() - REACH);
    let mut spreads: Vec<(f32, f32)> = Vec::new();
    for explore in steps() {
        let rows = at(explore, ROWS);
        assert_eq!(rows.len(), ROWS.min(all.len()), "a full list of {seeds:?}");
        for row in &rows {
            assert!(row.rank <= ROWS * FLOOR, "{row:?} is below the floor");
            assert!(
                row.why.parts.relevance() >= floor,
                "{row:?} fits less than {floor}"
            );
            let likeness: f32 = row
                .why
                .anchors
                .iter()
                .map(|of| {
                    let (anchor, own) = (
                        &library.vectors[of.id.0 as usize],
                        &library.vectors[row.id.0 as usize],
                    );
                    of.share * anchor.iter().zip(own).map(|(x, y)| x * y).sum::<f32>()
                })
                .sum();
            // Fixed point leaves some 10⁻⁴ between them.
            assert!(
                likeness > -1e-3 || row.rank <= ROWS,
                "{row:?} is no more like the likes than {likeness}"
            );
        }
        spreads.push(spread(&held, &rows));
    }
    for pair in spreads.windows(2) {
        // Equal rows in another order add up to a sum that is rounded otherwise.
        assert!(
            pair[1].0 >= pair[0].0 - 1e-5,
            "{seeds:?}: distance within the list: {spreads:?}"
        );
        assert!(
            pair[1].1 >= pair[0].1 - 1e-5,
            "{seeds:?}: novelty: {spreads:?}"
        );
    }
    spreads
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn explore_spreads_every_list_and_keeps_to_the_floor(
        tracks in 30..500_usize,
        draw in any::<u64>(),
        seeds in prop::sample::select(vec![Seeds::Coherent, Seeds::TwoPockets, Seeds::Scattered]),
    ) {
        explored(&Library::drawn(tracks, draw), seeds);
    }
}

#[test]
fn every_step_of_explore_is_felt() {
    for seeds in [Seeds::Coherent, Seeds::TwoPockets, Seeds::Scattered] {
        let mut mean = [(0.0, 0.0); 5];
        for draw in DRAWS {
            let spreads = explored(&Library::drawn(1000, draw), seeds);
            for (mean, (distance, novelty)) in mean.iter_mut().zip(spreads) {
                mean.0 += distance / DRAWS.count() as f32;
                mean.1 += novelty / DRAWS.count() as f32;
            }
        }
        for pair in mean.windows(2) {
            assert!(
                pair[1].0 > pair[0].0,
                "{seeds:?}: distance within the list: {mean:?}"
            );
            assert!(pair[1].1 > pair[0].1, "{seeds:?}: novelty: {mean:?}");
        }
    }
}

#[test]
fn no_row_is_out_of_reach_however_small_the_library() {
    // Few tracks near the seed, many far away: without a floor exploring would reach for these.
    let library = Library::pockets(30, 0.2, 3);
    let mut held = library.held();
    library.anchor(&mut held, 0);
    let knobs = Knobs {
        explore: 1.0,
        ..Knobs::default()
    };
    let rows = list(&held, &[seed(0)], &[], knobs, 10);
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| row.id.0 % 2 == 0), "{:?}", ids(&rows));
}
