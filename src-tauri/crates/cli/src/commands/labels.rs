//! Tables of labels on disk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::out::Failed;

/// Longest table of labels that is read, in bytes: some hundred thousand lines.
const MAX_TABLE: u64 = 64 << 20;

/// The bytes of the table at `path`.
pub fn table(path: &Path) -> Result<Vec<u8>, Failed> {
    let failed = |why: String| Failed::Input(format!("{}: {why}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_TABLE + 1).read_to_end(&mut bytes))
        .map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > MAX_TABLE {
        return Err(failed("too long for a table of labels".to_owned()));
    }
    Ok(bytes)
}
