//! Vectors: what a model makes of a track, and the space in which tracks are compared.

use ndarray::{Array2, Array3, Axis};
use serde::{Deserialize, Serialize};

mod quantise;
mod recipe;
mod space;
mod variation;

pub use quantise::Quantised;
pub use recipe::{FeatureVersion, ModelId, Pooling, Reading, Recipe, UnknownName, WindowCount};
pub use space::{Space, SpaceError};
pub use variation::{parts_with_variation, variation, with_variation};

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

/// A window of a track as a model takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Its first sample, at the model's sample rate.
    pub start: u64,
    /// The model's spectrogram, `[frames, bands]`.
    pub mel: Array2<f32>,
}

/// The input that a model makes of a [`Clip`].
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// Its windows, ascending by `start`; at least one.
    pub windows: Vec<Window>,
}

/// What a model makes of one track.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Mean over all windows, `[dimension]`, before any library statistics.
    pub pooled: Vec<f32>,
    /// One row a window, or a segment of one, `[windows, dimension]`.
    pub windows: Array2<f32>,
    /// First sample of each of these, `[windows]`, at the model's sample rate.
    pub window_starts: Vec<u64>,
    /// Tag probabilities in `0..=1`, `[tag_names]`, the mean over all windows; empty for a model without
    /// tags.
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
    /// The model's input from a clip whose stretches are those that `spans` asked for. Runs on any
    /// thread, on the processor.
    fn prepare(&self, clip: &Clip) -> Result<Prepared, EmbedError>;
    /// One answer a clip, in order. Called by the one thread that owns the device.
    fn embed(&self, batch: &[Prepared]) -> Vec<Result<Features, EmbedError>>;
    /// How many clips are worth collecting for one call: 1 on a processor.
    fn batch(&self) -> usize {
        1
    }
    /// Prepares and embeds one clip.
    fn features(&self, clip: &Clip) -> Result<Features, EmbedError> {
        let prepared = self.prepare(clip)?;
        one(self.embed(std::slice::from_ref(&prepared)))
    }
    /// As `spans`, for the reading that hears `windows` windows. A model with nothing to choose knows one.
    fn spans_of(&self, track_len: u64, _windows: WindowCount) -> Vec<Span> {
        self.spans(track_len)
    }
    /// What each layer, from the first to the one that is read, makes of each window of `clip`, in one
    /// pass: `[windows, layers, dimension]`, pooled as the recipe says. A model with nothing to choose
    /// has one layer, and its windows are [`Features::windows`].
    fn every_layer(&self, clip: &Prepared) -> Result<Array3<f32>, EmbedError> {
        let features = one(self.embed(std::slice::from_ref(clip)))?;
        Ok(features.windows.insert_axis(Axis(1)))
    }
    /// Length of a vector.
    fn dimension(&self) -> usize {
        self.parts().iter().sum()
    }
}

/// The answer to a batch of one.
fn one(mut answers: Vec<Result<Features, EmbedError>>) -> Result<Features, EmbedError> {
    let silence = || Err(EmbedError::Model("it gave no answer".to_owned()));
    answers.pop().unwrap_or_else(silence)
}
