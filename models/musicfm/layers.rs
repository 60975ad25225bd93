//! Matrices and layer norms, as the conformer uses them.

use burn::tensor::module::layer_norm;
use burn::tensor::{Device, FloatDType, Tensor};

use super::config::EPSILON;
use super::loader::{Kernels, Weights};
use super::processor::Affine;
use crate::checkpoint::CheckpointError;

/// A matrix and, mostly, a bias.
#[derive(Clone, Debug)]
pub(crate) enum Linear {
    /// Multiplied by burn: `[inputs, outputs]`, transposed from the checkpoint's `[outputs, inputs]`, and
    /// `[outputs]`.
    Stock(Box<(Tensor<2>, Option<Tensor<1>>)>),
    /// Multiplied on the processor.
    Own(Affine),
}

impl Linear {
    /// Takes `name.weight`, `[outputs, inputs]`, and `name.bias` if it has one.
    pub fn load(
        weights: &Weights<'_>,
        name: &str,
        sizes: [usize; 2],
        bias: bool,
    ) -> Result<Self, CheckpointError> {
        Self::take(weights, name, sizes, &[], bias)
    }

    /// As `load`, from a kernel of a convolution over one frame, `[outputs, inputs, 1]`, without bias.
    pub fn pointwise(
        weights: &Weights<'_>,
        name: &str,
        sizes: [usize; 2],
    ) -> Result<Self, CheckpointError> {
        Self::take(weights, name, sizes, &[1], false)
    }

    /// `ones` are axes of length one behind the matrix's own.
    fn take(
        weights: &Weights<'_>,
        name: &str,
        [inputs, outputs]: [usize; 2],
        ones: &[usize],
        bias: bool,
    ) -> Result<Self, CheckpointError> {
        let kernel = format!("{name}.weight");
        let bias = bias.then(|| format!("{name}.bias"));
        let shape = [&[outputs, inputs], ones].concat();
        Ok(match weights.kernels {
            Kernels::Own => {
                let bias = bias.map(|bias| weights.floats(&bias, &[outputs]));
                let kernel = weights.floats(&kernel, &shape)?;
                Self::Own(Affine::new([inputs, outputs], kernel, bias.transpose()?))
            }
            Kernels::Stock => {
                let bias = bias.map(|bias| weights.tensor(&bias, [outputs]));
                let kernel = weights.matrix(&kernel, &shape)?.transpose();
                Self::Stock(Box::new((kernel, bias.transpose()?)))
            }
        })
    }

    /// `[n, frames, inputs] -> [n, frames, outputs]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let (kernel, bias) = match self {
            Self::Own(affine) => return affine.forward(x),
            Self::Stock(both) => (&both.0, &both.1),
        };
        let [n, frames, inputs] = x.dims();
        let outputs = kernel.dims()[1];
        // One product for all clips; a single clip stays the view that it may be.
        let rows: Tensor<2> = if n == 1 {
            x.squeeze_dim(0)
        } else {
            x.reshape([n * frames, inputs])
        };
        let rows = rows.matmul(kernel.clone());
        let rows = match bias {
            Some(bias) => rows + bias.clone().unsqueeze(),
            None => rows,
        };
        rows.reshape([n, frames, outputs])
    }

    /// `[n, inputs, frames] -> [n, frames, outputs]`
    pub fn forward_columns(&self, x: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Own(affine) => affine.forward_columns(x),
            Self::Stock(_) => self.forward(x.swap_dims(1, 2)),
        }
    }
}

/// Layer norm over the last axis.
#[derive(Clone, Debug)]
pub(crate) struct LayerNorm {
    /// `[hidden]`
    gain: Tensor<1>,
    /// `[hidden]`
    bias: Tensor<1>,
}

impl LayerNorm {
    /// Takes `name.weight` and `name.bias`.
    pub fn load(weights: &Weights<'_>, name: &str) -> Result<Self, CheckpointError> {
        let hidden = weights.config.hidden;
        Ok(Self {
            gain: weights.tensor(&format!("{name}.weight"), [hidden])?,
            bias: weights.tensor(&format!("{name}.bias"), [hidden])?,
        })
    }

    /// `[n, frames, hidden] -> [n, frames, hidden]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        layer_norm(x, self.gain.clone(), Some(self.bias.clone()), EPSILON)
    }
}

/// `tensor` on `device` in `precision`.
pub(crate) fn place<const D: usize>(
    data: burn::tensor::TensorData,
    device: &Device,
    precision: FloatDType,
) -> Tensor<D> {
    Tensor::<D>::from_data(data, device).cast(precision)
}
