//! The layers that the network is made of, at inference, in burn's tensors. Channels are the last axis
//! everywhere.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use super::parameters::{self, Norm};

/// Batch norm: `x · scale + shift`, channel by channel.
#[derive(Clone, Debug)]
pub(crate) struct Affine {
    scale: Tensor<1>,
    shift: Tensor<1>,
}

impl Affine {
    /// Puts a norm onto a device.
    pub fn new(norm: &Norm, device: &Device) -> Self {
        Self {
            scale: vector(&norm.scale, device),
            shift: vector(&norm.shift, device),
        }
    }

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
    /// Puts a layer onto a device.
    pub fn new(dense: &parameters::Dense, device: &Device) -> Self {
        let outputs = dense.bias.len();
        let inputs = dense.kernel.len() / outputs;
        Self {
            kernel: matrix(&dense.kernel, [inputs, outputs], device),
            bias: vector(&dense.bias, device),
        }
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
    /// Puts a layer onto a device.
    pub fn new(conv: &parameters::TimeConv, device: &Device) -> Self {
        let kernel = &conv.kernel;
        let (inputs, time, outputs) = (kernel.bands, kernel.time, kernel.filters);
        let taps = matrix(&kernel.taps, [outputs, inputs * time], device);
        let taps = taps.reshape([outputs, inputs, time]).permute([2, 1, 0]);
        Self {
            time,
            kernel: taps.reshape([time * inputs, outputs]),
            bias: vector(&conv.bias, device),
            norm: Affine::new(&conv.norm, device),
        }
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
pub(crate) fn matrix(values: &[f32], shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}
