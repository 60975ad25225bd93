//! Reads what `tests/reference/version_windows.py` wrote.

use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use ndarray::Array2;
use throughline_core::embedding::Quantised;
use throughline_core::track::TrackId;
use throughline_core::versions::{Track, Windows};

/// Components of a window.
const DIMENSION: usize = 400;

/// One file: a song as it is, or a changed copy of it.
pub struct Copy {
    pub song: String,
    pub kind: String,
    /// 0: thresholds were chosen on it; 1: they are judged on it.
    pub half: u8,
    pub seconds: f64,
    pub windows: Windows,
}

/// The copies of a folder, in its order.
pub fn read(folder: &Path) -> Result<Vec<Copy>> {
    let lines = std::fs::read_to_string(folder.join("tracks.tsv"))?;
    let bytes = std::fs::read(folder.join("windows.bin"))?;
    let mut records = bytes.chunks_exact(8 + DIMENSION);
    lines
        .lines()
        .map(|line| {
            copy(line, &mut records).ok_or_else(|| Error::new(ErrorKind::InvalidData, line))
        })
        .collect()
}

fn copy<'a>(line: &str, records: &mut impl Iterator<Item = &'a [u8]>) -> Option<Copy> {
    let mut fields = line.split('\t');
    let (song, kind) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let (half, seconds) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let count: usize = fields.next()?.parse().ok()?;
    let (mut starts_s, mut values) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (start, rest) = records.next()?.split_first_chunk()?;
        let (scale, components) = rest.split_first_chunk()?;
        starts_s.push(f64::from(f32::from_le_bytes(*start)));
        let scale = f32::from_le_bytes(*scale);
        let components = components.iter().map(|&q| i8::from_le_bytes([q])).collect();
        values.extend(Quantised { scale, components }.to_vec());
    }
    let vectors = Array2::from_shape_vec((count, DIMENSION), values).ok()?;
    Some(Copy {
        song,
        kind,
        half,
        seconds,
        windows: Windows { starts_s, vectors },
    })
}

impl Copy {
    /// As a file without tags, so that its sound alone speaks.
    pub fn untagged(&self, id: i64) -> Track<'_> {
        Track {
            id: TrackId(id),
            title: None,
            artist: None,
            album: None,
            duration_s: Some(self.seconds),
            owned: true,
        }
    }
}
