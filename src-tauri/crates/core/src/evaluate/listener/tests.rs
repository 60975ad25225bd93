use super::*;
use crate::evaluate::{Discovery, discovery};

/// `labels` labels of `tracks` tracks each: a direction for each label, and `noise` beside it.
fn library(labels: usize, tracks: usize, noise: f32) -> (Vec<Vec<f32>>, Vec<usize>) {
    let mut draw = Draw::of(11, 0);
    let mut of = |label: usize| -> Vec<f32> {
        (0..12)
            .map(|n| {
                f32::from(u8::from(n == label)) + noise * (draw.below(2001) as f32 / 1000.0 - 1.0)
            })
            .collect()
    };
    let each = (0..labels).flat_map(|label| std::iter::repeat_n(label, tracks));
    let labels: Vec<usize> = each.collect();
    (labels.iter().map(|&label| of(label)).collect(), labels)
}

fn judge(raw: &[Vec<f32>], labels: &[usize], seed: u64) -> Discovery {
    let raw: Vec<&[f32]> = raw.iter().map(Vec::as_slice).collect();
    discovery(&[12], &raw, labels, 20, seed).expect("labels are shared")
}

#[test]
fn equal_seeds_give_equal_figures() {
    let (raw, labels) = library(5, 12, 0.6);
    let found = judge(&raw, &labels, 1);
    assert_eq!(found, judge(&raw, &labels, 1));
    assert_ne!(
        found.listener,
        judge(&raw, &labels, 2).listener,
        "other listeners like other things"
    );
}

#[test]
fn every_arm_has_a_curve_of_shares() {
    let (raw, labels) = library(4, 10, 0.8);
    let found = judge(&raw, &labels, 3).listener;
    assert_eq!(
        found.arms.len(),
        Arm::ALL.len(),
        "each arm has a name of its own"
    );
    for (name, curve) in &found.arms {
        assert_eq!(curve.len(), found.rounds, "{name}");
        assert!(
            curve.iter().all(|share| (0.0..=1.0).contains(share)),
            "{name}: {curve:?}"
        );
        assert!(
            found.standard_error[name]
                .iter()
                .all(|error| error.is_finite()),
            "{name}"
        );
    }
    let flat = &found.arms["fixed_centroid"];
    assert!(
        flat.iter()
            .all(|share| share.to_bits() == flat[0].to_bits()),
        "thumbs do not move the fixed centroid: {flat:?}"
    );
}

#[test]
fn labels_that_sound_apart_are_found() {
    // Six tracks of a label are in the test half, eighteen of three: no list of twenty can be all hits.
    let (raw, labels) = library(6, 12, 0.05);
    let found = judge(&raw, &labels, 5);
    assert!(found.leave_one_out.r_precision > 0.99, "{found:?}");
    assert!(found.leave_one_out_plain.map > 0.99, "{found:?}");
    let shipped = &found.listener.arms["shipped"];
    let fixed = &found.listener.arms["fixed_centroid"];
    assert!(shipped[3] >= fixed[3], "{shipped:?} and {fixed:?}");
}

#[test]
fn thumbs_help_where_labels_overlap() {
    let (raw, labels) = library(6, 40, 0.8);
    let curve = &judge(&raw, &labels, 5).listener.arms["shipped"];
    assert!(
        curve[3] > curve[0],
        "thirty thumbs teach something: {curve:?}"
    );
}

#[test]
fn tiny_libraries_are_refused_with_a_reason() {
    let rows = [[1.0_f32, 0.0], [0.0, 1.0], [1.0, 1.0]];
    let raw: Vec<&[f32]> = rows.iter().map(<[f32; 2]>::as_slice).collect();
    assert_eq!(
        discovery(&[2], &raw, &[0, 1, 2], 3, 0),
        Err(EvaluateError::NothingShared)
    );
    assert_eq!(
        discovery(&[2], &raw, &[0, 0, 1], 3, 0),
        Err(EvaluateError::NothingToLike)
    );
}
