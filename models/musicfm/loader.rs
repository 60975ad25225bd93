//! A published checkpoint held against the network, and its tensors on a device.

use std::path::Path;

use burn::tensor::{Device, FloatDType, Tensor, TensorData};

use super::config::{BANDS, Config, N_FFT};
use super::layers::place;
use super::mel::{self, BINS};
use super::names::{MEL, PREFIX, is_unused, needs, published};
use crate::checkpoint::{Checkpoint, CheckpointError, floats};

/// How convolutions and activations are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernels {
    /// By burn, on any device.
    Stock,
    /// By our own loops around faer's matrix products, on a processor.
    Own,
}

/// Tensors of a checkpoint on their way to a device.
pub(crate) struct Weights<'a> {
    checkpoint: Checkpoint,
    /// Sizes of the network.
    pub config: Config,
    /// Where the tensors go.
    pub device: &'a Device,
    /// As what they go there.
    pub precision: FloatDType,
    /// What will compute with them.
    pub kernels: Kernels,
}

impl<'a> Weights<'a> {
    /// Opens the checkpoint at `path`, whose tensors are prefixed `model.`: all of the network must be there,
    /// whatever will be taken of it, and nothing else but what only training needs.
    pub fn open(
        path: &Path,
        config: Config,
        device: &'a Device,
        precision: FloatDType,
        kernels: Kernels,
    ) -> Result<Self, CheckpointError> {
        Ok(Self {
            checkpoint: open(path, config)?,
            config,
            device,
            precision,
            kernels,
        })
    }

    /// Takes the tensor `key` (a name of ours) to the device.
    pub fn tensor<const D: usize>(
        &self,
        key: &str,
        shape: [usize; D],
    ) -> Result<Tensor<D>, CheckpointError> {
        let data = self.checkpoint.take(&published(key), &shape)?;
        Ok(place(data, self.device, self.precision))
    }

    /// Takes the tensor `key`, whose axes behind the second have length one, to the device as a matrix.
    pub fn matrix(&self, key: &str, shape: &[usize]) -> Result<Tensor<2>, CheckpointError> {
        let data = self.checkpoint.take(&published(key), shape)?;
        let (bytes, _, dtype) = data.into_parts();
        let data = TensorData::from_bytes(bytes, [shape[0], shape[1]], dtype);
        Ok(place(data, self.device, self.precision))
    }

    /// Takes the tensor `key` as numbers, row-major.
    pub fn floats(&self, key: &str, shape: &[usize]) -> Result<Vec<f32>, CheckpointError> {
        floats(self.checkpoint.take(&published(key), shape)?)
    }

    /// The mel front end's window `[N_FFT]` and filterbank `[BINS, BANDS]`.
    pub fn mel(&self) -> Result<(Vec<f32>, Vec<f32>), CheckpointError> {
        let [window, filterbank] = MEL;
        if !self.checkpoint.has(window) {
            return Ok((mel::hann(), mel::filterbank()));
        }
        let take = |key, shape: &[usize]| floats(self.checkpoint.take(key, shape)?);
        Ok((take(window, &[N_FFT])?, take(filterbank, &[BINS, BANDS])?))
    }
}

/// Opens the checkpoint at `path` and holds the names of its tensors against those of a network of
/// `config`'s sizes.
fn open(path: &Path, config: Config) -> Result<Checkpoint, CheckpointError> {
    let checkpoint = Checkpoint::open(path, PREFIX)?;
    let mut needs = needs(config);
    if MEL.iter().any(|key| checkpoint.has(key)) {
        needs.extend(MEL.map(str::to_owned));
    }
    checkpoint.compare(&needs, is_unused)?;
    Ok(checkpoint)
}

/// Whether the file at `path` looks like a checkpoint of `config`'s sizes, by the names of all tensors and the
/// shapes of a few from its first to its last; loading it looks at every one.
pub fn check(path: &Path, config: Config) -> Result<(), CheckpointError> {
    let Config {
        channels,
        hidden,
        feed_forward,
        layers,
        ..
    } = config;
    let checkpoint = open(path, config)?;
    let expect = |key: &str, shape: &[usize]| checkpoint.expect(&published(key), shape);
    expect("conv.0.conv1.weight", &[channels, 1, 3, 3])?;
    expect("conv.1.conv2.weight", &[channels, channels, 3, 3])?;
    expect("front.weight", &[hidden, config.flat()])?;
    let last = layers.saturating_sub(1);
    expect(
        &format!("layers.{last}.ffn2.outer.weight"),
        &[hidden, feed_forward],
    )?;
    expect("norm.weight", &[hidden])
}

#[cfg(test)]
mod tests;
