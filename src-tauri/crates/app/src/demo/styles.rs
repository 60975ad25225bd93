//! The styles: how each piece is composed and which instruments play it.
//!
//! Tempi, chords, levels and timbres are choices made by ear; what is taken from elsewhere names
//! its source.

mod bells;
mod chip;
mod choir;
mod machines;
mod pads;
mod piano;
mod strings;
mod weather;

use super::{
    catalogue::{Piece, Style},
    rng::Rng,
};

/// The samples of a piece: one channel at [`RATE`](super::wav::RATE), within [-1, 1], 20 to 30 s.
pub(super) fn play(piece: &Piece) -> Vec<f32> {
    let number = piece.number;
    let mut rng = Rng::new(piece.style as u64 * 1000 + number as u64);
    let tape = match piece.style {
        Style::Strings => strings::play(number, &mut rng),
        Style::Pads => pads::play(number, &mut rng),
        Style::Machines => machines::play(number, &mut rng),
        Style::Chip => chip::play(number, &mut rng),
        Style::Piano => piano::play(number, &mut rng),
        Style::Weather => weather::play(number, &mut rng),
        Style::Choir => choir::play(number, &mut rng),
        Style::Bells => bells::play(number, &mut rng),
    };
    tape.finish()
}
