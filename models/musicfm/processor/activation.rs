//! `SiLU` and the gated linear unit.

#![expect(
    clippy::inline_always,
    reason = "only inlined do the loops see the vectors they are dispatched for"
)]

use burn::tensor::{Tensor, TensorData};
use pulp::NullaryFnOnce;
use rayon::prelude::*;

use crate::vector::in_vectors;

/// Values that a thread takes at a time: 64 KB, which a processor's first caches hold.
const CHUNK: usize = 1 << 14;

/// `x · sigmoid(x)`, each value by itself.
pub(crate) fn silu(x: Tensor<3>) -> Tensor<3> {
    let (shape, device) = (x.dims(), x.device());
    let mut values: Vec<f32> = x.into_data().try_into_vec().expect("32-bit floats");
    values
        .par_chunks_mut(CHUNK)
        .for_each(|values| in_vectors(Silu { values }));
    Tensor::from_data(TensorData::new(values, shape), &device)
}

/// The first half of the last axis, each value times the sigmoid of its fellow in the second half:
/// `[n, frames, 2 · hidden] -> [n, frames, hidden]`.
pub(crate) fn glu(x: Tensor<3>) -> Tensor<3> {
    let ([n, frames, both], device) = (x.dims(), x.device());
    let hidden = both / 2;
    let data = x.into_data();
    let values: &[f32] = data.as_slice().expect("32-bit floats");
    let mut out = vec![0.0; n * frames * hidden];
    out.par_chunks_mut(hidden)
        .zip(values.par_chunks(both))
        .for_each(|(out, row)| {
            let (values, gates) = row.split_at(hidden);
            in_vectors(Gate { out, values, gates });
        });
    Tensor::from_data(TensorData::new(out, [n, frames, hidden]), &device)
}

/// Values to be replaced by their `SiLU`.
struct Silu<'a> {
    values: &'a mut [f32],
}

impl NullaryFnOnce for Silu<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for x in self.values {
            *x /= 1.0 + exp(-*x);
        }
    }
}

/// Values to be multiplied by the sigmoid of their gates.
struct Gate<'a> {
    out: &'a mut [f32],
    values: &'a [f32],
    gates: &'a [f32],
}

impl NullaryFnOnce for Gate<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ((out, value), gate) in self.out.iter_mut().zip(self.values).zip(self.gates) {
            *out = value / (1.0 + exp(-gate));
        }
    }
}

/// `e^x` to about two units in the last place: the power of two is set as bits, the rest is its Taylor
/// series on ±ln 2 / 2, whose first left out term is below 6e-9. Beyond ±87 it stays at what ±87 gives,
/// and NaN stays NaN.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    /// ln 2 in two parts, of which the first times a small whole number is exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = if x > 87.0 { 87.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = x - whole * LN_2[0] - whole * LN_2[1];
    let mut sum = 1.0 / 5040.0;
    for term in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum * r + term;
    }
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    sum * f32::from_bits(power.wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, activation};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn exp_is_the_exponential(x in -87.0_f32..87.0) {
            let want = f64::from(x).exp();
            prop_assert!((f64::from(exp(x)) / want - 1.0).abs() < 3e-7, "e^{x} = {}", exp(x));
        }
    }

    #[test]
    fn what_is_no_number_stays_none_and_extremes_stay_finite() {
        assert!(exp(f32::NAN).is_nan());
        let x = vec![f32::MIN, -1e4, -0.0, 1e4, f32::MAX, 1.0];
        let x = Tensor::<3>::from_data(TensorData::new(x, [1, 1, 6]), &Device::flex());
        let got: Vec<f32> = silu(x).into_data().try_into_vec().unwrap();
        assert!(got.iter().all(|x| x.is_finite()), "{got:?}");
        assert!(got[1..3].iter().all(|x| x.abs() < 1e-6), "{got:?}");
        assert_eq!(got[3..5], [1e4, f32::MAX]);
    }

    #[test]
    fn both_are_what_burn_makes_of_it() {
        let values: Vec<f32> = (0..3 * 40_000)
            .map(|i| ((i * 37 % 2000) as f32 - 1000.0) / 50.0)
            .collect();
        let x = Tensor::<3>::from_data(TensorData::new(values, [1, 3, 40_000]), &Device::flex());
        let away = |a: Tensor<3>, b: Tensor<3>| {
            (a - b).abs().max().into_data().as_slice::<f32>().unwrap()[0]
        };
        assert!(away(silu(x.clone()), activation::silu(x.clone())) < 4e-6);
        let stock = x.clone().narrow(2, 0, 20_000)
            * activation::sigmoid(x.clone().narrow(2, 20_000, 20_000));
        assert!(away(glu(x), stock) < 4e-6);
    }
}
