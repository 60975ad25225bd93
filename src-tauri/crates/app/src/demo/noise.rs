//! Sources without a pitch, and slow random movement.

use super::{math::SAMPLES_PER_SECOND, rng::Rng};

/// Noise that falls by 6 dB an octave: a leaky sum of white noise.
#[derive(Default)]
pub(super) struct Brown(f32);

impl Brown {
    pub(super) fn next(&mut self, rng: &mut Rng) -> f32 {
        self.0 = 0.995 * self.0 + 0.08 * rng.white();
        self.0
    }
}

/// A value that wanders between 0 and 1, from one random point to the next on a smooth curve.
pub(super) struct Drift {
    from: f32,
    to: f32,
    position: f32,
    step: f32,
}

impl Drift {
    /// Reaches a new point every `seconds`.
    pub(super) fn new(seconds: f32, rng: &mut Rng) -> Self {
        Self {
            from: rng.unit(),
            to: rng.unit(),
            position: 0.0,
            step: 1.0 / (seconds * SAMPLES_PER_SECOND),
        }
    }

    pub(super) fn next(&mut self, rng: &mut Rng) -> f32 {
        self.position += self.step;
        if self.position >= 1.0 {
            self.position -= 1.0;
            self.from = self.to;
            self.to = rng.unit();
        }
        let x = self.position;
        self.from + (self.to - self.from) * x * x * (3.0 - 2.0 * x)
    }
}
