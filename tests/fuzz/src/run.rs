//! The harness: runs a target on ever new inputs and keeps what goes wrong.

use std::collections::{BTreeMap, HashSet};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use crate::{mutate::mutate, rng::Rng, target::Target};

/// Longest that an input may take in processor time. Those of the corpus take 50 ms at most.
const SLOW: Duration = Duration::from_secs(3);

/// Inputs that are changed further at most.
const CORPUS: usize = 4096;

/// Threads that may stall before the run is given up.
const MOST_STALLED: usize = 4;

/// How often the harness looks after its worker.
const GLANCE: Duration = Duration::from_millis(100);

/// What to run, how long and where findings go.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is fuzzed.
    pub target: Target,
    /// How long.
    pub time: Duration,
    /// An input that is not done after this time is taken to stall.
    pub stall: Duration,
    /// Where the random numbers start.
    pub seed: u64,
    /// Folder of the inputs that went wrong.
    pub findings: PathBuf,
}

/// Reads what the program has allocated.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    /// Bytes allocated now.
    pub current: fn() -> usize,
    /// Most bytes allocated since `reset`.
    pub peak: fn() -> usize,
    /// Begins to look for the most anew.
    pub reset: fn(),
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Inputs that were tried.
    pub inputs: u64,
    /// Ways in which they were answered.
    pub answers: usize,
    /// What went wrong, with the file that shows it.
    pub findings: Vec<String>,
    /// Panics that the program caught itself, by place in the source, with their number.
    pub caught: BTreeMap<String, u64>,
    /// Most memory that one input took, in bytes.
    pub memory: usize,
    /// Longest processor time of one input.
    pub slowest: Duration,
}

/// The input that a worker is at, and since when; the harness takes it from a worker that it gives up.
type Current = Mutex<Option<(Instant, Vec<u8>)>>;

/// What workers and harness share.
struct Shared {
    plan: Plan,
    meter: Meter,
    report: Mutex<Report>,
    stop: AtomicBool,
    inputs: AtomicU64,
}

/// Places of panics since the last look.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs `plan` to its end. One run at a time in a process: it takes note of every panic in it.
///
/// # Errors
/// A folder for findings that cannot be made; a panic outside the target, which ends the run.
pub fn run(plan: Plan, meter: Meter) -> io::Result<Report> {
    fs::create_dir_all(&plan.findings)?;
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |place| format!("{}:{}", in_crate(place.file()), place.line()),
        );
        let message = info.payload_as_str().unwrap_or_default();
        lock(&PANICS).push(format!("{place}: {message}"));
    }));
    let report = look_after(plan, meter);
    drop(panic::take_hook());
    report
}

/// Keeps a worker at work until the time of `plan` is over, and waits for its last input.
fn look_after(plan: Plan, meter: Meter) -> io::Result<Report> {
    let (begun, mut seed) = (Instant::now(), plan.seed);
    let shared = Arc::new(Shared {
        plan,
        meter,
        report: Mutex::default(),
        stop: AtomicBool::new(false),
        inputs: AtomicU64::new(0),
    });
    let (mut current, mut worker) = start(&shared, seed);
    let mut stalled = 0;
    loop {
        thread::sleep(GLANCE);
        let over = begun.elapsed() >= shared.plan.time;
        shared.stop.store(over, Ordering::Relaxed);
        // Taken away from the worker: that is how it knows, should it ever wake, that it was given up.
        let stuck = lock(&current).take_if(|(since, _)| since.elapsed() > shared.plan.stall);
        if let Some((_, input)) = stuck {
            shared.keep("stall", "it does not end", &input);
            stalled += 1;
            if over || stalled == MOST_STALLED {
                break;
            }
            seed = seed.wrapping_add(1);
            (current, worker) = start(&shared, seed);
        } else if worker.is_finished() {
            let panics = || lock(&PANICS).join("; ");
            worker
                .join()
                .map_err(|_| io::Error::other(format!("the harness panicked: {}", panics())))?;
            break;
        }
    }
    let mut report = lock(&shared.report).clone();
    report.inputs = shared.inputs.load(Ordering::Relaxed);
    Ok(report)
}

/// Runs `target` once on the bytes of the file at `input`, without a net.
pub fn replay(target: Target, input: &Path) -> io::Result<String> {
    Ok((target.run)(&fs::read(input)?))
}

/// Starts a worker on a thread of its own, which may never end.
fn start(shared: &Arc<Shared>, seed: u64) -> (Arc<Current>, thread::JoinHandle<()>) {
    let current = Arc::new(Current::default());
    let (theirs, shared) = (Arc::clone(&current), Arc::clone(shared));
    let worker = thread::spawn(move || shared.work(seed, &theirs));
    (current, worker)
}

impl Shared {
    fn work(&self, seed: u64, current: &Current) {
        let mut rng = Rng::new(seed);
        let mut corpus = (self.plan.target.corpus)();
        let first = corpus.clone();
        let mut answers = HashSet::new();
        let mut next = first.into_iter();
        while !self.stop.load(Ordering::Relaxed) {
            let input = next.next().unwrap_or_else(|| {
                let (from, other) = (rng.pick(&corpus).clone(), rng.pick(&corpus).clone());
                mutate(&from, &other, &mut rng)
            });
            *lock(current) = Some((Instant::now(), input.clone()));
            let Some(answer) = self.try_one(&input, current) else {
                return;
            };
            self.inputs.fetch_add(1, Ordering::Relaxed);
            if answers.insert(answer) && corpus.len() < CORPUS {
                corpus.push(input);
            }
            lock(&self.report).answers = answers.len();
        }
    }

    /// Runs the target on `input` and judges how that went; `None` when the worker was given up meanwhile.
    fn try_one(&self, input: &[u8], current: &Current) -> Option<String> {
        // What ends the whole process (a full stack, no memory) leaves this file behind.
        let last = self.path("last");
        fs::write(&last, input).ok();
        let before = (self.meter.current)();
        (self.meter.reset)();
        let begun = cpu_time();
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.plan.target.run)(input)));
        let took = cpu_time().saturating_sub(begun);
        let memory = (self.meter.peak)().saturating_sub(before);
        // File, panics and memory are its successor's now.
        lock(current).take()?;
        fs::remove_file(&last).ok();

        let panics = std::mem::take(&mut *lock(&PANICS));
        if outcome.is_err() {
            self.keep("panic", &panics.join("; "), input);
        } else {
            for place in panics {
                let seen = lock(&self.report).caught.contains_key(&place);
                if !seen {
                    fs::write(self.path(&format!("caught-{:016x}", digest(input))), input).ok();
                }
                *lock(&self.report).caught.entry(place).or_default() += 1;
            }
        }
        if took > SLOW {
            self.keep("slow", &format!("{took:.1?}"), input);
        }
        if memory > self.plan.target.memory {
            self.keep("memory", &format!("{} MiB", memory >> 20), input);
        }
        let mut report = lock(&self.report);
        report.slowest = report.slowest.max(took);
        report.memory = report.memory.max(memory);
        drop(report);
        Some(outcome.unwrap_or_else(|_| "a panic".to_owned()))
    }

    fn keep(&self, kind: &str, words: &str, input: &[u8]) {
        let path = self.path(&format!("{kind}-{:016x}", digest(input)));
        fs::write(&path, input).ok();
        let finding = format!("{kind}: {words}: {}", path.display());
        println!("{finding}");
        lock(&self.report).findings.push(finding);
    }

    fn path(&self, name: &str) -> PathBuf {
        let target = self.plan.target.name;
        self.plan.findings.join(format!("{target}-{name}.bin"))
    }
}

/// Processor time of this thread; on systems other than Linux the time on the clock.
fn cpu_time() -> Duration {
    static BEGIN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let spent = fs::read_to_string("/proc/thread-self/schedstat").ok();
    spent
        .and_then(|line| line.split(' ').next()?.parse().ok())
        .map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

/// A path below the folder of its crate: `symphonia-core-0.6.1/src/io/mod.rs`.
fn in_crate(path: &str) -> &str {
    path.rsplit_once("registry/src/")
        .and_then(|(_, path)| path.split_once('/'))
        .map_or(path, |(_, path)| path)
}

/// FNV-1a: names files.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
