//! Pictures and kernels as plain numbers, and what the convolutions share.

#![expect(
    clippy::inline_always,
    reason = "only inlined do the loops see the vectors they are dispatched for"
)]

use std::sync::{Mutex, PoisonError};

/// Channels of a picture, each `[height, width]` row-major.
#[derive(Clone, Debug)]
pub(crate) struct Planes {
    /// Number of channels.
    pub channels: usize,
    /// Rows of a channel.
    pub height: usize,
    /// Columns of a channel.
    pub width: usize,
    /// `[channels, height, width]`
    pub values: Vec<f32>,
}

impl Planes {
    /// Row `row` of a channel that has one more row of padding above, and as many as wanted below; `None`
    /// for padding.
    pub fn padded(&self, channel: usize, row: usize) -> Option<&[f32]> {
        let row = row.checked_sub(1)?;
        (row < self.height).then(|| self.row(channel, row))
    }

    /// One channel.
    pub fn row(&self, channel: usize, row: usize) -> &[f32] {
        &self.values[(channel * self.height + row) * self.width..][..self.width]
    }
}

/// Memory that is done with, kept for the next picture: a clip of 30 s takes half a gigabyte, and it costs time
/// to get that anew from the system (`docs/performance.md`).
#[derive(Debug, Default)]
pub(crate) struct Spare(Mutex<Vec<Vec<f32>>>);

impl Spare {
    /// `len` numbers of any value, from memory of up to twice the size. Where there is none, the largest of
    /// what is too small goes back to the system.
    pub fn take(&self, len: usize) -> Vec<f32> {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let by_size = |&place: &usize| spare[place].capacity();
        let fits = |place: &usize| (len..=2 * len).contains(&by_size(place));
        let small = |place: &usize| by_size(place) < len;
        if let Some(place) = (0..spare.len()).filter(fits).min_by_key(by_size) {
            let mut values = spare.swap_remove(place);
            values.resize(len, 0.0);
            return values;
        }
        if let Some(place) = (0..spare.len()).filter(small).max_by_key(by_size) {
            spare.swap_remove(place);
        }
        vec![0.0; len]
    }

    /// Keeps `values` for somebody else.
    pub fn keep(&self, values: Vec<f32>) {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spare.push(values);
    }

    /// Keeps each of them.
    pub fn keep_all(&self, many: Vec<Vec<f32>>) {
        for values in many {
            self.keep(values);
        }
    }
}

/// A kernel `[outputs, inputs, 3, 3]` and its bias `[outputs]`.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    /// Output channels.
    pub outputs: usize,
    /// Input channels.
    pub inputs: usize,
    /// Row-major.
    pub weights: Vec<f32>,
    /// One number an output.
    pub bias: Vec<f32>,
}

/// Room for `[channels, width]` numbers for each of `widths`, one place each.
pub(super) fn room(
    spare: &Spare,
    channels: usize,
    widths: impl Iterator<Item = usize>,
) -> Vec<Vec<f32>> {
    widths.map(|width| spare.take(channels * width)).collect()
}

/// Makes each of `inputs` hold `[channels, width(place)]` and gives, channel by channel, its part of each.
pub(super) fn by_channel(
    inputs: &mut [Vec<f32>],
    channels: usize,
    width: impl Fn(usize) -> usize,
) -> Vec<Vec<&mut [f32]>> {
    let (count, mut parts) = (inputs.len(), Vec::<Vec<&mut [f32]>>::new());
    parts.resize_with(channels, || Vec::with_capacity(count));
    for (place, input) in inputs.iter_mut().enumerate() {
        input.resize(channels * width(place), 0.0);
        for (parts, part) in parts.iter_mut().zip(input.chunks_exact_mut(width(place))) {
            parts.push(part);
        }
    }
    parts
}

/// `values` as `N` slices of `len`, one behind the other.
#[inline(always)]
pub(super) fn split<const N: usize>(values: &mut [f32], len: usize) -> [&mut [f32]; N] {
    let mut parts = values.chunks_exact_mut(len);
    std::array::from_fn(|_| parts.next().expect("as many parts as there are places"))
}
