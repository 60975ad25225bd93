//! One file, from bytes to features.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use throughline_audio::AudioFile;
use throughline_core::embedding::{EmbedError, Embedder, Features, Prepared, Recipe, Span};
use throughline_core::track::{ContentHash, TrackId};
use throughline_library::{self as library, Description, Library};

use crate::error::Reason;

/// A file as it leaves a decoder: all that the model needs of it, and what the library keeps of it
/// beside its vectors.
pub struct Heard {
    /// The model's input.
    pub prepared: Prepared,
    /// What file and decoder say of it.
    pub about: Description,
}

/// The track of `library` whose file has this content and that has vectors of `recipe`.
pub fn known(
    library: &Library,
    recipe: &Recipe,
    hash: ContentHash,
) -> library::Result<Option<TrackId>> {
    let track = library.tracks().by_hash(hash)?;
    Ok(match track {
        Some(track) if library.vectors().has(recipe, track)? => Some(track),
        _ => None,
    })
}

/// Decodes the stretches of `path` that `embedder` wants and prepares its input, on this thread. A
/// track too short for the model is refused before anything is decoded; a decoder that panics costs
/// this file alone.
pub fn hear(path: &Path, embedder: &dyn Embedder) -> Result<Heard, Reason> {
    hear_spans(path, embedder, |len| embedder.spans(len))
}

/// The same of a file whose bytes are in memory.
pub fn hear_bytes(bytes: Arc<[u8]>, embedder: &dyn Embedder) -> Result<Heard, Reason> {
    guarded(|| {
        try_hear(AudioFile::from_bytes(bytes)?, embedder, |len| {
            embedder.spans(len)
        })
    })
}

/// The same as [`hear`] for the stretches that `spans` answers to the length of the track.
pub fn hear_spans(
    path: &Path,
    embedder: &dyn Embedder,
    spans: impl FnOnce(u64) -> Vec<Span>,
) -> Result<Heard, Reason> {
    guarded(|| try_hear(AudioFile::open(path)?, embedder, spans))
}

/// Hears a file; a decoder that panics has found it damaged.
fn guarded(hear: impl FnOnce() -> Result<Heard, Reason>) -> Result<Heard, Reason> {
    catch_unwind(AssertUnwindSafe(hear)).unwrap_or_else(|_| {
        Err(Reason {
            code: "damaged",
            words: "the decoder broke on this file".to_owned(),
        })
    })
}

fn try_hear(
    mut file: AudioFile,
    embedder: &dyn Embedder,
    spans: impl FnOnce(u64) -> Vec<Span>,
) -> Result<Heard, Reason> {
    let mut too_short = false;
    let clip = file.read(embedder.sample_rate(), |len| {
        let spans = spans(len);
        too_short = spans.is_empty();
        spans
    });
    if too_short {
        return Err(Reason::too_short());
    }
    let prepared = embedder.prepare(&clip?)?;
    let info = file.info();
    Ok(Heard {
        prepared,
        about: Description {
            tags: file.tags().clone(),
            duration_s: info.duration_s,
            codec: info.codec.clone(),
            sample_rate: info.sample_rate,
            channels: info.channels as u32,
        },
    })
}

/// Decodes and embeds `path`.
pub fn embed_file(path: &Path, embedder: &dyn Embedder) -> Result<(Description, Features), Reason> {
    embed_one(hear(path, embedder)?, embedder)
}

/// Decodes and embeds a file whose bytes are in memory.
pub fn embed_bytes(
    bytes: Arc<[u8]>,
    embedder: &dyn Embedder,
) -> Result<(Description, Features), Reason> {
    embed_one(hear_bytes(bytes, embedder)?, embedder)
}

fn embed_one(heard: Heard, embedder: &dyn Embedder) -> Result<(Description, Features), Reason> {
    let features = embed(embedder, std::slice::from_ref(&heard.prepared))
        .pop()
        .unwrap_or_else(|| Err(no_answer()))?;
    Ok((heard.about, features))
}

/// Embeds the clips of `batch`, one answer each, in order. When the model panics over several, or
/// does not answer each, they go through it one by one, so that only those that break it are lost.
pub fn embed(embedder: &dyn Embedder, batch: &[Prepared]) -> Vec<Result<Features, Reason>> {
    let attempt = |clips: &[Prepared]| {
        let answers = catch_unwind(AssertUnwindSafe(|| embedder.embed(clips))).ok()?;
        (answers.len() == clips.len()).then_some(answers)
    };
    let answers = attempt(batch).unwrap_or_else(|| {
        let alone = |clip| {
            let answers = (batch.len() > 1).then(|| attempt(std::slice::from_ref(clip)));
            answers
                .flatten()
                .and_then(|mut answers| answers.pop())
                .unwrap_or_else(|| Err(EmbedError::Model("it broke on this file".to_owned())))
        };
        batch.iter().map(alone).collect()
    });
    answers
        .into_iter()
        .map(|answer| answer.map_err(Reason::from))
        .collect()
}

fn no_answer() -> Reason {
    EmbedError::Model("it gave no answer".to_owned()).into()
}
