//! Whatever the bytes are, reading them ends, without a panic.

use proptest::prelude::*;
use throughline_audio::{AudioFile, Stream};

use crate::fixtures::{SWEEPS, all, file_of, fixture, whole};

/// Opens and reads the bytes in all ways. What comes out is of no interest, only that it does.
fn read(bytes: &[u8]) -> Result<(), TestCaseError> {
    let (_folder, path) = file_of("hostile", bytes);
    let samples = whole(&path, Some(16_000));
    let in_memory = AudioFile::from_bytes(bytes.into()).and_then(|file| all(file, Some(16_000)));
    prop_assert_eq!(
        format!("{:?}", in_memory),
        format!("{:?}", samples),
        "bytes in memory are read as those of a file"
    );
    if let Ok(samples) = samples {
        prop_assert!(
            samples.iter().all(|sample| sample.is_finite()),
            "a sample is no number"
        );
    }
    if let Ok(mut stream) = Stream::open(&path) {
        let seconds = stream.info().duration_s;
        for share in [0.9, 0.3] {
            if stream.seek(seconds * share).is_ok() {
                let _ = stream.next_block();
            }
        }
    }
    Ok(())
}

const MAGICS: [&[u8]; 9] = [
    b"",
    b"ID3\x04\0\0\0\0\0\x0a",
    b"\xff\xfb\x90\x64",
    b"\xff\xf1\x50\x80",
    b"OggS\0\x02",
    b"fLaC\0\0\0\x22",
    b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0",
    b"FORM\0\0\xff\xffAIFFCOMM",
    b"\0\0\0\x14ftypM4A ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn random_bytes(magic in prop::sample::select(MAGICS.to_vec()), bytes in prop::collection::vec(any::<u8>(), 0..8_000)) {
        read(&[magic, &bytes].concat())?;
    }

    #[test]
    fn changed_files(
        name in prop::sample::select(SWEEPS.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        early in any::<bool>(),
    ) {
        let mut bytes = std::fs::read(fixture(name)).unwrap();
        // Headers are where declarations are.
        let within = if early { bytes.len().min(600) } else { bytes.len() };
        for (at, byte) in changes {
            bytes[at.index(within)] = byte;
        }
        read(&bytes)?;
    }

    #[test]
    fn cut_files(name in prop::sample::select(SWEEPS.to_vec()), at in any::<prop::sample::Index>()) {
        let bytes = std::fs::read(fixture(name)).unwrap();
        read(&bytes[..at.index(bytes.len())])?;
    }
}
