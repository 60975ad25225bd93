//! Unit vectors in 16 bits a number, for products by the thousand.
//!
//! Half the bytes of `f32`, which is what a product with a whole pool waits for, and integers add up to
//! the same sum in any order. Components are multiples of 2⁻¹⁴, so that by Cauchy and Schwarz no sum of
//! products of two unit vectors, nor any part of it, leaves 32 bits; the cosine is off by some 10⁻⁵. Every x86-64 and
//! every ARM of 64 bits multiplies and adds eight pairs of them at once; left to itself the compiler does half as many.

use wide::{i16x8, i32x4};

/// One, in fixed point.
const ONE: f32 = 16_384.0;

/// Largest square of a length that passes for one: room for rounding, far from what would not fit.
const LONGEST: f32 = 1.01;

/// Unit or zero vectors of one dimension.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    dimension: usize,
    components: Vec<i16>,
}

impl Fixed {
    /// None yet.
    pub fn new(dimension: usize) -> Self {
        Self {
            dimension,
            components: Vec::new(),
        }
    }

    /// None, of the same dimension.
    pub fn none(&self) -> Self {
        Self::new(self.dimension)
    }

    /// Adds `vector`, `[dimension]`; `false`, and nothing, when it has another length, is longer than a
    /// unit vector or is not finite.
    pub fn push(&mut self, vector: impl ExactSizeIterator<Item = f32> + Clone) -> bool {
        let square: f32 = vector.clone().map(|x| x * x).sum();
        // Not finite, it is not at most anything.
        let sound = vector.len() == self.dimension && square <= LONGEST;
        if sound {
            self.components
                .extend(vector.map(|x| (x * ONE).round() as i16));
        }
        sound
    }

    /// Puts the vector at `from` in the place of the one at `to`.
    pub fn copy(&mut self, from: usize, to: usize) {
        let from = from * self.dimension..(from + 1) * self.dimension;
        self.components.copy_within(from, to * self.dimension);
    }

    /// Lets go of all vectors but the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.components.truncate(len * self.dimension);
    }

    /// The vector at `place`.
    pub fn row(&self, place: usize) -> &[i16] {
        &self.components[place * self.dimension..][..self.dimension]
    }

    /// The same as numbers.
    pub fn values(&self, place: usize) -> impl Iterator<Item = f32> {
        self.row(place).iter().map(|&x| f32::from(x) / ONE)
    }

    /// Length of a vector.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Cosines of the rows from `first` on to `with`, a row of the same dimension.
    pub fn cosines(&self, first: usize, with: &[i16]) -> impl Iterator<Item = f32> {
        let rest = &self.components[first * self.dimension..];
        rest.chunks_exact(self.dimension.max(1))
            .map(|row| cosine(row, with))
    }
}

/// The cosine of two vectors of one dimension, `-1..=1`.
pub(super) fn cosine(a: &[i16], b: &[i16]) -> f32 {
    let ((a, a_left), (b, b_left)) = (a.as_chunks(), b.as_chunks());
    let mut sums = i32x4::ZERO;
    for (a, b) in a.iter().zip(b) {
        sums += i16x8::new(*a).dot(i16x8::new(*b));
    }
    let products = a_left.iter().zip(b_left);
    let left = products.map(|(&a, &b)| i32::from(a) * i32::from(b));
    let sum = sums.reduce_add() + left.sum::<i32>();
    (sum as f32 / (ONE * ONE)).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::taste::unit;

    proptest! {
        #[test]
        fn cosines_are_near_the_true_ones(
            a in prop::collection::vec(-1.0_f32..1.0, 300),
            b in prop::collection::vec(-1.0_f32..1.0, 300),
        ) {
            prop_assume!(unit(&a).is_some() && unit(&b).is_some());
            let (a, b) = (unit(&a).unwrap(), unit(&b).unwrap());
            let mut fixed = Fixed::new(300);
            prop_assert!(fixed.push(a.iter().copied()) && fixed.push(b.iter().copied()));
            let exact: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
            let found: Vec<_> = fixed.cosines(0, fixed.row(1)).collect();
            prop_assert!((found[0] - exact).abs() < 3e-4, "{} became {}", exact, found[0]);
            prop_assert!((found[1] - 1.0).abs() < 3e-4);
        }
    }

    #[test]
    fn what_is_no_unit_vector_is_refused() {
        let mut fixed = Fixed::new(2);
        let mut push = |vector: &[f32]| fixed.push(vector.iter().copied());
        assert!(push(&[1.0, 0.0]) && push(&[-1.0, 0.0]) && push(&[0.0, 0.0]));
        assert!(!push(&[1.0]));
        assert!(!push(&[f32::NAN, 0.0]) && !push(&[f32::INFINITY, 0.0]));
        assert!(!push(&[2.0, 0.0]));
        let found: Vec<_> = fixed.cosines(1, fixed.row(0)).collect();
        assert_eq!(found, [-1.0, 0.0], "one is one");
    }
}
