//! How many windows a second one call of `features` makes, mel to tags, both checkpoints.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use throughline_core::embedding::{Clip, Embedder};
use throughline_models::device::{DeviceChoice, choose};
use throughline_models::musicnn::MusiCnn;

fn main() {
    divan::main();
}

/// Windows a second (`item/s`) of a clip of so many seconds, through both networks.
#[divan::bench(args = [3, 30, 60], sample_count = 10)]
fn embed(bencher: Bencher, seconds: u64) {
    let chosen = choose(DeviceChoice::Auto).expect("auto always finds a device");
    let model = MusiCnn::load(&chosen).expect("the embedded weights load");
    let track_len = seconds * u64::from(model.sample_rate());
    let stretches = model
        .spans(track_len)
        .into_iter()
        .map(|span| {
            (
                span,
                (0..span.len)
                    .map(|i| (i as f32 * i as f32 * 1e-4).sin() * 0.3)
                    .collect(),
            )
        })
        .collect();
    let clip = Clip {
        track_len,
        stretches,
    };
    let windows = model
        .features(&clip)
        .expect("the clip is long enough")
        .window_starts
        .len();
    bencher
        .counter(ItemsCount::new(windows))
        .bench(|| model.features(black_box(&clip)));
}
