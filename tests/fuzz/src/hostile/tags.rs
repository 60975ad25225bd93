//! Tags that are too large, too many or too deep.

use crate::parts::{
    SWEEPS, ape, atom, fixture, flac_block, flac_with, id3, id3_frame, id3v1, riff_chunk, tone,
    vorbis_comment, wav,
};

use super::{Hostile, RATE, track};

/// A file of each kind of tag that is fine, to begin with.
pub(crate) fn fine() -> Vec<Vec<u8>> {
    let (mp3, flac) = (fixture("sweep.mp3"), fixture("sweep.flac"));
    let sound = &mp3[mp3.len() / 2..];
    let mut files: Vec<_> = SWEEPS.into_iter().map(fixture).collect();
    for version in 2..=4 {
        let text = |long: &[u8; 4], short: &[u8; 3], data: &[u8]| {
            id3_frame(version, if version == 2 { short } else { long }, data)
        };
        let frames = [
            text(b"TIT2", b"TT2", b"\x00Title"),
            text(b"TPE1", b"TP1", b"\x01\xff\xfeA\0r\0t\0"),
            text(b"TALB", b"TAL", b"\x03\xc3\x84lbum"),
            text(b"TCON", b"TCO", b"\x00(17)Rock"),
            text(b"TYER", b"TYE", b"\x001999"),
            text(b"COMM", b"COM", b"\x00eng\0words"),
            text(b"TXXX", b"TXX", b"\x00key\0value"),
            text(b"APIC", b"PIC", b"\x00image/png\0\x03\0\x89PNG"),
        ]
        .concat();
        files.push([&id3(version, &frames)[..], sound].concat());
    }
    let comment = vorbis_comment(&[b"TITLE=a", b"ARTIST=b", b"DATE=2001", b"ALBUM=\xc3\xa4"]);
    let info = [
        b"INFO",
        &riff_chunk(*b"INAM", b"Title\0")[..],
        &riff_chunk(*b"IART", b"Artist"),
    ];
    let in_riff = id3(3, &id3_frame(3, b"TIT2", b"\x00Title"));
    let tone = tone(440.0, RATE, 1, 800);
    files.extend([
        flac_with(&flac, &flac_block(4, &comment)),
        [sound, &ape(&[("Title", "a"), ("Year", "1999")])].concat(),
        [sound, &id3v1(b"Title")].concat(),
        wav(RATE, 1, &riff_chunk(*b"LIST", &info.concat()), &tone),
        wav(RATE, 1, &riff_chunk(*b"id3 ", &in_riff), &tone),
        [fixture("sweep.m4a"), atom(*b"free", &[0; 16])].concat(),
    ]);
    files
}

/// Tag bombs around sound that is fine: the sound is what counts.
pub(super) fn files() -> Vec<Hostile> {
    let (mp3, flac, m4a) = (
        fixture("sweep.mp3"),
        fixture("sweep.flac"),
        fixture("sweep.m4a"),
    );
    let with = |version, frames: &[u8]| [&id3(version, frames)[..], &mp3].concat();
    let picture = [b"\x00image/png\0\x03\0".to_vec(), vec![0x89; 20 << 20]].concat();
    let tiny = id3_frame(4, b"TXXX", b"\x03key\0value");
    let long = [&b"\x03"[..], &"é".repeat(1 << 20).into_bytes()].concat();
    let field = [b"TITLE=".to_vec(), vec![b'x'; 4 << 20]].concat();
    let fields = vec![&b"ARTIST=nobody"[..]; 50_000];
    let (mut boxes, mut lists) = (Vec::new(), Vec::new());
    for _ in 0..2_000 {
        boxes = atom(*b"udta", &boxes);
        lists = riff_chunk(*b"LIST", &[b"INFO", &lists[..]].concat());
    }
    let bomb = id3_compressed(&zeros_in_deflate(2 << 20));
    vec![
        track(
            "tags/picture of 20 MB.mp3",
            with(3, &id3_frame(3, b"APIC", &picture)),
        ),
        track("tags/50 000 frames.mp3", with(4, &tiny.repeat(50_000))),
        track(
            "tags/title of 2 MB.mp3",
            with(4, &id3_frame(4, b"TIT2", &long)),
        ),
        track("tags/frame longer than its tag.mp3", {
            with(3, &[&b"TIT2\x7f\xff\xff\xff\0\0"[..], b"\0title"].concat())
        }),
        track("tags/unfolds to 300 MB.mp3", with(3, &bomb)),
        track(
            "tags/500 tags.mp3",
            [id3(4, &tiny).repeat(500), mp3.clone()].concat(),
        ),
        track("tags/title of 4 MB.flac", {
            flac_with(&flac, &flac_block(4, &vorbis_comment(&[&field])))
        }),
        track("tags/50 000 artists.flac", {
            flac_with(&flac, &flac_block(4, &vorbis_comment(&fields)))
        }),
        track("tags/picture of 16 MB.flac", {
            flac_with(&flac, &flac_block(6, &vec![0; (16 << 20) - 1]))
        }),
        track("tags/2000 boxes deep.m4a", [m4a, boxes].concat()),
        track(
            "tags/2000 lists deep.wav",
            wav(RATE, 1, &lists, &tone(503.0, RATE, 1, 24_000)),
        ),
        track("tags/items.mp3", {
            let mut tag = ape(&[("Title", "a")]);
            let at = tag.len() - 16;
            tag[at..at + 4].fill(0xff);
            [mp3, tag].concat()
        }),
    ]
}

/// An `ID3v2.3` comment that says of itself that it is compressed.
fn id3_compressed(deflated: &[u8]) -> Vec<u8> {
    let mut frame = id3_frame(3, b"COMM", &[&[0, 0, 0, 9], deflated].concat());
    frame[9] = 0x80;
    frame
}

/// About `len` bytes of zlib that unfold to 158 times as many zeros: one literal, and runs of 258 bytes
/// in 13 bits each, in the fixed code (RFC 1951 section 3.2.6).
fn zeros_in_deflate(len: usize) -> Vec<u8> {
    let run = "1100010100000";
    let end = "0000000";
    let runs = run.repeat(len * 8 / run.len());
    let bits: Vec<u8> = ["110", "00110000", &runs, end]
        .concat()
        .bytes()
        .map(|bit| bit & 1)
        .collect();
    let bytes = bits
        .chunks(8)
        .map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit));
    [0x78, 0x9c].into_iter().chain(bytes).collect()
}
