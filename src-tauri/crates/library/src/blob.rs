//! Vectors as bytes. Lengths and values are checked on the way out, whatever the file holds.

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
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), dimension in 0_usize..40) {
            if let Ok(floats) = to_floats(&bytes) {
                prop_assert_eq!(floats.len() * 4, bytes.len());
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
}
