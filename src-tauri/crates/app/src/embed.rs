//! One file, from bytes to features.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use throughline_audio::{AudioError, AudioFile, Pulse, content_hash_with};
use throughline_core::embedding::{EmbedError, Embedder, Features, Prepared, Recipe, Span};
use throughline_core::track::{ContentHash, TrackId};
use throughline_library::{self as library, Description, Library};

use crate::error::Reason;

mod apart;

use apart::apart;

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

/// The content of the file at `path`.
pub fn content(path: &Path) -> Result<ContentHash, Reason> {
    let (path, pulse) = (path.to_owned(), Pulse::default());
    let theirs = pulse.clone();
    apart(&pulse, move || content_hash_with(&path, &theirs))
}

/// Decodes the stretches of `path` that `embedder` wants and prepares its input, on this thread. A
/// track too short for the model is refused before anything is decoded; a decoder that panics or stalls
/// costs this file alone.
pub fn hear(path: &Path, embedder: &dyn Embedder) -> Result<Heard, Reason> {
    hear_spans(path, embedder, |len| embedder.spans(len))
}

/// The same of a file whose bytes are in memory.
pub fn hear_bytes(bytes: Arc<[u8]>, embedder: &dyn Embedder) -> Result<Heard, Reason> {
    let open = |pulse: &Pulse| AudioFile::from_bytes_with(bytes, pulse);
    try_hear(open, embedder, |len| embedder.spans(len))
}

/// The same as [`hear`] for the stretches that `spans` answers to the length of the track.
pub fn hear_spans(
    path: &Path,
    embedder: &dyn Embedder,
    spans: impl FnOnce(u64) -> Vec<Span>,
) -> Result<Heard, Reason> {
    let path = path.to_owned();
    let open = move |pulse: &Pulse| AudioFile::open_with(&path, pulse);
    try_hear(open, embedder, spans)
}

fn try_hear(
    open: impl FnOnce(&Pulse) -> Result<AudioFile, AudioError> + Send + 'static,
    embedder: &dyn Embedder,
    spans: impl FnOnce(u64) -> Vec<Span>,
) -> Result<Heard, Reason> {
    let (pulse, rate) = (Pulse::default(), embedder.sample_rate());
    let theirs = pulse.clone();
    let mut file = apart(&pulse, move || open(&theirs))?;
    let spans = spans(file.len_at(rate));
    if spans.is_empty() {
        return Err(Reason::too_short());
    }
    let info = file.info();
    let about = Description {
        tags: file.tags().clone(),
        duration_s: info.duration_s,
        codec: info.codec.clone(),
        sample_rate: info.sample_rate,
        channels: info.channels as u32,
    };
    let clip = apart(&pulse, move || file.read(rate, |_| spans))?;
    let prepared = catch_unwind(AssertUnwindSafe(|| embedder.prepare(&clip)))
        .unwrap_or_else(|_| Err(broke()))?;
    Ok(Heard { prepared, about })
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
                .unwrap_or_else(|| Err(broke()))
        };
        batch.iter().map(alone).collect()
    });
    answers
        .into_iter()
        .map(|answer| answer.map_err(Reason::from))
        .collect()
}

fn broke() -> EmbedError {
    EmbedError::Model("it broke on this file".to_owned())
}

fn no_answer() -> Reason {
    EmbedError::Model("it gave no answer".to_owned()).into()
}
