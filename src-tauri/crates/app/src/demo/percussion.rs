//! Drums of an analogue drum machine: sines that fall in pitch, and shaped noise.

use super::{
    filter::{LowPass, Sweep},
    math::fall,
    oscillator::Phase,
    rng::Rng,
    tape::Tape,
};

/// A drum and how to strike it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drum {
    Kick,
    Snare,
    Clap,
    /// A closed hi-hat.
    Hat,
    /// An open one.
    Open,
    Tom,
}

impl Drum {
    /// Strikes the drum at `at` seconds, `force` 0 to 1.
    pub(super) fn strike(self, tape: &mut Tape, at: f32, force: f32, rng: &mut Rng) {
        match self {
            Self::Kick => skin(tape, at, force, (48.0, 190.0, 0.08), 0.45),
            Self::Tom => skin(tape, at, 0.7 * force, (95.0, 120.0, 0.15), 0.35),
            Self::Snare => {
                skin(tape, at, 0.4 * force, (180.0, 120.0, 0.05), 0.18);
                hiss(tape, at, 0.55 * force, (2200.0, 0.6), 0.24, rng);
            }
            Self::Clap => {
                // Hands do not meet at once.
                for late in [0.0, 0.011, 0.023] {
                    hiss(tape, at + late, 0.4 * force, (1300.0, 1.5), 0.06, rng);
                }
                hiss(tape, at + 0.03, 0.45 * force, (1300.0, 1.2), 0.28, rng);
            }
            Self::Hat => hiss(tape, at, 0.35 * force, (8000.0, 1.0), 0.06, rng),
            Self::Open => hiss(tape, at, 0.3 * force, (7500.0, 1.0), 0.4, rng),
        }
    }
}

/// Strikes `drum` wherever `pattern` has a letter: a capital is an accent, a full stop a rest.
/// One character is a sixteenth, which lasts `sixteenth` seconds.
pub(super) fn sequence(
    tape: &mut Tape,
    drum: Drum,
    pattern: &str,
    at: f32,
    sixteenth: f32,
    rng: &mut Rng,
) {
    for (n, step) in pattern.bytes().enumerate() {
        if step != b'.' {
            let force = if step.is_ascii_uppercase() { 1.0 } else { 0.55 };
            drum.strike(tape, at + n as f32 * sixteenth, force, rng);
        }
    }
}

/// A sine that starts `above` Hz over `rest` Hz, falls there within `seconds`, and dies away.
fn skin(tape: &mut Tape, at: f32, force: f32, pitch: (f32, f32, f32), ring: f32) {
    let (rest, above, seconds) = pitch;
    let (bend_fall, level_fall) = (fall(seconds), fall(ring));
    let (mut bend, mut level) = (above, force);
    let mut phase = Phase::new(rest + above, 0.0);
    tape.add(at, ring, || {
        phase.tune(rest + bend);
        bend *= bend_fall;
        level *= level_fall;
        level * phase.sine()
    });
}

/// Noise around a frequency with a quality, dying away within `ring` seconds.
fn hiss(tape: &mut Tape, at: f32, force: f32, band: (f32, f32), ring: f32, rng: &mut Rng) {
    let mut filter = Sweep::new(band.0, band.1);
    let mut rumble = LowPass::new(0.3 * band.0);
    let level_fall = fall(ring);
    let mut level = force;
    tape.add(at, ring, || {
        level *= level_fall;
        let bands = filter.step(rng.white());
        level * rumble.high(bands.band + bands.high)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tape::samples;

    #[test]
    fn a_sequence_strikes_on_its_steps_only() {
        let mut tape = Tape::new(2.0);
        sequence(&mut tape, Drum::Hat, "X...x...", 0.0, 0.2, &mut Rng::new(1));
        let loudest = |from: f32, to: f32| {
            tape.samples[samples(from)..samples(to)]
                .iter()
                .fold(0.0_f32, |peak, x| peak.max(x.abs()))
        };
        assert!(
            loudest(0.0, 0.05) > loudest(0.8, 0.85),
            "the accent is louder"
        );
        assert!(loudest(0.8, 0.85) > 0.02, "the second stroke is there");
        assert!(loudest(0.4, 0.6) < 1e-6, "a rest is silent");
    }
}
