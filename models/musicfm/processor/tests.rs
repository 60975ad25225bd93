//! The convolutions against their definition, in f64.

use proptest::prelude::*;

use super::{Kernel, Planes, Spare, Strided, Winograd};
use crate::numbers::numbers;

fn planes([channels, height, width]: [usize; 3], seed: u32) -> Planes {
    Planes {
        channels,
        height,
        width,
        values: numbers(channels * height * width, seed),
    }
}

/// Memory that has held something else.
fn used() -> Spare {
    let spare = Spare::default();
    for len in [1, 100, 10_000, 100_000] {
        spare.keep(vec![f32::NAN; len]);
    }
    spare
}

#[test]
fn memory_is_used_again_and_does_not_pile_up() {
    let spare = Spare::default();
    for len in [100, 110, 130, 170, 90] {
        let (a, b) = (spare.take(len), spare.take(len));
        assert_eq!((a.len(), b.len()), (len, len));
        spare.keep(a);
        spare.keep(b);
    }
    let again: Vec<Vec<f32>> = (0..3).map(|_| spare.take(90)).collect();
    let old = again.iter().filter(|values| values.capacity() == 170);
    assert_eq!(
        old.count(),
        2,
        "the two largest that were ever in use are still there"
    );
}

fn kernel(outputs: usize, inputs: usize, seed: u32) -> Kernel {
    Kernel {
        outputs,
        inputs,
        weights: numbers(outputs * inputs * 9, seed),
        bias: numbers(outputs, seed + 1),
    }
}

/// By definition: `[outputs, ceil(height / stride), ceil(width / stride)]`.
fn convolution(x: &Planes, kernel: &Kernel, stride: usize) -> Vec<f64> {
    let at = |channel: usize, y: i64, x_: i64| -> f64 {
        let inside = (0..x.height as i64).contains(&y) && (0..x.width as i64).contains(&x_);
        if inside {
            f64::from(x.row(channel, y as usize)[x_ as usize])
        } else {
            0.0
        }
    };
    let mut out = Vec::new();
    for output in 0..kernel.outputs {
        for y in 0..x.height.div_ceil(stride) {
            for column in 0..x.width.div_ceil(stride) {
                let mut sum = f64::from(kernel.bias[output]);
                for input in 0..kernel.inputs {
                    for tap in 0..9 {
                        let weight = kernel.weights[(output * kernel.inputs + input) * 9 + tap];
                        let (dy, dx) = ((tap / 3) as i64 - 1, (tap % 3) as i64 - 1);
                        let place = ((y * stride) as i64 + dy, (column * stride) as i64 + dx);
                        sum += f64::from(weight) * at(input, place.0, place.1);
                    }
                }
                out.push(sum);
            }
        }
    }
    out
}

fn greatest_difference(got: &[f32], want: impl Iterator<Item = f64>) -> f64 {
    let difference = |(got, want): (&f32, f64)| (f64::from(*got) - want).abs();
    got.iter().zip(want).map(difference).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn stride_one(height in 1..11_usize, width in 1..14_usize, inputs in 1..4_usize, seed in any::<u16>()) {
        let seed = u32::from(seed);
        let x = planes([inputs, height, width], seed);
        let kernel = kernel(3, inputs, seed + 7);
        let before = planes([3, height, width], seed + 9);
        let want = convolution(&x, &kernel, 1);
        let want = want.iter().zip(&before.values).map(|(a, b)| (a + f64::from(*b)).max(0.0));
        let mut sum = before.clone();
        Winograd::new(&kernel).add_relu(&x, &mut sum, &used());
        let far = greatest_difference(&sum.values, want);
        prop_assert!(far < 2e-5, "{height} × {width}: {far:.1e}");
    }

    #[test]
    fn stride_two(height in 1..21_usize, width in 1..27_usize, inputs in 1..4_usize, seed in any::<u16>()) {
        let seed = u32::from(seed);
        let x = planes([inputs, height, width], seed);
        let (first, second) = (kernel(2, inputs, seed + 7), kernel(2, inputs, seed + 11));
        let (a, b) = Strided::new(&first, &second).forward(&x, &used());
        prop_assert_eq!((a.height, a.width), (height.div_ceil(2), width.div_ceil(2)));
        let far = greatest_difference(&a.values, convolution(&x, &first, 2).into_iter().map(|x| x.max(0.0)));
        prop_assert!(far < 2e-5, "first, {height} × {width}: {far:.1e}");
        let far = greatest_difference(&b.values, convolution(&x, &second, 2).into_iter());
        prop_assert!(far < 2e-5, "second, {height} × {width}: {far:.1e}");
    }
}

#[test]
fn more_tiles_than_are_worked_on_at_once() {
    let x = planes([2, 37, 1700], 5);
    let (first, second) = (kernel(1, 2, 6), kernel(1, 2, 8));
    let (_, b) = Strided::new(&first, &second).forward(&x, &used());
    let far = greatest_difference(&b.values, convolution(&x, &second, 2).into_iter());
    assert!(far < 2e-5, "stride 2: {far:.1e}");
    let mut sum = planes([1, 37, 1700], 9);
    sum.values.fill(0.0);
    Winograd::new(&first).add_relu(&x, &mut sum, &used());
    let far = greatest_difference(
        &sum.values,
        convolution(&x, &first, 1).into_iter().map(|x| x.max(0.0)),
    );
    assert!(far < 2e-5, "stride 1: {far:.1e}");
}
