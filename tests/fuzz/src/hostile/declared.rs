//! Declarations that are far too large: lengths, counts and rates in each container.

use crate::parts::{fixture, flac_block, flac_with, repair_ogg, riff_chunk, tone, wav};

use super::{Hostile, RATE, changed, failure, track};

const MOST: [u8; 4] = [0xff; 4];

pub(super) fn riff() -> Vec<Hostile> {
    let whole = wav(RATE, 1, &[], &tone(500.0, RATE, 1, 24_000));
    let of = |mark: &[u8], at, change: &[u8]| changed(&whole, mark, at, change);
    let huge_list = [b"LIST", &[0xfe, 0xff, 0xff, 0x7f], &b"INFO"[..]].concat();
    vec![
        track("declared/riff of 4 GB.wav", of(b"RIFF", 4, &MOST)),
        track("declared/riff of nothing.wav", of(b"RIFF", 4, &[0; 4])),
        track("declared/stream.wav", of(b"data", 4, &MOST)),
        failure(
            "declared/data of 1 GB.wav",
            "truncated",
            of(b"data", 4, &[0, 0, 0, 0x40]),
        ),
        failure(
            "declared/data of nothing.wav",
            "no_samples",
            of(b"data", 4, &[0; 4]),
        ),
        failure(
            "declared/format of 4 GB.wav",
            "damaged",
            of(b"fmt ", 4, &MOST),
        ),
        failure(
            "declared/format of nothing.wav",
            "damaged",
            of(b"fmt ", 4, &[0; 4]),
        ),
        track("declared/block of nothing.wav", of(b"fmt ", 20, &[0; 2])),
        failure(
            "declared/list of 2 GB.wav",
            "truncated",
            wav(RATE, 1, &huge_list, &tone(501.0, RATE, 1, 24_000)),
        ),
        track(
            "declared/thousand chunks.wav",
            wav(
                RATE,
                1,
                &riff_chunk(*b"junk", b"").repeat(1_000),
                &tone(502.0, RATE, 1, 24_000),
            ),
        ),
    ]
}

pub(super) fn aiff() -> Vec<Hostile> {
    let whole = fixture("sweep.aiff");
    let of = |mark: &[u8], at, change: &[u8]| changed(&whole, mark, at, change);
    vec![
        failure(
            "declared/form of 4 GB.aiff",
            "truncated",
            of(b"FORM", 4, &MOST),
        ),
        track("declared/frames.aiff", of(b"COMM", 10, &MOST)),
        failure(
            "declared/sound of 4 GB.aiff",
            "damaged",
            of(b"SSND", 4, &MOST),
        ),
        // An 80-bit number with the largest exponent.
        failure(
            "declared/rate.aiff",
            "damaged",
            of(b"COMM", 16, &[0x7f, 0xff]),
        ),
    ]
}

pub(super) fn flac() -> Vec<Hostile> {
    let whole = fixture("sweep.flac");
    let of = |at: usize, change: &[u8]| changed(&whole, b"fLaC", at, change);
    vec![
        // 36 bits of the number of samples, behind rate, channels and depth (RFC 9639 section 8.2).
        failure("declared/samples.flac", "truncated", {
            let mut bytes = of(22, &MOST);
            bytes[21] |= 0x0f;
            bytes
        }),
        track("declared/length unknown.flac", {
            let mut bytes = of(22, &[0; 4]);
            bytes[21] &= 0xf0;
            bytes
        }),
        failure("declared/block of 16 MB.flac", "truncated", {
            flac_with(&whole, &[4, 0xff, 0xff, 0xff, 0, 0, 0, 0])
        }),
        failure(
            "declared/no stream info.flac",
            "truncated",
            of(4, &[0x84, 0, 0, 34]),
        ),
        track(
            "declared/padding.flac",
            flac_with(&whole, &flac_block(1, &vec![0; 4 << 20])),
        ),
    ]
}

pub(super) fn mp4() -> Vec<Hostile> {
    let whole = fixture("sweep.m4a");
    let of = |mark: &[u8], at, change: &[u8]| changed(&whole, mark, at, change);
    let before = |name: &str, change: [u8; 4]| {
        let mut bytes = whole.clone();
        let at = bytes.windows(4).position(|word| word == name.as_bytes());
        let at = at.expect("the fixture has the box") - 4;
        bytes[at..at + 4].copy_from_slice(&change);
        bytes
    };
    vec![
        failure(
            "declared/moov of 4 GB.m4a",
            "truncated",
            before("moov", MOST),
        ),
        failure(
            "declared/moov of 3 bytes.m4a",
            "damaged",
            before("moov", [0, 0, 0, 3]),
        ),
        failure(
            "declared/trak of 4 GB.m4a",
            "not_audio",
            before("trak", MOST),
        ),
        failure(
            "declared/mdat of 4 GB.m4a",
            "truncated",
            before("mdat", MOST),
        ),
        failure(
            "declared/mdat to the end.m4a",
            "truncated",
            before("mdat", [0; 4]),
        ),
        failure("declared/sizes.m4a", "damaged", of(b"stsz", 12, &MOST)),
        failure("declared/chunks.m4a", "damaged", of(b"stco", 8, &MOST)),
        failure("declared/runs.m4a", "damaged", of(b"stts", 8, &MOST)),
        failure("declared/duration.m4a", "truncated", of(b"stts", 16, &MOST)),
        failure("declared/offset.m4a", "truncated", of(b"stco", 12, &MOST)),
    ]
}

pub(super) fn ogg() -> Vec<Hostile> {
    let repaired = |mut bytes: Vec<u8>| {
        repair_ogg(&mut bytes);
        bytes
    };
    let (vorbis, opus) = (fixture("sweep.ogg"), fixture("sweep.opus"));
    let comment = changed(&vorbis, b"\x03vorbis", 7, &MOST);
    let count = changed(&opus, b"OpusTags", 8, &MOST);
    let mut granule = vorbis.clone();
    if let Some(at) = granule.windows(4).rposition(|word| word == b"OggS") {
        granule[at + 6..at + 14].fill(0x7f);
    }
    vec![
        track("declared/comment of 4 GB.ogg", repaired(comment)),
        failure(
            "declared/comment of 4 GB.opus",
            "truncated",
            repaired(count),
        ),
        track("declared/position.ogg", repaired(granule)),
        failure(
            "declared/checksum.ogg",
            "damaged",
            changed(&vorbis, b"OggS", 22, &MOST),
        ),
        failure("declared/rate.ogg", "unsupported", {
            repaired(changed(&vorbis, b"\x01vorbis", 12, &MOST))
        }),
        failure("declared/no channels.opus", "truncated", {
            repaired(changed(&opus, b"OpusHead", 9, &[0]))
        }),
    ]
}

pub(super) fn mpeg() -> Vec<Hostile> {
    let whole = fixture("sweep.mp3");
    let info = if whole.windows(4).any(|word| word == b"Xing") {
        b"Xing"
    } else {
        b"Info"
    };
    vec![
        failure("declared/tag of 256 MB.mp3", "not_audio", {
            changed(&whole, b"ID3", 6, &[0x7f; 4])
        }),
        failure(
            "declared/frames.mp3",
            "truncated",
            changed(&whole, info, 8, &MOST),
        ),
        track("declared/no frames.mp3", changed(&whole, info, 8, &[0; 4])),
    ]
}
