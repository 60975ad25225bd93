//! Melodies: a few rhythms that come back, and steps along the scale that meet the chord on the
//! beat.

use super::{harmony::Song, rng::Rng};

/// Rhythms of four beats: onsets in beats.
const COMMON: [&[f32]; 6] = [
    &[0.0, 1.0, 2.0, 3.0],
    &[0.0, 1.5, 2.0, 3.0],
    &[0.0, 0.5, 1.0, 2.0, 3.0],
    &[0.0, 2.0, 3.0, 3.5],
    &[0.0, 1.0, 1.5, 2.0, 3.0],
    &[0.0, 1.5, 3.0],
];

/// Rhythms of three beats.
const WALTZ: [&[f32]; 4] = [
    &[0.0, 1.0, 2.0],
    &[0.0, 2.0],
    &[0.0, 1.0, 1.5, 2.0],
    &[0.0, 1.5, 2.0],
];

/// How far a melody may go from the song's root, in degrees.
const LOWEST: i32 = -2;
const HIGHEST: i32 = 9;

/// One note of a melody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Note {
    /// Its start in beats from the start of the song.
    pub(super) beat: f32,
    /// Its length in beats.
    pub(super) beats: f32,
    /// Its MIDI note.
    pub(super) pitch: i32,
    /// How hard it is struck, 0 to 1.
    pub(super) force: f32,
}

/// A melody over the bars `from` to the song's end: the rhythm goes A A B A, the last note is the
/// root, held.
pub(super) fn melody(song: &Song, from: usize, rng: &mut Rng) -> Vec<Note> {
    let rhythms: &[&[f32]] = if song.metre == 3 { &WALTZ } else { &COMMON };
    let (a, b) = (rng.pick(rhythms), rng.pick(rhythms));
    let mut degree = if rng.chance(0.5) { 2 } else { 4 };
    let mut notes = Vec::new();
    for bar in from..song.bars.saturating_sub(1) {
        let rhythm = if bar % 4 == 2 { b } else { a };
        for (n, beat) in rhythm.iter().enumerate() {
            degree = if n == 0 {
                meet(degree, song.chord(bar))
            } else {
                step(degree, rng)
            };
            let next = rhythm.get(n + 1).copied().unwrap_or(song.metre as f32);
            notes.push(Note {
                beat: (bar * song.metre) as f32 + beat,
                beats: next - beat,
                pitch: song.note(degree),
                force: if n == 0 { 0.9 } else { rng.between(0.6, 0.8) },
            });
        }
    }
    notes.push(Note {
        beat: (song.bars.saturating_sub(1) * song.metre) as f32,
        beats: song.metre as f32,
        pitch: song.note(if degree > 3 { 7 } else { 0 }),
        force: 0.7,
    });
    notes
}

/// The degree nearest to `degree` that belongs to the triad on `root`.
fn meet(degree: i32, root: i32) -> i32 {
    [0, -1, 1, -2, 2]
        .into_iter()
        .map(|by| degree + by)
        .find(|near| [0, 2, 4].contains(&(near - root).rem_euclid(7)))
        .unwrap_or(degree)
}

/// The next degree: mostly a neighbour, now and then a third, turned back at the range's ends.
fn step(degree: i32, rng: &mut Rng) -> i32 {
    let size = if rng.chance(0.25) { 2 } else { 1 };
    let up = if degree <= LOWEST + 1 {
        true
    } else if degree >= HIGHEST - 1 {
        false
    } else {
        rng.chance(0.5)
    };
    if up { degree + size } else { degree - size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::harmony::MINOR;

    const SONG: Song = Song {
        root: 57,
        scale: MINOR,
        tempo: 100.0,
        metre: 4,
        bars: 9,
        chords: &[0, 5, 2, 6],
    };

    #[test]
    fn a_melody_follows_its_song() {
        for seed in 0..50 {
            let notes = melody(&SONG, 1, &mut Rng::new(seed));
            assert!(notes[0].beat >= 4.0, "it starts in its bar");
            for pair in notes.windows(2) {
                let gap = pair[1].beat - pair[0].beat;
                assert!(
                    (gap - pair[0].beats).abs() < 1e-5,
                    "notes follow each other"
                );
            }
            let last = notes[notes.len() - 1];
            assert_eq!(last.pitch.rem_euclid(12), 57 % 12, "it comes home");
            for note in &notes {
                assert!(
                    (SONG.note(LOWEST - 2)..=SONG.note(HIGHEST + 2)).contains(&note.pitch),
                    "{} is out of range",
                    note.pitch
                );
                let class = (note.pitch - SONG.root).rem_euclid(12);
                assert!(MINOR.contains(&class), "{class} is not in the scale");
            }
        }
    }

    #[test]
    fn the_first_note_of_a_bar_belongs_to_its_chord() {
        assert_eq!(meet(3, 0), 2, "the fourth moves to the third of the tonic");
        assert_eq!(meet(4, 4), 4, "the root of the dominant stays");
        assert_eq!(
            meet(8, 3),
            7,
            "the ninth moves to the fifth of the subdominant"
        );
    }
}
