//! Drum machines with acid basses: techno, electro, breakbeat.

use crate::demo::{
    filter::Sweep,
    harmony::{DORIAN, MINOR, PHRYGIAN, Song},
    math::{exp2, fall, hertz, saturate},
    oscillator::Phase,
    percussion::{
        Drum::{self, Clap, Hat, Kick, Open, Snare, Tom},
        sequence,
    },
    rng::Rng,
    room::{echo, reverberate},
    tape::{Tape, swell},
};

#[rustfmt::skip]
const SONGS: [Song; 5] = [
    Song { root: 33, scale: MINOR, tempo: 128.0, metre: 4, bars: 13, chords: &[0, 0, 0, 5] },
    Song { root: 36, scale: PHRYGIAN, tempo: 132.0, metre: 4, bars: 13, chords: &[0, 0, 1, 0] },
    Song { root: 38, scale: MINOR, tempo: 112.0, metre: 4, bars: 12, chords: &[0, 0, 5, 6] },
    Song { root: 31, scale: DORIAN, tempo: 168.0, metre: 4, bars: 16, chords: &[0, 0, 2, 3] },
    Song { root: 34, scale: MINOR, tempo: 136.0, metre: 4, bars: 13, chords: &[0, 0, 3, 3] },
];

/// Drums of a bar: sixteen steps, accents in capitals.
type Kit = &'static [(Drum, &'static str)];

#[rustfmt::skip]
const KITS: [Kit; 5] = [
    &[(Kick, "X...X...X...X..."), (Open, "..x...x...x...x."), (Clap, "....X.......X..."), (Hat, "xxxxxxxxxxxxxxxx")],
    &[(Kick, "X...X...X...X..x"), (Hat, "..X...X...X...Xx"), (Clap, "....X.......X...")],
    &[(Kick, "X..x..X...X.x..."), (Snare, "....X.......X..."), (Hat, "x.xxx.x.x.xxx.xx"), (Tom, "..............xX")],
    &[(Kick, "X.x.......X....."), (Snare, "....X..x.x..X..x"), (Hat, "X.x.X.x.X.x.X.x.")],
    &[(Kick, "X...X...X...X..."), (Hat, "..x.x.x...x.x.xx"), (Open, "......X.......X."), (Tom, "...x......x..x..")],
];

/// Bass notes of a bar: degrees above the chord, accents marked, `None` a rest.
type Line = [Option<(i32, bool)>; 16];

pub(super) fn play(number: usize, rng: &mut Rng) -> Tape {
    let song = &SONGS[number];
    let sixteenth = song.seconds(0.25);
    let seconds = song.at(song.bars - 1, 0.0) + 1.5;
    let (mut drums, mut tones) = (Tape::new(seconds), Tape::new(seconds));
    let line = compose(number, rng);
    for bar in 0..song.bars - 1 {
        // The kick and one more begin, the rest comes in bar by bar; every fourth bar has a fill.
        let kit = KITS[number];
        for (drum, pattern) in kit.iter().take(2 + bar) {
            sequence(
                &mut drums,
                *drum,
                pattern,
                song.at(bar, 0.0),
                sixteenth,
                rng,
            );
        }
        if bar % 4 == 3 {
            sequence(&mut drums, Snare, "xxXX", song.at(bar, 3.0), sixteenth, rng);
        }
        if bar >= 1 {
            acid(&mut tones, song, bar, &line, rng);
        }
        if bar >= 4 {
            stab(&mut tones, song, bar);
        }
    }
    for drum in [Kick, Open] {
        drum.strike(&mut drums, song.at(song.bars - 1, 0.0), 1.0, rng);
    }
    echo(&mut tones, 3.0 * sixteenth, 0.4, 0.3);
    drums.through(|x| saturate(1.4 * x));
    reverberate(&mut drums, 0.6, 5000.0, 0.06);
    drums.mix(&tones, 0.5);
    drums
}

/// A line of sixteenths: fast runs for acid, eighths off the beat for the others.
fn compose(number: usize, rng: &mut Rng) -> Line {
    const DEGREES: [&i32; 6] = [&0, &0, &0, &7, &2, &4];
    std::array::from_fn(|step| {
        let plays = match number {
            0 => step % 4 != 0,
            1 => !rng.chance(0.15),
            4 => step % 4 == 2 || rng.chance(0.2),
            _ => step % 4 == 0 || rng.chance(0.3),
        };
        plays.then(|| (*rng.pick(&DEGREES), rng.chance(0.3)))
    })
}

/// The bass of a bar: a sawtooth behind a filter that whistles and closes at each note, after the
/// manner of the silver box that acid is named for.
fn acid(tape: &mut Tape, song: &Song, bar: usize, line: &Line, rng: &mut Rng) {
    let length = song.seconds(0.25) * 0.95;
    // The filter opens over the piece.
    let open = 200.0 + 500.0 * bar as f32 / song.bars as f32;
    for (step, note) in line.iter().enumerate() {
        let Some((degree, accent)) = *note else {
            continue;
        };
        let pitch = song.note(song.chord(bar) + degree) as f32;
        let mut phase = Phase::new(hertz(pitch), rng.unit());
        let mut filter = Sweep::default();
        let mut level = swell(length, 0.003, 0.03);
        let (mut height, closing) = (if accent { 3.2_f32 } else { 2.0 }, fall(0.5));
        let loud = if accent { 0.9 } else { 0.6 };
        tape.add(song.at(bar, step as f32 * 0.25), length, || {
            filter.tune(open * exp2(height), 5.0);
            height *= closing;
            loud * level() * saturate(1.5 * filter.step(phase.saw()).low)
        });
    }
}

/// Two short chords a bar.
fn stab(tape: &mut Tape, song: &Song, bar: usize) {
    let length = song.seconds(0.4);
    for beat in [0.75, 2.25] {
        for note in song.close::<3>(bar, song.root + 24) {
            let mut phase = Phase::new(hertz(note as f32), 0.0);
            let mut filter = Sweep::new(1800.0, 1.0);
            let mut level = swell(length, 0.004, 0.15);
            tape.add(song.at(bar, beat), length, || {
                0.16 * level() * filter.step(phase.saw()).low
            });
        }
    }
}
