//! One bucket, shared by all processes of this user and kept across restarts.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::backoff::chance;
use crate::bucket::{Bucket, Rule, State};
use crate::error::CatalogError;

/// How often a lock that somebody else holds is tried again; it is held for a moment alone.
const LOCK_LOOK: Duration = Duration::from_millis(2);
/// How long a lock is tried for: who holds it longer than this hangs.
const LOCK_PATIENCE: Duration = Duration::from_secs(30);
/// The longest sleep before the bucket is looked at again: another process may have changed it.
const LOOK: Duration = Duration::from_secs(5);
/// The largest file that is read; a bucket has about 3 kB.
const LARGEST: u64 = 64 << 10;

/// One bucket, shared by all processes of this user and kept across restarts.
#[derive(Debug)]
pub struct Limit {
    file: PathBuf,
    rule: Rule,
    /// Who waits here waits in line; one alone asks the file.
    line: Mutex<()>,
}

impl Limit {
    /// The limit on calls of `server`, kept in `folder`, which is made if it is missing.
    pub fn open(folder: &Path, server: &str, rule: Rule) -> Result<Self, CatalogError> {
        fs::create_dir_all(folder).map_err(|source| CatalogError::Limit {
            path: folder.to_owned(),
            source,
        })?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        let name = server.replace(|c| !is_plain(c), "_");
        Ok(Self {
            file: folder.join(format!("calls-{name}.json")),
            rule,
            line: Mutex::new(()),
        })
    }

    /// Waits until a call may be made. Dropped before that, it takes nothing.
    pub async fn wait(&self) -> Result<(), CatalogError> {
        let _first = self.line.lock().await;
        loop {
            match self
                .with(|bucket, now_ms| bucket.take(&self.rule, now_ms))
                .await?
            {
                Ok(()) => return Ok(()),
                Err(wait) => sleep(wait.min(LOOK)).await,
            }
        }
    }

    /// A call was answered.
    pub async fn answered(&self) -> Result<(), CatalogError> {
        self.with(|bucket, now_ms| bucket.answered(&self.rule, now_ms))
            .await
    }

    /// A call was refused, by a server that may have asked for a wait.
    pub async fn refused(&self, retry_after: Option<Duration>) -> Result<(), CatalogError> {
        self.with(|bucket, now_ms| bucket.refused(&self.rule, now_ms, retry_after, chance()))
            .await
    }

    /// What to tell a person; changes nothing, and waits for nobody.
    pub fn state(&self) -> Result<State, CatalogError> {
        let now_ms = now_ms();
        let bucket = self.read(now_ms).map_err(|source| self.failed(source))?;
        Ok(bucket.state(&self.rule, now_ms))
    }

    /// Changes the bucket while nobody else does.
    async fn with<T>(&self, change: impl FnOnce(&mut Bucket, u64) -> T) -> Result<T, CatalogError> {
        let lock = self.lock().await.map_err(|source| self.failed(source))?;
        // After the lock: who held it may have noted a later time.
        let now_ms = now_ms();
        let changed = self.read(now_ms).and_then(|mut bucket| {
            let value = change(&mut bucket, now_ms);
            self.write(&bucket).map(|()| value)
        });
        drop(lock);
        changed.map_err(|source| self.failed(source))
    }

    /// Holds the lock for as long as the file is kept. The empty file that carries it stays: taken away, it
    /// could be locked twice.
    async fn lock(&self) -> io::Result<File> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.file.with_extension("lock"))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => {
                    sleep(LOCK_LOOK).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The bucket as it was left; of a file that says nothing of use, the worst is assumed.
    fn read(&self, now_ms: u64) -> io::Result<Bucket> {
        let mut text = Vec::new();
        match File::open(&self.file) {
            Ok(file) => file.take(LARGEST).read_to_end(&mut text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Bucket::fresh(&self.rule, now_ms));
            }
            Err(error) => return Err(error),
        };
        let bucket = serde_json::from_slice(&text).ok().filter(Bucket::is_sound);
        Ok(bucket.unwrap_or_else(|| {
            tracing::warn!("{} is damaged: calling slowly", self.file.display());
            Bucket::spent(&self.rule, now_ms)
        }))
    }

    /// Puts the file in place as a whole, so that it is never read half.
    fn write(&self, bucket: &Bucket) -> io::Result<()> {
        let new = self.file.with_extension("new");
        fs::write(&new, serde_json::to_vec(bucket)?)?;
        fs::rename(&new, &self.file)
    }

    fn failed(&self, source: io::Error) -> CatalogError {
        CatalogError::Limit {
            path: self.file.clone(),
            source,
        }
    }
}

/// Milliseconds since the Unix epoch; a clock before that is at 0.
fn now_ms() -> u64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH);
    passed.map_or(0, |passed| passed.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::backoff::Backoff;

    const RULE: Rule = Rule {
        calls_per_minute: 20,
        backoff: Backoff::REFUSED,
    };

    fn open(folder: &Path) -> Limit {
        Limit::open(folder, "[::1]:80/x", RULE).expect("a folder")
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime")
            .block_on(future)
    }

    /// Calls that are let go without a wait.
    fn at_once(limit: &Limit) -> usize {
        let take = |bucket: &mut Bucket, now_ms| bucket.take(&RULE, now_ms).is_ok();
        let tries = (0..100).take_while(|_| block_on(limit.with(take)).expect("a file"));
        tries.count()
    }

    #[test]
    fn two_handles_share_one_bucket() {
        let folder = tempfile::tempdir().expect("a folder");
        let both = [open(folder.path()), open(folder.path())];
        let threads = both.map(|limit| thread::spawn(move || at_once(&limit)));
        let taken: usize = threads
            .map(|one| one.join().expect("no panic"))
            .iter()
            .sum();
        // A quarter of a minute's calls, and one more for every three seconds that this takes.
        assert!((5..10).contains(&taken), "{taken} calls at once");
    }

    #[test]
    fn what_was_taken_is_remembered_and_refusals_are() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!((5..10).contains(&at_once(&open(folder.path()))));
        let state = open(folder.path()).state().expect("a file");
        assert!(!state.wait.is_zero() && !state.is_blocked, "{state:?}");
        block_on(open(folder.path()).refused(Some(Duration::from_mins(9)))).expect("a file");
        let state = open(folder.path()).state().expect("a file");
        assert!(
            state.is_blocked && state.wait > Duration::from_mins(8),
            "{state:?}"
        );
        let other = Limit::open(folder.path(), "elsewhere", RULE).expect("a folder");
        assert!(
            other.state().expect("no file").wait.is_zero(),
            "another server"
        );
    }

    #[test]
    fn damage_is_no_reason_to_hurry() {
        for damage in [&b""[..], b"{", b"null", br#"{"tokens": 1e9}"#, &[0xff; 9]] {
            let folder = tempfile::tempdir().expect("a folder");
            let limit = open(folder.path());
            fs::write(&limit.file, damage).expect("a file");
            assert_eq!(at_once(&limit), 0, "{damage:?}");
            let wait = limit.state().expect("a file").wait;
            assert!(
                wait <= Duration::from_secs(64),
                "and none to stop: {wait:?}"
            );
        }
    }

    #[test]
    fn a_wait_that_is_given_up_takes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let limit = open(folder.path());
        at_once(&limit);
        let before = fs::read(&limit.file).expect("a file");
        block_on(async {
            let given_up = tokio::time::timeout(Duration::from_millis(1), limit.wait()).await;
            assert!(given_up.is_err(), "there was something to wait for");
        });
        let count = |text: &[u8]| {
            let value: serde_json::Value = serde_json::from_slice(text).expect("JSON");
            let slots = value["recent"].as_array().cloned().unwrap_or_default();
            slots
                .iter()
                .filter_map(|slot| slot["calls"].as_u64())
                .sum::<u64>()
        };
        let after = fs::read(&limit.file).expect("a file");
        assert_eq!(count(&after), count(&before));
    }
}
