//! Tags of every container, and badly encoded ones.

use throughline_audio::AudioFile;
use throughline_core::track::Tags;

use crate::fixtures::{SWEEPS, file_of, fixture, noise, wav};

fn tags_of(path: &std::path::Path) -> Tags {
    AudioFile::open(path).unwrap().tags().clone()
}

#[test]
fn of_every_container() {
    let expected = Tags {
        title: Some("Sweep é".into()),
        artist: Some("Nobody".into()),
        album: Some("Fixtures".into()),
        year: Some(2021),
        genre: Some("Test".into()),
    };
    // Raw AAC has nowhere to put tags.
    for name in SWEEPS.into_iter().filter(|name| *name != "sweep.aac") {
        assert_eq!(tags_of(&fixture(name)), expected, "{name}");
    }
}

#[test]
fn none_are_none() {
    let (_folder, path) = wav(16_000, 1, &noise(1_000));
    assert_eq!(tags_of(&path), Tags::default());
    assert_eq!(tags_of(&fixture("sweep.aac")), Tags::default());
}

/// An ID3v2.3 tag of text frames that claim to be Latin-1.
fn id3v2(frames: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (id, text) in frames {
        body.extend_from_slice(*id);
        body.extend_from_slice(&(text.len() as u32 + 1).to_be_bytes());
        body.extend_from_slice(&[0, 0, 0]);
        body.extend_from_slice(text);
    }
    let size = [21, 14, 7, 0].map(|shift| (body.len() >> shift & 0x7f) as u8);
    [b"ID3\x03\0\0", &size[..], &body[..]].concat()
}

/// The sound of the MP3 fixture, without its tag.
fn bare_mp3() -> Vec<u8> {
    let bytes = std::fs::read(fixture("sweep.mp3")).unwrap();
    let size = bytes[6..10]
        .iter()
        .fold(0, |size, byte| size << 7 | usize::from(*byte));
    bytes[10 + size..].to_vec()
}

#[test]
fn badly_encoded_ones_are_repaired_or_dropped() {
    let long = [b'x'; 5_000];
    let tag = id3v2(&[
        (
            b"TIT2",
            b"\xcf\xe5\xf1\xed\xff \xee \xe7\xe2\xb8\xe7\xe4\xe0\xf5\0\0",
        ),
        (b"TPE1", "Bj\u{f6}rk".as_bytes()),
        (b"TALB", &long),
        (b"TYER", b"19xx"),
        (b"TCON", b" \0"),
    ]);
    let (_folder, path) = file_of("bad.mp3", &[tag, bare_mp3()].concat());
    let tags = tags_of(&path);
    assert_eq!(
        tags.title.as_deref(),
        Some("Песня о звёздах"),
        "Windows-1251 behind a claim of Latin-1"
    );
    assert_eq!(
        tags.artist.as_deref(),
        Some("Björk"),
        "UTF-8 behind a claim of Latin-1"
    );
    assert_eq!(
        tags.album.map(|album| album.len()),
        Some(256),
        "a field has a bounded length"
    );
    assert_eq!(
        (tags.year, tags.genre),
        (None, None),
        "19xx is no year, a blank no genre"
    );
}

#[test]
fn the_older_tag_fills_what_the_newer_lacks() {
    let mut id3v1 = [0_u8; 128];
    id3v1[..3].copy_from_slice(b"TAG");
    id3v1[3..8].copy_from_slice(b"Older");
    id3v1[33..39].copy_from_slice(b"Artist");
    id3v1[93..97].copy_from_slice(b"1971");
    let tag = id3v2(&[(b"TIT2", b"A newer title that is longer than thirty bytes")]);
    let (_folder, path) = file_of("both.mp3", &[tag, bare_mp3(), id3v1.to_vec()].concat());
    let tags = tags_of(&path);
    assert_eq!(
        tags.title.as_deref(),
        Some("A newer title that is longer than thirty bytes")
    );
    assert_eq!(
        (tags.artist.as_deref(), tags.year),
        (Some("Artist"), Some(1971))
    );
}

#[test]
fn tags_that_lofty_must_not_have_are_read_all_the_same() {
    let title: (&[u8; 4], &[u8]) = (b"TIT2", b"A title");
    let plain = id3v2(&[title]);
    // A header of ten bytes (ID3v2.3 section 3.2) goes before the frames.
    let mut extended = plain.clone();
    extended.splice(10..10, [0, 0, 0, 6, 0, 0, 0, 0, 0, 0]);
    extended[5] = 0x40;
    extended[9] += 10;
    // `id3v2` has a first zero, which ends the chapter's name; then come its times and places.
    let chapters = id3v2(&[title, (b"CHAP", &[0; 16])]);
    let mut compressed = id3v2(&[title, (b"COMM", &[0; 20])]);
    let at = compressed.windows(4).position(|name| name == b"COMM");
    compressed[at.unwrap() + 9] = 0x80;
    for (what, tag) in [
        ("extended header", extended),
        ("chapters", chapters),
        ("compressed comment", compressed),
        ("zeros before it", [&[0; 7][..], &plain].concat()),
    ] {
        let (_folder, path) = file_of("tagged.mp3", &[tag, bare_mp3()].concat());
        assert_eq!(tags_of(&path).title.as_deref(), Some("A title"), "{what}");
    }
}
