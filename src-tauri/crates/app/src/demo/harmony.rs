//! Keys, chords and songs.

/// A scale: semitones of its seven degrees above the root.
pub(super) type Scale = [i32; 7];

pub(super) const MAJOR: Scale = [0, 2, 4, 5, 7, 9, 11];
pub(super) const MINOR: Scale = [0, 2, 3, 5, 7, 8, 10];
pub(super) const HARMONIC_MINOR: Scale = [0, 2, 3, 5, 7, 8, 11];
pub(super) const DORIAN: Scale = [0, 2, 3, 5, 7, 9, 10];
pub(super) const PHRYGIAN: Scale = [0, 1, 3, 5, 7, 8, 10];
pub(super) const LYDIAN: Scale = [0, 2, 4, 6, 7, 9, 11];
pub(super) const MIXOLYDIAN: Scale = [0, 2, 4, 5, 7, 9, 10];

/// What a piece is made over: key, tempo, and a chord for every bar.
pub(super) struct Song {
    /// MIDI note of degree 0.
    pub(super) root: i32,
    pub(super) scale: Scale,
    /// Beats a minute.
    pub(super) tempo: f32,
    /// Beats a bar.
    pub(super) metre: usize,
    pub(super) bars: usize,
    /// Degrees of the chords' roots, one a bar, again and again.
    pub(super) chords: &'static [i32],
}

impl Song {
    /// Seconds of so many beats.
    pub(super) fn seconds(&self, beats: f32) -> f32 {
        beats * 60.0 / self.tempo
    }

    /// Beats of the whole song.
    pub(super) fn beats(&self) -> usize {
        self.bars * self.metre
    }

    /// The moment in seconds of a beat within a bar.
    pub(super) fn at(&self, bar: usize, beat: f32) -> f32 {
        self.seconds((bar * self.metre) as f32 + beat)
    }

    /// The root of a bar's chord, as a degree. The last bar comes home.
    pub(super) fn chord(&self, bar: usize) -> i32 {
        if bar + 1 == self.bars {
            0
        } else {
            self.chords[bar % self.chords.len()]
        }
    }

    /// MIDI note of a degree: 7 is an octave above 0, -7 an octave below.
    pub(super) fn note(&self, degree: i32) -> i32 {
        self.root + 12 * degree.div_euclid(7) + self.scale[degree.rem_euclid(7) as usize]
    }

    /// MIDI notes of the first `N` thirds that are piled up on a bar's root: 3 make a triad, 4 a
    /// seventh chord.
    pub(super) fn stack<const N: usize>(&self, bar: usize) -> [i32; N] {
        std::array::from_fn(|n| self.note(self.chord(bar) + 2 * n as i32))
    }

    /// The same notes, each moved by octaves to within `[low, low + 12)`, from below: chords
    /// that follow each other then move by small steps.
    pub(super) fn close<const N: usize>(&self, bar: usize, low: i32) -> [i32; N] {
        let mut notes = self
            .stack::<N>(bar)
            .map(|note| low + (note - low).rem_euclid(12));
        notes.sort_unstable();
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SONG: Song = Song {
        root: 60,
        scale: MAJOR,
        tempo: 120.0,
        metre: 4,
        bars: 4,
        chords: &[4, 5],
    };

    #[test]
    fn degrees_go_up_and_down_by_octaves() {
        assert_eq!(
            [-7, -1, 0, 2, 7, 9].map(|n| SONG.note(n)),
            [48, 59, 60, 64, 72, 76]
        );
    }

    #[test]
    fn chords_are_piled_thirds_and_the_last_bar_comes_home() {
        assert_eq!(
            SONG.stack::<4>(0),
            [67, 71, 74, 77],
            "the dominant seventh of C major"
        );
        assert_eq!(
            SONG.stack::<3>(3),
            [60, 64, 67],
            "the last bar is the tonic"
        );
        assert_eq!(
            SONG.close::<3>(0, 60),
            [62, 67, 71],
            "the dominant within an octave from C"
        );
    }

    #[test]
    fn beats_are_seconds_by_the_tempo() {
        assert!(
            (SONG.at(2, 1.0) - 4.5).abs() < 1e-6,
            "nine beats at 120 take 4.5 s"
        );
    }
}
