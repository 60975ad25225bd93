//! The log-mel front end, as librosa 0.7 computes it with the package's settings: periodic Hann,
//! power spectrum, Slaney's mel scale with filters of unit area.

use std::f64::consts::TAU;
use std::fmt;
use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};

use super::config::{HOP, N_FFT, N_MELS, SAMPLE_RATE};

/// Turns samples into `log10(10000 · mel power + 1)`.
pub(crate) struct LogMel {
    fft: Arc<dyn RealToComplex<f32>>,
    /// `[N_FFT]`
    window: Vec<f32>,
    /// `[N_MELS]`
    filters: Vec<Filter>,
}

/// A triangle over the bins of the spectrum; zero outside `weights`.
struct Filter {
    first_bin: usize,
    weights: Vec<f32>,
}

/// Where Slaney's mel scale turns from linear to logarithmic, in Hz (Slaney, Auditory Toolbox, 1998).
const BREAK_HZ: f64 = 1000.0;
/// Mel a Hz below the break: 15 mel at 1 kHz.
const MEL_PER_HZ: f64 = 3.0 / 200.0;
/// Mel to a factor of e above the break: 27 mel to a factor of 6.4.
fn mel_per_log() -> f64 {
    27.0 / 6.4_f64.ln()
}

impl fmt::Debug for LogMel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogMel").finish_non_exhaustive()
    }
}

impl LogMel {
    /// Plans the transform and computes the filters.
    pub fn new() -> Self {
        let window = (0..N_FFT).map(|n| (0.5 - 0.5 * (TAU * n as f64 / N_FFT as f64).cos()) as f32);
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(N_FFT),
            window: window.collect(),
            filters: filters(),
        }
    }

    /// Frames that `samples` samples hold when nothing is padded.
    pub fn frames(samples: usize) -> usize {
        if samples < N_FFT {
            0
        } else {
            1 + (samples - N_FFT) / HOP
        }
    }

    /// Log-mel of every whole frame of `samples`, `[frames, N_MELS]` row-major: frame `t` is made of
    /// the samples `t · HOP .. t · HOP + N_FFT`. A sample that is no number gives frames of NaN.
    pub fn compute(&self, samples: &[f32]) -> Vec<f32> {
        let mut out = Vec::with_capacity(Self::frames(samples.len()) * N_MELS);
        let mut frame = self.fft.make_input_vec();
        let mut spectrum = self.fft.make_output_vec();
        let mut scratch = self.fft.make_scratch_vec();
        let mut power = vec![0.0_f32; spectrum.len()];
        for chunk in samples.windows(N_FFT).step_by(HOP) {
            for ((x, sample), weight) in frame.iter_mut().zip(chunk).zip(&self.window) {
                *x = sample * weight;
            }
            self.fft
                .process_with_scratch(&mut frame, &mut spectrum, &mut scratch)
                .expect("the buffers have the lengths that the plan made");
            for (p, bin) in power.iter_mut().zip(&spectrum) {
                *p = bin.norm_sqr();
            }
            out.extend(self.filters.iter().map(|filter| {
                let bins = &power[filter.first_bin..];
                let mel: f32 = filter.weights.iter().zip(bins).map(|(w, p)| w * p).sum();
                (10_000.0 * mel + 1.0).log10()
            }));
        }
        out
    }
}

/// Triangles whose corners are equally spaced in mel from 0 Hz to half the sample rate, each of unit
/// area over Hz; computed in f64.
fn filters() -> Vec<Filter> {
    let nyquist = f64::from(SAMPLE_RATE) / 2.0;
    let bin_hz = f64::from(SAMPLE_RATE) / N_FFT as f64;
    let corner = |i: usize| mel_to_hz(hz_to_mel(nyquist) * i as f64 / (N_MELS + 1) as f64);
    (0..N_MELS)
        .map(|band| {
            let [low, centre, high] = [corner(band), corner(band + 1), corner(band + 2)];
            let weight = |bin: usize| {
                let hz = bin as f64 * bin_hz;
                let height = ((hz - low) / (centre - low)).min((high - hz) / (high - centre));
                height.max(0.0) * 2.0 / (high - low)
            };
            let bins = (0..=N_FFT / 2).filter(|&bin| weight(bin) > 0.0);
            let first_bin = bins.clone().next().unwrap_or(0);
            Filter {
                first_bin,
                weights: bins.map(|bin| weight(bin) as f32).collect(),
            }
        })
        .collect()
}

fn hz_to_mel(hz: f64) -> f64 {
    if hz < BREAK_HZ {
        hz * MEL_PER_HZ
    } else {
        BREAK_HZ * MEL_PER_HZ + (hz / BREAK_HZ).ln() * mel_per_log()
    }
}

fn mel_to_hz(mel: f64) -> f64 {
    let linear = mel / MEL_PER_HZ;
    if linear < BREAK_HZ {
        linear
    } else {
        BREAK_HZ * ((mel - BREAK_HZ * MEL_PER_HZ) / mel_per_log()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_filter_has_weights_and_covers_neighbouring_bins() {
        for (band, filter) in filters().iter().enumerate() {
            assert!(
                !filter.weights.is_empty(),
                "band {band} would always be silent"
            );
            assert!(
                filter.weights.iter().all(|&w| w > 0.0),
                "band {band} has a hole"
            );
        }
    }

    #[test]
    fn silence_is_zero_and_a_sample_that_is_no_number_stays_in_its_frames() {
        let mel = LogMel::new();
        let mut samples = vec![0.0; N_FFT + 9 * HOP];
        assert!(
            mel.compute(&samples).iter().all(|&x| x == 0.0),
            "log10(0 + 1) is 0"
        );
        samples[0] = f32::NAN;
        let rows = mel.compute(&samples);
        assert!(
            rows[..N_MELS].iter().all(|x| x.is_nan()),
            "a NaN must be seen"
        );
        assert!(
            rows[N_MELS..].iter().all(|&x| x == 0.0),
            "later frames do not contain it"
        );
    }

    proptest! {
        #[test]
        fn the_mel_scale_goes_there_and_back(hz in 0.0..8000.0_f64) {
            prop_assert!((mel_to_hz(hz_to_mel(hz)) - hz).abs() < 1e-9 * hz.max(1.0));
        }

        #[test]
        fn ten_times_the_amplitude_is_two_decades(seed in 0..1000_u32) {
            let noise = |n: u32| ((n.wrapping_mul(2_654_435_761) ^ seed) % 1000) as f32 / 1000.0 - 0.5;
            let loud: Vec<f32> = (0..N_FFT as u32).map(|n| 10.0 * noise(n)).collect();
            let louder: Vec<f32> = loud.iter().map(|x| 10.0 * x).collect();
            let mel = LogMel::new();
            for (a, b) in mel.compute(&loud).iter().zip(mel.compute(&louder)) {
                // Far above the floor of 1 the logarithm is all that is left.
                prop_assert!(*a < 3.0 || (b - a - 2.0).abs() < 1e-3, "{a} became {b}");
            }
        }
    }
}
