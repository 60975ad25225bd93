//! Both checkpoints as one [`Embedder`].

use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{Array2, ArrayView2, Axis, Slice};
use rayon::prelude::*;
use throughline_core::embedding::{
    Clip, EmbedError, Embedder, FeatureVersion, Features, ModelId, Prepared, Recipe, Span, Window,
};

use super::config::{
    FEATURE_VERSION, FEATURES, FRAMES, HOP, MAX_WINDOWS, MODEL_ID, N_MELS, SAMPLE_RATE, TAGS,
};
use super::loader::{Checkpoint, LoadError};
use super::mel::LogMel;
use super::model;
use super::parameters::Parameters;
use super::processor;
use super::windows;
use crate::device::Chosen;

/// The embedded checkpoints by name, in the order of [`Embedder::parts`].
pub(crate) const WEIGHTS: [(&str, &[u8]); 2] = [
    ("msd", include_bytes!("weights/msd.safetensors")),
    ("mtt", include_bytes!("weights/mtt.safetensors")),
];

/// Windows that go through a network at once on a card: those of a track.
const CARD_BATCH: usize = MAX_WINDOWS as usize;

/// `MusiCNN`: the features of `MSD`, then those of `MTT`; the tags likewise.
///
/// It holds no state between calls and may be used from several threads at once.
#[derive(Debug)]
pub struct MusiCnn {
    recipe: Recipe,
    tag_names: Vec<String>,
    mel: LogMel,
    networks: Networks,
}

/// Both checkpoints, laid out for where they run.
#[derive(Debug)]
enum Networks {
    /// By our own loops around faer's matrix products.
    Processor(Box<[processor::Network; 2]>),
    /// By burn.
    Card(Device, Box<[model::Network; 2]>),
}

impl MusiCnn {
    /// Loads the embedded weights onto a device. Fails only if the binary was built with weights that do
    /// not fit the network.
    pub fn load(chosen: &Chosen) -> Result<Self, LoadError> {
        let [msd, mtt] = WEIGHTS.map(|(name, bytes)| Checkpoint::read(name, bytes));
        let (msd, mtt) = (msd?, mtt?);
        let mut tag_names = msd.tags(TAGS)?;
        tag_names.extend(mtt.tags(TAGS)?);
        let both = [Parameters::load(msd)?, Parameters::load(mtt)?];
        Ok(Self {
            recipe: Recipe {
                model: ModelId(MODEL_ID.to_owned()),
                feature_version: FeatureVersion(FEATURE_VERSION.to_owned()),
            },
            tag_names,
            mel: LogMel::new(),
            networks: Networks::new(&both, chosen),
        })
    }
}

impl Networks {
    fn new(both: &[Parameters; 2], chosen: &Chosen) -> Self {
        if chosen.is_processor {
            return Self::Processor(Box::new(both.each_ref().map(processor::Network::new)));
        }
        let device = &chosen.device;
        let on_card = |parameters| model::Network::new(parameters, device);
        Self::Card(device.clone(), Box::new(both.each_ref().map(on_card)))
    }

    /// Features `[windows, 2 · FEATURES]` and tags `[windows, 2 · TAGS]` of log-mel windows, each
    /// `[FRAMES, N_MELS]`.
    fn forward(&self, windows: &[&Window]) -> Result<(Array2<f32>, Array2<f32>), EmbedError> {
        let mut features = Vec::with_capacity(windows.len() * 2 * FEATURES);
        let mut tags = Vec::with_capacity(windows.len() * 2 * TAGS);
        match self {
            Self::Processor(both) => {
                let outputs: Vec<_> = (0..2 * windows.len())
                    .into_par_iter()
                    .map(|i| {
                        let mel = windows[i / 2].mel.as_standard_layout();
                        both[i % 2].forward(mel.as_slice().expect("it is in standard layout"))
                    })
                    .collect();
                for output in outputs {
                    features.extend(output.features);
                    tags.extend(output.tags);
                }
            }
            Self::Card(device, both) => {
                for batch in windows.chunks(CARD_BATCH) {
                    let shape = [batch.len(), FRAMES, N_MELS];
                    let mels = batch.iter().flat_map(|window| &window.mel).copied();
                    let mel = TensorData::new(mels.collect::<Vec<f32>>(), shape);
                    let mel = Tensor::from_data(mel, device);
                    let [msd, mtt] = both.each_ref().map(|network| network.forward(mel.clone()));
                    features.extend(values(Tensor::cat(vec![msd.features, mtt.features], 1))?);
                    tags.extend(values(Tensor::cat(vec![msd.tags, mtt.tags], 1))?);
                }
            }
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
    fn prepare(&self, clip: &Clip) -> Result<Prepared, EmbedError> {
        let mut prepared = Vec::new();
        for start in windows::starts(clip.track_len) {
            let Some(samples) = windows::gather(clip, start) else {
                continue;
            };
            let mel = self.mel.compute(&samples);
            if mel.iter().any(|x| !x.is_finite()) {
                let second = start * HOP as u64 / u64::from(SAMPLE_RATE);
                return Err(EmbedError::Model(format!(
                    "samples behind second {second} are not finite numbers"
                )));
            }
            prepared.push(Window {
                start: start * HOP as u64,
                mel: rows(mel, N_MELS),
            });
        }
        if prepared.is_empty() {
            let len = clip
                .stretches
                .iter()
                .map(|(_, samples)| samples.len() as u64)
                .sum();
            return Err(EmbedError::TooShort {
                len,
                need: windows::MIN_SAMPLES,
            });
        }
        Ok(Prepared { windows: prepared })
    }

    fn embed(&self, batch: &[Prepared]) -> Vec<Result<Features, EmbedError>> {
        let all: Vec<&Window> = batch.iter().flat_map(|clip| &clip.windows).collect();
        let (windows, tags) = match self.networks.forward(&all) {
            Ok(output) => output,
            Err(error) => return vec![Err(error); batch.len()],
        };
        let mut from = 0;
        batch
            .iter()
            .map(|clip| {
                let of_clip = Slice::from(from..from + clip.windows.len());
                from += clip.windows.len();
                pool(
                    clip,
                    &windows.slice_axis(Axis(0), of_clip),
                    &tags.slice_axis(Axis(0), of_clip),
                )
            })
            .collect()
    }
}

/// The features of `clip`, whose windows gave `windows`, `[windows, 2 · FEATURES]`, and `tags`,
/// `[windows, 2 · TAGS]`.
fn pool(
    clip: &Prepared,
    windows: &ArrayView2<'_, f32>,
    tags: &ArrayView2<'_, f32>,
) -> Result<Features, EmbedError> {
    if windows.iter().chain(tags).any(|x| !x.is_finite()) {
        return Err(EmbedError::Model(
            "it gave a value that is no number".to_owned(),
        ));
    }
    Ok(Features {
        pooled: mean(windows),
        tags: mean(tags),
        windows: windows.to_owned(),
        window_starts: clip.windows.iter().map(|window| window.start).collect(),
    })
}

/// The values of a matrix, row-major, fetched from its device.
fn values(matrix: Tensor<2>) -> Result<Vec<f32>, EmbedError> {
    let data = matrix
        .try_into_data()
        .map_err(|error| EmbedError::Model(error.to_string()))?;
    data.try_into_vec()
        .map_err(|error| EmbedError::Model(error.to_string()))
}

/// `values` as rows of `columns`.
fn rows(values: Vec<f32>, columns: usize) -> Array2<f32> {
    let shape = (values.len() / columns, columns);
    Array2::from_shape_vec(shape, values).expect("whole rows were gathered")
}

/// Mean over the rows of a matrix that has at least one; summed in f64.
fn mean(rows: &ArrayView2<'_, f32>) -> Vec<f32> {
    let sums = rows
        .rows()
        .into_iter()
        .fold(vec![0.0_f64; rows.ncols()], |mut sums, row| {
            sums.iter_mut()
                .zip(row)
                .for_each(|(sum, &x)| *sum += f64::from(x));
            sums
        });
    sums.iter()
        .map(|sum| (sum / rows.nrows() as f64) as f32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{DeviceChoice, choose};

    fn model() -> MusiCnn {
        let chosen = choose(DeviceChoice::Cpu).expect("there is a processor");
        MusiCnn::load(&chosen).expect("the embedded weights load")
    }

    /// Some seconds of a sound that changes all the time.
    fn sound(samples: u64) -> Vec<f32> {
        let noise = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let at = |i: u64| {
            let t = i as f32 / SAMPLE_RATE as f32;
            0.4 * (900.0 * t * (1.0 + 0.05 * t)).sin() + 0.1 * (noise(i) as f32 / 8_388_608.0 - 1.0)
        };
        (0..samples).map(at).collect()
    }

    fn clip(samples: &[f32], spans: &[Span]) -> Clip {
        let stretch = |span: &Span| (*span, samples[span.start as usize..][..span.len].to_vec());
        Clip {
            track_len: samples.len() as u64,
            stretches: spans.iter().map(stretch).collect(),
        }
    }

    fn whole(samples: &[f32]) -> Clip {
        clip(
            samples,
            &[Span {
                start: 0,
                len: samples.len(),
            }],
        )
    }

    /// The greatest difference between two windows; sums may be ordered otherwise in other batches.
    fn difference(a: &Features, b: &Features, window: usize) -> f32 {
        let pairs = a
            .windows
            .row(window)
            .into_iter()
            .zip(b.windows.row(window))
            .map(|(x, y)| (x - y).abs());
        pairs.fold(0.0, f32::max)
    }

    #[test]
    fn stretches_of_a_long_track_give_what_the_whole_track_gives() {
        let model = model();
        let samples = sound(90 * u64::from(SAMPLE_RATE));
        let stretches = clip(&samples, &model.spans(samples.len() as u64));
        assert!(
            stretches.stretches.len() > 1,
            "a long track is taken in stretches"
        );
        let features = model.features(&stretches).unwrap();
        assert_eq!(features.window_starts.len(), 20);
        assert_eq!(
            features,
            model.features(&whole(&samples)).unwrap(),
            "context beyond a stretch leaked in"
        );
    }

    #[test]
    fn windows_do_not_know_each_other_and_the_tail_is_dropped() {
        let model = model();
        let samples = sound(windows::MIN_SAMPLES + 5 * FRAMES as u64 * HOP as u64);
        let all = model.features(&whole(&samples)).unwrap();
        assert_eq!(
            (all.windows.dim(), all.pooled.len(), all.tags.len()),
            ((6, 400), 400, 100)
        );
        assert_eq!(model.tag_names().len(), all.tags.len());
        let with_tail = model
            .features(&whole(&sound(samples.len() as u64 + 180 * HOP as u64)))
            .unwrap();
        // The last window is mirrored at another end; those before it see nothing of the tail.
        assert_eq!(with_tail.windows.dim(), all.windows.dim());
        assert!(difference(&with_tail, &all, 4) < 1e-5);
        assert!(
            difference(&with_tail, &all, 5) > 0.0,
            "the last window ends otherwise"
        );
    }

    #[test]
    fn a_truncated_track_loses_its_last_windows_only() {
        let model = model();
        let samples = sound(10 * u64::from(SAMPLE_RATE));
        let all = model.features(&whole(&samples)).unwrap();
        let mut cut = whole(&samples);
        cut.stretches[0].1.truncate(7 * SAMPLE_RATE as usize);
        let some = model.features(&cut).unwrap();
        assert_eq!((all.windows.nrows(), some.windows.nrows()), (3, 2));
        assert!(difference(&some, &all, 1) < 1e-5);
        cut.stretches[0].1.truncate(1000);
        let too_short = EmbedError::TooShort {
            len: 1000,
            need: 47_616,
        };
        assert_eq!(model.features(&cut), Err(too_short));
    }

    #[test]
    fn silence_noise_and_overdriven_sound_stay_finite() {
        let model = model();
        for gain in [0.0, 1e-6, 1.0, 1e6, 1e15] {
            let samples: Vec<f32> = sound(4 * u64::from(SAMPLE_RATE))
                .iter()
                .map(|x| gain * x)
                .collect();
            let features = model.features(&whole(&samples)).unwrap();
            assert!(
                features.pooled.iter().all(|x| x.is_finite()),
                "at gain {gain}"
            );
            assert!(
                features.tags.iter().all(|p| (0.0..=1.0).contains(p)),
                "at gain {gain}"
            );
        }
    }

    #[test]
    fn a_sample_that_is_no_number_is_an_error() {
        let model = model();
        for bad in [f32::NAN, f32::INFINITY, f32::MAX] {
            let mut samples = sound(7 * u64::from(SAMPLE_RATE));
            samples[80_000] = bad;
            assert!(
                matches!(model.features(&whole(&samples)), Err(EmbedError::Model(reason)) if reason.contains("second 2")),
                "{bad} must not become a vector"
            );
        }
    }

    #[test]
    fn clips_of_a_batch_do_not_know_each_other() {
        let model = model();
        let clips = [7, 4, 13].map(|s| whole(&sound(s * u64::from(SAMPLE_RATE))));
        let batch = clips.each_ref().map(|clip| model.prepare(clip).unwrap());
        let answers = model.embed(&batch);
        assert_eq!(answers.len(), clips.len(), "one answer a clip");
        for (clip, answer) in clips.iter().zip(answers) {
            let (alone, together) = (model.features(clip).unwrap(), answer.unwrap());
            assert_eq!(together.window_starts, alone.window_starts);
            for window in 0..alone.windows.nrows() {
                assert!(
                    difference(&together, &alone, window) < 1e-5,
                    "window {window} of another clip, or out of order"
                );
            }
        }
    }

    #[test]
    fn several_threads_may_embed_at_once() {
        let model = model();
        let clip = whole(&sound(7 * u64::from(SAMPLE_RATE)));
        let alone = model.features(&clip);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3)
                .map(|_| scope.spawn(|| model.features(&clip)))
                .collect();
            for thread in threads {
                assert_eq!(
                    thread.join().expect("no panic"),
                    alone,
                    "threads disturb each other"
                );
            }
        });
    }
}
