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

/// A track and its two nearest, which share a thread, and the fourth nearest.
fn thread(library: &Library) -> [usize; 4] {
    let held = library.held();
    let mut order: Vec<usize> = (0..library.vectors.len()).collect();
    order.sort_by(|&a, &b| held.likeness(0, b).total_cmp(&held.likeness(0, a)));
    [0, order[1], order[2], order[4]]
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

#[test]
fn explore_spreads_the_list_and_keeps_to_the_floor() {
    let mut mean = [(0.0, 0.0); 5];
    for draw in DRAWS {
        let library = Library::drawn(1000, draw);
        let mut held = library.held();
        let spoken = thread(&library);
        for track in spoken {
            library.anchor(&mut held, track);
        }
        let [a, b, c, d] = spoken.map(seed);
        let (likes, dislikes) = ([a, b, c], [d]);
        let at = |explore, rows| {
            let knobs = Knobs {
                explore,
                ..Knobs::default()
            };
            list(&held, &likes, &dislikes, knobs, rows)
        };
        let lists: Vec<_> = steps().map(|explore| at(explore, ROWS)).collect();
        let spreads: Vec<_> = lists.iter().map(|rows| spread(&held, rows)).collect();
        for pair in spreads.windows(2) {
            // Equal rows in another order add up to a sum that is rounded otherwise.
            assert!(
                pair[1].0 >= pair[0].0 - 1e-5,
                "draw {draw}: distance within the list: {spreads:?}"
            );
            // What one row is short of: most draws rise throughout, one falls by .0007 at a quarter.
            assert!(
                pair[1].1 >= pair[0].1 - 1e-3,
                "draw {draw}: novelty: {spreads:?}"
            );
        }
        for (mean, (distance, novelty)) in mean.iter_mut().zip(spreads) {
            mean.0 += distance / DRAWS.count() as f32;
            mean.1 += novelty / DRAWS.count() as f32;
        }
        let all = at(0.0, 1000);
        let last = all
            .iter()
            .find(|row| row.rank == ROWS)
            .expect("all are listed");
        let floor = last.why.parts.relevance() - REACH;
        for row in lists.concat() {
            assert!(row.rank <= ROWS * FLOOR, "{row:?} is below the floor");
            assert!(
                row.why.parts.relevance() >= floor,
                "{row:?} fits less than {floor}"
            );
        }
    }
    for pair in mean.windows(2) {
        assert!(pair[1].0 > pair[0].0, "distance within the list: {mean:?}");
        assert!(pair[1].1 > pair[0].1, "novelty: {mean:?}");
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
