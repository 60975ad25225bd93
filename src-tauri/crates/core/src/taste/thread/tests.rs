use ndarray::Array2;
use proptest::prelude::*;

use super::*;

const DIMENSION: usize = 16;

/// A library in which random pairs have a mean cosine of 0 and a deviation of a quarter.
const SPREAD: Spread = Spread {
    mean: 0.0,
    deviation: 0.25,
};

/// A track near the axis `axis`, `off` of its length towards another one of its own.
fn near(axis: usize, off: f32, own: usize) -> Vec<f32> {
    let mut v = vec![0.0; DIMENSION];
    v[axis] = 1.0;
    v[8 + own] = off;
    v
}

fn check(seeds: &[Vec<f32>]) -> Thread {
    let seeds: Vec<_> = seeds.iter().map(|seed| (seed.as_slice(), 1.0)).collect();
    thread(&seeds, SPREAD)
}

#[test]
fn seeds_of_two_pockets_are_told_apart() {
    let seeds = [
        near(0, 0.4, 0),
        near(1, 0.4, 1),
        near(0, 0.4, 2),
        near(1, 0.4, 3),
        near(0, 0.4, 4),
    ];
    let found = check(&seeds);
    assert_eq!(found.kind, Kind::Pockets);
    assert_eq!(found.pockets, [vec![0, 2, 4], vec![1, 3]]);
    assert_eq!(found.pocket_of(5), [0, 1, 0, 1, 0]);
    let names = ["A", "B", "C", "D", "E"];
    assert_eq!(
        sentence(&found, |seed| names[seed]),
        "Your seeds form two pockets: “A”, “C” and “E” — “B” and “D”."
    );
}

#[test]
fn one_thread_none_and_one_seed() {
    let one = check(&[near(0, 0.3, 0), near(0, 0.3, 1), near(0, 0.3, 2)]);
    assert_eq!(one.kind, Kind::OneThread);
    assert_eq!(sentence(&one, |_| ""), "All three seeds share one thread.");
    let none = check(&[near(0, 0.0, 0), near(1, 0.0, 0), near(2, 0.0, 0)]);
    assert_eq!(none.kind, Kind::NoThread);
    assert_eq!(none.pockets.len(), 3, "each seed is a pocket of its own");
    let single = check(&[near(0, 0.0, 0)]);
    assert_eq!(single.kind, Kind::OneSeed);
    assert_eq!(
        sentence(&single, |_| "A"),
        "The list follows one seed, “A”."
    );
    assert_eq!(check(&[]).kind, Kind::OneSeed);
}

#[test]
fn a_chain_of_neighbours_is_not_one_thread() {
    // Each is at 45° to the next, the ends at 180°.
    let seeds: Vec<_> = (0..5)
        .map(|step| {
            let angle = std::f32::consts::FRAC_PI_4 * step as f32;
            let mut v = vec![0.0; DIMENSION];
            (v[0], v[1]) = (angle.cos(), angle.sin());
            v
        })
        .collect();
    assert_eq!(check(&seeds).kind, Kind::Pockets);
}

#[test]
fn seeds_without_a_direction_are_in_no_pocket() {
    let found = check(&[
        vec![0.0; DIMENSION],
        near(0, 0.1, 0),
        vec![f32::NAN; DIMENSION],
        near(0, 0.1, 1),
    ]);
    assert_eq!(found.kind, Kind::OneThread);
    assert_eq!(found.pockets, [vec![1, 3]]);
}

#[test]
fn spread_is_mean_and_deviation_of_all_pairs() {
    let rows = Array2::from_shape_vec((3, 2), vec![1.0, 0.0, 0.0, 1.0, -1.0, 0.0]).unwrap();
    let spread = Spread::of(&rows.view());
    // Cosines 0, −1 and 0.
    assert!((spread.mean + 1.0 / 3.0).abs() < 1e-6);
    assert!((spread.deviation - 2.0_f32.sqrt() / 3.0).abs() < 1e-6);
    assert_eq!(Spread::of(&Array2::zeros((1, 2)).view()), Spread::default());
    assert_eq!(Spread::sample(0).count(), 0);
    assert_eq!(Spread::sample(3).collect::<Vec<_>>(), [0, 1, 2]);
    let sample: Vec<_> = Spread::sample(1_000_000).collect();
    assert!(sample.len() == SPREAD_SAMPLE && sample.is_sorted() && sample[499] < 1_000_000);
}

proptest! {
    #[test]
    fn every_seed_is_in_one_pocket_whatever_order_and_length(
        seeds in prop::collection::vec(prop::collection::vec(-1.0_f32..1.0, 4), 1..9),
        turn in 0..8_usize,
        scale in 0.5_f32..4.0,
    ) {
        // A power of two scales exactly.
        let scale = scale.log2().round().exp2();
        let n = seeds.len();
        let moved: Vec<Vec<f32>> = (0..n)
            .map(|place| seeds[(place + turn) % n].iter().map(|x| x * scale).collect())
            .collect();
        let (found, again) = (check(&seeds), check(&moved));
        let mut all: Vec<_> = found.pockets.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..n).collect::<Vec<_>>());
        let mut back: Vec<Vec<usize>> = again
            .pockets
            .iter()
            .map(|pocket| {
                let mut pocket: Vec<_> = pocket.iter().map(|place| (place + turn) % n).collect();
                pocket.sort_unstable();
                pocket
            })
            .collect();
        let mut pockets = found.pockets.clone();
        pockets.sort();
        back.sort();
        prop_assert_eq!(pockets, back);
        prop_assert_eq!(found.kind, again.kind);
    }
}
