use std::io::Cursor;

use lofty::{prelude::Accessor, tag::Tag};

use super::*;
use crate::tags::tags_in;

/// A title, and an artist that is longer than a compressed title.
const TITLE: &[u8] = b"TIT2\0\0\0\x03\0\0\0ab";
const ARTIST: &[u8] =
    b"TPE1\0\0\0\x45\0\0\0an artist whose name is as long as all that a compressed title needs";

/// A tag of `version` with `flags` around `body`.
fn tag_of(version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    let size = [21, 14, 7, 0].map(|shift| (body.len() >> shift & 0x7f) as u8);
    [&[b'I', b'D', b'3', version, 0, flags][..], &size, body].concat()
}

/// A frame of an `ID3v2.3` tag.
fn frame(name: &[u8], flags: u8, content: &[u8]) -> Vec<u8> {
    let len = (content.len() as u32).to_be_bytes();
    [name, &len, &[0, flags], content].concat()
}

/// The title `unfolded`, compressed: one stored block (RFC 1950, RFC 1951 section 3.2.4).
fn compressed() -> Vec<u8> {
    let text = b"\0unfolded";
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in text {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let len = text.len() as u16;
    let zlib = [
        &[0x78, 0x01, 0x01][..],
        &len.to_le_bytes(),
        &(!len).to_le_bytes(),
        text,
        &(b << 16 | a).to_be_bytes(),
    ]
    .concat();
    frame(b"TIT2", 0x80, &[&[0, 0, 0, 9][..], &zlib].concat())
}

/// Silence: frames of MPEG-1 Layer III, 128 kbit/s at 44.1 kHz, 417 bytes each.
fn silence() -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
    frame.repeat(4)
}

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let len = (content.len() as u32).to_le_bytes();
    [name, &len, content].concat()
}

/// The title that lofty finds, with and without the guard.
fn titles(bytes: &[u8]) -> (Option<String>, Option<String>) {
    let first = |tags: Vec<Tag>| tags.iter().find_map(|tag| tag.title().map(Into::into));
    (
        tags_in(Guarded::new(Cursor::new(bytes)))
            .ok()
            .and_then(first),
        tags_in(Cursor::new(bytes)).ok().and_then(first),
    )
}

/// Whether all of `bytes` can be read.
fn plain(bytes: &[u8]) -> bool {
    io::copy(&mut Guarded::new(Cursor::new(bytes)), &mut io::sink()).is_ok()
}

#[test]
fn plain_frames_pass() {
    for version in [3, 4] {
        let padded = [TITLE, TITLE, &[0; 20]].concat();
        assert!(plain(&tag_of(version, 0, &padded)), "version {version}");
    }
    assert!(plain(b"fLaC"), "no tag is a plain one");
    // A byte order mark, with the zero behind its 0xff.
    let text = b"TIT2\0\0\0\x05\0\0\x01\xff\0\xfea\0";
    assert!(plain(&tag_of(3, 0x80, &[text, TITLE].concat())));
    let two = [tag_of(4, 0, TITLE), tag_of(3, 0, TITLE)].concat();
    assert!(plain(&two), "and so do two tags");
}

#[test]
fn links_and_comments_pass() {
    for (name, content) in [
        (b"WOAR", &b"https://example.invalid/\0"[..]),
        (b"WXXX", b"\0\0https://example.invalid/"),
        (b"COMM", b"\0eng\x002019 REMASTER"),
        (b"COMM", b"\x01eng\xff\xfe\0\0\xff\xfeA\0B\0C\0D\0E\0"),
    ] {
        let tag = tag_of(3, 0, &[&frame(name, 0, content), TITLE].concat());
        assert!(plain(&tag), "{}", content.escape_ascii());
        let file = [tag, silence()].concat();
        assert_eq!(titles(&file).0.as_deref(), Some("ab"));
    }
}

#[test]
fn compressed_and_broken_frames_do_not() {
    for (version, flag) in [(3, 0x80), (4, 0x08)] {
        let mut folded = TITLE.to_vec();
        folded[9] = flag;
        let tag = tag_of(version, 0, &[TITLE, &folded].concat());
        assert!(!plain(&tag), "version {version}");
        let behind = [tag_of(4, 0, TITLE), tag].concat();
        assert!(!plain(&behind), "version {version} in a second tag");
    }
    assert!(!plain(&tag_of(3, 0, b"TIT2\x7f\xff\xff\xff\0\0\0ab")));
    assert!(!plain(&tag_of(3, 0, b"no frame at all")));
    assert!(!plain(&tag_of(3, 0, TITLE).repeat(MOST_TAGS + 1)));
}

#[test]
fn what_lofty_would_unfold_is_kept_from_it_wherever_it_stands() {
    let hidden = compressed();
    let tag = tag_of(3, 0, &hidden);
    let extended = (6 + hidden.len() as u32).to_be_bytes();
    let comment = b"\x01eng\xff\xfe\0\0\xff\xfea\0\0\0";
    let wave = |chunks: &[u8]| [b"RIFF\0\0\0\0WAVE", chunks].concat();
    let list = [&b"INFO\x01\x01\x01\x01"[..], &chunk(b"id3 ", &tag)].concat();
    for (place, bytes) in [
        ("in a tag", tag.clone()),
        ("behind a tag", [tag_of(3, 0, ARTIST), tag.clone()].concat()),
        (
            "behind a footer",
            [&tag_of(3, 0x10, ARTIST)[..], b"3DI-------", &tag].concat(),
        ),
        (
            "in an extended header",
            tag_of(3, 0x40, &[&extended, &[0, 0][..], &hidden, ARTIST].concat()),
        ),
        ("behind zeros", [&[0; 5][..], &tag].concat()),
        ("behind junk", [b"junk", &tag[..]].concat()),
        (
            "in a chapter",
            tag_of(
                3,
                0,
                &frame(b"CHAP", 0, &[b"a\0----------------", &hidden[..]].concat()),
            ),
        ),
        (
            "behind a link",
            tag_of(3, 0, &frame(b"WOAR", 0, &[b"a\0", &hidden[..]].concat())),
        ),
        (
            "behind a comment",
            tag_of(3, 0, &frame(b"COMM", 0, &[comment, &hidden[..]].concat())),
        ),
        ("in a chunk", wave(&chunk(b"id3 ", &tag))),
        (
            "behind an odd chunk",
            wave(&[chunk(b"junk", b"x"), chunk(b"id3 ", &tag)].concat()),
        ),
        (
            "in a list",
            wave(&[chunk(b"LIST", &list), chunk(b"junk", &[0; 200])].concat()),
        ),
    ] {
        let bytes = if bytes.starts_with(b"RIFF") {
            bytes
        } else {
            [bytes, silence()].concat()
        };
        let (guarded, bare) = titles(&bytes);
        // What a chapter says is unfolded, and is no title of the file.
        if place != "in a chapter" {
            assert_eq!(
                bare.as_deref(),
                Some("unfolded"),
                "lofty unfolds it {place}"
            );
        }
        assert_eq!(guarded, None, "{place}");
        assert!(!plain(&bytes), "{place}");
    }
}
