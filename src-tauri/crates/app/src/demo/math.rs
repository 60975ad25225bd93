//! Sine, powers of two and what follows from them, by polynomials, so that every machine computes
//! the same bits (the system's own `sin` and `exp2` differ in the last place).

use super::wav::RATE;

/// Samples a second.
pub(super) const SAMPLES_PER_SECOND: f32 = RATE as f32;

/// sin(2π · `turns`) within 4e-6: the Taylor series to the ninth power over a quarter turn.
pub(super) fn sine(turns: f32) -> f32 {
    let x = turns - nearest(turns);
    let x = if x > 0.25 {
        0.5 - x
    } else if x < -0.25 {
        -0.5 - x
    } else {
        x
    };
    let angle = x * std::f32::consts::TAU;
    let y = angle * angle;
    angle
        * (1.0 + y * (-1.0 / 6.0 + y * (1.0 / 120.0 + y * (-1.0 / 5040.0 + y * (1.0 / 362_880.0)))))
}

/// 2 to the power `x` within 2e-7 of its size: the Taylor series to the sixth power around the
/// nearest whole number, which goes into the exponent's bits.
pub(super) fn exp2(x: f32) -> f32 {
    let x = x.clamp(-126.0, 127.0);
    let whole = nearest(x);
    let y = (x - whole) * std::f32::consts::LN_2;
    let series = 1.0
        + y * (1.0
            + y * (0.5
                + y * (1.0 / 6.0 + y * (1.0 / 24.0 + y * (1.0 / 120.0 + y * (1.0 / 720.0))))));
    series * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

/// The whole number nearest to `x`.
fn nearest(x: f32) -> f32 {
    (x + if x < 0.0 { -0.5 } else { 0.5 }) as i32 as f32
}

/// Frequency in Hz of a MIDI note number: 69 is A4, 440 Hz, and 12 an octave.
pub(super) fn hertz(note: f32) -> f32 {
    440.0 * exp2((note - 69.0) / 12.0)
}

/// The factor a sample that lets a level fall by 60 dB (a thousandth) within `seconds`.
pub(super) fn fall(seconds: f32) -> f32 {
    const LOG2_OF_1000: f32 = 9.965_784;
    exp2(-LOG2_OF_1000 / (seconds * SAMPLES_PER_SECOND))
}

/// Soft saturation: the Padé approximant x (27 + x²) / (27 + 9 x²) of tanh, exact ±1 from ±3 on.
pub(super) fn saturate(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    x * (27.0 + x * x) / (27.0 + 9.0 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_agree_with_the_library() {
        for step in -4000..4000 {
            let x = step as f32 / 1000.0;
            let sine_error = (sine(x) as f64 - (x as f64 * std::f64::consts::TAU).sin()).abs();
            assert!(
                sine_error < 5e-6,
                "sine of {x} turns is off by {sine_error}"
            );
            let power_error = exp2(x) as f64 / (x as f64).exp2() - 1.0;
            assert!(
                power_error.abs() < 4e-7,
                "2 to the power {x} is off by {power_error}"
            );
        }
    }

    #[test]
    fn the_note_a4_is_440_hertz_and_an_octave_doubles_it() {
        assert!((hertz(69.0) - 440.0).abs() < 1e-3, "A4 is 440 Hz");
        assert!((hertz(81.0) - 880.0).abs() < 1e-3, "A5 is 880 Hz");
    }

    #[test]
    fn a_fall_reaches_a_thousandth_in_its_time() {
        let mut level = 1.0;
        let factor = fall(0.5);
        for _ in 0..RATE / 2 {
            level *= factor;
        }
        assert!(
            (0.000_9..0.001_1).contains(&level),
            "level after the time is {level}"
        );
    }
}
