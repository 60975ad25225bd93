//! Which reading of a model puts tracks of one label together: each track is listened to once, with every
//! layer, and every reading is judged by what was heard.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use throughline_audio::content_hash;
use throughline_core::embedding::{ModelId, Pooling, Reading, WindowCount};
use throughline_core::evaluate::Agreement;
use throughline_core::track::ContentHash;
use throughline_models::manifest;

use crate::engine::{Engines, Wanted, name_of};
use crate::error::{AppError, Reason, Result};
use crate::view::shown;

mod judge;
mod labels;
mod listen;
mod vectors;

pub(crate) use labels::numbered;
pub use labels::{Labelled, read_labels};
use listen::Listener;
use vectors::Vectors;

/// What is to be tried.
#[derive(Clone, Debug)]
pub struct SweepRequest {
    /// The model.
    pub model: ModelId,
    /// Tracks and what they are.
    pub tracks: Vec<Labelled>,
    /// Layers to try; every one if `None`. A model with nothing to choose has one, 0.
    pub layers: Option<RangeInclusive<usize>>,
    /// Folder that keeps what was heard, so that nothing is listened to twice.
    pub vectors: PathBuf,
}

/// How a sweep gets on.
#[derive(Clone, Debug, PartialEq)]
pub enum SweepProgress {
    /// Files are read, to know them again.
    Identifying {
        /// Files read.
        done: usize,
        /// Files to read.
        total: usize,
    },
    /// The model is being loaded.
    Loading {
        /// Its name.
        model: String,
    },
    /// Tracks are listened to.
    Listening {
        /// Tracks heard, those of earlier sweeps not counted.
        done: usize,
        /// Tracks to hear.
        total: usize,
        /// Seconds that are left, once that can be told.
        eta_s: Option<f64>,
        /// The file in work.
        file: String,
    },
    /// Readings are judged.
    Judging {
        /// Layers done.
        done: usize,
        /// Layers to judge.
        total: usize,
    },
}

/// Something that was not taken into account, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The file, or the line.
    pub what: String,
    /// The reason, in a sentence.
    pub reason: String,
}

/// A reading and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The reading.
    #[serde(flatten)]
    pub reading: Reading,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Agreement,
}

/// What a sweep found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepReport {
    /// The model.
    pub model: String,
    /// Its name for people.
    pub name: String,
    /// The device in words.
    pub device: String,
    /// Whether a library can be told which reading to use; else it has the last row.
    pub has_choice: bool,
    /// Tracks that were judged.
    pub tracks: usize,
    /// Labels that they have.
    pub labels: usize,
    /// Tracks that were listened to in this sweep; the others were known.
    pub heard: usize,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
    /// What lots would give; `None` if the sweep was cancelled.
    pub chance: Option<Agreement>,
    /// The readings by layer, pooling and windows; none if the sweep was cancelled.
    pub rows: Vec<Row>,
    /// Place in `rows` of the best one that a library can use: highest mean average precision, then
    /// precision, then the cheapest.
    pub best: Option<usize>,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// A track that can be judged.
#[derive(Clone, Debug)]
struct Track {
    labelled: Labelled,
    hash: ContentHash,
}

/// Listens to what was not heard before and judges every reading. Setting `cancel` ends it with what was
/// heard kept, and is no error; the same request then goes on from there.
///
/// A track that cannot be used is left out and costs the others nothing. Fails with
/// [`AppError::NotComparable`] when no label is left with two tracks, and as [`Engines::get`] does.
pub fn sweep(
    engines: &Engines,
    request: &SweepRequest,
    cancel: &AtomicBool,
    on_progress: &mut dyn FnMut(SweepProgress),
) -> Result<SweepReport> {
    let sizes = manifest::find(&request.model.0).and_then(|model| model.sizes);
    let layers = match sizes {
        Some(sizes) => request.layers.clone().unwrap_or(0..=sizes.layers),
        None => 0..=0,
    };
    let wanted = Wanted {
        reading: Reading {
            layer: *layers.end(),
            pooling: Pooling::MeanStd,
            windows: WindowCount::All,
        },
        ..Wanted::of(request.model.clone())
    };
    engines.check(&wanted)?;
    let mut report = SweepReport {
        model: request.model.to_string(),
        name: name_of(&request.model),
        device: engines.device(&wanted).0,
        has_choice: sizes.is_some(),
        tracks: 0,
        labels: 0,
        heard: 0,
        left_out: Vec::new(),
        chance: None,
        rows: Vec::new(),
        best: None,
        cancelled: false,
    };
    let tracks = identify(&request.tracks, cancel, &mut report.left_out, on_progress);
    if cancel.load(Ordering::Relaxed) {
        report.cancelled = true;
        return Ok(report);
    }
    let mut tracks = with_company(tracks, &mut report.left_out);
    judgeable(&tracks)?;
    on_progress(SweepProgress::Loading {
        model: report.name.clone(),
    });
    let engine = engines.get(&wanted)?;
    let embedder = engine.embedder.as_ref();
    let shape = [layers.end() + 1, embedder.dimension()];
    let vectors = Vectors::open(&request.vectors, embedder.recipe(), shape)?;
    let listener = Listener {
        embedder,
        has_choice: report.has_choice,
        vectors: &vectors,
        cancel,
    };
    let listened = listener.listen(&tracks, on_progress)?;
    report.heard = listened.heard;
    for (path, reason) in &listened.failed {
        report.left_out.push(LeftOut::file(path, reason));
    }
    if cancel.load(Ordering::Relaxed) {
        report.cancelled = true;
        return Ok(report);
    }
    let failed: HashSet<_> = listened.failed.into_iter().map(|(path, _)| path).collect();
    tracks.retain(|track| !failed.contains(&track.labelled.path));
    let tracks = with_company(tracks, &mut report.left_out);
    judgeable(&tracks)?;
    report.tracks = tracks.len();
    judge::fill(
        &mut report,
        &tracks,
        layers,
        &vectors,
        embedder.parts(),
        on_progress,
    )?;
    Ok(report)
}

/// Reads every file through. Of files with the same bytes the first one counts: a copy would be its
/// twin's nearest neighbour in every reading.
fn identify(
    labelled: &[Labelled],
    cancel: &AtomicBool,
    left_out: &mut Vec<LeftOut>,
    on_progress: &mut dyn FnMut(SweepProgress),
) -> Vec<Track> {
    let total = labelled.len();
    let mut seen: HashMap<ContentHash, &Labelled> = HashMap::new();
    let mut tracks = Vec::new();
    for (done, labelled) in labelled.iter().enumerate() {
        if cancel.load(Ordering::Relaxed) {
            break;
        }
        on_progress(SweepProgress::Identifying { done, total });
        let path = &labelled.path;
        match content_hash(path) {
            Err(error) => left_out.push(LeftOut::file(path, &error.into())),
            Ok(hash) => {
                if let Some(first) = seen.get(&hash) {
                    left_out.push(LeftOut {
                        what: shown(path),
                        reason: format!("the same bytes as {}", first.path.display()),
                    });
                    continue;
                }
                seen.insert(hash, labelled);
                tracks.push(Track {
                    labelled: labelled.clone(),
                    hash,
                });
            }
        }
    }
    tracks
}

/// The tracks that share their label with another one.
fn with_company(tracks: Vec<Track>, left_out: &mut Vec<LeftOut>) -> Vec<Track> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for track in &tracks {
        *counts.entry(track.labelled.label.clone()).or_default() += 1;
    }
    let alone = |track: &Track| counts[&track.labelled.label] == 1;
    let (lonely, tracks): (Vec<Track>, _) = tracks.into_iter().partition(alone);
    left_out.extend(lonely.into_iter().map(|track| LeftOut {
        what: shown(&track.labelled.path),
        reason: format!("no other track has the label “{}”", track.labelled.label),
    }));
    tracks
}

fn judgeable(tracks: &[Track]) -> Result<()> {
    if tracks.is_empty() {
        let why = "no label is left that two tracks share";
        return Err(AppError::NotComparable(why.to_owned()));
    }
    Ok(())
}

impl LeftOut {
    pub(crate) fn file(path: &Path, reason: &Reason) -> Self {
        Self {
            what: shown(path),
            reason: reason.words.clone(),
        }
    }
}
