//! The exponential in single precision, for columns by the thousand.
//!
//! No branch and no call, so that the compiler turns a loop over a column into vector instructions: a
//! thumb asks for half a million of these. Additions and multiplications alone, so that it says the same on every machine.

use std::f32::consts::LOG2_E;

/// Where the result still is a normal number: about `ln 2^±126`.
const RANGE: [f32; 2] = [-87.0, 88.0];

/// Adding it rounds a small number to a whole one, which is left in the low bits: 1.5 · 2²³.
const ROUNDING: f32 = 12_582_912.0;

/// `ln 2` in two parts, the first of so few bits that its product with an exponent is exact (Cody & Waite,
/// *Software Manual for the Elementary Functions*, 1980, chapter 6).
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// `e^x` within 3 · 10⁻⁷ of its value; what is beyond `-87..=88` counts as the end that it lies beyond.
/// What is no number gives no meaning.
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(RANGE[0], RANGE[1]);
    // x = n ln 2 + r, so that e^x = 2^n e^r with |r| ≤ ln 2 / 2.
    let shifted = x * LOG2_E + ROUNDING;
    let n = shifted - ROUNDING;
    let r = (x - n * LN_2[0]) - n * LN_2[1];
    // Taylor's series: what is left out is at most (ln 2 / 2)⁷ / 7!, or 1.2 · 10⁻⁷.
    let mut series = 1.0 / 720.0;
    for coefficient in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        series = series * r + coefficient;
    }
    // n in the place of a float's exponent, whose bias is 127.
    let exponent = shifted
        .to_bits()
        .wrapping_sub(ROUNDING.to_bits())
        .wrapping_add(127);
    f32::from_bits(exponent << 23) * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_within_its_error() {
        let steps = 1_000_000;
        for step in 0..=steps {
            let x = RANGE[0] + (RANGE[1] - RANGE[0]) * step as f32 / steps as f32;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) / exact - 1.0).abs();
            assert!(error < 3e-7, "e^{x} is off by {error} of itself");
        }
        assert_eq!(
            exp(0.0).to_bits(),
            1.0_f32.to_bits(),
            "nothing is left to round"
        );
    }

    #[test]
    fn beyond_its_range_it_stands_still() {
        for (x, end) in [
            (-1e9, RANGE[0]),
            (f32::NEG_INFINITY, RANGE[0]),
            (1e9, RANGE[1]),
            (f32::INFINITY, RANGE[1]),
        ] {
            assert_eq!(exp(x).to_bits(), exp(end).to_bits(), "at {x}");
            assert!(exp(x).is_normal());
        }
    }
}
