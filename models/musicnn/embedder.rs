//! Both checkpoints as one [`Embedder`].

use burn::tensor::{Device, Tensor, TensorData};
use ndarray::Array2;
use throughline_core::embedding::{Clip, EmbedError, Embedder, Features, ModelId, Recipe, Span};

use super::config::{
    FEATURE_VERSION, FEATURES, FRAMES, HOP, MODEL_ID, N_MELS, SAMPLE_RATE, TAGS,
};
use super::loader::{Checkpoint, LoadError};
use super::mel::LogMel;
use super::model::Network;
use super::windows;

/// Windows that go through a network at once: few enough for a processor's cache, enough for all its
/// threads. The result does not depend on it.
const BATCH: usize = 4;

/// MusiCNN: the features of `MSD`, then those of `MTT`; the tags likewise.
///
/// It holds no state between calls and may be used from several threads at once.
#[derive(Debug)]
pub struct MusiCnn {
    device: Device,
    recipe: Recipe,
    tag_names: Vec<String>,
    mel: LogMel,
    networks: [Network; 2],
}

impl MusiCnn {
    /// Loads the embedded weights onto `device`. Fails only if the binary was built with weights that
    /// do not fit the network.
    pub fn load(device: &Device) -> Result<Self, LoadError> {
        let msd = Checkpoint::read("msd", include_bytes!("weights/msd.safetensors"))?;
        let mtt = Checkpoint::read("mtt", include_bytes!("weights/mtt.safetensors"))?;
        let mut tag_names = msd.tags(TAGS)?;
        tag_names.extend(mtt.tags(TAGS)?);
        Ok(Self {
            device: device.clone(),
            recipe: Recipe {
                model: ModelId(MODEL_ID.to_owned()),
                feature_version: FEATURE_VERSION,
            },
            tag_names,
            mel: LogMel::new(),
            networks: [Network::load(msd, device)?, Network::load(mtt, device)?],
        })
    }

    /// Features `[windows, 2 · FEATURES]` and tags `[windows, 2 · TAGS]` of log-mel windows, each
    /// `[FRAMES, N_MELS]` row-major.
    fn forward(&self, mels: &[Vec<f32>]) -> Result<(Array2<f32>, Array2<f32>), EmbedError> {
        let mut features = Vec::with_capacity(mels.len() * 2 * FEATURES);
        let mut tags = Vec::with_capacity(mels.len() * 2 * TAGS);
        for batch in mels.chunks(BATCH) {
            let shape = [batch.len(), FRAMES, N_MELS];
            let mel = Tensor::from_data(TensorData::new(batch.concat(), shape), &self.device);
            let [msd, mtt] = self.networks.each_ref().map(|network| network.forward(mel.clone()));
            features.extend(values(Tensor::cat(vec![msd.features, mtt.features], 1))?);
            tags.extend(values(Tensor::cat(vec![msd.tags, mtt.tags], 1))?);
        }
        Ok((rows(features, 2 * FEATURES), rows(tags, 2 * TAGS)))
    }
}

impl Embedder for MusiCnn {
    fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    fn sample_rate(&self) -> u32 {
        SAMPLE_RATE
    }

    fn parts(&self) -> &[usize] {
        &[FEATURES, FEATURES]
    }

    fn tag_names(&self) -> &[String] {
        &self.tag_names
    }

    /// A track of up to 60 s whole; of a longer one what `MAX_WINDOWS` windows need.
    fn spans(&self, track_len: u64) -> Vec<Span> {
        windows::spans(track_len)
    }

    /// Windows whose samples the clip does not hold are left out; when none is left the track counts
    /// as too short. `clip.track_len` must be what `spans` was asked for.
    fn embed(&self, clip: &Clip) -> Result<Features, EmbedError> {
        let (starts, mels): (Vec<u64>, Vec<Vec<f32>>) = windows::starts(clip.track_len)
            .into_iter()
            .filter_map(|start| Some((start, self.mel.compute(&windows::gather(clip, start)?))))
            .unzip();
        if starts.is_empty() {
            let len = clip.stretches.iter().map(|(_, samples)| samples.len() as u64).sum();
            return Err(EmbedError::TooShort { len, need: windows::MIN_SAMPLES });
        }
        if let Some(bad) = mels.iter().position(|mel| mel.iter().any(|x| !x.is_finite())) {
            let second = starts[bad] * HOP as u64 / u64::from(SAMPLE_RATE);
            return Err(EmbedError::Model(format!("samples behind second {second} are not finite numbers")));
        }
        let (windows, tags) = self.forward(&mels)?;
        if windows.iter().chain(&tags).any(|x| !x.is_finite()) {
            return Err(EmbedError::Model("it gave a value that is no number".to_owned()));
        }
        Ok(Features {
            pooled: mean(&windows),
            tags: mean(&tags),
            windows,
            window_starts: starts.iter().map(|start| start * HOP as u64).collect(),
        })
    }
}

/// The values of a matrix, row-major, fetched from its device.
fn values(matrix: Tensor<2>) -> Result<Vec<f32>, EmbedError> {
    let data = matrix.try_into_data().map_err(|error| EmbedError::Model(error.to_string()))?;
    data.try_into_vec().map_err(|error| EmbedError::Model(error.to_string()))
}

/// `values` as rows of `columns`.
fn rows(values: Vec<f32>, columns: usize) -> Array2<f32> {
    let shape = (values.len() / columns, columns);
    Array2::from_shape_vec(shape, values).expect("whole rows were gathered")
}

/// Mean over the rows of a matrix that has at least one; summed in f64.
fn mean(rows: &Array2<f32>) -> Vec<f32> {
    let sums = rows.rows().into_iter().fold(vec![0.0_f64; rows.ncols()], |mut sums, row| {
        sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
        sums
    });
    sums.iter().map(|sum| (sum / rows.nrows() as f64) as f32).collect()
}
