//! Each stage against the reference, and from samples to tags.
//!
//! The goldens are values of `tests/reference/`, which agrees with the package's own TensorFlow graph
//! to 9e-7. An error is the greatest difference over the kept values, relative to the greatest of
//! them.

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::SafeTensors;
use throughline_core::embedding::{Clip, Embedder, Span};

use super::MusiCnn;
use super::config::{FRAMES, N_FFT, N_MELS, TAGS};
use super::loader::Checkpoint;
use super::mel::LogMel;
use super::model::Network;

/// f32 transform and sums against f64.
const MEL: f64 = 2e-6;
/// Sums of up to 469 products in another order.
const FRONT: f64 = 2e-6;
/// Three convolutions, the first over 3927 products.
const MIDDLE: f64 = 4e-6;
/// One more product of 1506 terms.
const PENULTIMATE: f64 = 4e-6;
/// From samples: all of the above.
const TAG: f64 = 1e-5;

/// The file of goldens.
struct Goldens(Vec<u8>);

impl Goldens {
    fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/musicnn/goldens.safetensors");
        Self(std::fs::read(path).expect("the goldens are part of the repository"))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        let file = SafeTensors::deserialize(&self.0).expect("the goldens are safetensors");
        file.tensor(name).expect("the reference wrote this stage").data().to_vec()
    }

    /// The piece: six seconds, two windows.
    fn samples(&self) -> Vec<f32> {
        let (pairs, _) = self.bytes("samples").as_chunks().0.to_vec().into_iter().fold(
            (Vec::new(), ()),
            |(mut samples, ()), pair: [u8; 2]| {
                samples.push(f32::from(i16::from_le_bytes(pair)) / 32_768.0);
                (samples, ())
            },
        );
        pairs
    }

    /// Fails when `got`, the whole stage, is further than `tolerance` from the reference.
    fn hold(&self, stage: &str, got: &[f32], stride: usize, tolerance: f64) {
        let bytes = self.bytes(stage);
        let want = bytes.as_chunks().0.iter().map(|value| f64::from(f32::from_le_bytes(*value)));
        let got_kept = got.iter().step_by(stride).map(|&x| f64::from(x));
        assert_eq!(want.len(), got_kept.len(), "{stage} has another size than the reference's");
        let greatest = want.clone().fold(0.0_f64, |greatest, x| greatest.max(x.abs()));
        let error = want.zip(got_kept).fold(0.0_f64, |error, (a, b)| error.max((a - b).abs())) / greatest;
        println!("{stage}: {error:.2e}");
        assert!(error <= tolerance, "{stage} is off by {error:.2e}, {tolerance:.0e} is allowed");

        let norm = f64::from_le_bytes(self.bytes(&format!("{stage}.norm")).try_into().expect("one f64"));
        let got_norm = got.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
        let off = (got_norm / norm - 1.0).abs();
        assert!(off <= tolerance, "the values of {stage} that were not kept are off: norm by {off:.2e}");
    }
}
