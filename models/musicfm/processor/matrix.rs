//! Matrix products, written where they are wanted.
//!
//! burn makes a new matrix for every product, fills it with zeros and copies it once more, on one thread; faer
//! writes where it is told, and multiplies faster (`docs/performance.md`).

use burn::tensor::{Tensor, TensorData};
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// `out = a · b`, of which all are row-major: `[m, k] · [k, n]`.
pub(super) fn multiply([m, k, n]: [usize; 3], a: &[f32], b: &[f32], out: &mut [f32]) {
    matmul(
        MatMut::from_row_major_slice_mut(out, m, n),
        Accum::Replace,
        MatRef::from_row_major_slice(a, m, k),
        MatRef::from_row_major_slice(b, k, n),
        1.0,
        all_cores(),
    );
}

/// A matrix and, mostly, a bias, as the checkpoint has them.
#[derive(Clone, Debug)]
pub(crate) struct Affine {
    /// `[outputs, inputs]`
    kernel: Vec<f32>,
    inputs: usize,
    outputs: usize,
    /// `[outputs]`
    bias: Option<Vec<f32>>,
}

impl Affine {
    /// Of a kernel `[outputs, inputs]` and a bias `[outputs]`.
    pub fn new([inputs, outputs]: [usize; 2], kernel: Vec<f32>, bias: Option<Vec<f32>>) -> Self {
        debug_assert_eq!(kernel.len(), inputs * outputs, "the loader looks at shapes");
        Self {
            kernel,
            inputs,
            outputs,
            bias,
        }
    }

    /// `[n, frames, inputs] -> [n, frames, outputs]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let ([n, frames, inputs], device) = (x.dims(), x.device());
        let values = x.into_data();
        let values: &[f32] = values.as_slice().expect("32-bit floats");
        let mut out = self.prepared(n * frames);
        self.add(
            MatRef::from_row_major_slice(values, n * frames, inputs),
            &mut out,
        );
        Tensor::from_data(TensorData::new(out, [n, frames, self.outputs]), &device)
    }

    /// `[n, inputs, frames] -> [n, frames, outputs]`
    pub fn forward_columns(&self, x: Tensor<3>) -> Tensor<3> {
        let ([n, inputs, frames], device) = (x.dims(), x.device());
        let values = x.into_data();
        let values: &[f32] = values.as_slice().expect("32-bit floats");
        let mut out = self.prepared(n * frames);
        let clips = values
            .chunks_exact(inputs * frames)
            .zip(out.chunks_exact_mut(frames * self.outputs));
        for (values, out) in clips {
            let x = MatRef::from_row_major_slice(values, inputs, frames);
            self.add(x.transpose(), out);
        }
        Tensor::from_data(TensorData::new(out, [n, frames, self.outputs]), &device)
    }

    /// `rows` times the bias.
    fn prepared(&self, rows: usize) -> Vec<f32> {
        match &self.bias {
            Some(bias) => bias.repeat(rows),
            None => vec![0.0; rows * self.outputs],
        }
    }

    /// `out += x · kernelᵀ` for `x` `[rows, inputs]`.
    fn add(&self, x: MatRef<'_, f32>, out: &mut [f32]) {
        let kernel = MatRef::from_row_major_slice(&self.kernel, self.outputs, self.inputs);
        matmul(
            MatMut::from_row_major_slice_mut(out, x.nrows(), self.outputs),
            Accum::Add,
            x,
            kernel.transpose(),
            1.0,
            all_cores(),
        );
    }
}

/// As many threads as there are cores.
fn all_cores() -> Par {
    Par::rayon(0)
}
