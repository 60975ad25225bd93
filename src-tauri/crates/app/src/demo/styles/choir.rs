//! A choir: a few singers a part, each a buzzing source, sent through the formants of a vowel.

use crate::demo::{
    filter::{LowPass, Sweep},
    harmony::{DORIAN, MAJOR, MINOR, MIXOLYDIAN, Song},
    math::{exp2, hertz},
    noise::Drift,
    oscillator::Phase,
    rng::Rng,
    room::reverberate,
    tape::{Tape, swell},
};

// One bar is one chord.
#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 50, scale: MINOR, tempo: 66.0, metre: 4, bars: 6, chords: &[0, 3, 6, 2, 4] },
    Song { root: 57, scale: DORIAN, tempo: 60.0, metre: 4, bars: 5, chords: &[0, 6, 3, 0] },
    Song { root: 53, scale: MAJOR, tempo: 84.0, metre: 3, bars: 10, chords: &[0, 4, 5, 2, 3, 0, 3, 4] },
    Song { root: 55, scale: MIXOLYDIAN, tempo: 54.0, metre: 4, bars: 5, chords: &[0, 3, 6, 3] },
    Song { root: 52, scale: MINOR, tempo: 72.0, metre: 4, bars: 7, chords: &[0, 5, 3, 0, 5, 4] },
];

/// The first three formants of a vowel in Hz.
type Vowel = [f32; 3];

// Means of the men in Peterson and Barney, "Control methods used in a study of the vowels",
// JASA 24 (1952), table II.
const AH: Vowel = [730.0, 1090.0, 2440.0];
const AW: Vowel = [570.0, 840.0, 2410.0];
const OO: Vowel = [300.0, 870.0, 2240.0];
const EH: Vowel = [530.0, 1840.0, 2480.0];

/// Levels of the formants: the higher the softer.
const LEVELS: [f32; 3] = [1.0, 0.5, 0.22];

/// The vowels of each piece: one a bar, again and again.
const VOWELS: [&[Vowel]; 5] = [
    &[OO, AH, AW],
    &[OO, OO, AW],
    &[AH, EH, AW, OO],
    &[AW, AH],
    &[AH, OO, EH],
];

/// Seconds for which a chord overlaps the next.
const OVERLAP: f32 = 0.35;

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let song = &SONGS[number];
    let bar_seconds = song.seconds(song.metre as f32);
    let mut tape = Tape::new(song.bars as f32 * bar_seconds + 2.5);
    for bar in 0..song.bars {
        let vowel = VOWELS[number][bar % VOWELS[number].len()];
        let at = song.at(bar, 0.0);
        for (note, women) in voices(song, number, bar) {
            // Women's formants lie about a sixth higher (same table).
            let scale = if women { 1.17 } else { 1.0 };
            let formants = vowel.map(|hertz| scale * hertz);
            sing(&mut tape, at, bar_seconds + OVERLAP, note, formants, rng);
        }
    }
    reverberate(&mut tape, 3.8, 3500.0, 0.28);
    tape
}

/// The notes of a bar, low to high, and whether women sing them.
fn voices(song: &Song, number: usize, bar: usize) -> Vec<(i32, bool)> {
    let bass = song.note(song.chord(bar)) - 12;
    let [a, b, c] = song.close::<3>(bar, song.root);
    match number {
        // Men alone.
        0 => vec![(bass, false), (a, false), (b, false), (c, false)],
        // Women alone.
        1 => vec![(a + 12, true), (b + 12, true), (c + 12, true)],
        // Fifths over a drone.
        3 => vec![
            (song.root - 12, false),
            (song.root - 5, false),
            (song.note(song.chord(bar)), false),
            (song.note(song.chord(bar)) + 7, true),
            (song.note(song.chord(bar)) + 12, true),
        ],
        // Men and women in turn, together at the end.
        4 if bar + 1 < song.bars && bar.is_multiple_of(2) => {
            vec![(bass, false), (a, false), (b, false), (c, false)]
        }
        4 if bar + 1 < song.bars => vec![(a + 12, true), (b + 12, true), (c + 12, true)],
        _ => vec![
            (bass, false),
            (a, false),
            (c, false),
            (b + 12, true),
            (a + 24, true),
        ],
    }
}

/// One part: three singers on a note, each a little off, with a vibrato of their own.
fn sing(tape: &mut Tape, at: f32, seconds: f32, note: i32, vowel: Vowel, rng: &mut Rng) {
    let mut singers: Vec<Singer> = (0..3).map(|_| Singer::new(note, rng)).collect();
    let mut formants = vowel.map(|hertz| Sweep::new(hertz, 7.0));
    let mut chest = LowPass::new(500.0);
    let mut breath = LowPass::new(3000.0);
    let mut level = swell(seconds, 0.28, OVERLAP);
    tape.add(at, seconds, || {
        let buzz: f32 = singers.iter_mut().map(|singer| singer.next(rng)).sum();
        let source = buzz + 0.08 * breath.low(rng.white());
        let vowel: f32 = formants
            .iter_mut()
            .zip(LEVELS)
            .map(|(formant, loud)| loud * formant.step(source).band)
            .sum();
        level() * (vowel + 0.12 * chest.low(source))
    });
}

struct Singer {
    phase: Phase,
    frequency: f32,
    vibrato: Phase,
    wander: Drift,
}

impl Singer {
    fn new(note: i32, rng: &mut Rng) -> Self {
        let frequency = hertz(note as f32 + rng.between(-0.08, 0.08));
        Self {
            phase: Phase::new(frequency, rng.unit()),
            frequency,
            // Singers' vibrato has 5 to 7 swings a second (Sundberg, "The Science of the Singing
            // Voice", 1987).
            vibrato: Phase::new(rng.between(5.0, 6.2), rng.unit()),
            wander: Drift::new(0.4, rng),
        }
    }

    fn next(&mut self, rng: &mut Rng) -> f32 {
        let semitones = 0.18 * self.vibrato.sine() + 0.15 * (self.wander.next(rng) - 0.5);
        self.phase.tune(self.frequency * exp2(semitones / 12.0));
        self.phase.saw()
    }
}
