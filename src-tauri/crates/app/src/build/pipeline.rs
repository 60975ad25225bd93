//! Decode and prepare, embed, store: three steps joined by bounded queues.

use std::collections::HashSet;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use throughline_audio::content_hash_of;
use throughline_core::catalog::SongId;
use throughline_core::embedding::{Embedder, Features, Prepared};
use throughline_core::track::{ContentHash, TrackId};
use throughline_library::{Description, FileId, Library, Stat};

use crate::catalog::state::State;
use crate::catalog::{Chores, Feed};
use crate::embed::{self, Heard};
use crate::engine::Engine;
use crate::error::{AppError, Reason, Result};
use crate::view::{self, Progress, StageName};

use super::writer::Writer;
use super::{Build, Signals, Times};

/// Fewest clips that may wait for the model; else as many as it takes at once, so that the next batch
/// gathers while one is embedded. A clip is what the model wants of a track, some megabytes at most
/// unless every window of a long one is asked for.
const CLIPS_WAITING: usize = 3;

/// Previews that may wait for the decoders, of about a megabyte each.
const PREVIEWS_WAITING: usize = 4;

/// Fewest threads that decode: with one, a file that takes long would keep the model waiting.
const DECODERS: usize = 2;

/// How often the listener hears of a build at most, and how soon a cancel is noticed at least.
const TICK: Duration = Duration::from_millis(100);

/// What a job is about.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// A file on disk.
    File(PathBuf),
    /// A song of the catalogue, and how it is shown. Its preview is never on disk.
    Song(SongId, String),
}

/// A file or a song to work on.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub file: FileId,
    pub place: Place,
    pub stat: Stat,
}

impl Job {
    /// What it is, for people.
    pub fn shown(&self) -> String {
        match &self.place {
            Place::File(path) => view::shown(path),
            Place::Song(_, name) => name.clone(),
        }
    }
}

/// A job for the decoders.
pub(crate) struct Item {
    pub job: Job,
    /// The bytes of a song's preview; a file is read.
    pub bytes: Option<Arc<[u8]>>,
}

/// What there is to work on.
pub(super) enum Work {
    /// These files.
    Files(Vec<Job>),
    /// Songs of the catalogue, as they are found and fetched.
    Songs(Box<Chores>),
}

/// What the steps tell the writer.
pub(crate) enum Message {
    /// A decoder took it up; its name.
    Started(String),
    /// It is decoded, prepared, and waits for the model.
    Decoded,
    /// The model is done with it.
    Embedded(Box<(Job, ContentHash, Description, Features)>),
    /// The library has vectors of the same bytes: those of this track.
    Known(Job, ContentHash, TrackId),
    /// Another of this build has the same bytes and came first.
    Twin(Job, ContentHash),
    /// It cannot be used.
    Failed(Job, Option<ContentHash>, Reason),
    /// The build cannot go on.
    Stopped(AppError),
}

/// A file or a song that waits for the model.
type Clip = (Job, ContentHash, Heard);

/// Does `work` and stores what comes of it; returns early when cancelled. The steps' threads end by
/// themselves once the queues are closed, so a cancel need not wait for the file in work.
pub(super) fn run(
    build: &mut Build<'_>,
    dir: &Path,
    work: Work,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let embedder = build.engine.embedder.as_ref();
    let tx = build.library.begin()?;
    tx.tag_names_mut()
        .set(embedder.recipe(), embedder.tag_names())?;
    tx.commit()?;

    match work {
        Work::Files(jobs) => {
            let total = jobs.len();
            let (to_decode, waiting) = unbounded();
            for job in jobs {
                // Cannot fail: the receiver is right here.
                let _ = to_decode.send(Item { job, bytes: None });
            }
            drop(to_decode);
            let (_, messages) = start(dir, build, &waiting)?;
            drop(waiting);
            write(build, messages, None, on_progress)?;
            if build.tally.done() < total && !build.signals.cancelled() {
                return Err(AppError::Internal(
                    "the build's threads ended before their work".to_owned(),
                ));
            }
            Ok(())
        }
        Work::Songs(chores) => {
            let (to_decode, waiting) = bounded(PREVIEWS_WAITING);
            let (tell, messages) = start(dir, build, &waiting)?;
            drop(waiting);
            let recipe = build.recipe().clone();
            let times = Arc::clone(&build.times);
            let feed = Feed::start(dir, *chores, &recipe, build.now, times, to_decode, tell)?;
            write(build, messages, Some(&feed.state), on_progress)
        }
    }
}

/// Stores what the `messages` bring until the last thread has ended or the build is cancelled.
fn write(
    build: &mut Build<'_>,
    messages: Receiver<Message>,
    songs: Option<&State>,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let times = Arc::clone(&build.times);
    let mut writer = Writer::new(build, songs, Instant::now());
    let (mut name, mut last_told) = (None, None::<Instant>);
    while !writer.cancelled() {
        let failures = match messages.recv_timeout(TICK) {
            Ok(Message::Started(started)) => {
                name = Some(started);
                Vec::new()
            }
            Ok(Message::Stopped(error)) => return Err(error),
            Ok(message) => times.of(StageName::Store, || writer.take(message))?,
            Err(RecvTimeoutError::Timeout) => Vec::new(),
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let due = last_told.is_none_or(|told| told.elapsed() >= TICK);
        if !due && failures.is_empty() {
            continue;
        }
        if failures.is_empty() {
            on_progress(writer.progress(name.clone(), None));
        }
        for failure in failures {
            on_progress(writer.progress(name.clone(), Some(failure)));
        }
        last_told = Some(Instant::now());
    }
    // What still works has nobody to tell, and ends.
    drop(messages);
    on_progress(writer.progress(name, None));
    Ok(())
}

/// Threads that decode.
pub(super) fn decoders() -> usize {
    thread::available_parallelism().map_or(DECODERS, |n| n.get().max(DECODERS))
}

/// Starts the decoders of what is `waiting`, and the thread that owns the device.
fn start(
    dir: &Path,
    build: &Build<'_>,
    waiting: &Receiver<Item>,
) -> Result<(Sender<Message>, Receiver<Message>)> {
    let (engine, signals) = (build.engine, build.signals);
    let (to_model, clips) = bounded::<Clip>(CLIPS_WAITING.max(engine.embedder.batch()));
    let (tell, messages) = bounded(16);
    let seen = Arc::new(Mutex::new(HashSet::new()));
    for _ in 0..decoders() {
        let decoder = Decoder {
            library: Library::open(dir)?,
            engine: engine.clone(),
            signals: signals.clone(),
            seen: Arc::clone(&seen),
            times: Arc::clone(&build.times),
            tell: tell.clone(),
            to_model: to_model.clone(),
        };
        let waiting = waiting.clone();
        thread::spawn(move || decoder.run(&waiting));
    }
    let (engine, signals) = (engine.clone(), signals.clone());
    let (told, times) = (tell.clone(), Arc::clone(&build.times));
    thread::spawn(move || embed_all(engine.embedder.as_ref(), &signals, &times, &clips, &told));
    Ok((tell, messages))
}

/// Embeds what the decoders bring until they have ended or nobody listens any more. Takes as many
/// clips as the model wants at once and as are there, and never waits for more than one.
fn embed_all(
    embedder: &dyn Embedder,
    signals: &Signals,
    times: &Times,
    clips: &Receiver<Clip>,
    tell: &Sender<Message>,
) {
    while let Ok(first) = clips.recv() {
        // A gentle build is soon done with what it is at.
        let batch = if signals.courtesy.is_gentle() {
            1
        } else {
            embedder.batch()
        };
        let more = clips.try_iter().take(batch.saturating_sub(1));
        let (files, batch): (Vec<_>, Vec<Prepared>) = iter::once(first)
            .chain(more)
            .map(|(job, hash, heard)| ((job, hash, heard.about), heard.prepared))
            .unzip();
        if signals.cancelled() {
            return;
        }
        let answers =
            signals.paced(|| times.of(StageName::Embed, || embed::embed(embedder, &batch)));
        for ((job, hash, about), answer) in files.into_iter().zip(answers) {
            let message = match answer {
                Ok(features) => Message::Embedded(Box::new((job, hash, about, features))),
                Err(reason) => Message::Failed(job, Some(hash), reason),
            };
            if tell.send(message).is_err() {
                return;
            }
        }
    }
}

/// One of the threads that turn files and previews into clips.
struct Decoder {
    library: Library,
    engine: Engine,
    signals: Signals,
    /// Hashes that a decoder of this build has taken up.
    seen: Arc<Mutex<HashSet<ContentHash>>>,
    times: Arc<Times>,
    tell: Sender<Message>,
    to_model: Sender<Clip>,
}

impl Decoder {
    fn run(&self, waiting: &Receiver<Item>) {
        while let Ok(item) = waiting.recv() {
            if self.signals.cancelled() || self.work(item).is_none() {
                break;
            }
        }
    }

    /// Decodes and prepares one file or song; `None` once nobody listens any more.
    fn work(&self, Item { job, bytes }: Item) -> Option<()> {
        self.tell.send(Message::Started(job.shown())).ok()?;
        let hash = match (&job.place, &bytes) {
            (Place::File(path), None) => embed::content(path),
            (_, Some(bytes)) => Ok(content_hash_of(bytes)),
            (Place::Song(..), None) => Err(Reason::gone()),
        };
        let hash = match hash {
            Ok(hash) => hash,
            Err(reason) => return self.tell.send(Message::Failed(job, None, reason)).ok(),
        };
        if !self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(hash)
        {
            return self.tell.send(Message::Twin(job, hash)).ok();
        }
        if let Some(track) = embed::known(&self.library, self.engine.embedder.recipe(), hash)
            .ok()
            .flatten()
        {
            return self.tell.send(Message::Known(job, hash, track)).ok();
        }
        let hear = || self.times.of(StageName::Decode, || self.hear(&job, bytes));
        let heard = self.signals.paced(hear);
        match heard {
            Ok(heard) => {
                self.tell.send(Message::Decoded).ok()?;
                self.to_model.send((job, hash, heard)).ok()
            }
            Err(reason) => self
                .tell
                .send(Message::Failed(job, Some(hash), reason))
                .ok(),
        }
    }

    /// Hears a file, or the preview of a song, of which the catalogue knows more than its bytes say.
    fn hear(&self, job: &Job, bytes: Option<Arc<[u8]>>) -> Result<Heard, Reason> {
        let embedder = self.engine.embedder.as_ref();
        let (song, bytes) = match (&job.place, bytes) {
            (Place::File(path), _) => return embed::hear(path, embedder),
            (Place::Song(song, _), bytes) => (*song, bytes.ok_or_else(Reason::gone)?),
        };
        let mut heard = embed::hear_bytes(bytes, embedder)?;
        let known = self.library.songs().get(&[song]);
        let known = known.map_err(|error| Reason {
            code: "internal",
            words: error.to_string(),
        })?;
        if let Some(known) = known.first() {
            let about = &heard.about;
            heard.about = Description::of_song(
                &known.song,
                &about.codec,
                about.sample_rate,
                about.channels,
                about.duration_s,
            );
        }
        Ok(heard)
    }
}
