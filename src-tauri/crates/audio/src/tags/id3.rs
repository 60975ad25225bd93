//! What lofty may read of a file with ID3 tags.
//!
//! A frame of an `ID3v2` tag may be compressed, and lofty unfolds it whatever it becomes: two megabytes of it
//! can be gigabytes of zeros. Hardly any program writes such frames, so a tag that has one, or in which lofty
//! could find one that is not a frame of the tag, is left to symphonia, which passes them over.
//!
//! lofty finds tags behind zeros, junk and other tags, and in chunks that it counts in its own way. So they are
//! not looked for where they should be: a tag is checked when lofty has read the first bytes of one.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Most tags of a file that are checked: taggers write one, and some leave the older one in place.
const MOST_TAGS: usize = 16;

/// Most bytes of a frame that is searched for what may pass for another one: a link or a comment.
const MOST_SEARCHED: u64 = 1 << 16;

/// A file that cannot be read on once it came to a tag that is not plain.
pub(super) struct Guarded<F> {
    file: F,
    /// Offset of the next byte.
    at: u64,
    /// The two bytes before it; zeros after a jump.
    before: [u8; 2],
    /// Where the tags begin that are plain.
    plain: Vec<u64>,
    refused: bool,
}

impl<F: BufRead + Seek> Guarded<F> {
    /// `file`, from its start on.
    pub fn new(file: F) -> Self {
        Self {
            file,
            at: 0,
            before: [0; 2],
            plain: Vec::new(),
            refused: false,
        }
    }

    /// Checks the tag that begins at `tag`, unless it was; the file stays where it is.
    fn check(&mut self, tag: u64) -> io::Result<()> {
        if self.plain.contains(&tag) {
            return Ok(());
        }
        let here = self.file.stream_position()?;
        if self.plain.len() == MOST_TAGS || !is_plain(&mut self.file, tag)? {
            self.refused = true;
            return Err(refusal());
        }
        self.plain.push(tag);
        self.file.seek(SeekFrom::Start(here))?;
        Ok(())
    }
}

impl<F: BufRead + Seek> Read for Guarded<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.refused {
            return Err(refusal());
        }
        let count = self.file.read(buffer)?;
        for &byte in &buffer[..count] {
            let three = [self.before[0], self.before[1], byte];
            self.before = [three[1], byte];
            self.at += 1;
            if three == *b"ID3" {
                self.check(self.at - 3)?;
            }
        }
        Ok(count)
    }
}

impl<F: Seek> Seek for Guarded<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        self.before = [0; 2];
        Ok(self.at)
    }

    /// Without a jump, which would cost the file its buffer.
    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.at)
    }
}

fn refusal() -> io::Error {
    let why = "a frame of its ID3 tag is compressed or broken";
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Whether what begins at `at` is a tag whose frames lofty takes for the same as are here, none of them
/// compressed, or is no tag to lofty.
fn is_plain(file: &mut (impl BufRead + Seek), at: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(at))?;
    let mut head = [0; 10];
    let whole = take(file, &mut head)? == head.len();
    let (version, flags) = (head[3], head[5]);
    // ID3v2.2 knows no compressed frames.
    if !whole || !matches!(version, 3 | 4) {
        return Ok(true);
    }
    // Of an extended header lofty reads what its flags say, not its length.
    if flags & 0x40 != 0 {
        return Ok(false);
    }
    let body = file.take(seven_bits(&head[6..]));
    // Only an ID3v2.3 tag is unsynchronised as a whole (ID3v2.3 section 5, ID3v2.4 section 6.1).
    if version == 3 && flags & 0x80 != 0 {
        frames(&mut Resynchronised { body, after: 0 }, version, flags)
    } else {
        frames(&mut { body }, version, flags)
    }
}

/// Whether frames follow each other to the end of `body` or its padding, none of them compressed and none
/// in which lofty may find others. `flags` are the tag's.
fn frames(body: &mut impl Read, version: u8, flags: u8) -> io::Result<bool> {
    loop {
        let mut head = [0; 10];
        if take(body, &mut head)? < head.len() || head[0] == 0 {
            return Ok(true);
        }
        let (name, len) = (&head[..4], &head[4..8]);
        let compressed = head[9] & if version == 3 { 0x80 } else { 0x08 } != 0;
        // ID3v2.4 section 4.1.2: a frame's own flag, or the tag's for all of them.
        let unsynchronised = version == 4 && (flags & 0x80 != 0 || head[9] & 0x02 != 0);
        let len = if version == 3 {
            u64::from(u32::from_be_bytes([len[0], len[1], len[2], len[3]]))
        } else {
            seven_bits(len)
        };
        let named = name.iter().all(|&letter| is_of_a_name(letter));
        if !named || compressed {
            return Ok(false);
        }
        let same = match Reading::of(name) {
            Reading::Whole => skip(body, len)? == len,
            // lofty reads ahead of what it resynchronises, so what it leaves begins anywhere.
            Reading::ToAZero if unsynchronised => false,
            Reading::ToAZero => hides_none(body, len, name[0] != b'W' && head[9] == 0)?,
            Reading::AsFrames => false,
        };
        if !same {
            return Ok(false);
        }
    }
}

/// How lofty 0.25 reads a frame. What it leaves of one it takes for the next frame.
enum Reading {
    /// To its end.
    Whole,
    /// To a zero: a link, and a comment or lyrics in UTF-16.
    ToAZero,
    /// As frames of their own: chapters and their table.
    AsFrames,
}

impl Reading {
    fn of(name: &[u8]) -> Self {
        match name {
            b"CHAP" | b"CTOC" => Self::AsFrames,
            b"COMM" | b"USLT" => Self::ToAZero,
            [b'W', ..] if name != b"WXXX" => Self::ToAZero,
            _ => Self::Whole,
        }
    }
}

/// Whether in the next `len` bytes no zero stands before what could be the name of a frame. Where the first
/// byte is an `encoding`, only UTF-16 (1, ID3v2.4 section 4) is read to a zero.
fn hides_none(body: &mut impl Read, len: u64, encoding: bool) -> io::Result<bool> {
    if len > MOST_SEARCHED {
        return Ok(false);
    }
    let mut content = Vec::new();
    body.take(len).read_to_end(&mut content)?;
    let to_the_end = encoding && content.first() != Some(&1);
    let hidden = |five: &[u8]| five[0] == 0 && five[1..].iter().all(|&letter| is_of_a_name(letter));
    Ok(content.len() as u64 == len && (to_the_end || !content.windows(5).any(hidden)))
}

/// Whether a frame's name may have `letter` (ID3v2.4 section 4).
fn is_of_a_name(letter: u8) -> bool {
    letter.is_ascii_uppercase() || letter.is_ascii_digit()
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
mod tests;
