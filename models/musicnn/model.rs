//! The network in burn's tensors, for a card: front end, middle, back end.

use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor};

use super::config::POOLED_CHANNELS;
use super::front::Front;
use super::layers::{Affine, Dense, TimeConv};
use super::parameters::Parameters;

/// One checkpoint of `MusiCNN` on a device.
#[derive(Debug)]
pub(crate) struct Network {
    front: Front,
    middle: [TimeConv; 3],
    pooled: Affine,
    hidden: Dense,
    hidden_norm: Affine,
    tags: Dense,
}

/// What the network makes of `n` windows.
#[derive(Debug)]
pub(crate) struct Output {
    /// The penultimate layer after its batch norm, `[n, FEATURES]`.
    pub features: Tensor<2>,
    /// Probabilities in `0..=1`, `[n, TAGS]`.
    pub tags: Tensor<2>,
}

impl Network {
    /// Puts a checkpoint onto a device.
    pub fn new(parameters: &Parameters, device: &Device) -> Self {
        Self {
            front: Front::new(parameters, device),
            middle: parameters
                .middle
                .each_ref()
                .map(|conv| TimeConv::new(conv, device)),
            pooled: Affine::new(&parameters.pooled, device),
            hidden: Dense::new(&parameters.hidden, device),
            hidden_norm: Affine::new(&parameters.hidden_norm, device),
            tags: Dense::new(&parameters.tags, device),
        }
    }

    /// Log-mel windows `[n, FRAMES, N_MELS]` to features and tags.
    pub fn forward(&self, mel: Tensor<3>) -> Output {
        let front = self.front(mel);
        let middle = self.middle(front.clone());
        self.back(front, middle)
    }

    /// `[n, FRAMES, N_MELS] -> [n, FRAMES, FRONT_CHANNELS]`
    pub fn front(&self, mel: Tensor<3>) -> Tensor<3> {
        self.front.forward(mel)
    }

    /// `[n, FRAMES, FRONT_CHANNELS] -> [n, FRAMES, 3 · MIDDLE_CHANNELS]`: each convolution adds to
    /// what came before it, and all three go on.
    pub fn middle(&self, front: Tensor<3>) -> Tensor<3> {
        let [one, two, three] = &self.middle;
        let first = one.forward(front);
        let second = two.forward(first.clone()) + first.clone();
        let third = three.forward(second.clone()) + second.clone();
        Tensor::cat(vec![first, second, third], 2)
    }

    /// Pools over time, max and mean of a channel side by side, and classifies.
    pub fn back(&self, front: Tensor<3>, middle: Tensor<3>) -> Output {
        let n = front.dims()[0];
        let channels = Tensor::cat(vec![front, middle], 2).swap_dims(1, 2);
        let pooled = Tensor::cat(vec![channels.clone().max_dim(2), channels.mean_dim(2)], 2);
        let pooled = self
            .pooled
            .forward(pooled.reshape([n, 2 * POOLED_CHANNELS]));
        let features = self.hidden_norm.forward(relu(self.hidden.forward(pooled)));
        let tags = sigmoid(self.tags.forward(features.clone()));
        Output { features, tags }
    }
}
