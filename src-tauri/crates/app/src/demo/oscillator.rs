//! Sources of tone: sawtooth and pulse without the worst of aliasing, and single damped partials.

use super::math::{SAMPLES_PER_SECOND, fall, sine};

/// A phase in turns that runs at a frequency.
pub(super) struct Phase {
    turns: f32,
    step: f32,
}

impl Phase {
    /// Starts at `turns` (0 to 1).
    pub(super) fn new(hertz: f32, turns: f32) -> Self {
        Self {
            turns,
            step: hertz / SAMPLES_PER_SECOND,
        }
    }

    pub(super) fn tune(&mut self, hertz: f32) {
        self.step = hertz / SAMPLES_PER_SECOND;
    }

    fn advance(&mut self) -> f32 {
        let now = self.turns;
        self.turns += self.step;
        if self.turns >= 1.0 {
            self.turns -= 1.0;
        }
        now
    }

    pub(super) fn sine(&mut self) -> f32 {
        sine(self.advance())
    }

    pub(super) fn triangle(&mut self) -> f32 {
        4.0 * (self.advance() - 0.5).abs() - 1.0
    }

    pub(super) fn saw(&mut self) -> f32 {
        let now = self.advance();
        2.0 * now - 1.0 - self.corner(now)
    }

    /// A pulse that is up for the `width` part of a period; its mean is taken off.
    pub(super) fn pulse(&mut self, width: f32) -> f32 {
        let now = self.advance();
        let since_fall = if now < width {
            now - width + 1.0
        } else {
            now - width
        };
        let naive = if now < width { 1.0 } else { -1.0 };
        naive + self.corner(now) - self.corner(since_fall) - (2.0 * width - 1.0)
    }

    /// What rounds a jump of height 2 at phase 0 over the samples beside it: the polynomial
    /// band-limited step of Välimäki and Huovilainen ("Antialiasing oscillators in subtractive
    /// synthesis", IEEE Signal Processing Magazine, 2007).
    fn corner(&self, turns: f32) -> f32 {
        if turns < self.step {
            let x = turns / self.step - 1.0;
            -x * x
        } else if turns > 1.0 - self.step {
            let x = (turns - 1.0) / self.step + 1.0;
            x * x
        } else {
            0.0
        }
    }
}

/// One damped sine: a complex number turned and shrunk at every sample.
pub(super) struct Partial {
    real: f32,
    imaginary: f32,
    cosine: f32,
    sine: f32,
}

impl Partial {
    /// A partial that starts at `level` and falls by 60 dB within `seconds`.
    pub(super) fn new(hertz: f32, seconds: f32, level: f32) -> Self {
        let turns = hertz / SAMPLES_PER_SECOND;
        let shrink = fall(seconds);
        Self {
            real: level,
            imaginary: 0.0,
            cosine: sine(turns + 0.25) * shrink,
            sine: sine(turns) * shrink,
        }
    }

    pub(super) fn next(&mut self) -> f32 {
        let real = self.real * self.cosine - self.imaginary * self.sine;
        self.imaginary = self.real * self.sine + self.imaginary * self.cosine;
        self.real = real;
        self.imaginary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_repeat_at_their_frequency_and_stay_in_bounds() {
        let mut phase = Phase::new(240.0, 0.0);
        let period = 100;
        for wave in [Phase::sine, Phase::triangle, Phase::saw] {
            let samples: Vec<f32> = (0..2 * period).map(|_| wave(&mut phase)).collect();
            for (now, later) in samples.iter().zip(&samples[period..]) {
                assert!(
                    (now - later).abs() < 1e-2,
                    "one period later it is the same"
                );
                assert!(now.abs() <= 1.01, "{now} is out of bounds");
            }
        }
    }

    #[test]
    fn a_pulse_has_no_mean() {
        let mut phase = Phase::new(240.0, 0.0);
        let mean = (0..1000).map(|_| phase.pulse(0.125)).sum::<f32>() / 1000.0;
        assert!(mean.abs() < 0.02, "the mean is {mean}");
    }

    #[test]
    fn a_partial_falls_by_60_decibels_in_its_time() {
        let mut partial = Partial::new(440.0, 1.0, 1.0);
        let samples: Vec<f32> = (0..24_000).map(|_| partial.next()).collect();
        let peak = |part: &[f32]| part.iter().fold(0.0_f32, |a, x| a.max(x.abs()));
        assert!(peak(&samples[..200]) > 0.9, "it starts at its level");
        assert!(
            peak(&samples[23_800..]) < 1.1e-3,
            "it ends a thousandth as loud"
        );
    }
}
