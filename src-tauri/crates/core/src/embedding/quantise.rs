//! Window vectors as bytes: one scale a vector, one `i8` a component.

/// A vector of `i8` components and the scale that brings them back: `x ≈ scale · q`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantised {
    /// What a step of one is worth; zero only for the zero vector.
    pub scale: f32,
    /// The components, `-127..=127`.
    pub components: Vec<i8>,
}

impl Quantised {
    /// Quantises `vector` symmetrically; the error of a component is at most half a `scale`.
    pub fn of(vector: &[f32]) -> Self {
        let peak = vector.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        let scale = peak / 127.0;
        let components = vector
            .iter()
            .map(|x| {
                if scale > 0.0 {
                    (x / scale).round() as i8
                } else {
                    0
                }
            })
            .collect();
        Self { scale, components }
    }

    /// The vector, `[dimension]`.
    pub fn to_vec(&self) -> Vec<f32> {
        self.components
            .iter()
            .map(|&q| f32::from(q) * self.scale)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn error_is_at_most_half_a_step(v in prop::collection::vec(-1e3_f32..1e3, 0..64)) {
            let q = Quantised::of(&v);
            for (x, y) in v.iter().zip(q.to_vec()) {
                prop_assert!((x - y).abs() <= q.scale * 0.501, "{x} became {y} at scale {}", q.scale);
            }
        }
    }
}
