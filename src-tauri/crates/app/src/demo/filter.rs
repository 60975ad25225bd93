//! Filters: a one-pole low-pass, and a state-variable filter that gives all its bands at once.

use super::math::{SAMPLES_PER_SECOND, exp2, sine};

/// A low-pass of 6 dB an octave.
pub(super) struct LowPass {
    share: f32,
    state: f32,
}

impl LowPass {
    pub(super) fn new(hertz: f32) -> Self {
        // 1 - e^(-2πf/rate), with e^x = 2^(x / ln 2).
        const TURN: f32 = std::f32::consts::TAU * std::f32::consts::LOG2_E;
        Self {
            share: 1.0 - exp2(-TURN * hertz / SAMPLES_PER_SECOND),
            state: 0.0,
        }
    }

    pub(super) fn low(&mut self, input: f32) -> f32 {
        self.state += self.share * (input - self.state);
        self.state
    }

    pub(super) fn high(&mut self, input: f32) -> f32 {
        input - self.low(input)
    }
}

/// A two-pole filter after Simper, "Solving the continuous SVF equations using trapezoidal
/// integration" (2011): it stays stable while it is swept.
#[derive(Default)]
pub(super) struct Sweep {
    gain: f32,
    loss: f32,
    first: f32,
    second: f32,
}

/// What a [`Sweep`] makes of a sample.
pub(super) struct Bands {
    pub(super) low: f32,
    /// Of height 1 at the tuned frequency.
    pub(super) band: f32,
    pub(super) high: f32,
}

impl Sweep {
    /// A filter at `hertz` with the quality `q` (0.7 is flat, 10 whistles).
    pub(super) fn new(hertz: f32, q: f32) -> Self {
        let mut filter = Self::default();
        filter.tune(hertz, q);
        filter
    }

    pub(super) fn tune(&mut self, hertz: f32, q: f32) {
        let half_turns = 0.5 * hertz.clamp(10.0, 0.45 * SAMPLES_PER_SECOND) / SAMPLES_PER_SECOND;
        self.gain = sine(half_turns) / sine(half_turns + 0.25);
        self.loss = 1.0 / q;
    }

    pub(super) fn step(&mut self, input: f32) -> Bands {
        let a1 = 1.0 / (1.0 + self.gain * (self.gain + self.loss));
        let a2 = self.gain * a1;
        let middle = input - self.second;
        let band = a1 * self.first + a2 * middle;
        let low = self.second + a2 * self.first + self.gain * a2 * middle;
        self.first = 2.0 * band - self.first;
        self.second = 2.0 * low - self.second;
        Bands {
            low,
            band: self.loss * band,
            high: input - self.loss * band - low,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Level of a sine of `hertz` after `filter`, over its second half second.
    fn level(hertz: f32, mut filter: impl FnMut(f32) -> f32) -> f32 {
        let half = SAMPLES_PER_SECOND as usize / 2;
        let power: f32 = (0..2 * half)
            .map(|n| filter(sine((n as f32 * hertz / SAMPLES_PER_SECOND).fract())))
            .skip(half)
            .map(|x| x * x)
            .sum();
        (2.0 * power / half as f32).sqrt()
    }

    #[test]
    fn a_sweep_parts_low_from_high() {
        let mut filter = Sweep::new(1000.0, 0.7);
        assert!(
            level(100.0, |x| filter.step(x).low) > 0.95,
            "100 Hz pass below 1 kHz"
        );
        assert!(level(8000.0, |x| filter.step(x).low) < 0.05, "8 kHz do not");
        assert!(
            level(8000.0, |x| filter.step(x).high) > 0.9,
            "8 kHz pass above 1 kHz"
        );
        let mut narrow = Sweep::new(1000.0, 8.0);
        let top = level(1000.0, |x| narrow.step(x).band);
        assert!((top - 1.0).abs() < 0.05, "the band's top is 1, found {top}");
    }

    #[test]
    fn a_low_pass_halves_the_power_at_its_corner() {
        let mut filter = LowPass::new(500.0);
        let corner = level(500.0, |x| filter.low(x));
        assert!(
            (0.66..0.76).contains(&corner),
            "level at the corner is {corner}"
        );
    }
}
