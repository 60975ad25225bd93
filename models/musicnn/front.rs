//! The front end in burn's tensors: five banks of filters slid over the spectrogram, each reduced to its
//! greatest answer over frequency.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::config::{FRAMES, FRONT_CHANNELS, N_MELS};
use super::layers::{Affine, matrix, pad_time, vector};
use super::parameters::{Kernel, Parameters};

/// The front end on a device.
#[derive(Debug)]
pub(crate) struct Front {
    input: Affine,
    banks: Vec<Bank>,
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
    bands: usize,
    time: usize,
    /// `[filters, bands · time]`
    kernel: Tensor<2>,
}

impl Front {
    /// Puts the input's norm and all branches onto a device.
    pub fn new(parameters: &Parameters, device: &Device) -> Self {
        let front = &parameters.front;
        let zero: usize = front.banks.iter().map(|bank| bank.filters).sum();
        let place = |place: &Option<usize>| place.unwrap_or(zero) as i64;
        let order: Vec<i64> = front.place.iter().map(place).collect();
        let bank = |kernel| Bank::new(kernel, device);
        Self {
            input: Affine::new(&parameters.input, device),
            banks: front.banks.iter().map(bank).collect(),
            order: Tensor::from_data(TensorData::new(order, [FRONT_CHANNELS]), device),
            sign: vector(&front.sign, device),
            bias: vector(&front.bias, device),
            norm: Affine::new(&front.norm, device),
        }
    }

    /// `[n, FRAMES, N_MELS] -> [n, FRAMES, FRONT_CHANNELS]`
    pub fn forward(&self, mel: Tensor<3>) -> Tensor<3> {
        let n = mel.dims()[0];
        let device = mel.device();
        let x = self.input.forward(mel);
        let mut answers: Vec<_> = self
            .banks
            .iter()
            .map(|bank| bank.forward(x.clone()))
            .collect();
        answers.push(Tensor::zeros([n, FRAMES, 1], &device));
        let answers = Tensor::cat(answers, 2).select(2, self.order.clone());
        let answers = answers * self.sign.clone().unsqueeze() + self.bias.clone().unsqueeze();
        self.norm.forward(relu(answers))
    }
}

impl Bank {
    fn new(kernel: &Kernel, device: &Device) -> Self {
        let shape = [kernel.filters, kernel.bands * kernel.time];
        Self {
            bands: kernel.bands,
            time: kernel.time,
            kernel: matrix(&kernel.taps, shape, device),
        }
    }

    /// The greatest answer over frequency, `[n, FRAMES, N_MELS] -> [n, FRAMES, filters]`.
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        if self.bands > 1 {
            self.timbral(x)
        } else {
            self.temporal(x)
        }
    }

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
