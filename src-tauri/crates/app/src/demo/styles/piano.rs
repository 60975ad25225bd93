//! A piano: stiff strings struck by a hammer.

use crate::demo::{
    filter::LowPass,
    harmony::{DORIAN, HARMONIC_MINOR, MAJOR, MINOR, Song},
    math::{SAMPLES_PER_SECOND, exp2, hertz, sine},
    melody::melody,
    oscillator::Partial,
    rng::Rng,
    room::reverberate,
    tape::{Tape, swell},
};

#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 64, scale: MINOR, tempo: 72.0, metre: 4, bars: 7, chords: &[0, 5, 2, 6] },
    Song { root: 60, scale: HARMONIC_MINOR, tempo: 138.0, metre: 3, bars: 17, chords: &[0, 0, 3, 4] },
    Song { root: 62, scale: MAJOR, tempo: 84.0, metre: 4, bars: 8, chords: &[0, 4, 5, 2, 3, 0, 3] },
    Song { root: 57, scale: DORIAN, tempo: 126.0, metre: 4, bars: 11, chords: &[0, 0, 3, 3] },
    Song { root: 65, scale: MAJOR, tempo: 66.0, metre: 4, bars: 7, chords: &[0, 3, 4, 5] },
];

/// Seconds that the last notes ring on.
const TAIL: f32 = 1.2;

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let song = &SONGS[number];
    let mut tape = Tape::new(song.seconds(song.beats() as f32) + TAIL);
    let hands = match number {
        0 => nocturne,
        1 => waltz,
        2 => study,
        3 => ostinato,
        _ => hymn,
    };
    hands(&mut tape, song, rng);
    reverberate(&mut tape, 1.6, 4000.0, 0.12);
    tape
}

/// Presses a key at `at` seconds for `seconds`, `force` 0 to 1.
fn press(tape: &mut Tape, at: f32, seconds: f32, note: i32, force: f32, rng: &mut Rng) {
    /// Stiffness of the string of middle C, growing about threefold an octave in the treble
    /// (Fletcher, Blackham and Stratton, "Quality of piano tones", JASA 34, 1962).
    const STIFFNESS: f32 = 4e-4;
    /// The hammer strikes an eighth of the way along the string, so that the eighth partial is
    /// missing (same source).
    const STRIKE: f32 = 1.0 / 8.0;

    // A touch of unevenness in time and force.
    let at = at + rng.between(0.0, 0.012);
    let force = force * rng.between(0.92, 1.0);
    let base = hertz(note as f32);
    let octaves = (note - 60) as f32 / 12.0;
    let stiffness = STIFFNESS * exp2(1.2 * octaves);
    let sustain = 9.0 * exp2(-0.7 * octaves);
    // Soft blows are dull: partials above this frequency fade.
    let bright = 600.0 + 2600.0 * force;

    let mut partials = Vec::new();
    for n in 1..=14 {
        let order = n as f32;
        let frequency = order * base * (1.0 + stiffness * order * order).sqrt();
        if frequency > 0.45 * SAMPLES_PER_SECOND {
            break;
        }
        let level = force * sine(0.5 * order * STRIKE).abs()
            / (order * (1.0 + (frequency / bright) * (frequency / bright)));
        let seconds = sustain / (1.0 + 0.22 * (order - 1.0));
        // The strings of a key fall together at first, then slowly, a little apart in pitch.
        partials.push(Partial::new(frequency, 0.35 * seconds, 0.75 * level));
        partials.push(Partial::new(1.000_4 * frequency, seconds, 0.3 * level));
    }
    let mut damper = swell(seconds + 0.15, 0.002, 0.15);
    tape.add(at, seconds + 0.15, || {
        damper() * partials.iter_mut().map(Partial::next).sum::<f32>()
    });

    // The knock of the hammer and the keybed.
    let mut wood = LowPass::new(400.0 + 900.0 * force);
    let mut knock = swell(0.04, 0.002, 0.038);
    tape.add(at, 0.04, || 0.12 * force * knock() * wood.low(rng.white()));
}

/// Wide broken chords under a slow melody.
fn nocturne(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const ORDER: [usize; 8] = [0, 2, 3, 4, 3, 2, 3, 2];
    for bar in 0..song.bars {
        let root = song.chord(bar);
        let notes = [0, 2, 4, 7, 9].map(|up| song.note(root + up) - 24);
        for (eighth, finger) in ORDER.into_iter().enumerate() {
            let beat = eighth as f32 * 0.5;
            let held = song.seconds(4.0 - beat);
            let force = if eighth == 0 { 0.55 } else { 0.3 };
            press(tape, song.at(bar, beat), held, notes[finger], force, rng);
        }
    }
    right_hand(tape, song, 1, 0.75, rng);
}

/// Bass, chord, chord, under a melody.
fn waltz(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    for bar in 0..song.bars {
        let bass = song.note(song.chord(bar)) - 24;
        press(tape, song.at(bar, 0.0), song.seconds(1.5), bass, 0.6, rng);
        for beat in [1.0, 2.0] {
            for note in song.close::<3>(bar, song.root - 10) {
                press(tape, song.at(bar, beat), song.seconds(0.6), note, 0.35, rng);
            }
        }
    }
    right_hand(tape, song, 0, 0.9, rng);
}

/// Sixteenths falling over three octaves.
fn study(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const FALL: [i32; 16] = [14, 11, 9, 7, 11, 9, 7, 4, 9, 7, 4, 2, 7, 4, 2, 0];
    for bar in 0..song.bars {
        let root = song.chord(bar);
        let bass = song.note(root) - 24;
        press(tape, song.at(bar, 0.0), song.seconds(4.0), bass, 0.6, rng);
        press(
            tape,
            song.at(bar, 2.0),
            song.seconds(2.0),
            bass + 12,
            0.4,
            rng,
        );
        if bar + 1 == song.bars {
            for note in song.stack::<3>(bar) {
                press(tape, song.at(bar, 0.0), song.seconds(4.0), note, 0.5, rng);
            }
            break;
        }
        for (n, up) in FALL.into_iter().enumerate() {
            let force = if n % 4 == 0 { 0.7 } else { 0.45 };
            let at = song.at(bar, n as f32 * 0.25);
            press(
                tape,
                at,
                song.seconds(0.8),
                song.note(root + up),
                force,
                rng,
            );
        }
    }
}

/// One figure of three, three and two eighths, shifted by the chords.
fn ostinato(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    const FIGURE: [i32; 8] = [0, 4, 7, 0, 4, 8, 4, 6];
    for bar in 0..song.bars {
        let root = song.chord(bar);
        for (n, up) in FIGURE.into_iter().enumerate() {
            let accent = [0, 3, 6].contains(&n);
            let (force, at) = (if accent { 0.9 } else { 0.5 }, song.at(bar, n as f32 * 0.5));
            press(
                tape,
                at,
                song.seconds(0.45),
                song.note(root + up),
                force,
                rng,
            );
            if accent {
                press(tape, at, song.seconds(0.9), song.note(root) - 24, 0.8, rng);
                if bar >= 4 {
                    press(
                        tape,
                        at,
                        song.seconds(0.9),
                        song.note(root + 9) + 12,
                        0.6,
                        rng,
                    );
                }
            }
        }
    }
}

/// Four-part chords, two to a bar.
fn hymn(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    for bar in 0..song.bars {
        for (beat, raise) in [(0.0, 0), (2.0, 1)] {
            let (at, held) = (song.at(bar, beat), song.seconds(2.2));
            let bass = song.note(song.chord(bar)) - 24;
            press(tape, at, held, bass, 0.6, rng);
            press(tape, at, held, bass + 12, 0.45, rng);
            let mut chord = song.close::<3>(bar, song.root - 5);
            // The second chord of a bar is the next inversion.
            chord[0] += 12 * raise;
            for note in chord {
                press(tape, at, held, note, 0.55, rng);
            }
        }
    }
}

fn right_hand(tape: &mut Tape, song: &Song, from: usize, force: f32, rng: &mut Rng) {
    for note in melody(song, from, rng) {
        let (at, held) = (song.seconds(note.beat), song.seconds(note.beats));
        press(tape, at, held, note.pitch + 12, force * note.force, rng);
    }
}
