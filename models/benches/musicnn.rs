//! `MusiCNN` on clips of some seconds: the mel, both networks, and the way from samples to features.
//!
//! `tests/peers/musicnn_torch.py` times `PyTorch` on the same networks, one at a time; a window here went
//! through both.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use throughline_core::embedding::{Clip, Embedder, Prepared};
use throughline_models::device::{DeviceChoice, choose};
use throughline_models::musicnn::MusiCnn;

fn main() {
    divan::main();
}

fn model() -> MusiCnn {
    let chosen = choose(DeviceChoice::Auto).expect("auto always finds a device");
    MusiCnn::load(&chosen).expect("the embedded weights load")
}

/// So many seconds of a sound that never stays the same.
fn clip(model: &MusiCnn, seconds: u64) -> Clip {
    let track_len = seconds * u64::from(model.sample_rate());
    let sample = |i: usize| (i as f32 * i as f32 * 1e-4).sin() * 0.3;
    let stretches = model.spans(track_len).into_iter();
    Clip {
        track_len,
        stretches: stretches
            .map(|span| (span, (0..span.len).map(sample).collect()))
            .collect(),
    }
}

fn prepared(model: &MusiCnn, seconds: u64) -> Prepared {
    let clip = clip(model, seconds);
    model.prepare(&clip).expect("the clip is long enough")
}

/// From the embedded bytes to networks that are ready.
#[divan::bench(sample_count = 10)]
fn load(bencher: Bencher) {
    bencher.bench(model);
}

/// Windows a second (`item/s`) from samples to log-mel, on one thread.
#[divan::bench(sample_count = 10)]
fn mel(bencher: Bencher) {
    let model = model();
    let clip = clip(&model, 30);
    let windows = prepared(&model, 30).windows.len();
    bencher
        .counter(ItemsCount::new(windows))
        .bench(|| model.prepare(black_box(&clip)));
}

/// Windows a second (`item/s`) through both networks, of one clip of so many seconds.
#[divan::bench(args = [3, 30, 60], sample_count = 20)]
fn networks(bencher: Bencher, seconds: u64) {
    let model = model();
    let clips = [prepared(&model, seconds)];
    bencher
        .counter(ItemsCount::new(clips[0].windows.len()))
        .bench(|| model.embed(black_box(&clips)));
}
