use ndarray::Array2;
use proptest::prelude::*;

use super::*;

/// Judged tracks in three dimensions, with whether each is liked; the first `seeds` are no thumbs.
struct Table {
    liked: Vec<bool>,
    seeds: usize,
    cosines: Array2<f32>,
    similarities: Array2<f32>,
}

impl Table {
    fn of(vectors: &[[f32; 3]], liked: &[bool], seeds: usize) -> Self {
        let m = vectors.len();
        let cosine = |(i, j): (usize, usize)| -> f32 {
            let dot = |a: &[f32; 3], b: &[f32; 3]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
            let (a, b) = (&vectors[i], &vectors[j]);
            dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-6)
        };
        let cosines = Array2::from_shape_fn((m, m), cosine);
        Self {
            liked: liked.to_vec(),
            seeds,
            similarities: cosines.mapv(|c| 2.0 * c - 1.0),
            cosines,
        }
    }

    fn fit(&self) -> Option<Head> {
        let row = |of: &Array2<f32>, i: usize| -> Vec<f32> { of.row(i).to_vec() };
        let columns: Vec<(Vec<f32>, Vec<f32>)> = (0..self.liked.len())
            .map(|i| (row(&self.similarities, i), row(&self.cosines, i)))
            .collect();
        let judged: Vec<Judged<'_>> = columns
            .iter()
            .enumerate()
            .map(|(i, (similarity, cosine))| Judged {
                liked: self.liked[i],
                thumb: i >= self.seeds,
                weight: 1.0,
                similarity,
                cosine,
            })
            .collect();
        Head::fit(&judged)
    }
}

proptest! {
    #[test]
    fn any_thumbs_are_answered_with_numbers(
        judged in prop::collection::vec((prop::array::uniform3(-1.0_f32..1.0), any::<bool>()), 0..40),
    ) {
        let (vectors, liked): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
        let table = Table::of(&vectors, &liked, 1);
        if let Some(head) = table.fit() {
            prop_assert!((0.0..=1.0).contains(&head.anchors_auc), "{head:?}");
            prop_assert!((0.0..=1.0).contains(&head.head_auc), "{head:?}");
            prop_assert!(head.coefficients.iter().all(|c| c.is_finite()), "{head:?}");
        } else {
            let downs = liked.iter().skip(1).filter(|liked| !**liked).count();
            let ups = liked.len().saturating_sub(1) - downs;
            prop_assert!(ups + downs < LEAST_THUMBS || ups.min(downs) < LEAST_OF_A_KIND, "refused {ups} and {downs}");
        }
    }
}

#[test]
fn a_taste_along_a_direction_is_learnt_where_nearness_fails() {
    // Every track is as near to every other, while one direction tells likes from dislikes.
    let mut vectors = Vec::new();
    let mut liked = Vec::new();
    for step in 0..12_u8 {
        let angle = f32::from(step) * 0.5;
        for (side, like) in [(0.6, true), (-0.6, false)] {
            vectors.push([angle.cos(), angle.sin(), side]);
            liked.push(like);
        }
    }
    let mut table = Table::of(&vectors, &liked, 0);
    table.similarities.fill(0.0);
    let head = table.fit().expect("twenty-four thumbs are enough");
    assert!(head.anchors_auc < 0.5, "nearness says nothing: {head:?}");
    assert!(head.head_auc > 0.9, "the direction is plain: {head:?}");
    assert_eq!(head.in_charge(), InCharge::Head);
    let toward: Vec<f32> = vectors.iter().map(|v| v[2] / 1.166).collect();
    let columns: Vec<[f32; 2]> = toward.iter().map(|&cosine| [cosine, -cosine]).collect();
    let columns: Vec<&[f32]> = columns.iter().map(<[f32; 2]>::as_slice).collect();
    let added = head.column(&columns);
    assert!(added[0] > 0.0 && added[1] < 0.0, "{added:?}");
}

proptest! {
    #[test]
    fn what_was_judged_is_less_uncertain(
        vectors in prop::collection::vec(prop::array::uniform3(-1.0_f32..1.0), 20..40),
    ) {
        let liked: Vec<bool> = (0..vectors.len()).map(|at| at % 2 == 0).collect();
        let table = Table::of(&vectors, &liked, 0);
        let head = table.fit().expect("twenty thumbs are enough");
        let unlike = head.deviation(&vec![0.0; vectors.len()]);
        prop_assert_eq!(unlike.to_bits(), TEMPERATURE.to_bits(), "nothing is known");
        for row in table.cosines.outer_iter() {
            let deviation = head.deviation(&row.to_vec());
            prop_assert!((0.0..TEMPERATURE).contains(&deviation), "{} of {}", deviation, unlike);
        }
    }
}

#[test]
fn anchors_stay_in_charge_where_they_know_enough() {
    let mut vectors = Vec::new();
    let mut liked = Vec::new();
    for step in 0..10_u8 {
        let lean = f32::from(step) * 0.02;
        vectors.push([1.0, lean, 0.0]);
        liked.push(true);
        vectors.push([lean, 0.0, 1.0]);
        liked.push(false);
    }
    let head = Table::of(&vectors, &liked, 1)
        .fit()
        .expect("nineteen thumbs are enough");
    assert!(head.anchors_auc > 0.99, "two pockets far apart: {head:?}");
    assert_eq!(
        head.in_charge(),
        InCharge::Anchors,
        "there is nothing to add"
    );
}

#[test]
fn an_inverse_times_its_matrix_is_one() {
    let a = ndarray::arr2(&[[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]]);
    let product = inverse(a.clone()).expect("positive definite").dot(&a);
    for ((i, j), value) in product.indexed_iter() {
        let expected = f64::from(u8::from(i == j));
        assert!((value - expected).abs() < 1e-12, "{value} at {i}, {j}");
    }
    assert_eq!(
        inverse(ndarray::arr2(&[[1.0, 2.0], [2.0, 1.0]])),
        None,
        "not definite"
    );
}
