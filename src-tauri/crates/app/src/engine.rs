//! The models that embed, and the devices they run on: loaded when first needed, and kept.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use throughline_core::embedding::{Embedder, ModelId, Reading};
use throughline_models::device::{Chosen, DeviceError, DeviceRequest, Survey, survey};
use throughline_models::manifest;
use throughline_models::musicfm::{MusicFm, Source};
use throughline_models::musicnn::{MODEL_ID, MusiCnn};

use crate::error::{AppError, Result};
use crate::models::ModelStore;
use crate::view::ModelState;

/// Sample rate in Hz at which a model of that name hears; `None` for one that is not known.
pub(crate) fn sample_rate(model: &ModelId) -> Option<u32> {
    if model.0 == MODEL_ID {
        return Some(throughline_models::musicnn::SAMPLE_RATE);
    }
    manifest::find(&model.0).map(|_| throughline_models::musicfm::SAMPLE_RATE)
}

/// A model on a device.
#[derive(Clone)]
pub struct Engine {
    /// The model.
    pub embedder: Arc<dyn Embedder>,
    /// The device in words.
    pub device: String,
    /// A fall-back to another device than might have been expected, to be said aloud.
    pub device_note: Option<String>,
}

/// Which model a library is to use, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The model.
    pub model: ModelId,
    /// SHA-256 of the checkpoint, where it must be that one; else the one on this machine.
    pub sha256: Option<String>,
    /// What is taken of it. A model with nothing to choose has the default.
    pub reading: Reading,
}

impl Wanted {
    /// `model` as it is read unless somebody says otherwise.
    pub fn of(model: ModelId) -> Self {
        Self {
            model,
            sha256: None,
            reading: Reading::default(),
        }
    }

    /// The embedded model.
    pub fn musicnn() -> Self {
        Self::of(ModelId(MODEL_ID.to_owned()))
    }

    /// Whether this is the embedded model, which takes next to no memory.
    fn is_musicnn(&self) -> bool {
        self.model.0 == MODEL_ID
    }

    /// The same without choices that the model does not have.
    pub(crate) fn plain(self) -> Self {
        if self.is_musicnn() {
            Self::musicnn()
        } else {
            self
        }
    }
}

/// Where engines come from: the models and devices of a machine. Any closure that loads is one.
pub trait EngineSource: Send + Sync {
    /// Loads a model that was checked, which may take seconds.
    fn load(&self, wanted: &Wanted) -> Result<Engine>;

    /// Whether the model could be loaded, as far as can be told at once; [`AppError::NoModel`] when it is
    /// not on this machine.
    fn check(&self, _wanted: &Wanted) -> Result<()> {
        Ok(())
    }

    /// The model of a new library.
    fn default_model(&self) -> Wanted {
        Wanted::musicnn()
    }

    /// The device that models are loaded onto, in words, and what is to be said about it.
    fn device(&self) -> (String, Option<String>) {
        ("not chosen yet".to_owned(), None)
    }

    /// The same as it was found, where it was looked for.
    fn survey(&self) -> Option<&Survey> {
        None
    }

    /// Why loading a model takes longer this once.
    fn patience(&self, _wanted: &Wanted) -> Option<String> {
        None
    }
}

impl<F: Fn(&Wanted) -> Result<Engine> + Send + Sync> EngineSource for F {
    fn load(&self, wanted: &Wanted) -> Result<Engine> {
        self(wanted)
    }
}

/// The engines of a program. A clone shares what is loaded: one model at a time, besides the embedded
/// one.
#[derive(Clone)]
pub struct Engines(Arc<Inner>);

struct Inner {
    source: Box<dyn EngineSource>,
    /// Held while a model is loaded, so that it is loaded once.
    loading: Mutex<()>,
    loaded: Mutex<Vec<(Wanted, Engine)>>,
    /// The last model that did not load, and why.
    trouble: Mutex<Option<(Wanted, String)>>,
}

impl Engines {
    /// Engines from `source`, none of them loaded yet.
    pub fn new(source: impl EngineSource + 'static) -> Self {
        Self(Arc::new(Inner {
            source: Box::new(source),
            loading: Mutex::default(),
            loaded: Mutex::default(),
            trouble: Mutex::default(),
        }))
    }

    /// One engine, whatever is wanted.
    pub fn fixed(engine: Engine) -> Self {
        Self::new(Fixed(engine))
    }

    /// The models of this machine, on the device chosen.
    pub fn on(device: impl Into<DeviceRequest>) -> Self {
        Self::of(ModelStore::open_default(), device)
    }

    /// The built-in model and those in `store`, on the device chosen.
    pub fn of(store: Option<ModelStore>, device: impl Into<DeviceRequest>) -> Self {
        Self::new(Installed {
            store,
            request: device.into(),
            found: OnceLock::new(),
        })
    }

    /// The engine for `wanted`, loaded if it is not. Loading another model than the embedded one lets
    /// go of the one before it.
    pub fn get(&self, wanted: &Wanted) -> Result<Engine> {
        let wanted = wanted.clone().plain();
        if let Some(engine) = self.loaded(&wanted) {
            return Ok(engine);
        }
        let _loading = hold(&self.0.loading);
        if let Some(engine) = self.loaded(&wanted) {
            return Ok(engine);
        }
        self.check(&wanted)?;
        if !wanted.is_musicnn() {
            hold(&self.0.loaded).retain(|(kept, _)| kept.is_musicnn());
        }
        let engine = self.0.source.load(&wanted);
        *hold(&self.0.trouble) = match &engine {
            Ok(_) => None,
            Err(error) => Some((wanted.clone(), error.to_string())),
        };
        let engine = engine?;
        hold(&self.0.loaded).push((wanted, engine.clone()));
        Ok(engine)
    }

    /// Whether `wanted` would have to be loaded.
    pub fn must_load(&self, wanted: &Wanted) -> bool {
        self.loaded(&wanted.clone().plain()).is_none()
    }

    /// Lets go of a model whose files have changed or gone; work under way ends with what it has.
    pub fn forget(&self, model: &ModelId) {
        hold(&self.0.loaded).retain(|(kept, _)| kept.model != *model);
    }

    /// The model of a new library.
    pub fn default_model(&self) -> Wanted {
        self.0.source.default_model().plain()
    }

    /// The device that `wanted` runs on, or would, and what is to be said about it.
    pub fn device(&self, wanted: &Wanted) -> (String, Option<String>) {
        match self.loaded(&wanted.clone().plain()) {
            Some(engine) => (engine.device, engine.device_note),
            None => self.0.source.device(),
        }
    }

    /// The device of this machine, and what was looked at on the way to it.
    pub fn survey(&self) -> Option<&Survey> {
        self.0.source.survey()
    }

    /// Why loading `wanted` takes longer this once.
    pub(crate) fn patience(&self, wanted: &Wanted) -> Option<String> {
        self.0.source.patience(wanted)
    }

    /// Whether `wanted` could be loaded, as far as can be told at once.
    pub fn check(&self, wanted: &Wanted) -> Result<()> {
        self.0.source.check(wanted)
    }

    /// Why `wanted` cannot embed now, as far as is known without loading it.
    pub(crate) fn note(&self, wanted: &Wanted) -> Option<String> {
        let known = self.check(wanted).err().map(|error| error.to_string());
        known.or_else(|| {
            let trouble = hold(&self.0.trouble);
            let (troubled, words) = trouble.as_ref()?;
            (troubled == wanted).then(|| words.clone())
        })
    }

    fn loaded(&self, wanted: &Wanted) -> Option<Engine> {
        let loaded = hold(&self.0.loaded);
        let found = loaded.iter().find(|(kept, _)| kept == wanted);
        found.map(|(_, engine)| engine.clone())
    }
}

/// The name of a model for people.
pub(crate) fn name_of(model: &ModelId) -> String {
    manifest::find(&model.0).map_or_else(|| model.to_string(), |known| known.name.to_owned())
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One engine, whatever is wanted.
struct Fixed(Engine);

impl EngineSource for Fixed {
    fn load(&self, _wanted: &Wanted) -> Result<Engine> {
        Ok(self.0.clone())
    }

    fn default_model(&self) -> Wanted {
        Wanted::of(self.0.embedder.recipe().model.clone())
    }

    fn device(&self) -> (String, Option<String>) {
        (self.0.device.clone(), self.0.device_note.clone())
    }
}

/// What is on this machine.
struct Installed {
    /// The models besides the built-in one; `None` where the system names no folder for them.
    store: Option<ModelStore>,
    request: DeviceRequest,
    /// The device, looked for once: a probe of a card takes its time.
    found: OnceLock<Survey>,
}

impl Installed {
    fn found(&self) -> &Survey {
        self.found.get_or_init(|| survey(self.request))
    }

    fn chosen(&self) -> Result<Chosen, DeviceError> {
        self.found().chosen.clone()
    }

    /// Loads a model of the store; its checkpoint is read through again if it was touched meanwhile.
    fn foundation(&self, wanted: &Wanted, chosen: &Chosen) -> Result<MusicFm> {
        let id = wanted.model.0.as_str();
        let store = self.store.as_ref();
        let located = store
            .ok_or_else(|| AppError::NoModel(name_of(&wanted.model)))?
            .located(id)?;
        let name = located.model.name;
        if wanted
            .sha256
            .as_ref()
            .is_some_and(|sha256| *sha256 != located.sha256)
        {
            return Err(AppError::OtherModel(name.to_owned()));
        }
        let source = Source {
            model: id,
            checkpoint: &located.checkpoint,
            sha256: &located.sha256,
            stats: located.normalisation,
            own_stats: located.other_stats.is_some(),
            config: located.model.sizes.ok_or(AppError::BuiltIn(name))?,
        };
        let model = MusicFm::load(source, wanted.reading, chosen).map_err(|error| {
            AppError::ModelDamaged {
                name,
                reason: error.to_string(),
            }
        })?;
        if !chosen.is_processor {
            model.warm_up().map_err(|error| DeviceError::Fails {
                device: chosen.label.clone(),
                reason: error.to_string(),
            })?;
            chosen.set_tuned(id);
        }
        Ok(model)
    }
}

impl EngineSource for Installed {
    fn load(&self, wanted: &Wanted) -> Result<Engine> {
        let chosen = self.chosen()?;
        let embedder: Arc<dyn Embedder> = if wanted.is_musicnn() {
            Arc::new(MusiCnn::load(&chosen)?)
        } else {
            Arc::new(self.foundation(wanted, &chosen)?)
        };
        Ok(Engine {
            embedder,
            device: chosen.label,
            device_note: chosen.note,
        })
    }

    fn check(&self, wanted: &Wanted) -> Result<()> {
        if wanted.is_musicnn() {
            return Ok(());
        }
        let found = self
            .store
            .as_ref()
            .map(|store| store.model(&wanted.model.0));
        let model = found.transpose()?;
        match model.as_ref().map(|model| model.state) {
            Some(ModelState::Present) => Ok(()),
            Some(ModelState::Damaged) => Err(AppError::ModelDamaged {
                name: manifest::find(&wanted.model.0).map_or("the model", |known| known.name),
                reason: "its files are not what they were: verify it, or fetch it again".to_owned(),
            }),
            _ => Err(AppError::NoModel(name_of(&wanted.model))),
        }
    }

    /// The first foundation model that is here, where a card makes it quick; else the built-in one.
    fn default_model(&self) -> Wanted {
        let card = self.chosen().is_ok_and(|chosen| !chosen.is_processor);
        let models = self
            .store
            .iter()
            .filter(|_| card)
            .flat_map(ModelStore::list);
        models
            .into_iter()
            .find(|model| model.state == ModelState::Present)
            .map_or_else(Wanted::musicnn, |model| Wanted::of(ModelId(model.id)))
    }

    fn device(&self) -> (String, Option<String>) {
        match self.chosen() {
            Ok(chosen) => (chosen.label, chosen.note),
            Err(error) => ("none".to_owned(), Some(error.to_string())),
        }
    }

    fn survey(&self) -> Option<&Survey> {
        Some(self.found())
    }

    fn patience(&self, wanted: &Wanted) -> Option<String> {
        let chosen = self.found().chosen.as_ref().ok()?;
        let untuned = !wanted.is_musicnn() && !chosen.is_tuned(&wanted.model.0);
        untuned.then(|| {
            "the card is tuned for this model, which takes a minute or more, the first time only"
                .to_owned()
        })
    }
}

#[cfg(test)]
mod tests;
