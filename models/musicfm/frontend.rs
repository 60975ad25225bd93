//! The front end: two residual blocks of 3×3 convolutions, each halving bands and frames, then a matrix.
//!
//! `block = relu(norm3(conv3 x) + norm2(conv2(relu(norm1(conv1 x)))))`, where `conv1` and `conv3` have
//! stride 2. Batch norms are folded into their convolutions when the checkpoint is loaded.

use burn::tensor::activation::relu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, FloatDType, Tensor, TensorData};

use super::config::{Config, EPSILON, RESIDUALS};
use super::layers::Linear;
use super::loader::{Kernels, Weights};
use super::processor::{Kernel, Planes, Spare, Strided, Winograd};
use crate::checkpoint::CheckpointError;

/// The front end on a device.
#[derive(Debug)]
pub(crate) struct FrontEnd {
    blocks: [Block; RESIDUALS],
    linear: Linear,
    config: Config,
    spare: Spare,
}

#[derive(Debug)]
enum Block {
    Stock {
        /// Both convolutions with stride 2: `[2 · outputs, inputs, 3, 3]`, `[2 · outputs]`.
        strided: Box<(Tensor<4>, Tensor<1>)>,
        /// `[outputs, outputs, 3, 3]`, `[outputs]`
        inner: Box<(Tensor<4>, Tensor<1>)>,
    },
    Own(Box<(Strided, Winograd)>),
}

impl FrontEnd {
    /// Takes both blocks and the matrix.
    pub fn load(weights: &Weights<'_>) -> Result<Self, CheckpointError> {
        let config = weights.config;
        let block = |name: &str, inputs| Block::load(weights, name, inputs);
        Ok(Self {
            blocks: [block("conv.0", 1)?, block("conv.1", config.channels)?],
            linear: Linear::load(weights, "front", [config.flat(), config.hidden], true)?,
            config,
            spare: Spare::default(),
        })
    }

    /// `[n, BANDS, frames] -> [n, ceil(ceil(frames / 2) / 2), hidden]`; each block's output is shown.
    pub fn forward(&self, mel: Tensor<3>, show: &mut dyn FnMut(usize, &Tensor<4>)) -> Tensor<3> {
        let mut x: Tensor<4> = mel.unsqueeze_dim(1);
        for (place, block) in self.blocks.iter().enumerate() {
            x = block.forward(x, &self.spare);
            show(place, &x);
        }
        let [n, _, _, frames] = x.dims();
        let columns: Tensor<3> = x.reshape([n, self.config.flat(), frames]);
        self.linear.forward_columns(columns)
    }
}

impl Block {
    fn load(weights: &Weights<'_>, name: &str, inputs: usize) -> Result<Self, CheckpointError> {
        let channels = weights.config.channels;
        let first = folded(weights, name, 1, channels, inputs)?;
        let inner = folded(weights, name, 2, channels, channels)?;
        let third = folded(weights, name, 3, channels, inputs)?;
        let device = weights.device;
        Ok(match weights.kernels {
            Kernels::Own => Self::Own(Box::new((
                Strided::new(&first, &third),
                Winograd::new(&inner),
            ))),
            Kernels::Stock => Self::Stock {
                strided: Box::new(tensors(&[first, third], device, weights.precision)),
                inner: Box::new(tensors(&[inner], device, weights.precision)),
            },
        })
    }

    /// `[n, inputs, height, width] -> [n, outputs, ceil(height / 2), ceil(width / 2)]`
    fn forward(&self, x: Tensor<4>, spare: &Spare) -> Tensor<4> {
        match self {
            Self::Stock { strided, inner } => {
                let (kernel, bias) = (**strided).clone();
                let both = conv2d(x, kernel, Some(bias), options(2));
                let outputs = both.dims()[1] / 2;
                let first = both.clone().narrow(1, 0, outputs);
                let third = both.narrow(1, outputs, outputs);
                let (kernel, bias) = (**inner).clone();
                relu(third + conv2d(relu(first), kernel, Some(bias), options(1)))
            }
            Self::Own(both) => {
                let (strided, inner) = both.as_ref();
                let forward = |x: Tensor<4>| {
                    let device = x.device();
                    let x = planes(x);
                    let (first, mut sum) = strided.forward(&x, spare);
                    // A spectrogram was not taken from there.
                    if x.channels > 1 {
                        spare.keep(x.values);
                    }
                    inner.add_relu(&first, &mut sum, spare);
                    spare.keep(first.values);
                    let shape = [1, sum.channels, sum.height, sum.width];
                    Tensor::from_data(TensorData::new(sum.values, shape), &device)
                };
                // One clip is moved through without a copy.
                match x.dims()[0] {
                    1 => forward(x),
                    clips => Tensor::cat(
                        (0..clips)
                            .map(|clip| forward(x.clone().narrow(0, clip, 1)))
                            .collect(),
                        0,
                    ),
                }
            }
        }
    }
}

fn options(stride: usize) -> ConvOptions<2> {
    ConvOptions::new([stride, stride], [1, 1], [1, 1], 1)
}

/// `[1, channels, height, width]`
fn planes(x: Tensor<4>) -> Planes {
    let [_, channels, height, width] = x.dims();
    Planes {
        channels,
        height,
        width,
        values: x.into_data().try_into_vec().expect("32-bit floats"),
    }
}

/// Convolution `n` of block `name`, with its batch norm folded in (in f64).
fn folded(
    weights: &Weights<'_>,
    name: &str,
    n: usize,
    outputs: usize,
    inputs: usize,
) -> Result<Kernel, CheckpointError> {
    let taps = 9 * inputs;
    let mut kernel = weights.floats(&format!("{name}.conv{n}.weight"), &[outputs, inputs, 3, 3])?;
    let mut bias = weights.floats(&format!("{name}.conv{n}.bias"), &[outputs])?;
    let norm = |part: &str| weights.floats(&format!("{name}.norm{n}.{part}"), &[outputs]);
    let (gamma, beta) = (norm("weight")?, norm("bias")?);
    let (mean, variance) = (norm("mean")?, norm("variance")?);
    for output in 0..outputs {
        let scale = f64::from(gamma[output]) / (f64::from(variance[output]) + EPSILON).sqrt();
        for tap in &mut kernel[output * taps..][..taps] {
            *tap = (f64::from(*tap) * scale) as f32;
        }
        let centred = f64::from(bias[output]) - f64::from(mean[output]);
        bias[output] = (centred * scale + f64::from(beta[output])) as f32;
    }
    Ok(Kernel {
        outputs,
        inputs,
        weights: kernel,
        bias,
    })
}

/// Kernels of the same inputs on a device, one below the other.
fn tensors(kernels: &[Kernel], device: &Device, precision: FloatDType) -> (Tensor<4>, Tensor<1>) {
    let outputs: usize = kernels.iter().map(|kernel| kernel.outputs).sum();
    let weights: Vec<f32> = kernels
        .iter()
        .flat_map(|kernel| kernel.weights.iter().copied())
        .collect();
    let bias: Vec<f32> = kernels
        .iter()
        .flat_map(|kernel| kernel.bias.iter().copied())
        .collect();
    let shape = [outputs, kernels[0].inputs, 3, 3];
    (
        Tensor::<4>::from_data(TensorData::new(weights, shape), device).cast(precision),
        Tensor::<1>::from_data(TensorData::new(bias, [outputs]), device).cast(precision),
    )
}
