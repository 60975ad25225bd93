//! Pictures of albums, known by their bytes. Nothing is decoded here: a window does that, and is to get
//! nothing but what it can show.

use std::fmt;

/// The largest picture that is taken, in bytes; one of 100 × 100 has about five thousand.
pub(crate) const MAX_PICTURE_BYTES: usize = 256 << 10;

/// The longest side that is taken, in pixels: charts link to pictures of 170, and a file of few bytes can
/// unfold to millions of them.
const LONGEST_SIDE: u32 = 1_000;

/// What every PNG file begins with (PNG specification, 5.2).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What every JPEG file begins with: the start of the image, and of a marker (ITU-T T.81, B.1.1).
const JPEG: &[u8] = b"\xff\xd8\xff";

/// What kind of picture it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

/// A small picture of one of the two kinds that the catalogue has.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its kind, as its bytes say.
    pub kind: PictureKind,
}

impl Picture {
    /// The picture that `bytes` are: 256 kB and 1,000 pixels a side at most. `None` if they are none.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let (kind, sides) = if bytes.starts_with(PNG) {
            (PictureKind::Png, png_sides(&bytes)?)
        } else if bytes.starts_with(JPEG) {
            (PictureKind::Jpeg, jpeg_sides(&bytes)?)
        } else {
            return None;
        };
        let is_small = |side: u32| (1..=LONGEST_SIDE).contains(&side);
        (bytes.len() <= MAX_PICTURE_BYTES && sides.into_iter().all(is_small))
            .then_some(Self { bytes, kind })
    }
}

impl fmt::Debug for Picture {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("kind", &self.kind)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Width and height, from the header that comes first (PNG specification, 11.2.2).
fn png_sides(bytes: &[u8]) -> Option<[u32; 2]> {
    let header = bytes.get(PNG.len() + 4..PNG.len() + 16)?;
    let sides = header.strip_prefix(b"IHDR")?;
    let side = |at: usize| Some(u32::from_be_bytes(sides.get(at..at + 4)?.try_into().ok()?));
    Some([side(0)?, side(4)?])
}

/// Width and height, from the first header of a frame (ITU-T T.81, B.2.2). Every segment before it has two
/// bytes of length at least, so this comes to an end.
fn jpeg_sides(bytes: &[u8]) -> Option<[u32; 2]> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, after @ ..] = rest else {
            return None;
        };
        match marker {
            // Fill bytes may stand before a marker.
            0xff => rest = &rest[1..],
            // SOF0 to SOF15, but for three that are none: tables and an extension.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(marker) => {
                let [_, _, _, h1, h0, w1, w0, ..] = *after else {
                    return None;
                };
                let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
                return Some([side(w1, w0), side(h1, h0)]);
            }
            _ => {
                let length = u16::from_be_bytes(after.get(..2)?.try_into().ok()?);
                rest = after.get(usize::from(length.max(2))..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [PNG, b"\0\0\0\x0dIHDR", &sides, b"\x08\x02\0\0\0"].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let sides = [height.to_be_bytes(), width.to_be_bytes()].concat();
        [
            b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc4\x00\x03x\xff\xc2\x00\x0b\x08",
            sides.as_slice(),
            b"\x03",
        ]
        .concat()
    }

    #[test]
    fn pictures_are_known_by_their_bytes() {
        for (bytes, kind) in [
            (png(100, 100), Some(PictureKind::Png)),
            (jpeg(100, 100), Some(PictureKind::Jpeg)),
            (png(100, 100_000), None),
            (jpeg(60_000, 100), None),
            (png(0, 100), None),
            (png(9, 9)[..20].to_vec(), None),
            (jpeg(9, 9)[..18].to_vec(), None),
            (b"GIF89a".to_vec(), None),
            (b"<svg/>".to_vec(), None),
            (Vec::new(), None),
        ] {
            let read = Picture::read(bytes.clone());
            assert_eq!(read.map(|picture| picture.kind), kind, "{bytes:?}");
        }
        let mut large = png(100, 100);
        large.resize(MAX_PICTURE_BYTES + 1, 0);
        assert_eq!(Picture::read(large), None, "it is too large");
    }

    proptest! {
        #[test]
        fn anything_is_survived(tail in prop::collection::vec(any::<u8>(), 0..200)) {
            for start in [PNG, JPEG] {
                let bytes = [start, &tail].concat();
                let read = Picture::read(bytes.clone());
                prop_assert!(read.is_none_or(|picture| picture.bytes == bytes), "as it came");
            }
        }
    }
}
