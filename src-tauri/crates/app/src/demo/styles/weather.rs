//! Weather: noise shaped into wind, surf, rain and thunder, with no notes at all.

use crate::demo::{
    filter::{LowPass, Sweep},
    math::{SAMPLES_PER_SECOND, exp2},
    noise::{Brown, Drift},
    oscillator::{Partial, Phase},
    rng::Rng,
    room::reverberate,
    tape::{Tape, swell},
};

/// Seconds of each piece.
const LENGTHS: [f32; 5] = [24.0, 26.0, 22.0, 27.0, 25.0];

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let length = LENGTHS[number];
    let mut tape = Tape::new(length);
    match number {
        0 => {
            for (low, level) in [(180.0, 1.0), (420.0, 0.7), (900.0, 0.3)] {
                wind(&mut tape, length, low, level, rng);
            }
        }
        1 => surf(&mut tape, length, rng),
        2 => rain(&mut tape, length, 160.0, 1.0, rng),
        3 => {
            rain(&mut tape, length, 60.0, 0.4, rng);
            for (at, far) in [(1.5, 0.0), (10.0, 0.4), (19.0, 0.8)] {
                thunder(&mut tape, at, far, rng);
            }
            wind(&mut tape, length, 250.0, 0.25, rng);
        }
        _ => {
            wind(&mut tape, length, 320.0, 0.5, rng);
            for (pitch, rest) in [(4300.0, 0.55), (4750.0, 0.8)] {
                cricket(&mut tape, length, pitch, rest, rng);
            }
            for at in [6.0, 14.5, 20.0] {
                owl(&mut tape, at);
            }
        }
    }
    reverberate(&mut tape, 2.0, 3000.0, 0.1);
    tape
}

/// Noise around a frequency that wanders two octaves up from `low` Hz, louder as it rises.
fn wind(tape: &mut Tape, length: f32, low: f32, level: f32, rng: &mut Rng) {
    let mut filter = Sweep::default();
    let (mut gust, mut flutter) = (Drift::new(2.6, rng), Drift::new(0.35, rng));
    let mut edge = swell(length, 2.0, 2.0);
    tape.add(0.0, length, || {
        let strength = 0.8 * gust.next(rng) + 0.2 * flutter.next(rng);
        filter.tune(low * exp2(2.0 * strength), 4.0);
        let loud = level * (0.08 + strength * strength);
        edge() * loud * filter.step(rng.white()).band
    });
}

/// Waves that roll in, break, and run back over pebbles.
fn surf(tape: &mut Tape, length: f32, rng: &mut Rng) {
    let mut at = 0.0;
    while at < length {
        let seconds = rng.between(6.5, 8.5);
        let force = rng.between(0.6, 1.0);
        let (mut rolling, mut deep) = (
            swell(seconds, 0.5 * seconds, 0.4 * seconds),
            Brown::default(),
        );
        tape.add(at, seconds, || force * rolling() * deep.next(rng));
        let (mut breaking, mut soft) = (swell(3.5, 0.5, 2.8), LowPass::new(2600.0));
        tape.add(at + 0.42 * seconds, 3.5, || {
            0.5 * force * breaking() * soft.low(rng.white())
        });
        let (mut back, mut bright) = (swell(4.0, 1.5, 2.0), Sweep::new(4500.0, 0.8));
        tape.add(at + 0.7 * seconds, 4.0, || {
            0.1 * force * back() * bright.step(rng.white()).high
        });
        at += 0.8 * seconds;
    }
}

/// `drops` a second on a tin roof, over the hiss of all those too far to tell apart.
fn rain(tape: &mut Tape, length: f32, drops: f32, level: f32, rng: &mut Rng) {
    let mut hiss = Sweep::new(3500.0, 0.6);
    let mut gust = Drift::new(4.0, rng);
    let mut edge = swell(length, 1.0, 2.0);
    tape.add(0.0, length, || {
        let bands = hiss.step(rng.white());
        0.05 * level * edge() * (0.6 + 0.4 * gust.next(rng)) * (bands.band + 0.5 * bands.high)
    });
    for _ in 0..(drops * length) as usize {
        let at = rng.between(0.0, length);
        let near = rng.unit();
        let force = level * 0.4 * near * near * near;
        let mut ring = Partial::new(rng.between(900.0, 5200.0), rng.between(0.01, 0.05), force);
        tape.add(at, 0.05, || ring.next());
    }
}

/// A clap and its long rumble: sharp when near (`far` 0), dull when far (1).
fn thunder(tape: &mut Tape, at: f32, far: f32, rng: &mut Rng) {
    let seconds = 7.0;
    let mut roll = Drift::new(0.25, rng);
    let mut dull = LowPass::new(260.0 - 160.0 * far);
    let mut level = swell(seconds, 0.03 + 0.8 * far, 6.0);
    tape.add(at, seconds, || {
        let waves = 0.3 + roll.next(rng);
        (5.0 - 2.0 * far) * level() * waves * dull.low(rng.white())
    });
    let mut crack = swell(0.5, 0.005, 0.49);
    let mut bright = LowPass::new(2500.0);
    tape.add(at, 0.5, || {
        0.7 * (1.0 - far) * crack() * bright.low(rng.white())
    });
}

/// A cricket: four short pulses of a high tone, again after `rest` seconds.
fn cricket(tape: &mut Tape, length: f32, pitch: f32, rest: f32, rng: &mut Rng) {
    let mut at = rng.unit();
    while at < length - 1.0 {
        for pulse in 0..4 {
            let mut tone = Phase::new(pitch, 0.0);
            let mut level = swell(0.022, 0.005, 0.012);
            tape.add(at + pulse as f32 * 0.034, 0.022, || {
                0.06 * level() * tone.sine()
            });
        }
        at += rest + rng.between(0.0, 0.1);
    }
}

/// Two hoots.
fn owl(tape: &mut Tape, at: f32) {
    for (late, seconds) in [(0.0, 0.35), (0.7, 0.9)] {
        let mut tone = Phase::new(390.0, 0.0);
        let mut level = swell(seconds, 0.08, 0.25);
        let mut time = 0.0;
        tape.add(at + late, seconds, || {
            time += 1.0 / SAMPLES_PER_SECOND;
            tone.tune(390.0 - 40.0 * time);
            0.14 * level() * tone.sine()
        });
    }
}
