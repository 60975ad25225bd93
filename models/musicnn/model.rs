//! The network: front end, middle, back end.

use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor};

use super::config::{
    FEATURES, FRONT_CHANNELS, MIDDLE_CHANNELS, MIDDLE_TIME, POOLED_CHANNELS, TAGS,
};
use super::front::Front;
use super::layers::{Affine, Dense, Norm, TimeConv};
use super::loader::{Checkpoint, LoadError};

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
    /// Takes every tensor of `checkpoint`.
    pub fn load(mut checkpoint: Checkpoint, device: &Device) -> Result<Self, LoadError> {
        let from = &mut checkpoint;
        let first = [MIDDLE_TIME, FRONT_CHANNELS, MIDDLE_CHANNELS];
        let later = [MIDDLE_TIME, MIDDLE_CHANNELS, MIDDLE_CHANNELS];
        let network = Self {
            front: Front::load(from, device)?,
            middle: [
                TimeConv::load(from, "middle.1", first, device)?,
                TimeConv::load(from, "middle.2", later, device)?,
                TimeConv::load(from, "middle.3", later, device)?,
            ],
            pooled: Norm::load(from, "back.pooled", 2 * POOLED_CHANNELS)?.to(device),
            hidden: Dense::load(from, "back.hidden", [2 * POOLED_CHANNELS, FEATURES], device)?,
            hidden_norm: Norm::load(from, "back.hidden", FEATURES)?.to(device),
            tags: Dense::load(from, "back.tags", [FEATURES, TAGS], device)?,
        };
        checkpoint.finish()?;
        Ok(network)
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
