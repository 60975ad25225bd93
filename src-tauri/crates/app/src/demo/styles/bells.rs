//! Bells: music boxes, gongs, tubular bells and a carillon.

use crate::demo::{
    harmony::{LYDIAN, MAJOR, MINOR, PHRYGIAN, Song},
    math::{SAMPLES_PER_SECOND, fall, hertz},
    melody::melody,
    oscillator::{Partial, Phase},
    rng::Rng,
    room::reverberate,
    tape::Tape,
};

#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 72, scale: MAJOR, tempo: 108.0, metre: 3, bars: 13, chords: &[0, 3, 4, 0] },
    Song { root: 62, scale: PHRYGIAN, tempo: 132.0, metre: 4, bars: 11, chords: &[0] },
    Song { root: 60, scale: MINOR, tempo: 58.0, metre: 4, bars: 5, chords: &[0, 5, 3, 6] },
    Song { root: 65, scale: LYDIAN, tempo: 60.0, metre: 4, bars: 5, chords: &[0, 1] },
    Song { root: 67, scale: MAJOR, tempo: 100.0, metre: 3, bars: 14, chords: &[0] },
];

/// Seconds that the last notes ring on.
const TAIL: f32 = 3.0;

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let song = &SONGS[number];
    let mut tape = Tape::new(song.seconds(song.beats() as f32) + TAIL);
    match number {
        0 => music_box(&mut tape, song, rng),
        1 => gongs(&mut tape, song, rng),
        2 => tubes(&mut tape, song, rng),
        3 => bronze_rain(&mut tape, song, rng),
        _ => carillon(&mut tape, song),
    }
    reverberate(&mut tape, 2.8, 6000.0, 0.16);
    tape
}

/// How a struck metal sounds.
struct Metal {
    /// Frequency of the modulator over that of the carrier; whole numbers ring in tune.
    ratio: f32,
    /// Depth of the modulation at the stroke.
    index: f32,
    /// Seconds to fall by 60 dB.
    ring: f32,
}

#[rustfmt::skip]
const COMB: Metal = Metal { ratio: 5.4, index: 1.6, ring: 2.4 };
#[rustfmt::skip]
const GONG: Metal = Metal { ratio: 1.4, index: 5.0, ring: 6.0 };
#[rustfmt::skip]
const KEY: Metal = Metal { ratio: 2.76, index: 2.6, ring: 2.2 };
#[rustfmt::skip]
const TUBE: Metal = Metal { ratio: 3.5, index: 3.4, ring: 6.0 };

/// A bell by frequency modulation whose depth falls with its level, the ratio 1.4 being that of
/// Chowning, "The synthesis of complex audio spectra by means of frequency modulation", JAES 21
/// (1973).
fn strike(tape: &mut Tape, at: f32, note: i32, force: f32, metal: &Metal) {
    let frequency = hertz(note as f32);
    // Deeper modulation would throw side bands beyond what the sample rate can hold.
    let deepest = 0.3 * SAMPLES_PER_SECOND / (metal.ratio * frequency);
    let mut carrier = Phase::new(frequency, 0.0);
    let mut modulator = Phase::new(metal.ratio * frequency, 0.0);
    let (mut level, fading) = (force, fall(metal.ring));
    let (mut index, dulling) = (metal.index.min(deepest), fall(0.6 * metal.ring));
    tape.add(at, metal.ring, || {
        level *= fading;
        index *= dulling;
        carrier.tune(frequency * (1.0 + index * metal.ratio * modulator.sine()));
        level * carrier.sine()
    });
}

/// A melody on a comb of steel over broken chords.
fn music_box(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    for note in melody(song, 1, rng) {
        strike(
            tape,
            song.seconds(note.beat),
            note.pitch + 12,
            0.8 * note.force,
            &COMB,
        );
    }
    for bar in 0..song.bars {
        let chord = song.close::<3>(bar, song.root - 12);
        for (beat, finger) in [(0.0, 0), (0.5, 1), (1.0, 2), (1.5, 1), (2.0, 2), (2.5, 1)] {
            strike(tape, song.at(bar, beat), chord[finger], 0.35, &COMB);
        }
    }
}

/// Two players of five-note metallophones who interlock, a slow tune below, a gong every other
/// bar.
fn gongs(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    /// The degrees of the scale that the five keys have.
    const KEYS: [i32; 5] = [0, 1, 2, 4, 5];
    const TUNE: [usize; 8] = [0, 2, 1, 3, 4, 3, 1, 2];
    for bar in 0..song.bars {
        if bar % 2 == 0 {
            strike(tape, song.at(bar, 0.0), song.root - 24, 1.0, &GONG);
        }
        if bar + 1 == song.bars {
            break;
        }
        for half in 0..2 {
            let key = TUNE[(2 * bar + half) % TUNE.len()];
            let note = song.note(KEYS[key]);
            strike(tape, song.at(bar, 2.0 * half as f32), note - 12, 0.6, &KEY);
            for eighth in 0..8 {
                // One plays the tune's key on the beat, the other its neighbour after it.
                let other = KEYS[(key + 1 + eighth % 2) % KEYS.len()];
                let degree = if eighth % 2 == 0 { KEYS[key] } else { other };
                let at = song.at(bar, 2.0 * half as f32 + eighth as f32 * 0.25);
                strike(
                    tape,
                    at,
                    song.note(degree) + 12,
                    rng.between(0.3, 0.4),
                    &KEY,
                );
            }
        }
    }
}

/// Slow chords of tubular bells.
fn tubes(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    for bar in 0..song.bars {
        strike(
            tape,
            song.at(bar, 0.0),
            song.note(song.chord(bar)) - 12,
            0.8,
            &TUBE,
        );
        for (n, note) in song.close::<3>(bar, song.root).into_iter().enumerate() {
            let at = song.at(bar, 1.0 + n as f32) + rng.between(0.0, 0.02);
            strike(tape, at, note, 0.6, &TUBE);
        }
    }
}

/// Small bells falling at random over low gongs.
fn bronze_rain(tape: &mut Tape, song: &Song, rng: &mut Rng) {
    for bar in 0..song.bars {
        strike(
            tape,
            song.at(bar, 0.0),
            song.note(song.chord(bar)) - 24,
            0.9,
            &GONG,
        );
        for _ in 0..14 {
            let degree = *rng.pick(&[&0, &1, &2, &4, &5, &7, &9]);
            let at = song.at(bar, rng.between(0.0, song.metre as f32));
            let force = rng.between(0.15, 0.45);
            strike(
                tape,
                at,
                song.note(song.chord(bar) + degree) + 12,
                force,
                &KEY,
            );
        }
    }
}

/// Six church bells rung in plain hunt: each row, neighbours change places, first all pairs, then
/// all but the ends.
fn carillon(tape: &mut Tape, song: &Song) {
    let mut row = [5, 4, 3, 2, 1, 0];
    for bar in 0..song.bars {
        for (n, degree) in row.into_iter().enumerate() {
            church_bell(tape, song.at(bar, n as f32 * 0.5), song.note(degree), 0.5);
        }
        for pair in row[bar % 2..].chunks_exact_mut(2) {
            pair.swap(0, 1);
        }
    }
    church_bell(tape, song.seconds(song.beats() as f32), song.root - 12, 0.9);
}

/// A church bell: hum, prime, minor third, fifth and octave, tuned as founders do (Fletcher and
/// Rossing, "The Physics of Musical Instruments", chapter 21), and four partials above.
fn church_bell(tape: &mut Tape, at: f32, note: i32, force: f32) {
    const PARTIALS: [(f32, f32, f32); 9] = [
        (0.5, 0.4, 7.0),
        (1.0, 0.7, 4.5),
        (1.2, 0.8, 3.5),
        (1.5, 0.35, 2.0),
        (2.0, 1.0, 2.5),
        (2.67, 0.6, 1.6),
        (3.0, 0.6, 1.4),
        (4.0, 0.5, 1.0),
        (5.3, 0.4, 0.7),
    ];
    let prime = hertz(note as f32);
    let mut partials =
        PARTIALS.map(|(ratio, level, ring)| Partial::new(ratio * prime, ring, 0.3 * force * level));
    tape.add(at, 7.0, || partials.iter_mut().map(Partial::next).sum());
}
