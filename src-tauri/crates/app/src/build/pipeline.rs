//! Decode, embed, store: three steps joined by bounded queues.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use throughline_audio::{ContentHash, content_hash};
use throughline_core::embedding::Features;
use throughline_core::track::TrackId;
use throughline_library::{self as library, Analysed, FileId, Library, Stat};

use crate::embed::{self, Decoded};
use crate::engine::Engine;
use crate::error::{Reason, Result};
use crate::view::{self, Failure, Progress};

use super::Signals;
use super::tally::Tally;

/// Clips that wait for the model. A clip is at most 60 s of samples (4 MB at 16 kHz).
const CLIPS_WAITING: usize = 3;

/// How often the listener hears of a build at most, and how soon a cancel is noticed at least.
const TICK: Duration = Duration::from_millis(100);

/// A file to work on.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub file: FileId,
    pub path: PathBuf,
    pub stat: Stat,
}

/// What the steps tell the writer.
enum Message {
    /// A decoder took the file up.
    Started(PathBuf),
    /// The model is done with it.
    Embedded(Box<(Job, ContentHash, Decoded, Features)>),
    /// The library has vectors of the same bytes: those of this track.
    Known(Job, ContentHash, TrackId),
    /// Another file of this build has the same bytes and came first.
    Twin(Job, ContentHash),
    /// It cannot be used.
    Failed(Job, Option<ContentHash>, Reason),
}

type Clips = (Job, ContentHash, Decoded);

/// Works through `jobs` and stores what comes of them; returns early when cancelled. The steps' threads
/// end by themselves once the queues are closed, so a cancel need not wait for the file in work.
#[expect(
    clippy::too_many_arguments,
    reason = "the build's own state, handed on once"
)]
pub(super) fn run(
    dir: &Path,
    library: &mut Library,
    engine: &Engine,
    jobs: Vec<Job>,
    now: i64,
    signals: &Signals,
    tally: &mut Tally,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let names = engine.embedder.tag_names();
    let tx = library.begin()?;
    tx.tag_names_mut().set(engine.embedder.recipe(), names)?;
    tx.commit()?;

    let total = jobs.len();
    let messages = start(dir, engine, jobs, signals)?;
    let begun = Instant::now();
    let mut writer = Writer {
        library,
        engine,
        now,
        signals,
        tally,
        stored: HashMap::new(),
        twins: HashMap::new(),
    };
    let (mut file, mut last_told) = (None, None::<Instant>);
    while writer.tally.done() < total && !signals.cancelled() {
        let failure = match messages.recv_timeout(TICK) {
            Ok(Message::Started(path)) => {
                file = Some(view::shown(&path));
                None
            }
            Ok(message) => writer.take(message, begun)?,
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let due = last_told.is_none_or(|told| told.elapsed() >= TICK);
        if due || failure.is_some() || writer.tally.done() == total {
            on_progress(
                writer
                    .tally
                    .progress(begun.elapsed(), file.clone(), failure),
            );
            last_told = Some(Instant::now());
        }
    }
    Ok(())
}

/// Starts the decoders and the thread that owns the device.
fn start(
    dir: &Path,
    engine: &Engine,
    jobs: Vec<Job>,
    signals: &Signals,
) -> Result<Receiver<Message>> {
    let (to_decode, waiting) = unbounded();
    for job in jobs {
        // Cannot fail: the receiver is right here.
        let _ = to_decode.send(job);
    }
    let (to_model, clips) = bounded::<Clips>(CLIPS_WAITING);
    let (tell, messages) = bounded(16);
    let seen = Arc::new(Mutex::new(HashSet::new()));
    let decoders = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    for _ in 0..decoders {
        let decoder = Decoder {
            library: Library::open(dir)?,
            engine: engine.clone(),
            signals: signals.clone(),
            seen: Arc::clone(&seen),
            tell: tell.clone(),
            to_model: to_model.clone(),
        };
        let waiting = waiting.clone();
        thread::spawn(move || decoder.run(&waiting));
    }
    let (engine, signals) = (engine.clone(), signals.clone());
    thread::spawn(move || {
        for (job, hash, decoded) in clips {
            if signals.cancelled() {
                break;
            }
            let message = match embed::embed(engine.embedder.as_ref(), &decoded.clip) {
                Ok(features) => Message::Embedded(Box::new((job, hash, decoded, features))),
                Err(reason) => Message::Failed(job, Some(hash), reason),
            };
            if tell.send(message).is_err() {
                break;
            }
        }
    });
    Ok(messages)
}

/// One of the threads that turn files into clips.
struct Decoder {
    library: Library,
    engine: Engine,
    signals: Signals,
    /// Hashes that a decoder of this build has taken up.
    seen: Arc<Mutex<HashSet<ContentHash>>>,
    tell: Sender<Message>,
    to_model: Sender<Clips>,
}

impl Decoder {
    fn run(&self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.try_recv() {
            if self.signals.cancelled() || self.work(job).is_none() {
                break;
            }
        }
    }

    /// Decodes one file; `None` once nobody listens any more.
    fn work(&self, job: Job) -> Option<()> {
        self.tell.send(Message::Started(job.path.clone())).ok()?;
        let hash = match content_hash(&job.path) {
            Ok(hash) => hash,
            Err(error) => {
                return self
                    .tell
                    .send(Message::Failed(job, None, error.into()))
                    .ok();
            }
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
        match embed::decode(&job.path, self.engine.embedder.as_ref()) {
            Ok(decoded) => self.to_model.send((job, hash, decoded)).ok(),
            Err(reason) => self
                .tell
                .send(Message::Failed(job, Some(hash), reason))
                .ok(),
        }
    }
}

/// The one writer of a build.
struct Writer<'a> {
    library: &'a mut Library,
    engine: &'a Engine,
    now: i64,
    signals: &'a Signals,
    tally: &'a mut Tally,
    /// What became of each content in this build.
    stored: HashMap<ContentHash, Result<TrackId, Reason>>,
    /// Files that wait for what becomes of the same content.
    twins: HashMap<ContentHash, Vec<Job>>,
}

impl Writer<'_> {
    /// Stores what `message` brings; gives the failure that is to be told, if it is one.
    fn take(&mut self, message: Message, begun: Instant) -> Result<Option<Failure>> {
        match message {
            Message::Started(_) => Ok(None),
            Message::Embedded(embedded) => {
                let (job, hash, decoded, features) = *embedded;
                let track = self.store(&job, hash, decoded, &features)?;
                self.finish(begun);
                self.resolve(hash, &Ok(track), begun)
            }
            Message::Known(job, hash, track) => {
                self.link(&job, track, begun)?;
                self.resolve(hash, &Ok(track), begun)
            }
            Message::Twin(job, hash) => match self.stored.get(&hash).cloned() {
                None => {
                    self.twins.entry(hash).or_default().push(job);
                    Ok(None)
                }
                Some(outcome) => self.follow(&job, &outcome, begun),
            },
            Message::Failed(job, hash, reason) => {
                let failure = self.fail(&job, &reason, begun)?;
                if let Some(hash) = hash {
                    self.resolve(hash, &Err(reason), begun)?;
                }
                Ok(Some(failure))
            }
        }
    }

    /// Notes what became of a content and lets the files that waited for it follow.
    fn resolve(
        &mut self,
        hash: ContentHash,
        outcome: &Result<TrackId, Reason>,
        begun: Instant,
    ) -> Result<Option<Failure>> {
        self.stored.insert(hash, outcome.clone());
        let mut failure = None;
        for twin in self.twins.remove(&hash).unwrap_or_default() {
            failure = self.follow(&twin, outcome, begun)?;
        }
        Ok(failure)
    }

    /// Does with `twin` what was done with the file of the same content.
    fn follow(
        &mut self,
        twin: &Job,
        outcome: &Result<TrackId, Reason>,
        begun: Instant,
    ) -> Result<Option<Failure>> {
        match outcome {
            Ok(track) => self.link(twin, *track, begun).map(|()| None),
            Err(reason) => self.fail(twin, reason, begun).map(Some),
        }
    }

    fn store(
        &mut self,
        job: &Job,
        hash: ContentHash,
        decoded: Decoded,
        features: &Features,
    ) -> Result<TrackId> {
        let tx = self.library.begin()?;
        let analysed = Analysed {
            file: job.file,
            stat: job.stat,
            hash: library::ContentHash(hash.0),
            about: &decoded.describe(),
            features,
        };
        let track = tx.store(self.engine.embedder.recipe(), &analysed, self.now)?;
        tx.commit()?;
        self.tally.added += 1;
        Ok(track)
    }

    fn link(&mut self, job: &Job, track: TrackId, begun: Instant) -> Result<()> {
        let tx = self.library.begin()?;
        tx.link(self.engine.embedder.recipe(), job.file, job.stat, track)?;
        tx.commit()?;
        self.tally.moved += 1;
        self.finish(begun);
        Ok(())
    }

    fn fail(&mut self, job: &Job, reason: &Reason, begun: Instant) -> Result<Failure> {
        let why = library::Failure {
            code: reason.code.to_owned(),
            reason: reason.words.clone(),
        };
        let tx = self.library.begin()?;
        tx.fail(self.engine.embedder.recipe(), job.file, job.stat, &why)?;
        tx.commit()?;
        self.tally.failed += 1;
        self.finish(begun);
        Ok(Failure {
            file: job.file.0,
            path: view::shown(&job.path),
            code: why.code,
            reason: why.reason,
        })
    }

    fn finish(&mut self, begun: Instant) {
        self.tally.pace.finish(begun.elapsed());
        self.signals.changed();
    }
}
