//! What a checkpoint holds, as plain numbers: checked and folded once, then laid out for the processor or
//! for a card.

use super::config::{
    BATCH_NORM_EPSILON, BRANCHES, Branch, FEATURES, FRONT_CHANNELS, MIDDLE_CHANNELS, MIDDLE_TIME,
    POOLED_CHANNELS, TAGS,
};
use super::loader::{Checkpoint, LoadError};

/// A filter whose weights sum to less than this in absolute value is dead: its answer is taken to be
/// zero. The input of the filters is within ±3 for samples in `-1..=1`, so a dead one moves its
/// channel by at most 3e-9 beside its bias; rounding moves the live ones by more. Weight decay has
/// driven five filters of six there in MSD, three of ten in MTT.
const DEAD: f32 = 1e-9;

/// All of one checkpoint.
#[derive(Debug)]
pub(crate) struct Parameters {
    /// Of the spectrogram, a single channel.
    pub input: Norm,
    /// The front end's five branches.
    pub front: Front,
    /// The convolutions of the middle.
    pub middle: [TimeConv; 3],
    /// Of what was pooled over time.
    pub pooled: Norm,
    /// To the penultimate layer.
    pub hidden: Dense,
    /// Of the penultimate layer.
    pub hidden_norm: Norm,
    /// To the tags.
    pub tags: Dense,
}

impl Parameters {
    /// Takes every tensor of `checkpoint`.
    pub fn load(mut checkpoint: Checkpoint) -> Result<Self, LoadError> {
        let from = &mut checkpoint;
        let first = [MIDDLE_TIME, FRONT_CHANNELS, MIDDLE_CHANNELS];
        let later = [MIDDLE_TIME, MIDDLE_CHANNELS, MIDDLE_CHANNELS];
        let parameters = Self {
            input: Norm::load(from, "input", 1)?,
            front: Front::load(from)?,
            middle: [
                TimeConv::load(from, "middle.1", first)?,
                TimeConv::load(from, "middle.2", later)?,
                TimeConv::load(from, "middle.3", later)?,
            ],
            pooled: Norm::load(from, "back.pooled", 2 * POOLED_CHANNELS)?,
            hidden: Dense::load(from, "back.hidden", [2 * POOLED_CHANNELS, FEATURES])?,
            hidden_norm: Norm::load(from, "back.hidden", FEATURES)?,
            tags: Dense::load(from, "back.tags", [FEATURES, TAGS])?,
        };
        checkpoint.finish()?;
        Ok(parameters)
    }
}

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
    fn load(checkpoint: &mut Checkpoint, name: &str, channels: usize) -> Result<Self, LoadError> {
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
    fn append(&mut self, mut other: Self) {
        self.scale.append(&mut other.scale);
        self.shift.append(&mut other.shift);
    }
}

/// Filters that cover some frames of some neighbouring bands, or of all channels.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    /// How many there are.
    pub filters: usize,
    /// Bands or channels that one covers.
    pub bands: usize,
    /// Frames that one covers.
    pub time: usize,
    /// `[filters, bands, time]`
    pub taps: Vec<f32>,
}

impl Kernel {
    /// From `[filters, time, bands]`, as the checkpoint has it, each filter times its `sign`.
    fn turned(
        [filters, time, bands]: [usize; 3],
        taps: &[f32],
        sign: impl Fn(usize) -> f32,
    ) -> Self {
        let turned = taps
            .chunks_exact(time * bands)
            .enumerate()
            .flat_map(|(filter, taps)| {
                let sign = sign(filter);
                let places = (0..bands).flat_map(move |f| (0..time).map(move |t| t * bands + f));
                places.map(move |place| sign * taps[place])
            });
        Self {
            filters,
            bands,
            time,
            taps: turned.collect(),
        }
    }
}

/// The front end: `max over frequency of norm(relu(conv + bias))`. `ReLU` and norm are monotone in each
/// channel, so the maximum is taken first, of the bare convolution; where the norm's scale is negative it
/// is the minimum that counts, and the filter is negated instead.
#[derive(Debug, Default)]
pub(crate) struct Front {
    /// The live filters of the branches that have any.
    pub banks: Vec<Kernel>,
    /// Where each channel's answer stands among those of the live filters; none for a dead one.
    pub place: Vec<Option<usize>>,
    /// −1 where the filter was negated, else 1, `[FRONT_CHANNELS]`.
    pub sign: Vec<f32>,
    /// `[FRONT_CHANNELS]`
    pub bias: Vec<f32>,
    /// Of all channels.
    pub norm: Norm,
}

impl Front {
    fn load(checkpoint: &mut Checkpoint) -> Result<Self, LoadError> {
        let mut front = Self::default();
        for branch in BRANCHES {
            front.append(checkpoint, branch)?;
        }
        Ok(front)
    }

    /// Takes the tensors of `branch`.
    fn append(&mut self, checkpoint: &mut Checkpoint, branch: Branch) -> Result<(), LoadError> {
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
        let before: usize = self.banks.iter().map(|bank| bank.filters).sum();
        let (mut live, mut signs) = (Vec::new(), Vec::new());
        for (kernel, scale) in kernels.chunks_exact(time * bands).zip(&norm.scale) {
            let sign = if *scale < 0.0 { -1.0 } else { 1.0 };
            self.sign.push(sign);
            if kernel.iter().map(|w| w.abs()).sum::<f32>() < DEAD {
                self.place.push(None);
            } else {
                self.place.push(Some(before + signs.len()));
                signs.push(sign);
                live.extend_from_slice(kernel);
            }
        }
        self.norm.append(norm);
        if !signs.is_empty() {
            let shape = [signs.len(), time, bands];
            self.banks
                .push(Kernel::turned(shape, &live, |filter| signs[filter]));
        }
        Ok(())
    }
}

/// A convolution along time over all channels at once, then `ReLU`, then batch norm.
#[derive(Debug)]
pub(crate) struct TimeConv {
    /// A filter an output channel, over all input channels.
    pub kernel: Kernel,
    /// `[outputs]`
    pub bias: Vec<f32>,
    /// Of the outputs.
    pub norm: Norm,
}

impl TimeConv {
    /// Takes the kernel `[outputs, 1, time, inputs]`, the bias and the norm of the layer `name`.
    fn load(
        checkpoint: &mut Checkpoint,
        name: &str,
        [time, inputs, outputs]: [usize; 3],
    ) -> Result<Self, LoadError> {
        let kernel = checkpoint.take(&format!("{name}.kernel"), &[outputs, 1, time, inputs])?;
        Ok(Self {
            kernel: Kernel::turned([outputs, time, inputs], &kernel, |_| 1.0),
            bias: checkpoint.take(&format!("{name}.bias"), &[outputs])?,
            norm: Norm::load(checkpoint, name, outputs)?,
        })
    }
}

/// A matrix and a bias.
#[derive(Clone, Debug)]
pub(crate) struct Dense {
    /// `[inputs, outputs]`
    pub kernel: Vec<f32>,
    /// `[outputs]`
    pub bias: Vec<f32>,
}

impl Dense {
    /// Takes the kernel and the bias of the layer `name`.
    fn load(
        checkpoint: &mut Checkpoint,
        name: &str,
        [inputs, outputs]: [usize; 2],
    ) -> Result<Self, LoadError> {
        Ok(Self {
            kernel: checkpoint.take(&format!("{name}.kernel"), &[inputs, outputs])?,
            bias: checkpoint.take(&format!("{name}.bias"), &[outputs])?,
        })
    }
}
