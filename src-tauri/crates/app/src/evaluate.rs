//! How well the library ranks labelled tracks: what is stored, judged by labels that somebody wrote down.
//! Nothing is listened to, so no model is needed.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::Serialize;
use throughline_audio::content_hash;
use throughline_core::embedding::Recipe;
use throughline_core::evaluate::{Discovery, EvaluateError, discovery};
use throughline_core::track::TrackId;

use crate::embed;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::sweep::{Labelled, LeftOut, numbered};
use crate::view::shown;

/// What an evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// The model whose vectors were judged.
    pub model: String,
    /// Tracks that were judged.
    pub tracks: usize,
    /// Labels that they have.
    pub labels: usize,
    /// Files that were not, and why.
    pub left_out: Vec<LeftOut>,
    /// The figures.
    #[serde(flatten)]
    pub figures: Discovery,
}

impl Session {
    /// Judges the stored vectors of `labelled` tracks, by themselves and by `listeners` simulated listeners,
    /// whom `seed` determines; the space is fitted to these very tracks. A file is known by its path,
    /// else by its content; one that the library has no vectors of is left out, and so is a track that
    /// comes a second time. [`AppError::NotComparable`] when what remains cannot be judged.
    pub fn evaluate(
        &self,
        labelled: &[Labelled],
        listeners: usize,
        seed: u64,
    ) -> Result<Evaluation> {
        let shelf = self.shelf()?;
        let (mut raw, mut labels) = (Vec::new(), Vec::new());
        let mut left_out = Vec::new();
        let mut seen: HashMap<TrackId, &Path> = HashMap::new();
        for Labelled { path, label } in labelled {
            let mut leave = |reason: String| {
                let what = shown(path);
                left_out.push(LeftOut { what, reason });
            };
            let Some(track) = self.track_of(&shelf.recipe, path)? else {
                leave("the library has no vectors of it: build it from its folder".to_owned());
                continue;
            };
            if let Some(first) = seen.get(&track) {
                leave(format!("the same track as {}", first.display()));
                continue;
            }
            if let Some(vector) = self.library().vectors().get(&shelf.recipe, track)? {
                seen.insert(track, path);
                raw.push(vector.raw());
                labels.push(label.as_str());
            }
        }
        if raw.is_empty() {
            let why =
                "the library has no vectors of any file in the table: build it from their folder";
            return Err(AppError::NotComparable(why.to_owned()));
        }
        let rows: Vec<&[f32]> = raw.iter().map(Vec::as_slice).collect();
        let numbers = numbered(labels.iter().copied());
        let figures = discovery(&shelf.space.parts, &rows, &numbers, listeners, seed);
        Ok(Evaluation {
            model: shelf.recipe.model.to_string(),
            tracks: raw.len(),
            labels: labels.iter().collect::<HashSet<_>>().len(),
            left_out,
            figures: figures.map_err(unfit)?,
        })
    }

    /// The track of a file, if it has vectors of `recipe`. A file that is not where the library knows it
    /// is read through.
    fn track_of(&self, recipe: &Recipe, path: &Path) -> Result<Option<TrackId>> {
        let file = self.library().files().at(path, recipe)?;
        if let Some(track) = file.and_then(|file| file.track)
            && self.library().vectors().has(recipe, track)?
        {
            return Ok(Some(track));
        }
        match content_hash(path) {
            Ok(hash) => Ok(embed::known(&self.library(), recipe, hash)?),
            Err(_) => Ok(None),
        }
    }
}

fn unfit(error: EvaluateError) -> AppError {
    match error {
        EvaluateError::NothingShared | EvaluateError::NothingToLike => {
            AppError::NotComparable(error.to_string())
        }
        EvaluateError::Space(error) => error.into(),
        EvaluateError::Unpaired { .. } => AppError::Internal(error.to_string()),
    }
}
