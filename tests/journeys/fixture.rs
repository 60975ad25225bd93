//! A folder of tones, a library, and models that hear pitch and loudness.

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tempfile::TempDir;
use throughline_app::core::embedding::ModelId;
use throughline_app::view::{BuildReport, Progress, Row, Track};
use throughline_app::{
    AppError, BuildRequest, Engine, EngineSource, Engines, Query, SeedRef, Session, Wanted,
};

mod model;

pub use model::FakeModel;

/// Sample rate of the fake model and of the tones, in Hz.
pub const RATE: u32 = 8000;

/// A moment: all that these journeys need of the clock.
pub const NOW: i64 = 1_700_000_000_000;

/// The models that a world has, and how often one was loaded.
#[derive(Default)]
pub struct Machine {
    models: Vec<Arc<FakeModel>>,
    /// Whether no model is there at present.
    pub away: AtomicBool,
    /// How often a model was loaded.
    pub loads: AtomicUsize,
}

/// Gives sessions the models of a machine.
struct Supply(Arc<Machine>);

impl EngineSource for Supply {
    fn load(&self, wanted: &Wanted) -> Result<Engine, AppError> {
        self.check(wanted)?;
        self.0.loads.fetch_add(1, Ordering::SeqCst);
        let mut models = self.0.models.iter();
        let model = models.find(|model| model.recipe.model == wanted.model);
        Ok(Engine {
            embedder: Arc::<FakeModel>::clone(model.expect("it was checked")),
            device: "none".to_owned(),
            device_note: None,
        })
    }

    fn check(&self, wanted: &Wanted) -> Result<(), AppError> {
        let mut models = self.0.models.iter();
        let there = models.any(|model| model.recipe.model == wanted.model);
        if there && !self.0.away.load(Ordering::SeqCst) {
            Ok(())
        } else {
            Err(AppError::NoModel(wanted.model.to_string()))
        }
    }

    fn default_model(&self) -> Wanted {
        Wanted::of(self.0.models[0].recipe.model.clone())
    }
}

/// A music folder and a library beside it, gone when dropped.
pub struct World {
    dir: TempDir,
    /// The models that every session of this world may use.
    pub machine: Arc<Machine>,
    /// The first of them, which new libraries use.
    pub model: Arc<FakeModel>,
}

impl World {
    /// A world without music.
    pub fn new() -> Self {
        Self::with(FakeModel::new())
    }

    /// A world without music where `model` listens.
    pub fn with(model: FakeModel) -> Self {
        Self::with_all(vec![model])
    }

    /// A world without music that has `models`.
    pub fn with_all(models: Vec<FakeModel>) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("music")).expect("a music folder");
        let models: Vec<_> = models.into_iter().map(Arc::new).collect();
        Self {
            dir,
            model: Arc::clone(&models[0]),
            machine: Arc::new(Machine {
                models,
                ..Machine::default()
            }),
        }
    }

    /// A world whose library holds tones of these pitches, in Hz.
    pub fn built(pitches: &[f32]) -> (Self, Session) {
        Self::built_with(vec![FakeModel::new()], pitches)
    }

    /// The same in a world that has `models`; the first of them built it.
    pub fn built_with(models: Vec<FakeModel>, pitches: &[f32]) -> (Self, Session) {
        let world = Self::with_all(models);
        for &pitch in pitches {
            world.tone(&format!("{pitch}.wav"), pitch);
        }
        let session = world.session();
        let report = build(&session, &world.music());
        assert_eq!(report.added, pitches.len(), "every tone becomes a track");
        (world, session)
    }

    /// The library's folder.
    pub fn library(&self) -> PathBuf {
        self.dir.path().join("library")
    }

    /// The music folder.
    pub fn music(&self) -> PathBuf {
        self.dir.path().join("music")
    }

    /// A file of the music folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.music().join(name)
    }

    /// Opens the library.
    pub fn session(&self) -> Session {
        self.session_in(&self.library())
    }

    /// Opens the library in the folder `library`.
    pub fn session_in(&self, library: &Path) -> Session {
        Session::open(library, self.engines()).expect("the library opens")
    }

    /// The models of this machine.
    pub fn engines(&self) -> Engines {
        Engines::new(Supply(Arc::clone(&self.machine)))
    }

    /// What has become of the model called `id`.
    pub fn model(&self, id: &str) -> &FakeModel {
        let mut models = self.machine.models.iter();
        models
            .find(|model| model.recipe.model.0 == id)
            .expect("a model of this world")
    }

    /// Writes two seconds of a tone of `pitch` Hz into the music folder.
    pub fn tone(&self, name: &str, pitch: f32) {
        tone(&self.file(name), pitch);
    }

    /// Clips embedded so far.
    pub fn embedded(&self) -> usize {
        self.model.embedded.load(Ordering::SeqCst)
    }
}

/// Writes two seconds of a tone of `pitch` Hz.
pub fn tone(path: &Path, pitch: f32) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("its folder");
    let mut writer = hound::WavWriter::create(path, spec).expect("a file");
    for n in 0..RATE * 2 {
        let x = (n as f32 * pitch * TAU / RATE as f32).sin() * 0.5;
        writer
            .write_sample((x * f32::from(i16::MAX)) as i16)
            .expect("a sample");
    }
    writer.finalize().expect("a whole file");
}

/// Builds `folder` and ignores how it gets on.
pub fn build(session: &Session, folder: &Path) -> BuildReport {
    build_watched(session, folder, &mut |_| ())
}

/// Builds `folder`.
pub fn build_watched(
    session: &Session,
    folder: &Path,
    on_progress: &mut dyn FnMut(Progress),
) -> BuildReport {
    let request = BuildRequest {
        folder: Some(folder.to_owned()),
        retry_failed: false,
    };
    session
        .build(&request, NOW, on_progress)
        .expect("the build ends")
}

/// Goes through all folders again.
pub fn rebuild(session: &Session) -> BuildReport {
    session
        .build(&BuildRequest::default(), NOW, &mut |_| ())
        .expect("the build ends")
}

/// The model called `id`, as it is read unless somebody says otherwise.
pub fn wanted(id: &str) -> Wanted {
    Wanted::of(ModelId(id.to_owned()))
}

/// The track whose title is `title`.
pub fn titled(session: &Session, title: &str) -> Track {
    let all = session.search("", usize::MAX).expect("a list");
    all.into_iter()
        .find(|track| track.title == title)
        .unwrap_or_else(|| panic!("no track is called {title}"))
}

/// The list for `seeds`, ten rows at most, under the thumbs of the throughline called `name`.
pub fn similar(
    session: &Session,
    seeds: &[SeedRef],
    name: Option<&str>,
) -> Result<Vec<Row>, AppError> {
    let query = Query {
        seeds: seeds.iter().map(|seed| (seed.clone(), 1.0)).collect(),
        throughline: name.map(str::to_owned),
        limit: 10,
        ..Query::default()
    };
    Ok(session.similar(&query, NOW)?.rows)
}
