//! The `.npy` array file, as far as one float32 matrix needs it (NEP 1, format version 1.0). The libraries
//! for it bring a parser generator along, for the reading that is not done here.

use std::io::{self, Write};

/// What every array file begins with, and the format's version.
const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";

/// Where the numbers begin must be a multiple of this many bytes.
const ALIGNMENT: usize = 64;

/// Writes `rows`, each of `columns` numbers, as a C-ordered float32 matrix `[rows, columns]`.
pub fn write(out: &mut impl Write, rows: &[Vec<f32>], columns: usize) -> io::Result<()> {
    let mut header = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {columns}), }}",
        rows.len()
    );
    let unpadded = MAGIC.len() + 2 + header.len() + 1;
    header.push_str(&" ".repeat(unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(io::Error::other)?;
    out.write_all(MAGIC)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(header.as_bytes())?;
    for row in rows {
        if row.len() != columns {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "rows of different lengths",
            ));
        }
        for x in row {
            out.write_all(&x.to_le_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_aligned_and_in_order() {
        let mut bytes = Vec::new();
        write(&mut bytes, &[vec![1.0, 2.0], vec![3.0, 4.0]], 2).unwrap();
        let header = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!(header % ALIGNMENT, 0);
        assert!(String::from_utf8_lossy(&bytes[..header]).contains("'shape': (2, 2)"));
        let numbers: Vec<f32> = bytes[header..]
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
            .collect();
        assert_eq!(numbers, [1.0, 2.0, 3.0, 4.0]);
        assert!(
            write(&mut Vec::new(), &[vec![1.0]], 2).is_err(),
            "a short row is refused"
        );
    }
}
