//! Rooms and echoes.

use super::{
    filter::LowPass,
    math::{SAMPLES_PER_SECOND, exp2},
    tape::{Tape, samples},
};

/// Delays of the room's eight paths in samples, 25 to 96 ms at 24 kHz: primes, so that their
/// echoes do not fall together.
const PATHS: [usize; 8] = [601, 773, 967, 1171, 1399, 1669, 1979, 2311];

/// Adds the reverberation of a room to a tape: `seconds` to fall by 60 dB, treble above `hertz`
/// falling sooner, as loud as `level`.
///
/// A feedback delay network (Jot and Chaigne, "Digital delay networks for designing artificial
/// reverberators", AES 1991) of eight paths, mixed by a Hadamard matrix.
pub(super) fn reverberate(tape: &mut Tape, seconds: f32, hertz: f32, level: f32) {
    let mut paths = PATHS.map(|length| Path {
        line: vec![0.0; length],
        at: 0,
        gain: exp2(-9.965_784 * length as f32 / (seconds * SAMPLES_PER_SECOND)),
        damping: LowPass::new(hertz),
    });
    tape.through(|dry| {
        let mut waves: [f32; 8] = std::array::from_fn(|n| paths[n].read());
        // Neighbouring paths come out with opposite signs, so that no frequency piles up.
        let wet: f32 = waves.chunks(2).map(|pair| pair[0] - pair[1]).sum();
        hadamard(&mut waves);
        for (path, wave) in paths.iter_mut().zip(waves) {
            path.write(dry + wave);
        }
        dry + level * wet
    });
}

/// Adds echoes every `seconds`, each `share` as loud as the one before and duller.
pub(super) fn echo(tape: &mut Tape, seconds: f32, share: f32, level: f32) {
    let mut line = vec![0.0; samples(seconds).max(1)];
    let mut at = 0;
    let mut damping = LowPass::new(3000.0);
    tape.through(|dry| {
        let wet = line[at];
        line[at] = dry + share * damping.low(wet);
        at = (at + 1) % line.len();
        dry + level * wet
    });
}

struct Path {
    line: Vec<f32>,
    at: usize,
    gain: f32,
    damping: LowPass,
}

impl Path {
    fn read(&mut self) -> f32 {
        self.gain * self.damping.low(self.line[self.at])
    }

    fn write(&mut self, wave: f32) {
        self.line[self.at] = wave;
        self.at += 1;
        if self.at == self.line.len() {
            self.at = 0;
        }
    }
}

/// The Walsh-Hadamard transform, which keeps the energy.
fn hadamard(waves: &mut [f32; 8]) {
    for width in [1, 2, 4] {
        for n in (0..8).filter(|n| n & width == 0) {
            let (a, b) = (waves[n], waves[n + width]);
            waves[n] = a + b;
            waves[n + width] = a - b;
        }
    }
    for wave in waves {
        *wave *= std::f32::consts::FRAC_1_SQRT_2 / 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Energy of a tape between two moments.
    fn energy(tape: &Tape, from: f32, to: f32) -> f32 {
        tape.samples[samples(from)..samples(to)]
            .iter()
            .map(|x| x * x)
            .sum()
    }

    #[test]
    fn a_room_rings_and_dies_away() {
        let mut tape = Tape::new(3.0);
        tape.samples[0] = 1.0;
        reverberate(&mut tape, 1.0, 8000.0, 0.5);
        let (early, late) = (energy(&tape, 0.1, 0.4), energy(&tape, 1.1, 1.4));
        assert!(early > 1e-3, "it rings");
        assert!(
            late < early * 1e-4,
            "a second later it is 60 dB down or nearly: {late} of {early}"
        );
        assert!(late > 0.0, "but it does not stop dead");
    }

    #[test]
    fn echoes_come_at_their_time() {
        let mut tape = Tape::new(1.0);
        tape.samples[0] = 1.0;
        echo(&mut tape, 0.25, 0.5, 0.5);
        assert!(energy(&tape, 0.01, 0.24) < 1e-9, "silence before the echo");
        assert!(energy(&tape, 0.24, 0.26) > 0.2, "the first echo");
    }
}
