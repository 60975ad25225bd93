//! The identity of a file's content: a moved or renamed file keeps it.

use std::path::Path;

use throughline_core::track::ContentHash;

use crate::{
    AudioError, Pulse,
    source::{Place, Source},
};

/// Hashes the file at `path` as a stream, in constant memory. What is no file is
/// [`AudioError::Unreadable`], a file without bytes [`AudioError::Empty`].
pub fn content_hash(path: &Path) -> Result<ContentHash, AudioError> {
    content_hash_with(path, &Pulse::default())
}

/// The same; `pulse` beats as long as it gets on.
pub fn content_hash_with(path: &Path, pulse: &Pulse) -> Result<ContentHash, AudioError> {
    let (bytes, _) = Source::new(Place::File(path.to_owned()), pulse).open()?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(bytes)?;
    Ok(ContentHash(hasher.finalize().into()))
}

/// Hashes the bytes of a file: the same as [`content_hash`] of that file.
pub fn content_hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash(blake3::hash(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_blake3_of_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, b"abc").unwrap();
        // From the test vectors of the BLAKE3 command line: `printf abc | b3sum`.
        let expected = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
        assert_eq!(
            content_hash(&path).unwrap().to_string(),
            expected,
            "the hash is plain BLAKE3"
        );
        assert_eq!(content_hash_of(b"abc").to_string(), expected);
    }

    #[test]
    fn a_missing_file_is_not_found() {
        let error = content_hash(Path::new("/nowhere/at/all")).unwrap_err();
        assert_eq!(error.code(), "not_found");
    }
}
