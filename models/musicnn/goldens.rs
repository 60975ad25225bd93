//! Each stage against the reference, and from samples to tags.
//!
//! The goldens are values of `tests/reference/`, which agrees with the package's own TensorFlow graph
//! to 9e-7. An error is the greatest difference over the kept values, relative to the greatest of
//! them; each tolerance was set at about three times what the network measures on a device, which leaves
//! room for the other sums of other processors and devices. What it measures on a processor, in another
//! arithmetic, stands behind: only in the middle is it nearer to the tolerance, 1.5 times below it.

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::SafeTensors;
use throughline_core::embedding::{Clip, Embedder, Span};

use super::config::{FEATURES, FRAMES, N_FFT, N_MELS, TAGS};
use super::embedder::{MusiCnn, WEIGHTS};
use super::loader::Checkpoint;
use super::mel::LogMel;
use super::model;
use super::parameters::Parameters;
use super::processor;
use crate::device::{DeviceChoice, choose};

/// Transform, filters and logarithm in f32 against f64. Measured: 2.9e-7.
const MEL: f64 = 1e-6;
/// Sums of up to 469 products. Measured: 5.3e-7 on a device, 5.7e-7 on a processor.
const FRONT: f64 = 2e-6;
/// Three convolutions after one another, the first of 3927 products. Measured: 2.1e-6, 3.9e-6.
const MIDDLE: f64 = 6e-6;
/// One more product, of 1506 terms. Measured: 1.3e-6, 9.7e-7.
const PENULTIMATE: f64 = 4e-6;
/// From samples to tags, through all of the above. Measured: 9.1e-7, 5.9e-7.
const TAGS_AT_ONCE: f64 = 3e-6;
/// The same, each probability relative to itself, so that the smallest counts as much. Measured on a
/// processor: 5.7e-6.
const EACH_TAG: f64 = 3e-5;

/// Every how many-th value of a stage the reference kept: `STRIDE` in `make_musicnn_goldens.py`.
const MEL_STRIDE: usize = 7;
const FRONT_STRIDE: usize = 97;
const MIDDLE_STRIDE: usize = 37;

/// The file of goldens.
struct Goldens(Vec<u8>);

impl Goldens {
    fn read() -> Self {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/fixtures/musicnn/goldens.safetensors"
        );
        Self(std::fs::read(path).expect("the goldens are part of the repository"))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        let file = SafeTensors::deserialize(&self.0).expect("the goldens are safetensors");
        file.tensor(name)
            .expect("the reference wrote this stage")
            .data()
            .to_vec()
    }

    /// The piece: six seconds, two windows.
    fn samples(&self) -> Vec<f32> {
        let bytes = self.bytes("samples");
        let pairs = bytes.as_chunks().0.iter();
        pairs
            .map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32_768.0)
            .collect()
    }

    /// Fails when `got`, the whole stage, is further than `tolerance` from the reference.
    fn hold(&self, stage: &str, got: &[f32], stride: usize, tolerance: f64) {
        let bytes = self.bytes(stage);
        let want = bytes
            .as_chunks()
            .0
            .iter()
            .map(|value| f64::from(f32::from_le_bytes(*value)));
        let got_kept = got.iter().step_by(stride).map(|&x| f64::from(x));
        assert_eq!(
            want.len(),
            got_kept.len(),
            "{stage} has another size than the reference's"
        );
        let greatest = want
            .clone()
            .fold(0.0_f64, |greatest, x| greatest.max(x.abs()));
        let error = want
            .zip(got_kept)
            .fold(0.0_f64, |error, (a, b)| error.max((a - b).abs()))
            / greatest;
        println!("{stage}: {error:.2e}");
        assert!(
            error <= tolerance,
            "{stage} is off by {error:.2e}, {tolerance:.0e} is allowed"
        );

        let norm = f64::from_le_bytes(
            self.bytes(&format!("{stage}.norm"))
                .try_into()
                .expect("one f64"),
        );
        let got_norm = got
            .iter()
            .map(|&x| f64::from(x).powi(2))
            .sum::<f64>()
            .sqrt();
        let off = (got_norm / norm - 1.0).abs();
        assert!(
            off <= tolerance,
            "the values of {stage} that were not kept are off: norm by {off:.2e}"
        );
    }

    /// Holds front, middle, features and tags of the checkpoint `name`, all windows of each.
    fn hold_network(&self, name: &str, stages: &[Vec<f32>; 4]) {
        let how = [
            ("front", FRONT_STRIDE, FRONT),
            ("middle", MIDDLE_STRIDE, MIDDLE),
            ("penultimate", 1, PENULTIMATE),
            ("tags", 1, TAGS_AT_ONCE),
        ];
        for ((stage, stride, tolerance), got) in how.into_iter().zip(stages) {
            self.hold(&format!("{name}.{stage}"), got, stride, tolerance);
        }
    }
}

/// A track mirrored at both ends, so that frame `t` is centred on sample `t · HOP`.
fn mirrored(samples: &[f32]) -> Vec<f32> {
    let half = N_FFT / 2;
    let before = samples[1..=half].iter().rev();
    let after = samples[samples.len() - 1 - half..samples.len() - 1]
        .iter()
        .rev();
    before.chain(samples).chain(after).copied().collect()
}

fn vec<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .try_into_vec()
        .expect("the network is float32")
}

#[test]
fn mel_agrees_with_the_reference() {
    let goldens = Goldens::read();
    let mel = LogMel::new().compute(&mirrored(&goldens.samples()));
    goldens.hold("mel", &mel, MEL_STRIDE, MEL);
}

/// The piece's windows, `[windows, FRAMES, N_MELS]`.
fn windows_of_the_piece(goldens: &Goldens) -> (usize, Vec<f32>) {
    let mut mel = LogMel::new().compute(&mirrored(&goldens.samples()));
    let windows = mel.len() / (FRAMES * N_MELS);
    mel.truncate(windows * FRAMES * N_MELS);
    (windows, mel)
}

fn parameters(name: &'static str, weights: &[u8]) -> Parameters {
    let checkpoint = Checkpoint::read(name, weights).expect("the embedded weights are whole");
    Parameters::load(checkpoint).expect("the embedded weights fit")
}

#[test]
fn every_stage_on_a_device_agrees_with_the_reference() {
    let goldens = Goldens::read();
    let device = Device::flex();
    let (windows, mel) = windows_of_the_piece(&goldens);
    let mel = TensorData::new(mel, [windows, FRAMES, N_MELS]);
    for (name, weights) in WEIGHTS {
        let network = model::Network::new(&parameters(name, weights), &device);
        let front = network.front(Tensor::from_data(mel.clone(), &device));
        let middle = network.middle(front.clone());
        let output = network.back(front.clone(), middle.clone());
        goldens.hold_network(
            name,
            &[
                vec(front),
                vec(middle),
                vec(output.features),
                vec(output.tags),
            ],
        );
    }
}

#[test]
fn every_stage_on_a_processor_agrees_with_the_reference() {
    let goldens = Goldens::read();
    let (_, mel) = windows_of_the_piece(&goldens);
    for (name, weights) in WEIGHTS {
        let network = processor::Network::new(&parameters(name, weights));
        let mut stages: [Vec<f32>; 4] = Default::default();
        for mel in mel.chunks_exact(FRAMES * N_MELS) {
            let front = network.front(mel);
            let middle = network.middle(&front);
            let output = network.back(&front, &middle);
            let parts = [
                frame_by_frame(&front),
                frame_by_frame(&middle),
                output.features,
                output.tags,
            ];
            for (stage, part) in stages.iter_mut().zip(parts) {
                stage.extend(part);
            }
        }
        goldens.hold_network(name, &stages);
    }
}

/// `[channels, FRAMES] -> [FRAMES, channels]`, as the reference has it.
fn frame_by_frame(rows: &[f32]) -> Vec<f32> {
    let frame = |frame: usize| rows.iter().skip(frame).step_by(FRAMES);
    (0..FRAMES).flat_map(frame).copied().collect()
}

#[test]
fn samples_to_features_and_tags_agree_with_the_reference() {
    let goldens = Goldens::read();
    let samples = goldens.samples();
    let chosen = choose(DeviceChoice::Cpu).expect("there is a processor");
    let model = MusiCnn::load(&chosen).expect("the embedded weights load");
    let span = Span {
        start: 0,
        len: samples.len(),
    };
    let clip = Clip {
        track_len: samples.len() as u64,
        stretches: vec![(span, samples)],
    };
    let features = model.features(&clip).expect("six seconds hold two windows");
    assert_eq!(features.window_starts, [0, 187 * 256]);
    let stage = |name: &str| {
        let bytes = goldens.bytes(name);
        bytes
            .as_chunks()
            .0
            .iter()
            .map(|value| f32::from_le_bytes(*value))
            .collect::<Vec<f32>>()
    };
    for (part, (name, _)) in WEIGHTS.into_iter().enumerate() {
        let window: Vec<f32> = features
            .windows
            .rows()
            .into_iter()
            .flat_map(|row| row.to_vec()[part * FEATURES..][..FEATURES].to_vec())
            .collect();
        goldens.hold(&format!("{name}.penultimate"), &window, 1, PENULTIMATE);
        let tags = stage(&format!("{name}.tags"));
        let error = features.tags[part * TAGS..][..TAGS]
            .iter()
            .enumerate()
            .map(|(tag, got)| {
                let mean = f32::midpoint(tags[tag], tags[TAGS + tag]);
                f64::from((got / mean - 1.0).abs())
            });
        let error = error.fold(0.0_f64, f64::max);
        println!("{name}: {error:.2e} relative, tag by tag");
        assert!(
            error < EACH_TAG,
            "a probability of {name} is off by {error:.2e} of itself"
        );
    }
}
