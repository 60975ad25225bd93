//! Vectors: what a model makes of a track, and the space in which tracks are compared.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

mod quantise;
mod space;

pub use quantise::Quantised;
pub use space::{Space, SpaceError};

/// Name of a model, as in `musicnn`. Vectors of two models never meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(pub String);

impl std::fmt::Display for ModelId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What produced a vector: it is compared only with vectors whose recipe is the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Recipe {
    /// The model.
    pub model: ModelId,
    /// Raised whenever the same samples would give other features.
    pub feature_version: u32,
}

/// A stretch of a track, in samples at the model's sample rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First sample.
    pub start: u64,
    /// Number of samples.
    pub len: usize,
}

/// The decoded stretches of one track: mono, at the model's sample rate.
#[derive(Clone, Debug)]
pub struct Clip {
    /// Length of the whole track in samples at that rate: the one that [`Embedder::spans`] was asked with,
    /// since the places of the windows follow from it.
    pub track_len: u64,
    /// Each stretch with its samples, ascending by `start`.
    pub stretches: Vec<(Span, Vec<f32>)>,
}

/// What a model makes of one track.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Mean over all windows, `[dimension]`, before any library statistics.
    pub pooled: Vec<f32>,
    /// One row a window, `[windows, dimension]`.
    pub windows: Array2<f32>,
    /// First sample of each window, `[windows]`, at the model's sample rate.
    pub window_starts: Vec<u64>,
    /// Tag probabilities in `0..=1`, `[tag_names]`, the mean over all windows.
    pub tags: Vec<f32>,
}

/// Why a clip could not be embedded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// Fewer samples than one window needs.
    #[error("too short: {len} samples, one window needs {need}")]
    TooShort {
        /// Samples in the track.
        len: u64,
        /// Samples that one window needs.
        need: u64,
    },
    /// The model gave a value that is no number, or its device failed.
    #[error("the model failed: {0}")]
    Model(String),
}

/// A model that turns a clip into vectors. The real ones live in `throughline-models`; journeys are
/// tested with a deterministic fake.
pub trait Embedder: Send + Sync {
    /// Model and feature version of everything that `embed` returns.
    fn recipe(&self) -> &Recipe;
    /// Sample rate in Hz that clips must have.
    fn sample_rate(&self) -> u32;
    /// Lengths of the parts that are centred and normalised one by one; their sum is the dimension.
    fn parts(&self) -> &[usize];
    /// Names of the tags, in the order of [`Features::tags`].
    fn tag_names(&self) -> &[String];
    /// Which stretches of a track of `track_len` samples to decode; empty when it is too short.
    fn spans(&self, track_len: u64) -> Vec<Span>;
    /// Embeds one clip, whose stretches are those that `spans` asked for.
    fn embed(&self, clip: &Clip) -> Result<Features, EmbedError>;
    /// Length of a vector.
    fn dimension(&self) -> usize {
        self.parts().iter().sum()
    }
}
