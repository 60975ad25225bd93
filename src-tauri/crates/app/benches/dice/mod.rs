//! Numbers for vectors that nobody heard.

/// A linear congruential generator (Knuth, MMIX): equal numbers in every run.
pub struct Dice(pub u64);

impl Dice {
    /// `n` numbers in `0..1`.
    pub fn numbers(&mut self, n: usize) -> Vec<f32> {
        let number = |_| {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 40) as f32 / (1 << 24) as f32
        };
        (0..n).map(number).collect()
    }
}
