//! The convolution against its definition, in f64.

use std::hint::black_box;
use std::time::Instant;

use proptest::prelude::*;
use rayon::prelude::*;

use super::Network;
use super::toom::ToomCook;
use crate::musicnn::config::{FRAMES, N_MELS};
use crate::musicnn::embedder::WEIGHTS;
use crate::musicnn::loader::Checkpoint;
use crate::musicnn::parameters::{Kernel, Parameters};
use crate::numbers::numbers;

fn kernel([filters, bands, time]: [usize; 3], seed: u32) -> Kernel {
    Kernel {
        filters,
        bands,
        time,
        taps: numbers(filters * bands * time, seed),
    }
}

/// By definition: the greatest of each filter's answers, `[filters, frames]`.
fn by_definition(kernel: &Kernel, x: &[f32], frames: usize) -> Vec<f64> {
    let bands = x.len() / frames;
    let before = (kernel.time - 1) / 2;
    let answer = |filter: usize, place: usize, frame: usize| -> f64 {
        let taps = &kernel.taps[filter * kernel.bands * kernel.time..];
        let mut sum = 0.0;
        for band in 0..kernel.bands {
            for tap in 0..kernel.time {
                let Some(at) = (frame + tap).checked_sub(before).filter(|&at| at < frames) else {
                    continue;
                };
                let x = x[(place + band) * frames + at];
                sum += f64::from(taps[band * kernel.time + tap]) * f64::from(x);
            }
        }
        sum
    };
    let peak = |filter: usize, frame: usize| {
        (0..=bands - kernel.bands)
            .map(|place| answer(filter, place, frame))
            .fold(f64::NEG_INFINITY, f64::max)
    };
    (0..kernel.filters)
        .flat_map(|filter| (0..frames).map(move |frame| (filter, frame)))
        .map(|(filter, frame)| peak(filter, frame))
        .collect()
}

/// How far `got` is from the definition, at most.
fn off(kernel: &Kernel, x: &[f32], frames: usize) -> f64 {
    let got = ToomCook::new(kernel).peaks(x, frames);
    let want = by_definition(kernel, x, frames);
    assert_eq!(got.len(), want.len(), "one answer a filter and frame");
    let differences = got
        .iter()
        .zip(want)
        .map(|(&got, want)| (f64::from(got) - want).abs());
    differences.fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sizes(
        frames in 1..70_usize,
        [filters, bands] in [1..7_usize, 1..6_usize],
        time in 1..40_usize,
        more_bands in 0..6_usize,
        seed in any::<u16>(),
    ) {
        let seed = u32::from(seed);
        let x = numbers((bands + more_bands) * frames, seed);
        let far = off(&kernel([filters, bands, time], seed + 7), &x, frames);
        prop_assert!(far < 4e-5, "{far:.1e}");
    }
}

#[test]
fn the_sizes_of_the_model() {
    let x = numbers(N_MELS * FRAMES, 3);
    for (bands, time) in [(38, 7), (67, 7), (1, 128), (1, 64), (1, 32), (96, 7)] {
        let far = off(&kernel([9, bands, time], 5), &x, FRAMES);
        assert!(far < 1e-4, "{bands} bands of {time} frames: {far:.1e}");
    }
}

#[test]
fn a_filter_of_zeros_answers_zero() {
    let nothing = Kernel {
        taps: vec![0.0; 3 * 2 * 12],
        ..kernel([3, 2, 12], 0)
    };
    let answers = ToomCook::new(&nothing).peaks(&numbers(4 * 20, 1), 20);
    assert_eq!(answers, vec![0.0; 3 * 20]);
}

/// Prints where the time goes.
#[test]
#[ignore = "a measurement, for docs/performance.md"]
fn how_long_each_layer_takes() {
    const ROUNDS: usize = 40;
    let mel: Vec<f32> = numbers(FRAMES * N_MELS, 9)
        .iter()
        .map(|x| 1.5 + 1.5 * x)
        .collect();
    for (name, weights) in WEIGHTS {
        let checkpoint = Checkpoint::read(name, weights).expect("the embedded weights are whole");
        let parameters = Parameters::load(checkpoint).expect("the embedded weights fit");
        let network = Network::new(&parameters);
        let milliseconds = |work: &dyn Fn()| {
            work();
            let start = Instant::now();
            (0..ROUNDS).for_each(|_| work());
            start.elapsed().as_secs_f64() * 1e3 / ROUNDS as f64
        };
        let bands = numbers(FRAMES * N_MELS, 11);
        for (bank, kernel) in network.banks.iter().zip(&parameters.front.banks) {
            let took = milliseconds(&|| drop(black_box(bank.peaks(&bands, FRAMES))));
            let Kernel {
                filters,
                bands,
                time,
                ..
            } = kernel;
            let places = N_MELS - bands + 1;
            let direct = 2.0 * (filters * bands * time * places * FRAMES) as f64 / took / 1e6;
            println!(
                "{name}: {filters} filters of {time} × {bands}: {took:.2} ms, as direct {direct:.0} GFLOP/s"
            );
        }
        let front = network.front(&mel);
        let middle = network.middle(&front);
        println!(
            "{name}: front {:.2} ms",
            milliseconds(&|| drop(black_box(network.front(&mel))))
        );
        println!(
            "{name}: middle {:.2} ms",
            milliseconds(&|| drop(black_box(network.middle(&front))))
        );
        println!(
            "{name}: back {:.2} ms",
            milliseconds(&|| drop(black_box(network.back(&front, &middle))))
        );
        let start = Instant::now();
        let windows = 10 * ROUNDS;
        (0..windows)
            .into_par_iter()
            .for_each(|_| drop(black_box(network.forward(&mel))));
        let rate = windows as f64 / start.elapsed().as_secs_f64();
        println!(
            "{name}: {rate:.1} windows/s on {} threads",
            rayon::current_num_threads()
        );
    }
}
