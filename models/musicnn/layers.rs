//! The layers that the network is made of, at inference. Channels are the last axis everywhere.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use super::config::BATCH_NORM_EPSILON;
use super::loader::{Checkpoint, LoadError};

/// Batch norm: `x · scale + shift`, channel by channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Norm {
    /// `[channels]`
    pub scale: Vec<f32>,
    /// `[channels]`
    pub shift: Vec<f32>,
}

impl Norm {
    /// Takes the four vectors of the norm `name`; folded in f64.
    pub fn load(
        checkpoint: &mut Checkpoint,
        name: &str,
        channels: usize,
    ) -> Result<Self, LoadError> {
        let mut take = |part: &str| checkpoint.take(&format!("{name}.norm.{part}"), &[channels]);
        let (gamma, beta) = (take("scale")?, take("shift")?);
        let (mean, variance) = (take("mean")?, take("variance")?);
        let scale =
            |c: usize| f64::from(gamma[c]) / (f64::from(variance[c]) + BATCH_NORM_EPSILON).sqrt();
        let shift = |c: usize| f64::from(beta[c]) - f64::from(mean[c]) * scale(c);
        Ok(Self {
            scale: (0..channels).map(|c| scale(c) as f32).collect(),
            shift: (0..channels).map(|c| shift(c) as f32).collect(),
        })
    }

    /// Adds the channels of `other` behind these.
    pub fn append(&mut self, mut other: Self) {
        self.scale.append(&mut other.scale);
        self.shift.append(&mut other.shift);
    }

    /// The norm on a device.
    pub fn to(&self, device: &Device) -> Affine {
        Affine {
            scale: vector(&self.scale, device),
            shift: vector(&self.shift, device),
        }
    }
}

/// A [`Norm`] on a device.
#[derive(Clone, Debug)]
pub(crate) struct Affine {
    scale: Tensor<1>,
    shift: Tensor<1>,
}

impl Affine {
    /// `[.., channels] -> [.., channels]`
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        x * self.scale.clone().unsqueeze() + self.shift.clone().unsqueeze()
    }
}

/// A matrix and a bias.
#[derive(Clone, Debug)]
pub(crate) struct Dense {
    /// `[inputs, outputs]`
    kernel: Tensor<2>,
    /// `[outputs]`
    bias: Tensor<1>,
}

impl Dense {
    /// Takes the kernel `[inputs, outputs]` and the bias of the layer `name`.
    pub fn load(
        checkpoint: &mut Checkpoint,
        name: &str,
        [inputs, outputs]: [usize; 2],
        device: &Device,
    ) -> Result<Self, LoadError> {
        let kernel = checkpoint.take(&format!("{name}.kernel"), &[inputs, outputs])?;
        let bias = checkpoint.take(&format!("{name}.bias"), &[outputs])?;
        Ok(Self {
            kernel: matrix(kernel, [inputs, outputs], device),
            bias: vector(&bias, device),
        })
    }

    /// `[n, inputs] -> [n, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.kernel.clone()) + self.bias.clone().unsqueeze()
    }
}

/// A convolution along time over all channels at once, then `ReLU`, then batch norm.
#[derive(Clone, Debug)]
pub(crate) struct TimeConv {
    time: usize,
    /// `[time · inputs, outputs]`
    kernel: Tensor<2>,
    /// `[outputs]`
    bias: Tensor<1>,
    norm: Affine,
}

impl TimeConv {
    /// Takes the kernel `[outputs, 1, time, inputs]`, the bias and the norm of the layer `name`.
    pub fn load(
        checkpoint: &mut Checkpoint,
        name: &str,
        [time, inputs, outputs]: [usize; 3],
        device: &Device,
    ) -> Result<Self, LoadError> {
        let kernel = checkpoint.take(&format!("{name}.kernel"), &[outputs, 1, time, inputs])?;
        let bias = checkpoint.take(&format!("{name}.bias"), &[outputs])?;
        Ok(Self {
            time,
            kernel: matrix(kernel, [outputs, time * inputs], device).transpose(),
            bias: vector(&bias, device),
            norm: Norm::load(checkpoint, name, outputs)?.to(device),
        })
    }

    /// `[n, frames, inputs] -> [n, frames, outputs]`, zeros beyond both ends.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [n, frames, inputs] = x.dims();
        let padded = pad_time(x, self.time);
        // Laid end to end, the frames that a filter covers are one slice: a convolution is a product
        // with overlapping rows, which no one has to copy.
        let rows: Tensor<3> = padded
            .reshape([n, (frames + self.time - 1) * inputs])
            .unfold(1, self.time * inputs, inputs);
        let y = rows.matmul(self.kernel.clone().unsqueeze()) + self.bias.clone().unsqueeze();
        self.norm.forward(relu(y))
    }
}

/// Zeros before and after `[n, frames, channels]`, so that a filter of `time` frames gives as many
/// frames as there were; of an odd number one more goes behind, as TensorFlow's `same` has it.
pub(crate) fn pad_time(x: Tensor<3>, time: usize) -> Tensor<3> {
    let before = (time - 1) / 2;
    x.pad([(0, 0), (before, time - 1 - before), (0, 0)], 0.0)
}

/// A vector on a device.
pub(crate) fn vector(values: &[f32], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), device)
}

/// A row-major matrix on a device.
pub(crate) fn matrix(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
