//! Tags of every kind, before and behind sound that is fine.

use throughline_audio::AudioFile;

use super::{Target, without_numbers};

/// Longest text of a tag that is kept, in characters: `MAX_CHARS` of the `audio` crate.
const LONGEST: usize = 256;

pub(super) const TARGET: Target = Target {
    name: "tags",
    corpus: crate::hostile::tagged,
    run,
    memory: 32 << 20,
};

fn run(input: &[u8]) -> String {
    let file = match AudioFile::from_bytes(input.into()) {
        Ok(file) => file,
        Err(error) => return without_numbers(&format!("{}: {error}", error.code())),
    };
    let tags = file.tags();
    let texts = [&tags.title, &tags.artist, &tags.album, &tags.genre];
    for text in texts.into_iter().flatten() {
        let count = text.chars().count();
        assert!((1..=LONGEST).contains(&count), "{count} characters");
        assert!(
            !text.chars().any(char::is_control),
            "{text:?} holds a control character"
        );
    }
    let kinds = texts.map(|text| {
        text.as_ref()
            .map(|text| (text.is_ascii(), text.len().ilog2()))
    });
    format!("{} {kinds:?} {:?}", file.info().codec, tags.year.is_some())
}
