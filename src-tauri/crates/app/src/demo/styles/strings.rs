//! Plucked strings: guitars, a harp, a harpsichord, all by Karplus and Strong.

use crate::demo::{
    filter::{LowPass, Sweep},
    harmony::{DORIAN, HARMONIC_MINOR, MAJOR, MIXOLYDIAN, Song},
    math::{SAMPLES_PER_SECOND, exp2, hertz},
    melody::melody,
    rng::Rng,
    room::reverberate,
    tape::Tape,
};

#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 55, scale: MAJOR, tempo: 92.0, metre: 4, bars: 9, chords: &[0, 4, 5, 3] },
    Song { root: 53, scale: MAJOR, tempo: 88.0, metre: 3, bars: 11, chords: &[0, 5, 3, 4] },
    Song { root: 50, scale: MIXOLYDIAN, tempo: 116.0, metre: 4, bars: 11, chords: &[0, 6, 3, 0] },
    Song { root: 57, scale: HARMONIC_MINOR, tempo: 96.0, metre: 4, bars: 9, chords: &[0, 3, 4, 0] },
    Song { root: 52, scale: DORIAN, tempo: 76.0, metre: 4, bars: 7, chords: &[0, 3, 0, 6] },
];

/// Seconds that the last notes ring on.
const TAIL: f32 = 2.5;

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let song = &SONGS[number];
    let mut tape = Tape::new(song.seconds(song.beats() as f32) + TAIL);
    match number {
        1 => {
            arpeggios(&mut tape, song, rng);
            sing(&mut tape, song, &HARP, rng);
        }
        2 => strum(&mut tape, song, rng),
        3 => run(&mut tape, song, rng),
        _ => {
            pick(&mut tape, song, rng);
            sing(&mut tape, song, &NYLON, rng);
        }
    }
    if number != 1 {
        resound(&mut tape);
    }
    let (seconds, level) = if number == 1 { (2.2, 0.2) } else { (1.1, 0.1) };
    reverberate(&mut tape, seconds, 5000.0, level);
    tape
}

/// A kind of string and how it is plucked.
struct Kind {
    /// Cut-off of the pluck in Hz.
    bright: f32,
    /// How much a turn round the string is blended with the one before, 0 to 0.5: the treble's
    /// loss.
    dull: f32,
    /// Seconds in which middle C falls by 60 dB; half as long an octave above.
    ring: f32,
    /// Where it is plucked, as a share of its length.
    place: f32,
}

#[rustfmt::skip]
const NYLON: Kind = Kind { bright: 2800.0, dull: 0.42, ring: 4.0, place: 0.28 };
#[rustfmt::skip]
const STEEL: Kind = Kind { bright: 6500.0, dull: 0.2, ring: 5.0, place: 0.16 };
#[rustfmt::skip]
const HARP: Kind = Kind { bright: 3600.0, dull: 0.32, ring: 6.0, place: 0.45 };
#[rustfmt::skip]
const QUILL: Kind = Kind { bright: 10_000.0, dull: 0.1, ring: 3.2, place: 0.1 };

/// A plucked string: a burst of noise runs round a delay line as long as the period, losing
/// treble at each turn (Karplus and Strong, "Digital synthesis of plucked-string and drum
/// timbres"), with the place of the pluck and an all-pass that tunes it (Jaffe and Smith,
/// "Extensions of the Karplus-Strong plucked-string algorithm"; both Computer Music Journal 7/2,
/// 1983).
fn pluck(note: i32, kind: &Kind, rng: &mut Rng) -> impl FnMut() -> f32 + use<> {
    let frequency = hertz(note as f32);
    let period = SAMPLES_PER_SECOND / frequency;
    // The blend delays by `dull` samples, the all-pass by 0.5 to 1.5, the line by the rest.
    let dull = kind.dull;
    let length = (period - dull - 0.5).max(2.0) as usize;
    let rest = period - dull - length as f32;
    let tuning = (1.0 - rest) / (1.0 + rest);
    let ring = (kind.ring * exp2((60 - note) as f32 / 12.0)).min(12.0);
    let gain = exp2(-9.965_784 / (ring * frequency));

    let mut soften = LowPass::new(kind.bright);
    let noise: Vec<f32> = (0..length).map(|_| soften.low(rng.white())).collect();
    let apart = (kind.place * length as f32) as usize;
    let mut line: Vec<f32> = (0..length)
        .map(|n| noise[n] - noise[(n + length - apart) % length])
        .collect();

    let (mut at, mut before, mut entered, mut left) = (0, 0.0, 0.0, 0.0);
    move || {
        let now = line[at];
        let blend = gain * (now + dull * (before - now));
        before = now;
        left = entered + tuning * (blend - left);
        entered = blend;
        line[at] = left;
        at = (at + 1) % length;
        now
    }
}

fn strike(tape: &mut Tape, at: f32, note: i32, force: f32, kind: &Kind, rng: &mut Rng) {
    let mut string = pluck(note, kind, rng);
    tape.add(at, 4.0, || force * string());
}

/// The melody, an octave up.
fn sing(tape: &mut Tape, song: &Song, kind: &Kind, rng: &mut Rng) {
    for note in melody(song, 1, rng) {
        let late = rng.between(0.0, 0.012);
        let at = song.seconds(note.beat) + late;
        strike(tape, at, note.pitch + 12, 0.9 * note.force, kind, rng);
    }
}

/// Bass on the beats one and three, the chord's upper notes between them.
fn pick(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const ORDER: [usize; 8] = [0, 2, 1, 3, 0, 3, 2, 1];
    for bar in 0..song.bars {
        let root = song.note(song.chord(bar));
        let upper = song.close::<3>(bar, song.root);
        for (eighth, finger) in ORDER.into_iter().enumerate() {
            let note = match finger {
                0 if eighth == 0 => root - 12,
                0 => root - 5,
                finger => upper[finger - 1],
            };
            let at = song.at(bar, eighth as f32 * 0.5) + rng.between(0.0, 0.01);
            let force = if finger == 0 {
                0.8
            } else {
                rng.between(0.4, 0.55)
            };
            strike(tape, at, note, force, &NYLON, rng);
        }
    }
}

/// A harp's broken chords over two octaves, up and half down.
fn arpeggios(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const ORDER: [usize; 6] = [0, 1, 2, 3, 4, 2];
    for bar in 0..song.bars {
        let [a, b, c] = song.close::<3>(bar, song.root - 12);
        let notes = [a - 12, b, c, a + 12, b + 12];
        for (eighth, string) in ORDER.into_iter().enumerate() {
            let at = song.at(bar, eighth as f32 * 0.5);
            let force = if eighth == 0 {
                0.8
            } else {
                rng.between(0.4, 0.6)
            };
            strike(tape, at, notes[string], force, &HARP, rng);
        }
    }
}

/// Bass note, then the whole chord brushed: down, up, down.
fn strum(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const BRUSHES: [(f32, bool); 5] = [
        (1.0, true),
        (1.5, false),
        (2.5, false),
        (3.0, true),
        (3.5, false),
    ];
    for bar in 0..song.bars {
        let [a, b, c] = song.close::<3>(bar, song.root);
        let bass = song.note(song.chord(bar)) - 12;
        for (beat, note) in [(0.0, bass), (2.0, bass + 7)] {
            strike(tape, song.at(bar, beat), note, 1.0, &STEEL, rng);
        }
        for (beat, down) in BRUSHES {
            let mut chord = [a, b, c, a + 12, b + 12];
            if !down {
                chord.reverse();
            }
            let force = if down { 0.45 } else { 0.3 };
            for (n, note) in chord.into_iter().enumerate() {
                let at = song.at(bar, beat) + n as f32 * 0.011;
                strike(tape, at, note, force * rng.between(0.8, 1.0), &STEEL, rng);
            }
        }
    }
}

/// Sixteenths of a harpsichord over walking quarters in the left hand.
fn run(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const FIGURES: [[i32; 8]; 3] = [
        [0, 1, 2, 3, 4, 3, 2, 1],
        [4, 2, 0, 2, 4, 5, 6, 4],
        [7, 6, 5, 4, 5, 4, 3, 2],
    ];
    const WALK: [i32; 4] = [0, 2, 4, 2];
    for bar in 0..song.bars - 1 {
        let root = song.chord(bar);
        for (beat, up) in WALK.into_iter().enumerate() {
            let at = song.at(bar, beat as f32);
            strike(tape, at, song.note(root + up) - 12, 0.7, &QUILL, rng);
        }
        for half in 0..2 {
            let figure = FIGURES[(bar + half) % FIGURES.len()];
            for (n, up) in figure.into_iter().enumerate() {
                let at = song.at(bar, half as f32 * 2.0 + n as f32 * 0.25);
                strike(tape, at, song.note(root + up) + 12, 0.6, &QUILL, rng);
            }
        }
    }
    for (n, note) in song.stack::<3>(song.bars - 1).into_iter().enumerate() {
        let at = song.at(song.bars - 1, n as f32 * 0.12);
        strike(tape, at, note, 0.8, &QUILL, rng);
        strike(tape, at, note + 12, 0.7, &QUILL, rng);
    }
}

/// The wooden body: its air near 105 Hz and its top near 200 Hz (Fletcher and Rossing, "The
/// Physics of Musical Instruments", chapter 9).
fn resound(tape: &mut Tape) {
    let (mut air, mut top) = (Sweep::new(105.0, 4.0), Sweep::new(200.0, 5.0));
    tape.through(|x| x + 0.7 * air.step(x).band + 0.5 * top.step(x).band);
}
