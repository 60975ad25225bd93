//! Slow pads: chords of many detuned voices behind a moving filter.

use crate::demo::{
    filter::Sweep,
    harmony::{DORIAN, LYDIAN, MAJOR, MINOR, Song},
    math::{exp2, hertz},
    noise::Drift,
    oscillator::Phase,
    rng::Rng,
    room::reverberate,
    tape::{Tape, swell},
};

// One bar is one chord: four beats at these tempi are 4.8 to 6.5 seconds.
#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 50, scale: MAJOR, tempo: 44.0, metre: 4, bars: 4, chords: &[0, 5, 3] },
    Song { root: 45, scale: MINOR, tempo: 48.0, metre: 4, bars: 4, chords: &[0, 5, 6] },
    Song { root: 53, scale: LYDIAN, tempo: 50.0, metre: 4, bars: 5, chords: &[0, 1, 4, 1] },
    Song { root: 55, scale: MAJOR, tempo: 46.0, metre: 4, bars: 4, chords: &[3, 0, 4] },
    Song { root: 48, scale: DORIAN, tempo: 37.0, metre: 4, bars: 3, chords: &[0, 3] },
];

/// What the voices are made of and how the filter moves.
struct Timbre {
    wave: Wave,
    /// The filter's lowest cut-off in Hz, and how many octaves it moves above it.
    closed: f32,
    octaves: f32,
    /// Whether the filter opens and closes once over the piece, or wanders.
    arch: bool,
    /// How far apart the voices of a note lie, in semitones.
    spread: f32,
    /// Seconds in which a chord comes in.
    attack: f32,
}

#[derive(Clone, Copy)]
enum Wave {
    Saw,
    Pulse,
    Triangle,
}

#[rustfmt::skip]
const TIMBRES: [Timbre; 5] = [
    Timbre { wave: Wave::Saw, closed: 500.0, octaves: 2.0, arch: false, spread: 0.12, attack: 1.8 },
    Timbre { wave: Wave::Saw, closed: 260.0, octaves: 2.0, arch: false, spread: 0.16, attack: 2.2 },
    Timbre { wave: Wave::Pulse, closed: 600.0, octaves: 2.2, arch: false, spread: 0.1, attack: 1.6 },
    Timbre { wave: Wave::Triangle, closed: 900.0, octaves: 1.5, arch: false, spread: 0.08, attack: 2.0 },
    Timbre { wave: Wave::Saw, closed: 220.0, octaves: 4.0, arch: true, spread: 0.14, attack: 3.0 },
];

/// Voices a note.
const VOICES: usize = 3;

/// Seconds for which a chord overlaps the next.
const OVERLAP: f32 = 2.5;

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let (song, timbre) = (&SONGS[number], &TIMBRES[number]);
    let bar = song.seconds(song.metre as f32);
    let total = song.bars as f32 * bar + OVERLAP;
    let mut tape = Tape::new(total);
    for n in 0..song.bars {
        let [a, b, c, d] = song.close::<4>(n, song.root);
        for note in [a - 12, b, c, d, a + 12] {
            hold(&mut tape, n as f32 * bar, bar + OVERLAP, note, timbre, rng);
        }
        let root = hertz((song.note(song.chord(n)) - 24) as f32);
        let mut deep = Phase::new(root, 0.0);
        let mut level = swell(bar + OVERLAP, timbre.attack, OVERLAP);
        tape.add(n as f32 * bar, bar + OVERLAP, || {
            0.5 * level() * deep.sine()
        });
    }
    filter(&mut tape, timbre, total, rng);
    reverberate(&mut tape, 4.5, 3500.0, 0.3);
    tape
}

/// One note of a chord, in several voices that drift against each other.
fn hold(tape: &mut Tape, at: f32, seconds: f32, note: i32, timbre: &Timbre, rng: &mut Rng) {
    for voice in 0..VOICES {
        let apart = timbre.spread * (voice as f32 - 1.0);
        let mut phase = Phase::new(hertz(note as f32 + apart), rng.unit());
        let mut level = swell(seconds, timbre.attack, OVERLAP);
        let mut width = Phase::new(rng.between(0.15, 0.4), rng.unit());
        tape.add(at, seconds, || {
            level()
                * match timbre.wave {
                    Wave::Saw => 0.4 * phase.saw(),
                    Wave::Pulse => 0.3 * phase.pulse(0.5 + 0.3 * width.sine()),
                    Wave::Triangle => 0.5 * phase.triangle(),
                }
        });
    }
}

/// The moving low-pass.
fn filter(tape: &mut Tape, timbre: &Timbre, total: f32, rng: &mut Rng) {
    /// Samples between two tunings of the filter.
    const STRIDE: usize = 64;

    let mut sweep = Sweep::default();
    let mut drift = Drift::new(3.5, rng);
    let mut arch = swell(total, total * 0.6, total * 0.4);
    let mut n = 0;
    tape.through(|x| {
        let (wander, arched) = (drift.next(rng), arch());
        if n % STRIDE == 0 {
            let place = if timbre.arch {
                0.8 * arched + 0.2 * wander
            } else {
                wander
            };
            sweep.tune(timbre.closed * exp2(timbre.octaves * place), 0.9);
        }
        n += 1;
        sweep.step(x).low
    });
}
