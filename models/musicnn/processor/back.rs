//! The back end on a processor: pooling over time and three small layers.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use pulp::NullaryFnOnce;

use super::Output;
use crate::musicnn::config::{FRAMES, POOLED_CHANNELS};
use crate::musicnn::parameters::{Dense, Norm, Parameters};
use crate::vector::in_vectors;

/// Sums that run beside each other: as many as the widest vector holds.
const LANES: usize = 16;

/// What follows the convolutions.
#[derive(Debug)]
pub(super) struct Back {
    pooled: Norm,
    hidden: Dense,
    hidden_norm: Norm,
    tags: Dense,
}

impl Back {
    pub fn new(parameters: &Parameters) -> Self {
        Self {
            pooled: parameters.pooled.clone(),
            hidden: parameters.hidden.clone(),
            hidden_norm: parameters.hidden_norm.clone(),
            tags: parameters.tags.clone(),
        }
    }

    /// Pools `[channels, FRAMES]` of front end and middle over time, max and mean of a channel side by
    /// side, and classifies.
    pub fn forward(&self, front: &[f32], middle: &[f32]) -> Output {
        let mut pooled = vec![0.0; 2 * POOLED_CHANNELS];
        in_vectors(Pool {
            front,
            middle,
            out: &mut pooled,
        });
        apply(&self.pooled, &mut pooled);
        let mut features = dense(&self.hidden, &pooled);
        for x in &mut features {
            *x = x.max(0.0);
        }
        apply(&self.hidden_norm, &mut features);
        let mut tags = dense(&self.tags, &features);
        for x in &mut tags {
            *x = 1.0 / (1.0 + (-*x).exp());
        }
        Output { features, tags }
    }
}

/// Rows of `FRAMES` on their way to `[rows, max and mean]`.
struct Pool<'a> {
    front: &'a [f32],
    middle: &'a [f32],
    out: &'a mut [f32],
}

impl NullaryFnOnce for Pool<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let rows = self.front.chunks_exact(FRAMES);
        let rows = rows.chain(self.middle.chunks_exact(FRAMES));
        for (row, [max, mean]) in rows.zip(self.out.as_chunks_mut().0) {
            let (mut peaks, mut sums) = ([f32::NEG_INFINITY; LANES], [0.0; LANES]);
            let (whole, tail) = row.as_chunks::<LANES>();
            for values in whole {
                take(values, &mut peaks, &mut sums);
            }
            take(tail, &mut peaks, &mut sums);
            *max = peaks.into_iter().fold(f32::NEG_INFINITY, f32::max);
            *mean = sums.iter().sum::<f32>() / FRAMES as f32;
        }
    }
}

/// Adds up to `LANES` values, one to each peak and sum.
#[inline(always)]
fn take(values: &[f32], peaks: &mut [f32; LANES], sums: &mut [f32; LANES]) {
    for ((&x, peak), sum) in values.iter().zip(peaks).zip(sums) {
        *peak = if *peak > x { *peak } else { x };
        *sum += x;
    }
}

/// `x = x · scale + shift`
fn apply(norm: &Norm, x: &mut [f32]) {
    for ((x, scale), shift) in x.iter_mut().zip(&norm.scale).zip(&norm.shift) {
        *x = *x * scale + shift;
    }
}

/// `[inputs] -> [outputs]`
fn dense(layer: &Dense, x: &[f32]) -> Vec<f32> {
    let (inputs, outputs) = (x.len(), layer.bias.len());
    let mut out = layer.bias.clone();
    matmul(
        MatMut::from_row_major_slice_mut(&mut out, 1, outputs),
        Accum::Add,
        MatRef::from_row_major_slice(x, 1, inputs),
        MatRef::from_row_major_slice(&layer.kernel, inputs, outputs),
        1.0,
        Par::Seq,
    );
    out
}
