//! Chip tunes: two pulse waves, a stepped triangle and a noise, as an old game console had them.

use crate::demo::{
    harmony::{HARMONIC_MINOR, MAJOR, MIXOLYDIAN, PHRYGIAN, Song},
    math::{SAMPLES_PER_SECOND, fall, hertz},
    melody::melody,
    oscillator::Phase,
    rng::Rng,
    room::echo,
    tape::{Tape, swell},
};

#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 60, scale: MAJOR, tempo: 150.0, metre: 4, bars: 14, chords: &[0, 5, 3, 4] },
    Song { root: 62, scale: MIXOLYDIAN, tempo: 184.0, metre: 4, bars: 17, chords: &[0, 6, 3, 0] },
    Song { root: 57, scale: HARMONIC_MINOR, tempo: 132.0, metre: 3, bars: 17, chords: &[0, 0, 3, 4] },
    Song { root: 52, scale: PHRYGIAN, tempo: 172.0, metre: 4, bars: 16, chords: &[0, 1, 0, 2] },
    Song { root: 65, scale: MAJOR, tempo: 120.0, metre: 4, bars: 11, chords: &[3, 4, 2, 5] },
];

/// Widths of the lead's pulse, one a piece: an eighth, a quarter and a half are what the chip has.
const WIDTHS: [f32; 5] = [0.25, 0.125, 0.5, 0.125, 0.25];

/// Chords are played one note after the other, a new one with every picture: 60 a second.
const FRAME: f32 = 1.0 / 60.0;

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let song = &SONGS[number];
    let mut tape = Tape::new(song.seconds(song.beats() as f32) + 1.0);
    for note in melody(song, 2, rng) {
        let at = song.seconds(note.beat);
        lead(
            &mut tape,
            at,
            0.9 * song.seconds(note.beats),
            note.pitch + 12,
            WIDTHS[number],
        );
    }
    for bar in 0..song.bars {
        arpeggio(&mut tape, song, bar);
        for eighth in 0..2 * song.metre {
            let octave = if eighth % 2 == 0 { 0 } else { 12 };
            let note = song.note(song.chord(bar)) - 24 + octave;
            bass(
                &mut tape,
                song.at(bar, eighth as f32 * 0.5),
                0.9 * song.seconds(0.5),
                note,
            );
        }
        if bar >= 1 && bar + 1 < song.bars {
            beat(&mut tape, song, bar, rng);
        }
    }
    echo(&mut tape, song.seconds(0.75), 0.3, 0.15);
    tape
}

fn lead(tape: &mut Tape, at: f32, seconds: f32, note: i32, width: f32) {
    let frequency = hertz(note as f32);
    let mut phase = Phase::new(frequency, 0.0);
    let mut vibrato = Phase::new(6.0, 0.0);
    let mut depth = swell(seconds, 0.4, 0.01);
    let mut level = swell(seconds, 0.004, 0.03);
    let (mut body, fading) = (1.0_f32, fall(2.5));
    tape.add(at, seconds, || {
        phase.tune(frequency * (1.0 + 0.008 * depth() * vibrato.sine()));
        body *= fading;
        0.3 * level() * body * phase.pulse(width)
    });
}

/// The bar's chord, note after note, over two octaves.
fn arpeggio(tape: &mut Tape, song: &Song, bar: usize) {
    let [a, b, c] = song.close::<3>(bar, song.root);
    let notes = [a, b, c, a + 12].map(|note| hertz(note as f32));
    let mut phase = Phase::new(notes[0], 0.0);
    let seconds = song.seconds(song.metre as f32);
    let mut level = swell(seconds, 0.002, 0.02);
    let (mut time, mut frame) = (0.0, 0);
    tape.add(song.at(bar, 0.0), seconds, || {
        time += 1.0 / SAMPLES_PER_SECOND;
        if time >= FRAME {
            time -= FRAME;
            frame += 1;
            phase.tune(notes[frame % notes.len()]);
        }
        0.13 * level() * phase.pulse(0.5)
    });
}

/// A triangle in sixteen steps, as four bits give it.
fn bass(tape: &mut Tape, at: f32, seconds: f32, note: i32) {
    let mut phase = Phase::new(hertz(note as f32), 0.0);
    let mut level = swell(seconds, 0.002, 0.01);
    tape.add(at, seconds, || {
        let step = ((phase.triangle() + 1.0) * 7.999) as i32;
        0.4 * level() * (step as f32 / 7.5 - 1.0)
    });
}

/// Noise that holds each value for some samples: long for the kick, short for the hat.
fn beat(tape: &mut Tape, song: &Song, bar: usize, rng: &mut Rng) {
    for eighth in 0..2 * song.metre {
        let (hold, ring, force) = match (eighth, song.metre) {
            (0, _) | (4, 4) => (12, 0.12, 0.45),
            (2 | 6, 4) | (2 | 4, 3) => (3, 0.16, 0.4),
            _ => (1, 0.04, 0.2),
        };
        let (mut level, fading) = (force, fall(ring));
        let (mut value, mut n) = (0.0, 0);
        tape.add(song.at(bar, eighth as f32 * 0.5), ring, || {
            if n % hold == 0 {
                value = if rng.chance(0.5) { 1.0 } else { -1.0 };
            }
            n += 1;
            level *= fading;
            level * value
        });
    }
}
