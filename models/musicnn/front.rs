//! The front end: five banks of filters slid over the spectrogram, each reduced to its greatest
//! answer over frequency.
//!
//! Every bank is `max over frequency of norm(relu(conv + bias))`. `ReLU` and norm are monotone in each
//! channel, so the maximum is taken first, of the bare convolution; where the norm's scale is
//! negative it is the minimum that counts, and the filter is negated instead.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::config::{BRANCHES, Branch, FRAMES, FRONT_CHANNELS, N_MELS, Shape};
use super::layers::{Affine, Norm, matrix, pad_time, vector};
use super::loader::{Checkpoint, LoadError};

/// A filter whose weights sum to less than this in absolute value is dead: its answer is taken to be
/// zero. The input of the filters is within ±3 for samples in `-1..=1`, so a dead one moves its
/// channel by at most 3e-9 beside its bias; rounding moves the live ones by more. Weight decay has
/// driven five filters of six there in MSD, three of ten in MTT.
const DEAD: f32 = 1e-9;

/// The front end on a device.
#[derive(Debug)]
pub(crate) struct Front {
    input: Affine,
    timbral: Vec<Bank>,
    temporal: Vec<Bank>,
    /// Where each channel's answer stands among those of the live filters, `[FRONT_CHANNELS]`; dead
    /// ones point at the zero behind them.
    order: Tensor<1, Int>,
    /// −1 where the filter was negated, else 1, `[FRONT_CHANNELS]`.
    sign: Tensor<1>,
    /// `[FRONT_CHANNELS]`
    bias: Tensor<1>,
    norm: Affine,
}

/// The live filters of one branch.
#[derive(Debug)]
struct Bank {
    time: usize,
    /// `[filters, bands · time]`
    kernel: Tensor<2>,
}

impl Front {
    /// Takes the input's norm and all branches.
    pub fn load(checkpoint: &mut Checkpoint, device: &Device) -> Result<Self, LoadError> {
        let input = Norm::load(checkpoint, "input", 1)?.to(device);
        let mut timbral = Vec::new();
        let mut temporal = Vec::new();
        let mut channels = Channels::default();
        for branch in BRANCHES {
            let live = channels.load(checkpoint, branch)?;
            let size = branch.time * branch.bands();
            if live.is_empty() {
                continue;
            }
            let kernel = matrix(live.concat(), [live.len(), size], device);
            let banks = if branch.shape == Shape::Temporal {
                &mut temporal
            } else {
                &mut timbral
            };
            banks.push(Bank {
                time: branch.time,
                kernel,
            });
        }
        let zero = channels.live;
        let order: Vec<i64> = channels
            .place
            .iter()
            .map(|place| place.unwrap_or(zero))
            .collect();
        Ok(Self {
            input,
            timbral,
            temporal,
            order: Tensor::from_data(TensorData::new(order, [FRONT_CHANNELS]), device),
            sign: vector(&channels.sign, device),
            bias: vector(&channels.bias, device),
            norm: channels.norm.to(device),
        })
    }

    /// `[n, FRAMES, N_MELS] -> [n, FRAMES, FRONT_CHANNELS]`
    pub fn forward(&self, mel: Tensor<3>) -> Tensor<3> {
        let n = mel.dims()[0];
        let device = mel.device();
        let x = self.input.forward(mel);
        let timbral = self.timbral.iter().map(|bank| bank.timbral(x.clone()));
        let temporal = self.temporal.iter().map(|bank| bank.temporal(x.clone()));
        let mut answers: Vec<_> = timbral.chain(temporal).collect();
        answers.push(Tensor::zeros([n, FRAMES, 1], &device));
        let answers = Tensor::cat(answers, 2).select(2, self.order.clone());
        let answers = answers * self.sign.clone().unsqueeze() + self.bias.clone().unsqueeze();
        self.norm.forward(relu(answers))
    }
}

impl Bank {
    /// Filters of several bands, slid along time and frequency:
    /// `[n, FRAMES, N_MELS] -> [n, FRAMES, filters]`.
    fn timbral(&self, x: Tensor<3>) -> Tensor<3> {
        let n = x.dims()[0];
        let size = self.kernel.dims()[1];
        // A frame with those around it, band by band: what a filter covers at one place is a slice.
        let rows: Tensor<4> = pad_time(x, self.time).unfold(1, self.time, 1);
        let rows: Tensor<3> = rows.reshape([n, FRAMES, N_MELS * self.time]);
        let kernel = self.kernel.clone().transpose().unsqueeze::<3>();
        let answer = |at: usize| {
            rows.clone()
                .slice_dim(2, at..at + size)
                .matmul(kernel.clone())
        };
        // One place after the other, so that the answers stay in the processor's cache.
        (self.time..=N_MELS * self.time - size)
            .step_by(self.time)
            .fold(answer(0), |peak, at| peak.max_pair(answer(at)))
    }

    /// Filters of one band, slid along time and frequency:
    /// `[n, FRAMES, N_MELS] -> [n, FRAMES, filters]`.
    fn temporal(&self, x: Tensor<3>) -> Tensor<3> {
        let n = x.dims()[0];
        let [filters, time] = self.kernel.dims();
        // Laid end to end, what a tap sees at all places is one slice.
        let taps = pad_time(x, time).reshape([n, (FRAMES + time - 1) * N_MELS]);
        let taps: Tensor<3> = taps.unfold(1, FRAMES * N_MELS, N_MELS);
        let answers = self.kernel.clone().unsqueeze::<3>().matmul(taps);
        answers
            .reshape([n, filters, FRAMES, N_MELS])
            .max_dim(3)
            .reshape([n, filters, FRAMES])
            .swap_dims(1, 2)
    }
}

/// What is known of the channels while the branches are read.
#[derive(Default)]
struct Channels {
    live: i64,
    place: Vec<Option<i64>>,
    sign: Vec<f32>,
    bias: Vec<f32>,
    norm: Norm,
}

impl Channels {
    /// Takes the tensors of `branch` and gives the kernels of its live filters, each `[bands · time]`
    /// with time running fastest.
    fn load(
        &mut self,
        checkpoint: &mut Checkpoint,
        branch: Branch,
    ) -> Result<Vec<Vec<f32>>, LoadError> {
        let Branch {
            name,
            filters,
            time,
            ..
        } = branch;
        let bands = branch.bands();
        let kernels = checkpoint.take(&format!("{name}.kernel"), &[filters, 1, time, bands])?;
        self.bias
            .extend(checkpoint.take(&format!("{name}.bias"), &[filters])?);
        let norm = Norm::load(checkpoint, name, filters)?;
        let mut live = Vec::new();
        for (kernel, scale) in kernels.chunks_exact(time * bands).zip(&norm.scale) {
            let sign = if *scale < 0.0 { -1.0 } else { 1.0 };
            self.sign.push(sign);
            if kernel.iter().map(|w| w.abs()).sum::<f32>() < DEAD {
                self.place.push(None);
            } else {
                self.place.push(Some(self.live));
                self.live += 1;
                let taps = (0..bands).flat_map(|f| (0..time).map(move |t| t * bands + f));
                live.push(taps.map(|tap| sign * kernel[tap]).collect());
            }
        }
        self.norm.append(norm);
        Ok(live)
    }
}
