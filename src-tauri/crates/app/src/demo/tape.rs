//! The tape that voices are mixed onto.

use super::{filter::LowPass, math::SAMPLES_PER_SECOND};

/// What lies below this many Hz is no sound, but would cost loudness.
const DEEPEST: f32 = 15.0;

/// Peak of a finished piece: 1 dB below full scale.
const PEAK: f32 = 0.89;

/// Seconds over which the end is faded.
const FADE: f32 = 1.5;

pub(super) struct Tape {
    pub(super) samples: Vec<f32>,
}

impl Tape {
    pub(super) fn new(seconds: f32) -> Self {
        Self {
            samples: vec![0.0; samples(seconds)],
        }
    }

    /// Adds `seconds` of `voice` from `at` (in seconds) on, as far as the tape goes.
    pub(super) fn add(&mut self, at: f32, seconds: f32, mut voice: impl FnMut() -> f32) {
        let start = samples(at).min(self.samples.len());
        for sample in self.samples[start..].iter_mut().take(samples(seconds)) {
            *sample += voice();
        }
    }

    /// Puts every sample through `effect`.
    pub(super) fn through(&mut self, mut effect: impl FnMut(f32) -> f32) {
        for sample in &mut self.samples {
            *sample = effect(*sample);
        }
    }

    /// Adds another tape of the same length.
    pub(super) fn mix(&mut self, other: &Self, level: f32) {
        for (sample, more) in self.samples.iter_mut().zip(&other.samples) {
            *sample += level * more;
        }
    }

    /// The samples without their mean, with a faded end and a peak of -1 dB.
    pub(super) fn finish(mut self) -> Vec<f32> {
        let mut mean = LowPass::new(DEEPEST);
        self.through(|x| mean.high(x));
        let fade = samples(FADE).min(self.samples.len());
        let start = self.samples.len() - fade;
        for (n, sample) in self.samples[start..].iter_mut().enumerate() {
            let left = 1.0 - n as f32 / fade as f32;
            *sample *= left * left;
        }
        let peak = self
            .samples
            .iter()
            .fold(0.0_f32, |peak, x| peak.max(x.abs()));
        if peak > 0.0 {
            self.through(|x| x * (PEAK / peak));
        }
        self.samples
    }
}

/// Seconds as a number of samples.
pub(super) fn samples(seconds: f32) -> usize {
    (seconds * SAMPLES_PER_SECOND) as usize
}

/// An envelope: asked sample by sample, it rises over `attack` seconds, stays, and has fallen
/// again over `release` seconds when `length` is over.
pub(super) fn swell(length: f32, attack: f32, release: f32) -> impl FnMut() -> f32 {
    let step = 1.0 / SAMPLES_PER_SECOND;
    let mut at = 0.0;
    move || {
        let x = (at / attack).min((length - at) / release).clamp(0.0, 1.0);
        at += step;
        x * x * (3.0 - 2.0 * x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::oscillator::Phase;

    #[test]
    fn a_voice_past_the_end_is_cut_off() {
        let mut tape = Tape::new(1.0);
        tape.add(0.5, 3.0, || 0.5);
        tape.add(7.0, 3.0, || 0.5);
        let length = tape.samples.len();
        assert_eq!(length, samples(1.0));
        assert!(
            tape.samples[..length / 2].iter().all(|x| *x == 0.0),
            "silent before the voice"
        );
        assert!(
            tape.samples[length / 2..].iter().all(|x| *x > 0.0),
            "sounding from then on"
        );
    }

    #[test]
    fn a_finished_tape_peaks_below_full_scale_and_ends_in_silence() {
        let mut tape = Tape::new(3.0);
        let mut phase = Phase::new(440.0, 0.0);
        tape.add(0.0, 3.0, || 2.0 + 4.0 * phase.sine());
        let samples = tape.finish();
        let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        assert!(
            (peak - PEAK).abs() < 1e-6,
            "the loudest sample is at {peak}"
        );
        let middle = &samples[12_000..36_000];
        let mean = middle.iter().sum::<f32>() / middle.len() as f32;
        assert!(mean.abs() < 1e-3, "the mean is gone, but for {mean}");
        assert!(samples[samples.len() - 1] < 1e-4, "the end is silent");
    }

    #[test]
    fn a_swell_rises_stays_and_falls() {
        let mut envelope = swell(1.0, 0.2, 0.3);
        let levels: Vec<f32> = (0..samples(1.0)).map(|_| envelope()).collect();
        assert!(
            levels[0] < 0.01 && levels[samples(0.999)] < 0.01,
            "silent at both ends"
        );
        assert!(
            (levels[samples(0.5)] - 1.0).abs() < 1e-6,
            "full in the middle"
        );
    }
}
