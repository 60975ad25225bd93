//! From audio bytes to mono samples at a wanted rate.
//!
//! [`AudioFile`] opens a file, counts its length and decodes the stretches that a model asks for;
//! [`Stream`] plays one from any position; [`content_hash`] recognises one that was moved. The file
//! lies on a disk or in memory. What it is, its content says: its name and its declarations are not
//! believed.

use std::path::Path;

mod codecs;
mod declared;
mod demux;
mod error;
mod hash;
mod open;
mod probe;
mod pulse;
mod read;
mod reader;
mod resample;
mod riff;
mod source;
mod stream;
mod tags;

pub use error::AudioError;
pub use hash::{content_hash, content_hash_of, content_hash_with};
pub use open::{AudioFile, Info};
pub use pulse::Pulse;
pub use stream::Stream;

/// Peak below which what was read counts as silent: -80 dBFS, under the noise of 14-bit audio and
/// well above the dither of 16-bit audio (-96 dBFS).
pub const SILENCE: f32 = 1e-4;

/// Extensions of the files that a folder is searched for, lower case, without the dot.
pub const EXTENSIONS: [&str; 14] = [
    "aac", "aif", "aifc", "aiff", "flac", "m4a", "m4b", "mp3", "mp4", "oga", "ogg", "opus", "wav",
    "wave",
];

/// Whether the name of `path` is that of an audio file, in any case: `a.MP3` is, `a.txt` is not.
pub fn is_audio_name(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            EXTENSIONS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(extension))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_extension_in_any_case() {
        for name in ["a.mp3", "a.MP3", "b/c.d.Flac", "é.Opus"] {
            assert!(
                is_audio_name(Path::new(name)),
                "{name} is the name of an audio file"
            );
        }
        for name in ["mp3", ".mp3", "a.txt", "a.mp3.part", "a."] {
            assert!(
                !is_audio_name(Path::new(name)),
                "{name} is not the name of an audio file"
            );
        }
    }
}
