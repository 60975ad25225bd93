//! From one sample rate to another, in blocks whose place in the file is fixed.
//!
//! rubato's FFT resampler treats a signal block by block; a block of output depends on two blocks of
//! input. Blocks are counted from the start of the file whatever stretch is wanted, so a stretch is
//! bit for bit what the conversion of the whole file gives there.

use rubato::{Fft, FixedSync, Resampler as _, audioadapter_buffers::direct::InterleavedSlice};

/// Least length of a block at the lower of the two rates, in samples: the length of the
/// anti-aliasing filter there. Measured from 44.1 kHz to 16 kHz: flat within 0.01 dB up to 7.7 kHz,
/// what lies above 8.3 kHz is more than 120 dB down. Twice the length moves the edges by 150 Hz.
const BLOCK: usize = 1024;

/// A converter of mono samples between two different rates.
pub(crate) struct Resampler {
    fft: Fft<f32>,
    block_in: usize,
    block_out: usize,
}

impl Resampler {
    /// A converter from `from` Hz to `to` Hz; both are positive.
    pub(crate) fn new(from: u32, to: u32) -> Self {
        let gcd = gcd(from, to);
        let (unit_in, unit_out) = ((from / gcd) as usize, (to / gcd) as usize);
        // An even number of units makes both blocks even, so that the delay is whole at both rates.
        let units = BLOCK.div_ceil(unit_in.min(unit_out)).next_multiple_of(2);
        let fft = Fft::new(from as usize, to as usize, units * unit_in, 1, FixedSync::Both)
            .expect("both rates and the block are positive");
        Self { fft, block_in: units * unit_in, block_out: units * unit_out }
    }

    /// First sample of input that the output from sample `start` on depends on.
    pub(crate) fn input_start(&self, start: u64) -> u64 {
        self.first_block(start) * self.block_in as u64
    }

    /// Samples `start..start + len` of the converted file. `input` fills what it is given with the
    /// samples of the file from [`input_start`](Self::input_start) on, and with zeros after its end.
    pub(crate) fn convert<E>(
        &mut self,
        start: u64,
        len: usize,
        mut input: impl FnMut(&mut [f32]) -> Result<(), E>,
    ) -> Result<Vec<f32>, E> {
        self.fft.reset();
        let (mut block, mut raw) = (vec![0.0; self.block_in], vec![0.0; self.block_out]);
        let mut samples = Vec::with_capacity(len);
        // The filter delays its output by half a block.
        let mut wanted = (start + self.block_out as u64 / 2) - self.first_block(start) * self.block_out as u64;
        while samples.len() < len {
            input(&mut block)?;
            self.process(&block, &mut raw);
            let skip = wanted.min(raw.len() as u64);
            wanted -= skip;
            let take = (raw.len() - skip as usize).min(len - samples.len());
            samples.extend_from_slice(&raw[skip as usize..][..take]);
        }
        Ok(samples)
    }

    /// The block before the one that holds sample `start`: it reaches into that one.
    fn first_block(&self, start: u64) -> u64 {
        ((start + self.block_out as u64 / 2) / self.block_out as u64).saturating_sub(1)
    }

    fn process(&mut self, block: &[f32], raw: &mut [f32]) {
        let input = InterleavedSlice::new(block, 1, block.len()).expect("one channel, all frames");
        let frames = raw.len();
        let mut output = InterleavedSlice::new_mut(raw, 1, frames).expect("one channel, all frames");
        self.fft.process_into_buffer(&input, &mut output, None).expect("both buffers hold one block");
    }
}

/// Samples that a signal of `len` samples at `from` Hz has at `to` Hz, to the nearest.
pub(crate) fn converted_len(len: u64, from: u32, to: u32) -> u64 {
    let scaled = u128::from(len) * u128::from(to) + u128::from(from) / 2;
    u64::try_from(scaled / u128::from(from)).unwrap_or(u64::MAX)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
