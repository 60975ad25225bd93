//! Vectors as bytes. Lengths and values are checked on the way out, whatever the file holds.

use half::f16;
use ndarray::Array2;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use throughline_core::embedding::{Features, Quantised};

/// Bytes of a window before its components: first sample (u64) and scale (f32).
const WINDOW_HEAD: usize = 8 + 4;

/// The windows of one track, `[windows]` each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Windows {
    /// First sample of each window, at the model's sample rate.
    pub starts: Vec<u64>,
    /// Vector of each window, `[dimension]`.
    pub vectors: Vec<Quantised>,
}

impl Windows {
    /// The vectors, `[windows, dimension]`; `dimension` columns also where there are none.
    pub fn matrix(&self, dimension: usize) -> Array2<f32> {
        let mut matrix = Array2::zeros((self.vectors.len(), dimension));
        for (mut row, vector) in matrix.outer_iter_mut().zip(&self.vectors) {
            for (x, &q) in row.iter_mut().zip(&vector.components) {
                *x = f32::from(q) * vector.scale;
            }
        }
        matrix
    }
}

/// How a pooled vector is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PooledAs {
    /// float16: 11 bits of precision, where models compute with no more. What is written.
    F16,
    /// float32: what schema 1 wrote.
    F32,
}

impl PooledAs {
    /// Bytes of a component.
    pub fn size(self) -> usize {
        match self {
            Self::F16 => size_of::<f16>(),
            Self::F32 => size_of::<f32>(),
        }
    }

    /// The floats in `bytes`, or what is wrong with them.
    pub fn read(self, bytes: &[u8]) -> Result<Vec<f32>, String> {
        match self {
            Self::F16 => to_halves(bytes),
            Self::F32 => to_floats(bytes),
        }
    }
}

impl FromSql for PooledAs {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "f16" => Ok(Self::F16),
            "f32" => Ok(Self::F32),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// `values` as little-endian float16, or which of them it cannot hold.
pub(crate) fn from_halves(values: &[f32]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(values.len() * size_of::<f16>());
    for &value in values {
        let half = f16::from_f32(value);
        if !half.is_finite() {
            return Err(format!("{value} is more than 16 bits hold, {}", f16::MAX));
        }
        bytes.extend(half.to_le_bytes());
    }
    Ok(bytes)
}

/// The float16 values in `bytes`, or what is wrong with them.
fn to_halves(bytes: &[u8]) -> Result<Vec<f32>, String> {
    let (chunks, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(format!(
            "{} bytes are no whole number of halves",
            bytes.len()
        ));
    }
    let floats: Vec<f32> = chunks
        .iter()
        .map(|&chunk| f16::from_le_bytes(chunk).to_f32())
        .collect();
    finite(&floats)?;
    Ok(floats)
}

/// `values` as little-endian bytes.
pub(crate) fn from_floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// The floats in `bytes`, or what is wrong with them.
pub(crate) fn to_floats(bytes: &[u8]) -> Result<Vec<f32>, String> {
    let (chunks, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(format!(
            "{} bytes are no whole number of floats",
            bytes.len()
        ));
    }
    let floats: Vec<f32> = chunks
        .iter()
        .map(|&chunk| f32::from_le_bytes(chunk))
        .collect();
    finite(&floats)?;
    Ok(floats)
}

/// The windows of `features` as bytes, each quantised.
pub(crate) fn from_windows(features: &Features) -> Vec<u8> {
    let rows = features.windows.rows();
    let mut bytes =
        Vec::with_capacity(rows.into_iter().len() * (WINDOW_HEAD + features.pooled.len()));
    for (row, start) in features
        .windows
        .rows()
        .into_iter()
        .zip(&features.window_starts)
    {
        let window = Quantised::of(&row.to_vec());
        bytes.extend(start.to_le_bytes());
        bytes.extend(window.scale.to_le_bytes());
        bytes.extend(window.components.iter().flat_map(|q| q.to_le_bytes()));
    }
    bytes
}

/// The windows in `bytes` of `dimension` components each, or what is wrong with them.
pub(crate) fn to_windows(bytes: &[u8], dimension: usize) -> Result<Windows, String> {
    let each = WINDOW_HEAD + dimension;
    if !bytes.len().is_multiple_of(each) {
        return Err(format!(
            "{} bytes are no whole number of windows of {each}",
            bytes.len()
        ));
    }
    let mut windows = Windows::default();
    for window in bytes.chunks_exact(each) {
        let Some((start, rest)) = window.split_first_chunk() else {
            continue;
        };
        let Some((scale, components)) = rest.split_first_chunk() else {
            continue;
        };
        let scale = f32::from_le_bytes(*scale);
        finite(&[scale])?;
        windows.starts.push(u64::from_le_bytes(*start));
        let components = components.iter().map(|&q| i8::from_le_bytes([q])).collect();
        windows.vectors.push(Quantised { scale, components });
    }
    Ok(windows)
}

/// Refuses features whose lengths disagree or whose values are no numbers.
pub(crate) fn check(features: &Features) -> Result<(), String> {
    let (rows, columns) = features.windows.dim();
    if rows != features.window_starts.len() {
        return Err(format!(
            "{rows} windows with {} starts",
            features.window_starts.len()
        ));
    }
    if features.pooled.is_empty() || columns != features.pooled.len() {
        return Err(format!(
            "windows of {columns} components, pooled {}",
            features.pooled.len()
        ));
    }
    finite(&features.pooled)?;
    finite(&features.tags)?;
    finite(features.windows.iter())
}

fn finite<'a>(values: impl IntoIterator<Item = &'a f32>) -> Result<(), String> {
    if values.into_iter().all(|x| x.is_finite()) {
        Ok(())
    } else {
        Err("a value is not a finite number".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn floats_come_back(values in prop::collection::vec(-1e6_f32..1e6, 0..50)) {
            prop_assert_eq!(to_floats(&from_floats(&values)), Ok(values));
        }

        #[test]
        fn halves_come_back_within_their_precision(values in prop::collection::vec(-65_504_f32..65_504.0, 0..50)) {
            let read = PooledAs::F16.read(&from_halves(&values).unwrap()).unwrap();
            prop_assert_eq!(read.len(), values.len());
            for (x, y) in values.iter().zip(read) {
                // Half a unit in the eleventh bit; below 2^-14 the steps are of one size, 2^-24.
                let step = (x.abs() / 2048.0).max(2.0_f32.powi(-25));
                prop_assert!((x - y).abs() <= step, "{} became {}", x, y);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), dimension in 0_usize..40) {
            if let Ok(floats) = to_floats(&bytes) {
                prop_assert_eq!(floats.len() * 4, bytes.len());
            }
            if let Ok(halves) = to_halves(&bytes) {
                prop_assert_eq!(halves.len() * 2, bytes.len());
            }
            if let Ok(windows) = to_windows(&bytes, dimension) {
                prop_assert_eq!(windows.vectors.len() * (WINDOW_HEAD + dimension), bytes.len());
                prop_assert_eq!(windows.starts.len(), windows.vectors.len());
            }
        }
    }

    #[test]
    fn no_number_is_refused() {
        assert!(
            to_floats(&f32::NAN.to_le_bytes()).is_err(),
            "it would spoil every comparison"
        );
    }

    #[test]
    fn what_16_bits_cannot_hold_is_refused() {
        for value in [65_520.0, -1e6, f32::MAX] {
            let refused = from_halves(&[1.0, value]);
            assert!(refused.is_err(), "{value} would become infinite");
        }
        assert!(PooledAs::F16.read(&[0x00, 0x7c]).is_err(), "an infinity");
    }
}
