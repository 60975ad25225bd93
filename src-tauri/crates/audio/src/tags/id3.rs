//! Whether the ID3 tags of a file may be given to lofty.
//!
//! A frame of an `ID3v2` tag may be compressed, and lofty unfolds it whatever it becomes: two megabytes of it
//! can be gigabytes of zeros. Hardly any program writes such frames, so a tag that has one, or whose frames
//! do not follow each other as they should, is left to symphonia, which passes them over.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Most chunks of a RIFF or AIFF file that are looked through for tags.
const MOST_CHUNKS: usize = 1_000;

/// Whether no tag at the start of `file`, or in a chunk of it, has a frame that is compressed or broken.
pub(super) fn is_plain(file: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    let mut head = [0; 8];
    let big = match take(file, &mut head)? {
        8 if head.starts_with(b"RIFF") => false,
        8 if head.starts_with(b"FORM") => true,
        _ => {
            let mut at = 0;
            while let Some((len, plain)) = tag(file, at)? {
                if !plain {
                    return Ok(false);
                }
                at += len;
            }
            return Ok(true);
        }
    };
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        file.seek(SeekFrom::Start(at))?;
        if take(file, &mut head)? < head.len() {
            return Ok(true);
        }
        if head[..4].eq_ignore_ascii_case(b"id3 ")
            && let Some((_, false)) = tag(file, at + 8)?
        {
            return Ok(false);
        }
        let len = [head[4], head[5], head[6], head[7]];
        let len = if big {
            u32::from_be_bytes(len)
        } else {
            u32::from_le_bytes(len)
        };
        at += 8 + u64::from(len) + u64::from(len % 2);
    }
    Ok(false)
}

/// Length of the tag at `at` with its header, and whether it is plain; `None` when there is none.
fn tag(file: &mut (impl BufRead + Seek), at: u64) -> io::Result<Option<(u64, bool)>> {
    file.seek(SeekFrom::Start(at))?;
    let mut head = [0; 10];
    if take(file, &mut head)? < head.len() || !head.starts_with(b"ID3") {
        return Ok(None);
    }
    let (version, flags) = (head[3], head[5]);
    let len = seven_bits(&head[6..]);
    let body = file.take(len);
    let plain = match version {
        // Only an ID3v2.3 tag is unsynchronised as a whole (ID3v2.3 section 5, ID3v2.4 section 6.1).
        3 if flags & 0x80 != 0 => frames(&mut Resynchronised { body, after: 0 }, version, flags)?,
        3 | 4 => frames(&mut { body }, version, flags)?,
        // ID3v2.2 knows no compressed frames.
        _ => true,
    };
    Ok(Some((10 + len, plain)))
}

/// Whether frames follow each other to the end of `body` or its padding, none of them compressed.
fn frames(body: &mut impl Read, version: u8, flags: u8) -> io::Result<bool> {
    if flags & 0x40 != 0 {
        let mut len = [0; 4];
        take(body, &mut len)?;
        let rest = if version == 3 {
            u64::from(u32::from_be_bytes(len))
        } else {
            seven_bits(&len).saturating_sub(4)
        };
        skip(body, rest)?;
    }
    loop {
        let mut head = [0; 10];
        if take(body, &mut head)? < head.len() || head[0] == 0 {
            return Ok(true);
        }
        let named = head[..4]
            .iter()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        let compressed = head[9] & if version == 3 { 0x80 } else { 0x08 } != 0;
        let len = &head[4..8];
        let len = if version == 3 {
            u64::from(u32::from_be_bytes([len[0], len[1], len[2], len[3]]))
        } else {
            seven_bits(len)
        };
        if !named || compressed || skip(body, len)? < len {
            return Ok(false);
        }
    }
}

/// Four bytes of seven bits each (ID3v2.4 section 6.2).
fn seven_bits(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .take(4)
        .fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f))
}

/// Reads on by `len` bytes; gives how many there were.
fn skip(bytes: &mut impl Read, len: u64) -> io::Result<u64> {
    io::copy(&mut bytes.take(len), &mut io::sink())
}

/// Fills `buffer` as far as there are bytes; gives how many there were.
fn take(bytes: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match bytes.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

/// Leaves out the zero that unsynchronisation puts behind each `0xff`.
struct Resynchronised<R> {
    body: R,
    /// The last byte that was read.
    after: u8,
}

impl<R: BufRead> Read for Resynchronised<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let Some(&byte) = self.body.fill_buf()?.first() else {
                break;
            };
            self.body.consume(1);
            if self.after != 0xff || byte != 0 {
                buffer[filled] = byte;
                filled += 1;
            }
            self.after = byte;
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A tag of `version` with `flags` around `frames`.
    fn tag_of(version: u8, flags: u8, frames: &[u8]) -> Vec<u8> {
        let head = [
            b'I',
            b'D',
            b'3',
            version,
            0,
            flags,
            0,
            0,
            0,
            frames.len() as u8,
        ];
        [&head, frames].concat()
    }

    fn plain(bytes: &[u8]) -> bool {
        is_plain(&mut Cursor::new(bytes)).unwrap()
    }

    const TITLE: &[u8] = b"TIT2\0\0\0\x03\0\0\0ab";

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
    }

    #[test]
    fn compressed_and_broken_frames_do_not() {
        for (version, flag) in [(3, 0x80), (4, 0x08)] {
            let mut folded = TITLE.to_vec();
            folded[9] = flag;
            let tag = tag_of(version, 0, &[TITLE, &folded].concat());
            assert!(!plain(&tag), "version {version}");
            let behind = [tag_of(4, 0, TITLE), tag.clone()].concat();
            assert!(!plain(&behind), "version {version} in a second tag");
            let chunk = [b"id3 ", &(tag.len() as u32).to_le_bytes()[..], &tag].concat();
            let riff = [b"RIFF\0\0\0\0WAVEjunk\x01\0\0\0x\0", &chunk[..]].concat();
            assert!(!plain(&riff), "version {version} in a chunk");
        }
        assert!(!plain(&tag_of(3, 0, b"TIT2\x7f\xff\xff\xff\0\0\0ab")));
        assert!(!plain(&tag_of(3, 0, b"no frame at all")));
    }
}
