//! Models come and go: against a server on this machine that does all that servers do.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use throughline_app::AppError;
use throughline_app::models::manifest::{File, Hub, MODELS, Model, Role};
use throughline_app::models::{Backoff, FetchSettings, ModelStore, Proxy};
use throughline_app::view::{self, FetchProgress};

use server::{Content, Server};

mod faults;
mod fetch;
mod files;
mod server;

/// Length of the weights in these tests.
const LENGTH: usize = 100_000;

/// Name of the model in these tests.
const ID: &str = "small";

/// A folder of models with one small model in the manifest, published under `etag` "a".
struct World {
    dir: TempDir,
    store: ModelStore,
    weights: Content,
}

impl World {
    fn new() -> Self {
        Self::with_files(&[])
    }

    /// The model has the files `more` beside its weights.
    fn with_files(more: &[File]) -> Self {
        Self::of(tempfile::tempdir().expect("a folder"), more)
    }

    /// A world in `dir`.
    fn of(dir: TempDir, more: &[File]) -> Self {
        let weights = Content {
            bytes: checkpoint(1),
            etag: "\"a\"",
        };
        let mut files = vec![File {
            name: "weights.pt",
            bytes: LENGTH as u64,
            sha256: sha256(&weights.bytes).leak(),
            role: Role::Checkpoint,
        }];
        files.extend(more);
        let model = Model {
            id: ID,
            name: "Small",
            hub: Some(Hub {
                repository: "some/body",
                revision: "0123",
            }),
            files: files.leak(),
            // What is fetched here is noise: that no network would load it is tested elsewhere.
            sizes: None,
            ..MODELS[1]
        };
        let store = ModelStore::with(dir.path().join("models"), vec![MODELS[0], model].leak());
        Self {
            dir,
            store,
            weights,
        }
    }

    fn folder(&self) -> PathBuf {
        self.dir.path().join("models").join(ID)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::create_dir_all(self.folder()).expect("a folder");
        let path = self.folder().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// Fetches, and says how it ended and what was told.
    fn fetch(
        &self,
        settings: &FetchSettings,
    ) -> (Result<view::Model, AppError>, Vec<FetchProgress>) {
        let mut told = Vec::new();
        let mut tell = |progress| told.push(progress);
        let cancel = AtomicBool::new(false);
        let fetched = self.store.fetch(ID, true, settings, &cancel, &mut tell);
        (fetched, told)
    }

    fn model(&self) -> view::Model {
        self.store.model(ID).expect("it is in the manifest")
    }

    /// Names and lengths of what is in the model's folder.
    fn left(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.folder()) else {
            return Vec::new();
        };
        let mut left: Vec<_> = entries
            .map(|entry| {
                let entry = entry.expect("an entry");
                let name = entry.file_name().into_string().expect("text");
                if name == "model.json" {
                    return name;
                }
                format!("{name} {}", entry.metadata().expect("metadata").len())
            })
            .collect();
        left.sort();
        left
    }
}

/// Quick and impatient settings for `server`.
fn settings(server: &Server) -> FetchSettings {
    FetchSettings {
        base_url: server.url.clone(),
        proxy: Proxy::Direct,
        stall_timeout: Duration::from_millis(300),
        tries: 3,
        backoff: Backoff {
            base: Duration::from_millis(2),
            cap: Duration::from_millis(4),
        },
        spare_bytes: 0,
        ..FetchSettings::default()
    }
}

/// Bytes that begin like a checkpoint and differ with `seed`.
fn checkpoint(seed: u32) -> Vec<u8> {
    let mut x = seed;
    let noise = std::iter::repeat_with(|| {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (x >> 24) as u8
    });
    b"PK\x03\x04"
        .iter()
        .copied()
        .chain(noise)
        .take(LENGTH)
        .collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(u32::from);
    let digits = Sha256::digest(bytes).into_iter().flat_map(digits);
    digits
        .filter_map(|digit| char::from_digit(digit, 16))
        .collect()
}
