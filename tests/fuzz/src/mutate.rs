//! New inputs from old ones.
//!
//! Declarations are where parsers go wrong: lengths, counts, kinds. They stand near the start of a file
//! and behind the four letters that name a box, chunk, frame or page, so changes go there more often
//! than elsewhere.

use crate::{parts::repair_ogg, rng::Rng};

/// Longest input that is made, in bytes.
const LONGEST: usize = 512 << 10;

/// Bytes at the start of an input that are taken for its head.
const HEAD: usize = 600;

/// Most changes of one input.
const MOST_CHANGES: usize = 8;

/// Numbers at which parsers turn: the ends of the signed and unsigned ranges and what lies beside them.
const EDGES: [u64; 14] = [
    0,
    1,
    2,
    7,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff0,
    0xffff_ffff,
    u64::MAX,
];

/// A changed copy of `input`; `other` is what pieces may be taken from.
pub fn mutate(input: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=rng.below(MOST_CHANGES) {
        change(&mut bytes, other, rng);
    }
    bytes.truncate(LONGEST);
    // Half of the changed pages must get past the checksum, or nothing behind it is ever reached.
    if rng.below(2) == 0 {
        repair_ogg(&mut bytes);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], rng: &mut Rng) {
    let at = place(bytes, rng);
    let rest = bytes.len() - at;
    match rng.below(10) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.next_u64() as u8;
            }
        }
        3..=5 => number(&mut bytes[at..], rng),
        6 => {
            let len = rng.below(64.min(rest) + 1);
            bytes.drain(at..at + len);
        }
        7 => {
            let len = 1 + rng.below(256.min(rest.max(1)));
            let piece = bytes[at..(at + len).min(bytes.len())].repeat(1 + rng.below(8));
            bytes.splice(at..at, piece);
        }
        8 => {
            let from = place(other, rng);
            let piece = &other[from..(from + rng.below(1024)).min(other.len())];
            let over = if rng.below(2) == 0 { piece.len() } else { 0 };
            bytes.splice(at..(at + over).min(bytes.len()), piece.iter().copied());
        }
        _ if rng.below(4) == 0 => bytes.truncate(at),
        _ => {
            let len = rng.below(32.min(rest) + 1);
            bytes[at..at + len].fill(*rng.pick(&[0, 0xff, b'A']));
        }
    }
}

/// Writes an edge of a number range, of any width and byte order, over the start of `bytes`.
fn number(bytes: &mut [u8], rng: &mut Rng) {
    let width = *rng.pick(&[1, 2, 3, 4, 4, 4, 8]);
    let Some(field) = bytes.get_mut(..width) else {
        return;
    };
    let mut value = *rng.pick(&EDGES);
    if rng.below(4) == 0 {
        value = value.wrapping_add(rng.next_u64() % 1024);
    }
    if rng.below(2) == 0 {
        field.copy_from_slice(&value.to_be_bytes()[8 - width..]);
    } else {
        field.copy_from_slice(&value.to_le_bytes()[..width]);
    }
}

/// A place to change: anywhere, in the head, or just behind a name.
fn place(bytes: &[u8], rng: &mut Rng) -> usize {
    let anywhere = rng.below(bytes.len() + 1);
    match rng.below(4) {
        0 => anywhere,
        1 => rng.below(bytes.len().min(HEAD) + 1),
        _ => {
            let from = if rng.below(2) == 0 { 0 } else { anywhere };
            let names: Vec<usize> = bytes[from..]
                .windows(4)
                .enumerate()
                .filter(|(_, word)| word.iter().all(u8::is_ascii_alphanumeric))
                .map(|(at, _)| from + at)
                .take(64)
                .collect();
            if names.is_empty() {
                return anywhere;
            }
            // The length stands before the name in MP4 and behind it elsewhere.
            let name = *rng.pick(&names);
            (name + rng.below(20)).saturating_sub(4).min(bytes.len())
        }
    }
}
