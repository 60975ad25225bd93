//! A foundation model from its file to the list: the real loader, network and store, at a tiny size.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use tempfile::TempDir;
use throughline_app::core::embedding::{Reading, Recipe};
use throughline_app::core::track::TrackId;
use throughline_app::models::ModelStore;
use throughline_app::models::manifest::{File, Model, Role, find};
use throughline_app::view::{self, ModelState, Progress, Thread};
use throughline_app::{BuildRequest, DeviceChoice, Engines, Session, Wanted};
use throughline_library::Library;
use throughline_models::musicfm::Config;

use crate::fixture::{NOW, build, rebuild, titled, wanted};
use crate::models::sha256;

/// Sizes of the tiny checkpoints.
const TINY: Config = Config {
    channels: 8,
    hidden: 32,
    heads: 4,
    feed_forward: 64,
    kernel: 31,
    layers: 3,
};

/// Sample rate of the pieces in Hz.
const RATE: u32 = 16_000;

/// What the library is of: a name, two pitches in Hz, strokes a second.
const PIECES: [(&str, f32, f32, u32); 5] = [
    ("bell", 880.0, 1320.0, 1),
    ("bass", 55.0, 110.0, 2),
    ("drum", 82.0, 2400.0, 4),
    ("flute", 587.0, 1174.0, 3),
    ("organ", 220.0, 330.0, 1),
];

/// Music, a library, a store and files to import.
struct World {
    dir: TempDir,
    store: ModelStore,
    engines: Engines,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, low, high, strokes) in PIECES {
            piece(
                &dir.path().join(format!("music/{name}.wav")),
                low,
                high,
                strokes,
            );
        }
        piece(&dir.path().join("guest.wav"), 440.0, 660.0, 2);
        let manifest = vec![
            *find("musicnn").expect("it is built in"),
            small("musicfm-msd", "tiny.pt"),
            small("muq", "tiny-muq.safetensors"),
        ];
        let store = ModelStore::with(dir.path().join("models"), manifest.leak());
        let engines = Engines::of(Some(store.clone()), DeviceChoice::Cpu);
        Self {
            dir,
            store,
            engines,
        }
    }

    fn session(&self) -> Session {
        Session::open(&self.library(), self.engines.clone()).expect("the library opens")
    }

    fn library(&self) -> PathBuf {
        self.dir.path().join("library")
    }

    fn import(&self, id: &str, bytes: &[u8]) -> view::Model {
        let path = self.dir.path().join("imported");
        fs::write(&path, bytes).expect("a file");
        let cancel = AtomicBool::new(false);
        let imported = self.store.import(id, &path, None, &cancel, &mut |_| {});
        // As every face does.
        self.engines.forget(&wanted(id).model);
        imported.expect("it is taken")
    }
}

/// The published model `id`, whose file is the tiny `fixture`.
fn small(id: &str, fixture: &str) -> Model {
    let model = find(id).expect("it is published");
    let weights = weights(fixture);
    let file = File {
        name: model.checkpoint().expect("it has weights").name,
        bytes: weights.len() as u64,
        sha256: sha256(&weights).leak(),
        role: Role::Checkpoint,
    };
    Model {
        dimension: TINY.hidden,
        files: vec![file].leak(),
        sizes: Some(TINY),
        ..*model
    }
}

fn weights(fixture: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/musicfm");
    fs::read(folder.join(fixture)).expect("the fixture is there")
}

/// The tiny checkpoint with another class token, which nothing uses: another file all the same.
fn retouched() -> Vec<u8> {
    let mut bytes = weights("tiny.pt");
    let name = b"tiny/data/0";
    let first = bytes.windows(name.len()).position(|window| window == name);
    let header = first.expect("a part") - 30;
    let field = |at: usize| {
        usize::from(u16::from_le_bytes([
            bytes[header + at],
            bytes[header + at + 1],
        ]))
    };
    let data = header + 30 + field(26) + field(28);
    bytes[data] ^= 1;
    bytes
}

/// Writes seven seconds of two plucked voices.
fn piece(path: &Path, low: f32, high: f32, strokes: u32) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    fs::create_dir_all(path.parent().expect("a folder")).expect("its folder");
    let mut writer = hound::WavWriter::create(path, spec).expect("a file");
    for n in 0..RATE * 7 {
        let voice = |hz: f32| (n as f32 * hz / RATE as f32).fract() - 0.5;
        let stroke = 1.0 - (n % (RATE / strokes)) as f32 / (RATE / strokes) as f32;
        let x = 0.4 * voice(low) + 0.5 * stroke * voice(high);
        writer
            .write_sample((x * f32::from(i16::MAX)) as i16)
            .expect("a sample");
    }
    writer.finalize().expect("a whole file");
}

/// `id` read at a layer that the tiny network has.
fn shallow(id: &str) -> Wanted {
    Wanted {
        reading: Reading {
            layer: 2,
            ..Reading::default()
        },
        ..wanted(id)
    }
}

fn titles(thread: &Thread) -> Vec<String> {
    thread
        .rows
        .iter()
        .map(|row| row.track.title.clone())
        .collect()
}

/// The model that serves, and how far the next one has come.
fn serving(session: &Session) -> (String, Option<usize>) {
    let status = session.status().expect("a status");
    (status.model, status.next_model.map(|next| next.done))
}

/// A library that `MusiCNN` has heard and that is then to use the tiny `MusicFM`, with a seed.
fn switching() -> (World, Session, Thread) {
    let world = World::new();
    let session = world.session();
    let report = build(&session, &world.dir.path().join("music"));
    assert_eq!((report.added, report.failed), (5, 0));
    let thread = session
        .seed_tracks(&[titled(&session, "bell").id], NOW)
        .expect("a list");
    let error = session
        .use_model(shallow("musicfm-msd"))
        .expect_err("it is not here");
    assert_eq!(error.code(), "no_model");
    let model = world.import("musicfm-msd", &weights("tiny.pt"));
    assert_eq!((model.state, model.published), (ModelState::Present, true));
    session
        .use_model(shallow("musicfm-msd"))
        .expect("it is here now");
    (world, session, thread)
}

fn digest(recipe: &Recipe) -> &str {
    recipe
        .feature_version
        .0
        .rsplit_once("/sha256=")
        .expect("a digest")
        .1
}

#[test]
fn a_library_moves_to_an_imported_model_while_the_old_one_serves() {
    let (world, session, before) = switching();
    assert_eq!(serving(&session), ("musicnn".to_owned(), Some(0)));
    let mut during = Vec::new();
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |progress| {
            if matches!(progress, Progress::Working { .. }) && serving(&session).1.is_some() {
                during.push(session.thread(NOW).expect("a list"));
            }
        })
        .expect("the build ends");
    assert_eq!((report.added, report.failed), (5, 0));
    assert!(!during.is_empty() && during.iter().all(|thread| *thread == before));
    assert_eq!(serving(&session), ("musicfm-msd".to_owned(), None));

    let recipe = session.recipe().expect("a recipe");
    let file = sha256(&weights("tiny.pt"));
    let version = format!("1/layer=2/pooling=mean/windows=3/sha256={}", &file[..12]);
    assert_eq!(recipe.feature_version.0, version);
    let after = session.thread(NOW).expect("a list");
    assert_eq!(after.rows.len(), 4, "all but the seed");
    assert_eq!(after.seeds, before.seeds);
    let seeded = session.seed_files(&[world.dir.path().join("guest.wav")], NOW);
    assert_eq!(
        titles(&seeded.expect("a list")).len(),
        4,
        "a file from outside is heard too"
    );

    let bell = TrackId(titled(&session, "bell").id);
    drop(session);
    let library = Library::open(&world.library()).expect("the library opens");
    let vector = library
        .vectors()
        .get(&recipe, bell)
        .expect("a row")
        .expect("a vector");
    assert_eq!(vector.pooled.len(), TINY.hidden);
    assert!(vector.tags.is_empty());
    // Of the 23 bits of a float's fraction, a half keeps 10.
    let halves = vector.pooled.iter().filter(|x| x.abs() > 1e-3);
    assert!(
        halves.clone().count() > 10 && halves.clone().all(|x| x.to_bits().trailing_zeros() >= 13)
    );
    let segments = library
        .vectors()
        .windows(&recipe, bell)
        .expect("a row")
        .expect("segments");
    // 7 s are 175 frames: 87 and 88, of 960 samples at 24 kHz each.
    assert_eq!(segments.starts, [0, 87 * 960]);
    for segment in &segments.vectors {
        let peak = segment.components.iter().map(|x| x.unsigned_abs()).max();
        assert_eq!((segment.components.len(), peak), (TINY.hidden, Some(127)));
    }
}

#[test]
fn another_checkpoint_under_the_same_name_is_another_model() {
    let (world, session, _) = switching();
    rebuild(&session);
    let (recipe, before) = (
        session.recipe().expect("a recipe"),
        session.thread(NOW).expect("a list"),
    );
    let other = retouched();
    let model = world.import("musicfm-msd", &other);
    assert_eq!((model.state, model.published), (ModelState::Present, false));
    assert_eq!(
        session.thread(NOW).expect("a list"),
        before,
        "what is stored serves on"
    );
    let guest = [world.dir.path().join("guest.wav")];
    let told = session
        .seed_files(&guest, NOW)
        .expect_err("other vectors would come of it");
    assert_eq!(told.code(), "no_model");
    assert!(told.to_string().contains("build it again"), "{told}");

    let mut during = Vec::new();
    let report = session
        .build(&BuildRequest::default(), NOW, &mut |_| {
            during.push(session.recipe().expect("a recipe"));
        })
        .expect("the build ends");
    assert_eq!((report.added, report.failed), (5, 0), "all is heard anew");
    assert_eq!(during[0], recipe, "and the old serves meanwhile");
    let now = session.recipe().expect("a recipe");
    assert_eq!(now.model, recipe.model);
    assert_eq!(
        (digest(&recipe).len(), digest(&now)),
        (12, &sha256(&other)[..12])
    );
    assert_ne!(now, recipe);
    session
        .seed_files(&guest, NOW)
        .expect("now they are of one kind");
    assert_eq!(rebuild(&session).unchanged, 5);
}

#[test]
fn a_library_outlives_its_model() {
    let (world, session, _) = switching();
    rebuild(&session);
    let before = session.thread(NOW).expect("a list");
    world.store.remove("musicfm-msd").expect("it goes");
    world.engines.forget(&wanted("musicfm-msd").model);
    drop(session);
    let session = world.session();
    assert_eq!(session.thread(NOW).expect("a list"), before);
    assert_eq!(session.search("bell", 5).expect("a list").len(), 1);
    let status = session.status().expect("a status");
    assert_eq!(status.model, "musicfm-msd");
    assert!(
        status.model_note.is_some(),
        "why nothing can be heard is said"
    );
    piece(&world.dir.path().join("music/late.wav"), 130.0, 196.0, 2);
    let refused = session.build(&BuildRequest::default(), NOW, &mut |_| ());
    assert_eq!(refused.expect_err("nothing can hear it").code(), "no_model");
    world.import("musicfm-msd", &weights("tiny.pt"));
    let report = rebuild(&session);
    assert_eq!(
        (report.added, report.unchanged),
        (1, 5),
        "the same file goes on where it was"
    );
}

#[test]
fn three_models_are_compared_over_one_library() {
    let (world, session, _) = switching();
    rebuild(&session);
    world.import("muq", &weights("tiny-muq.safetensors"));
    session.use_model(shallow("muq")).expect("it is here");
    assert_eq!(rebuild(&session).failed, 0);
    assert_eq!(serving(&session), ("muq".to_owned(), None));
    let comparable = session.comparable().expect("a list");
    let ids: Vec<_> = comparable
        .iter()
        .map(|model| (model.id.as_str(), model.tracks))
        .collect();
    assert_eq!(ids, [("musicnn", 5), ("musicfm-msd", 5), ("muq", 5)]);
    for id in ["musicfm-msd", "muq"] {
        world.store.remove(id).expect("it goes");
        world.engines.forget(&wanted(id).model);
    }
    let trial = session
        .trial("musicfm-msd", "muq", NOW)
        .expect("the vectors are there");
    assert_eq!((trial.left.len(), trial.right.len()), (4, 4));
}
