//! Content that is no sound, and sound that is unusual.

use crate::parts::{fixture, tone, wav};
use crate::rng::Rng;

use super::{Hostile, RATE, failure, track};

/// Most frames of a tone: three seconds.
const FRAMES: usize = 3 * RATE as usize;

pub(super) fn files() -> Vec<Hostile> {
    let mut files = no_sounds();
    files.extend(unusual());
    files
}

/// Other things under the names of sound files.
fn no_sounds() -> Vec<Hostile> {
    let mut rng = Rng::new(1);
    let mut files: Vec<_> = throughline_audio::EXTENSIONS
        .into_iter()
        .map(|extension| {
            let name = format!("random/bytes.{extension}");
            failure(name, "not_audio", rng.bytes(40_000))
        })
        .collect();
    let text = b"This is a shopping list, not a song: bread, milk, strings. ".repeat(300);
    let page = b"<!doctype html><title>404</title><p>There is no such song here. ".repeat(300);
    let picture = [b"\xff\xd8\xff\xe0\x00\x10JFIF\0".to_vec(), rng.bytes(9_000)].concat();
    let archive = [b"PK\x03\x04\x14\0\0\0\x08\0".to_vec(), rng.bytes(9_000)].concat();
    let program = [b"\x7fELF\x02\x01\x01\0".to_vec(), rng.bytes(9_000)].concat();
    files.extend([
        failure("random/text.mp3", "not_audio", text),
        failure("random/page.m4a", "not_audio", page),
        failure("random/picture.flac", "not_audio", picture),
        failure("random/archive.ogg", "not_audio", archive),
        failure("random/program.wav", "not_audio", program),
        failure("random/zeros.wav", "not_audio", vec![0; 65_536]),
        failure("random/ones.mp3", "not_audio", vec![0xff; 65_536]),
        failure(
            "random/midi.mp3",
            "unsupported",
            b"MThd\0\0\0\x06\0\0".repeat(50),
        ),
        failure(
            "random/wavpack.wav",
            "unsupported",
            b"wvpk\x20\0\0\0".repeat(50),
        ),
        // Sound is known by its content, whatever it is called.
        track("random/flac.mp3", fixture("tones.flac")),
    ]);
    files
}

/// Sound that few files hold.
fn unusual() -> Vec<Hostile> {
    let of = |rate: u32, channels: u16, frames: usize| {
        wav(rate, channels, &[], &tone(997.0, rate, channels, frames))
    };
    let mut rng = Rng::new(2);
    let noise: Vec<i16> = (0..FRAMES).map(|_| rng.next_u64() as i16).collect();
    let full = (0..FRAMES).map(|n| if n / 9 % 2 == 0 { i16::MAX } else { i16::MIN });
    vec![
        failure(
            "sound/silence.wav",
            "silent",
            wav(RATE, 1, &[], &[0; FRAMES]),
        ),
        failure("sound/no frames.wav", "no_samples", of(RATE, 1, 0)),
        failure("sound/one frame.wav", "too_short", of(RATE, 1, 2)),
        failure(
            "sound/a fifth of a second.wav",
            "too_short",
            of(RATE, 1, 1_600),
        ),
        track("sound/96 kHz six channels.wav", of(96_000, 6, 288_000)),
        track("sound/384 kHz.wav", of(384_000, 1, 800_000)),
        // Its ratio to what a model hears cannot be reduced.
        track("sound/a prime rate.wav", of(532_387, 1, 800_000)),
        track(
            "sound/1 kHz.wav",
            wav(1_000, 1, &[], &tone(99.0, 1_000, 1, 3_000)),
        ),
        failure("sound/64 channels.wav", "damaged", of(RATE, 64, FRAMES)),
        failure("sound/65 channels.wav", "damaged", of(RATE, 65, FRAMES)),
        failure("sound/no channel.wav", "damaged", of(RATE, 0, FRAMES)),
        failure("sound/no rate.wav", "unsupported", of(0, 1, FRAMES)),
        failure(
            "sound/4 GHz.wav",
            "unsupported",
            of(2_000_000_000, 1, FRAMES),
        ),
        track("sound/noise.wav", wav(RATE, 1, &[], &noise)),
        track(
            "sound/full.wav",
            wav(RATE, 1, &[], &full.collect::<Vec<_>>()),
        ),
    ]
}
