//! What sound files are made of: chunks, boxes, pages, tags.

use std::path::Path;

/// Bytes of `tests/fixtures/audio/<name>`.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/audio");
    std::fs::read(folder.join(name)).expect("the fixture is part of the repository")
}

/// The short fixtures: one of each codec and container, of a second or two.
pub const SWEEPS: [&str; 9] = [
    "sweep.mp3",
    "sweep.m4a",
    "sweep.aac",
    "sweep.ogg",
    "sweep.opus",
    "sweep.flac",
    "sweep-alac.m4a",
    "sweep.aiff",
    "sweep.wav",
];

/// A RIFF chunk: name, length in little endian, data, and a byte to make it even.
pub fn riff_chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let len = (data.len() as u32).to_le_bytes();
    let pad = vec![0; data.len() % 2];
    [&name[..], &len, data, &pad].concat()
}

/// A WAV file of 16-bit samples with `chunks` before its data.
pub fn wav(rate: u32, channels: u16, chunks: &[u8], samples: &[i16]) -> Vec<u8> {
    let mut format = vec![1, 0];
    format.extend(channels.to_le_bytes());
    format.extend(rate.to_le_bytes());
    format.extend((rate * u32::from(channels) * 2).to_le_bytes());
    format.extend((channels * 2).to_le_bytes());
    format.extend([16, 0]);
    let data: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    let body = [
        b"WAVE",
        &riff_chunk(*b"fmt ", &format)[..],
        chunks,
        &riff_chunk(*b"data", &data),
    ]
    .concat();
    riff_chunk(*b"RIFF", &body)
}

/// `frames` frames of a tone of `hertz`, the same in each channel, at half level.
pub fn tone(hertz: f64, rate: u32, channels: u16, frames: usize) -> Vec<i16> {
    (0..frames)
        .flat_map(|n| {
            let x = (std::f64::consts::TAU * hertz * n as f64 / f64::from(rate)).sin();
            vec![(x * 16_384.0) as i16; usize::from(channels)]
        })
        .collect()
}

/// An MP4 box: length in big endian, name, data.
pub fn atom(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32 + 8).to_be_bytes(), &name[..], data].concat()
}

/// An `ID3v2` tag of `version` (2, 3 or 4) around `frames`.
pub fn id3(version: u8, frames: &[u8]) -> Vec<u8> {
    [
        b"ID3",
        &[version, 0, 0][..],
        &seven_bits(frames.len() as u32),
        frames,
    ]
    .concat()
}

/// A frame of an `ID3v2.3` or `ID3v2.4` tag, or with three letters of an `ID3v2.2` tag.
pub fn id3_frame(version: u8, name: &[u8], data: &[u8]) -> Vec<u8> {
    let len = data.len() as u32;
    match version {
        2 => [name, &len.to_be_bytes()[1..], data].concat(),
        3 => [name, &len.to_be_bytes(), &[0, 0], data].concat(),
        _ => [name, &seven_bits(len), &[0, 0], data].concat(),
    }
}

/// Four bytes of seven bits each (ID3v2.4 section 6.2).
fn seven_bits(n: u32) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (n >> shift) as u8 & 0x7f)
}

/// A Vorbis comment: a vendor and `fields`, each `NAME=value`.
pub fn vorbis_comment(fields: &[&[u8]]) -> Vec<u8> {
    let text = |bytes: &[u8]| [&(bytes.len() as u32).to_le_bytes(), bytes].concat();
    let mut comment = text(b"nobody");
    comment.extend((fields.len() as u32).to_le_bytes());
    for field in fields {
        comment.extend(text(field));
    }
    comment
}

/// A FLAC metadata block of `kind` that is not the last.
pub fn flac_block(kind: u8, data: &[u8]) -> Vec<u8> {
    [&[kind], &(data.len() as u32).to_be_bytes()[1..], data].concat()
}

/// `flac` with `blocks` behind its stream info.
pub fn flac_with(flac: &[u8], blocks: &[u8]) -> Vec<u8> {
    // The mark, and the stream info with its header: 4 + 4 + 34 bytes (RFC 9639 section 8.2).
    let mut head = flac[..42].to_vec();
    head[4] &= 0x7f;
    [&head, blocks, &flac[42..]].concat()
}

/// An `APEv2` tag with text `items`, as it stands at the end of a file.
pub fn ape(items: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, value) in items {
        body.extend((value.len() as u32).to_le_bytes());
        body.extend([0; 4]);
        body.extend(key.bytes());
        body.push(0);
        body.extend(value.bytes());
    }
    let mut footer = b"APETAGEX".to_vec();
    footer.extend(2000_u32.to_le_bytes());
    footer.extend((body.len() as u32 + 32).to_le_bytes());
    footer.extend((items.len() as u32).to_le_bytes());
    footer.extend([0; 12]);
    [body, footer].concat()
}

/// An `ID3v1` tag: 128 bytes at the end of a file.
pub fn id3v1(title: &[u8]) -> Vec<u8> {
    let mut tag = vec![0; 128];
    tag[..3].copy_from_slice(b"TAG");
    let len = title.len().min(30);
    tag[3..3 + len].copy_from_slice(&title[..len]);
    tag
}

/// Gives every Ogg page of `bytes` that is whole the checksum that it should have.
pub fn repair_ogg(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|word| word == b"OggS") {
        at += found;
        let Some(len) = page_len(&bytes[at..]) else {
            return;
        };
        let page = &mut bytes[at..at + len];
        page[22..26].fill(0);
        let sum = ogg_crc(page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        at += len;
    }
}

/// Length of the Ogg page at the start of `bytes`, if it is whole (RFC 3533 section 6).
fn page_len(bytes: &[u8]) -> Option<usize> {
    let segments = usize::from(*bytes.get(26)?);
    let table = bytes.get(27..27 + segments)?;
    let len = 27 + segments + table.iter().map(|len| usize::from(*len)).sum::<usize>();
    (len <= bytes.len()).then_some(len)
}

/// The checksum of Ogg: CRC-32 with the polynomial `0x04c1_1db7`, nothing reflected, from zero.
fn ogg_crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            (crc << 1) ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repaired_page_is_what_its_writer_wrote() {
        let written = fixture("sweep.ogg");
        let mut bytes = written.clone();
        bytes[22..26].fill(0xaa);
        repair_ogg(&mut bytes);
        assert!(bytes == written, "the checksum is that of the encoder");
    }
}
