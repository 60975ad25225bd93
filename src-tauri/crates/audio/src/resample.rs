//! From one sample rate to another, in blocks whose place in the file is fixed.
//!
//! rubato's FFT resampler treats a signal block by block; a block of output depends on two blocks of
//! input. Blocks are counted from the start of the file whatever stretch is wanted, so a stretch is
//! bit for bit what the conversion of the whole file gives there.

use rubato::{
    Fft, FixedSync, Resampler as _, audioadapter_buffers::direct::SequentialSliceOfSlices,
};

/// Least length of a block at the lower of the two rates, in samples; it is the length of the
/// anti-aliasing filter (a sinc in a squared Blackman-Harris window, rubato's choice) there. Measured
/// from 44.1, 48 and 22.05 kHz to 16 kHz: flat within 0.001 dB up to 7.8 kHz, 130 dB down from 8 kHz
/// on. Half the length would give up another 100 Hz below 8 kHz and is hardly faster.
const BLOCK: usize = 1024;

/// Longest unit of a ratio at the rate of the file, in samples. Beyond it the rate is taken for the nearest
/// multiple of [`NEAREST`]; of the rates that converters have, none is: 44 056 Hz gives 5507.
const LONGEST_UNIT: u32 = 1 << 17;

/// In Hz: off by 0.02 % at most where the rate is over [`LONGEST_UNIT`], a third of a hundredth of a
/// semitone.
const NEAREST: u32 = 50;

/// A converter of mono samples between two different rates.
pub(crate) struct Resampler {
    fft: Fft<f32>,
    block_in: usize,
    block_out: usize,
}

impl Resampler {
    /// A converter from `from` Hz to `to` Hz; both are positive.
    pub(crate) fn new(from: u32, to: u32) -> Self {
        let from = if from / gcd(from, to) > LONGEST_UNIT {
            (from + NEAREST / 2) / NEAREST * NEAREST
        } else {
            from
        };
        let gcd = gcd(from, to);
        let (unit_in, unit_out) = ((from / gcd) as usize, (to / gcd) as usize);
        // A power of two keeps the FFTs quick: from 44.1 to 24 kHz 16 units take a quarter less than 14. It
        // makes both blocks even too, so that the delay is whole at both rates.
        let units = BLOCK.div_ceil(unit_in.min(unit_out)).max(2);
        let units = units.next_power_of_two();
        let fft = Fft::new(
            from as usize,
            to as usize,
            units * unit_in,
            1,
            FixedSync::Both,
        )
        .expect("both rates and the block are positive");
        Self {
            fft,
            block_in: units * unit_in,
            block_out: units * unit_out,
        }
    }

    /// First sample of input that the output from sample `start` on depends on.
    pub(crate) fn input_start(&self, start: u64) -> u64 {
        self.first_block(start) * self.block_in as u64
    }

    /// Gives samples `start..start + len` of the converted file to `output`, piece by piece. `input`
    /// fills what it is given with the samples of the file from [`input_start`](Self::input_start) on,
    /// and with zeros after its end.
    pub(crate) fn convert<E>(
        &mut self,
        start: u64,
        len: usize,
        mut input: impl FnMut(&mut [f32]) -> Result<(), E>,
        mut output: impl FnMut(&[f32]),
    ) -> Result<(), E> {
        self.fft.reset();
        let (mut block, mut raw) = (vec![0.0; self.block_in], vec![0.0; self.block_out]);
        let mut left = len;
        // The filter delays its output by half a block.
        let mut wanted =
            (start + self.block_out as u64 / 2) - self.first_block(start) * self.block_out as u64;
        while left > 0 {
            input(&mut block)?;
            self.process(&block, &mut raw);
            let skip = wanted.min(raw.len() as u64);
            wanted -= skip;
            let take = (raw.len() - skip as usize).min(left);
            output(&raw[skip as usize..][..take]);
            left -= take;
        }
        Ok(())
    }

    /// The block before the one that holds sample `start`: it reaches into that one.
    fn first_block(&self, start: u64) -> u64 {
        ((start + self.block_out as u64 / 2) / self.block_out as u64).saturating_sub(1)
    }

    fn process(&mut self, block: &[f32], raw: &mut [f32]) {
        // A channel in a slice of its own is copied at once, interleaved ones are sample by sample.
        let (block_in, block_out) = (block.len(), raw.len());
        let (from, mut to) = ([block], [raw]);
        let input =
            SequentialSliceOfSlices::new(&from, 1, block_in).expect("one channel, all frames");
        let mut output = SequentialSliceOfSlices::new_mut(&mut to, 1, block_out)
            .expect("one channel, all frames");
        self.fft
            .process_into_buffer(&input, &mut output, None)
            .expect("both buffers hold one block");
    }
}

/// Samples that a signal of `len` samples at `from` Hz has at `to` Hz, to the nearest.
pub(crate) fn converted_len(len: u64, from: u32, to: u32) -> u64 {
    let scaled = u128::from(len) * u128::from(to) + u128::from(from) / 2;
    u64::try_from(scaled / u128::from(from)).unwrap_or(u64::MAX)
}

/// The greatest common divisor; of zero and a number that number.
pub(crate) fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, f64::consts::TAU};

    use proptest::prelude::*;

    use super::*;

    /// Samples `start..start + len` of what `signal` becomes.
    fn convert(signal: &[f32], from: u32, to: u32, start: u64, len: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to);
        let mut at = resampler.input_start(start) as usize;
        let input = |block: &mut [f32]| {
            for sample in block {
                *sample = signal.get(at).copied().unwrap_or(0.0);
                at += 1;
            }
            Ok::<_, Infallible>(())
        };
        let mut samples = Vec::new();
        let Ok(()) = resampler.convert(start, len, input, |piece| samples.extend(piece));
        samples
    }

    fn whole(signal: &[f32], from: u32, to: u32) -> Vec<f32> {
        convert(
            signal,
            from,
            to,
            0,
            converted_len(signal.len() as u64, from, to) as usize,
        )
    }

    fn sine(hz: f64, rate: u32, len: usize) -> Vec<f32> {
        (0..len)
            .map(|i| (TAU * hz * i as f64 / f64::from(rate)).sin() as f32)
            .collect()
    }

    fn peak(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0, |peak, x| peak.max(x.abs()))
    }

    const RATES: [(u32, u32); 5] = [
        (44_100, 16_000),
        (48_000, 16_000),
        (22_050, 16_000),
        (44_100, 24_000),
        (8_000, 16_000),
    ];

    #[test]
    fn a_sine_in_the_pass_band_keeps_its_phase_and_level() {
        for (from, to) in RATES {
            for hz in [100.0, 1_000.0, 0.485 * f64::from(from.min(to))] {
                let got = whole(&sine(hz, from, from as usize), from, to);
                let error: Vec<f32> = sine(hz, to, to as usize)
                    .iter()
                    .zip(&got)
                    .map(|(a, b)| a - b)
                    .collect();
                let inner = &error[to as usize / 4..to as usize * 3 / 4];
                assert!(
                    peak(inner) < 1e-5,
                    "{hz} Hz from {from} to {to} is off by {}",
                    peak(inner)
                );
            }
        }
    }

    #[test]
    fn what_the_wanted_rate_cannot_hold_is_gone() {
        for (from, to) in RATES.into_iter().filter(|(from, to)| from > to) {
            for hz in [0.51, 0.55, 0.6].map(|share| share * f64::from(to)) {
                let got = whole(&sine(hz, from, from as usize), from, to);
                let alias = peak(&got[to as usize / 4..to as usize * 3 / 4]);
                assert!(
                    alias < 1e-6,
                    "{hz} Hz leaves {alias} (over -120 dB) from {from} to {to}"
                );
            }
        }
    }

    #[test]
    fn an_impulse_stays_where_it_was() {
        for (from, to) in RATES {
            // Half a second is a whole number of samples at all these rates.
            let mut signal = vec![0.0; from as usize];
            signal[from as usize / 2] = 1.0;
            let got = whole(&signal, from, to);
            let centre = to as usize / 2;
            assert_eq!(got.len(), to as usize, "one second stays one second");
            assert!(
                (0..got.len()).all(|i| got[i] <= got[centre]),
                "the impulse moved from {from} to {to}"
            );
            for i in 1..100 {
                let skew = (got[centre - i] - got[centre + i]).abs();
                assert!(
                    skew < 1e-6,
                    "sample {i} from the impulse differs by {skew} on its two sides"
                );
            }
        }
    }

    #[test]
    fn a_rate_without_a_common_divisor_costs_no_more() {
        for to in [16_000, 24_000] {
            let resampler = Resampler::new(532_387, to);
            assert!(
                resampler.block_in <= 2 * LONGEST_UNIT as usize,
                "blocks of {} samples",
                resampler.block_in
            );
        }
        let tone = whole(&sine(997.0, 532_387, 532_387), 532_387, 16_000);
        let error = sine(997.0, 16_000, 16_000);
        let error = error.iter().zip(&tone).map(|(a, b)| (a - b).abs());
        let worst = error.skip(4_000).take(8_000).fold(0.0, f32::max);
        assert!(worst < 0.2, "the pitch is off: {worst}");
    }

    proptest! {
        #[test]
        fn a_stretch_is_that_of_the_whole(
            rates in prop::sample::select(vec![(44_100, 16_000), (11_000, 16_000), (22_100, 24_000), (44_056, 16_000)]),
            seed in any::<u32>(),
            start in 0_u64..30_000,
            len in 1_usize..5_000,
        ) {
            let (from, to) = rates;
            let noise = (0..from).map(|i| (i ^ seed).wrapping_mul(0x9e37_79b9) as i32 as f32 / i32::MAX as f32);
            let noise: Vec<f32> = noise.collect();
            let all = convert(&noise, from, to, 0, start as usize + len);
            let stretch = convert(&noise, from, to, start, len);
            prop_assert_eq!(&all[start as usize..], &stretch[..], "not bit for bit the same");
        }

        #[test]
        fn lengths_are_to_the_nearest_sample(len in 0_u64..1 << 40, from in 1_000_u32..768_001, to in 1_000_u32..768_001) {
            let exact = len as f64 * f64::from(to) / f64::from(from);
            prop_assert!((converted_len(len, from, to) as f64 - exact).abs() <= 0.5 + exact * 1e-15);
        }
    }
}
