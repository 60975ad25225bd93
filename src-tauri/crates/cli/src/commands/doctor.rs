//! What is installed, and whether the library is sound.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use throughline_app::view::Status;
use throughline_app::{AppError, Check, Engines, Session, Wanted};

use crate::args::DeviceArgs;
use crate::out::{Failed, Out, count};

/// What is said of a library that is damaged.
const SALVAGE: &str = "the library is damaged: `salvage` saves what can be read of it into a new one, and \
    keeps the damaged file";

#[derive(Serialize)]
struct Doctor {
    version: &'static str,
    device: Option<String>,
    /// What foundation models are computed in there.
    precision: Option<String>,
    device_note: Option<String>,
    /// What a CUDA card needs, as far as it was looked at.
    cuda: Vec<Looked>,
    models: Vec<Model>,
    library: PathBuf,
    status: Option<Status>,
    health: Option<Sound>,
    /// What is wrong; empty when all is sound.
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Looked {
    name: &'static str,
    sound: bool,
    found: String,
    advice: Option<String>,
}

#[derive(Serialize)]
struct Sound {
    sqlite: &'static str,
    schema: u32,
    bytes: u64,
    rows: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Model {
    id: String,
    feature_version: String,
    dimension: usize,
    sample_rate: u32,
}

/// Looks at everything, and reports what does not work instead of stopping at it. A device that was asked
/// for by name and cannot be had is an error at the end.
pub fn doctor(library: &Path, device: DeviceArgs, out: Out) -> Result<(), Failed> {
    let engines = Engines::on(device);
    let mut answer = Doctor {
        version: env!("CARGO_PKG_VERSION"),
        device: None,
        precision: None,
        device_note: None,
        cuda: Vec::new(),
        models: Vec::new(),
        library: library.to_owned(),
        status: None,
        health: None,
        problems: Vec::new(),
    };
    if let Some(survey) = engines.survey() {
        answer.cuda = survey.checks.iter().map(Looked::of).collect();
        if let Ok(chosen) = &survey.chosen {
            answer.device = Some(chosen.label.clone());
            answer.precision = Some(chosen.precision.to_string());
            answer.device_note.clone_from(&chosen.note);
        }
    }
    let mut refused = None;
    match engines.get(&Wanted::musicnn()) {
        Ok(engine) => answer.models.push(Model {
            id: engine.embedder.recipe().model.to_string(),
            feature_version: engine.embedder.recipe().feature_version.to_string(),
            dimension: engine.embedder.dimension(),
            sample_rate: engine.embedder.sample_rate(),
        }),
        Err(error @ AppError::Device(_)) => refused = Some(error),
        Err(error) => answer.problems.push(error.to_string()),
    }
    let looked = Session::open_existing(library, engines).and_then(|session| {
        answer.status = Some(session.status()?);
        session.health()
    });
    match looked {
        Ok(health) => {
            if !health.problems.is_empty() {
                answer.problems.push(SALVAGE.to_owned());
            }
            answer.problems.extend(health.problems);
            answer.health = Some(Sound {
                sqlite: health.sqlite,
                schema: health.schema,
                bytes: health.bytes,
                rows: health.rows.into_iter().collect(),
            });
        }
        Err(error) => {
            let damaged = error.code() == "library_damaged";
            answer.problems.push(error.to_string());
            answer.problems.extend(damaged.then(|| SALVAGE.to_owned()));
        }
    }
    out.say(&answer, report)?;
    refused.map_or(Ok(()), |error| Err(error.into()))
}

impl Looked {
    fn of(check: &Check) -> Self {
        Self {
            name: check.name,
            sound: check.sound,
            found: check.found.clone(),
            advice: check.advice.clone(),
        }
    }

    fn line(&self) -> String {
        let advice = self.advice.iter().map(|advice| format!("; {advice}"));
        let mark = if self.sound { "ok" } else { "no" };
        format!(
            "cuda {mark}   {}: {}{}",
            self.name,
            self.found,
            advice.collect::<String>()
        )
    }
}

fn report(answer: &Doctor) -> String {
    let mut text = vec![format!("throughline {}", answer.version)];
    if let (Some(device), Some(precision)) = (&answer.device, &answer.precision) {
        text.push(format!(
            "device    {device}; foundation models in {precision}"
        ));
    }
    text.extend(
        answer
            .device_note
            .iter()
            .map(|note| format!("          {note}")),
    );
    text.extend(answer.cuda.iter().map(Looked::line));
    for model in &answer.models {
        text.push(format!(
            "model     {} ({}-d, {} Hz)",
            model.id, model.dimension, model.sample_rate
        ));
    }
    text.push(format!("library   {}", answer.library.display()));
    if let (Some(status), Some(health)) = (&answer.status, &answer.health) {
        text.push(format!(
            "          {}, {} missing, {} failed; {:.1} MB, schema {}, SQLite {}",
            count(status.tracks, "track"),
            status.missing,
            status.failed,
            health.bytes as f64 / 1e6,
            health.schema,
            health.sqlite
        ));
    }
    if let Some(status) = &answer.status {
        text.push(format!("served by {}", status.model_name));
        text.extend(status.next_model.iter().map(|next| {
            format!(
                "next      {}: {} of {} heard; `build` goes on with it",
                next.name,
                next.done,
                count(next.total, "file")
            )
        }));
        text.extend(
            status
                .model_note
                .iter()
                .map(|note| format!("          {note}")),
        );
    }
    match answer.problems.as_slice() {
        [] => text.push("check-up  sound".to_owned()),
        problems => text.extend(
            problems
                .iter()
                .map(|problem| format!("problem   {problem}")),
        ),
    }
    text.join("\n")
}
