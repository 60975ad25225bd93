//! What the threads of a build from the catalogue tell each other, and what a listener hears of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use throughline_core::catalog::crawl;

use super::client::{Patience, unless};
use crate::view::Crawling;
use pause::Pause;

mod pause;

/// How long a look whether the catalogue can be reached is remembered.
const REACHABLE: Duration = Duration::from_secs(30);

/// How soon a wait notices that its cause is gone.
const LOOK: Duration = Duration::from_millis(250);

/// How a build from the catalogue stands, for all its threads.
pub(crate) struct State {
    patience: Patience,
    /// Set once, to end the threads of this build alone.
    stopped: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    crawling: Crawling,
    /// Songs that this build has to fetch, as far as they are found.
    planned: usize,
    /// Whether all that is wanted was found.
    crawled: bool,
    /// How often something of use came over the network in this build.
    reached: u64,
    /// How many requests for previews had an answer that was no refusal, and no passing trouble.
    answered: u64,
    /// When the next call may be made, and whether that is because calls were refused.
    next_call: Option<(Instant, bool)>,
    calls_per_minute: f64,
    /// When was last looked whether the catalogue can be reached, and whether it could.
    reachable: Option<(Instant, bool)>,
    /// A connection that was lost.
    lost: Option<Pause>,
    /// Previews that are refused.
    held: Option<Pause>,
    /// Where a preview is that came: when it is refused too, it is not the song.
    witness: Option<String>,
}

/// What is to be seen of a build from the catalogue.
pub(crate) struct Look {
    /// How the crawl goes.
    pub crawling: Crawling,
    /// Songs that this build has to fetch, those that are still to be found included.
    pub total: usize,
    /// Seconds that the calls will still take.
    pub calls_s: f64,
}

impl State {
    /// A build that has `planned` songs to fetch to begin with.
    pub fn new(patience: Patience, planned: usize) -> Self {
        let inner = Inner {
            planned,
            ..Inner::default()
        };
        Self {
            patience,
            stopped: AtomicBool::new(false),
            inner: Mutex::new(inner),
        }
    }

    /// Ends the threads.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether the threads are to end.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// How patient this build is.
    pub fn patience(&self) -> &Patience {
        &self.patience
    }

    /// Notes how the crawl stands and that `more` songs are to be fetched.
    pub fn crawled(&self, progress: &crawl::Progress, more: usize) {
        let mut inner = self.inner();
        inner.planned += more;
        inner.crawling.calls = progress.calls;
        inner.crawling.calls_left = progress.calls_left;
        inner.crawling.wanted = progress.wanted;
        inner.crawling.size = progress.size;
    }

    /// Notes that `more` songs are to be fetched.
    pub fn plan(&self, more: usize) {
        self.inner().planned += more;
    }

    /// Notes that no more songs are to be found.
    pub fn end_crawl(&self) {
        let mut inner = self.inner();
        inner.crawled = true;
        inner.crawling.calls_left = 0;
        inner.next_call = None;
    }

    /// Whether no more songs are to be found.
    pub fn is_crawled(&self) -> bool {
        self.inner().crawled
    }

    /// Notes when the next call may be made.
    pub fn next_call(&self, limit: &throughline_catalog::State) {
        let mut inner = self.inner();
        inner.next_call = Some((Instant::now() + limit.wait, limit.is_blocked));
        inner.calls_per_minute = limit.calls_per_minute;
    }

    /// Waits while there is no connection, or until the threads are to end. When it is time to look for
    /// it, who asks first is let through.
    pub async fn pass(&self) {
        while !self.is_stopped() {
            let wait = {
                let mut inner = self.inner();
                let lost = inner.lost.as_mut();
                lost.and_then(|lost| lost.wait(Instant::now(), &self.patience.offline))
            };
            let Some(wait) = wait else { return };
            self.sleep(wait.min(LOOK)).await;
        }
    }

    /// Lets a preview be asked for now, if there is a connection and they are not refused, or it is time to
    /// look whether that is so; else says how long to wait before this is asked again.
    pub fn pass_preview(&self) -> Result<Instant, Duration> {
        let (mut inner, now) = (self.inner(), Instant::now());
        let Inner { lost, held, .. } = &mut *inner;
        let (offline, refused) = (&self.patience.offline, &self.patience.refused);
        let mut pauses: Vec<_> = [(lost, offline), (held, refused)]
            .into_iter()
            .filter_map(|(pause, backoff)| pause.as_mut().map(|pause| (pause, backoff)))
            .collect();
        if let Some(left) = pauses.iter().filter_map(|(pause, _)| pause.left(now)).max() {
            return Err(left.min(LOOK));
        }
        for (pause, backoff) in &mut pauses {
            pause.wait(now, backoff);
        }
        Ok(now)
    }

    /// Sleeps, unless the threads are to end.
    pub async fn sleep(&self, time: Duration) {
        unless(|| self.is_stopped(), tokio::time::sleep(time)).await;
    }

    /// Notes that there is no connection. Answers whether there ever was one in this build.
    pub fn lose(&self, reason: &str) -> bool {
        let mut inner = self.inner();
        if let Some(lost) = &mut inner.lost {
            reason.clone_into(&mut lost.reason);
        } else {
            let wait = self.patience.offline.draw(1);
            inner.lost = Some(Pause::new(reason, Instant::now(), wait));
        }
        inner.reached > 0
    }

    /// Notes that the previews' host refuses, and asks for a pause of `asked` at least. That is waited out,
    /// however long it takes.
    pub fn hold(&self, asked: Duration) {
        let (mut inner, now) = (self.inner(), Instant::now());
        let first = || Pause::new("", now, self.patience.refused.draw(1));
        inner.held.get_or_insert_with(first).renew(now, asked);
    }

    /// Notes where a preview is that came.
    pub fn came(&self, url: &str) {
        self.inner().witness = Some(url.to_owned());
    }

    /// Where a preview is that came in this build or before it, while previews are refused.
    pub fn witness(&self) -> Option<String> {
        let inner = self.inner();
        inner.held.as_ref().and(inner.witness.clone())
    }

    /// Whether the catalogue could be reached a short while ago; `None` for the one who is to look now.
    pub fn reachable(&self) -> Option<bool> {
        let (mut inner, now) = (self.inner(), Instant::now());
        match inner.reachable {
            Some((then, is)) if now.saturating_duration_since(then) < REACHABLE => Some(is),
            _ => {
                // Until the look is over.
                inner.reachable = Some((now, false));
                None
            }
        }
    }

    /// Notes what came of the look.
    pub fn looked(&self, is_reachable: bool) {
        self.inner().reachable = Some((Instant::now(), is_reachable));
    }

    /// Notes that there is a connection, whatever came over it.
    pub fn connected(&self) {
        self.inner().lost = None;
    }

    /// Notes that something of use came over the network.
    pub fn reach(&self) {
        let mut inner = self.inner();
        inner.reached += 1;
        inner.lost = None;
    }

    /// Notes that a request for a preview which was made at `begun` was not refused, and whether it came to
    /// what another try would: the preview, or a reason that lasts.
    pub fn answered(&self, begun: Instant, lasts: bool) {
        let mut inner = self.inner();
        inner.lost = None;
        inner.answered += u64::from(lasts);
        if inner
            .held
            .as_ref()
            .is_none_or(|held| held.is_ended_by(begun))
        {
            inner.held = None;
        }
    }

    /// Whether anything of use came over the network in this build.
    pub fn has_reached(&self) -> bool {
        self.inner().reached > 0
    }

    /// How many requests for previews came to an end that lasts in this build.
    pub fn all_answered(&self) -> u64 {
        self.inner().answered
    }

    /// What is to be seen now.
    pub fn look(&self) -> Look {
        let inner = self.inner();
        let now = Instant::now();
        let mut crawling = inner.crawling.clone();
        let seconds_to = |then: Instant| then.saturating_duration_since(now).as_secs_f64();
        let next_call_s = inner.next_call.map_or(0.0, |(then, _)| seconds_to(then));
        if let Some(lost) = &inner.lost {
            crawling.paused = Some(format!(
                "The build waits for the network and goes on by itself: {}",
                lost.reason
            ));
            crawling.wait_s = Some(seconds_to(lost.next));
        } else if let Some(held) = &inner.held {
            crawling.paused = Some(
                "The store refuses previews for now; the build waits and goes on by itself"
                    .to_owned(),
            );
            crawling.wait_s = Some(seconds_to(held.next));
        } else if let Some((then, true)) = inner.next_call
            && then > now
        {
            crawling.paused = Some(
                "The catalogue asks for a pause; what was found so far is fetched meanwhile"
                    .to_owned(),
            );
            crawling.wait_s = Some(next_call_s);
        }
        let to_find = if inner.crawled {
            0
        } else {
            crawling.size.saturating_sub(crawling.wanted)
        };
        let minutes = crawling.calls_left as f64 / inner.calls_per_minute.max(0.1);
        Look {
            total: inner.planned + to_find,
            calls_s: if crawling.calls_left == 0 {
                0.0
            } else {
                next_call_s + minutes * 60.0
            },
            crawling,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use throughline_catalog::Backoff;

    use super::*;

    fn state(wait: Duration) -> State {
        let wait = Backoff {
            base: wait,
            cap: wait,
        };
        let patience = Patience {
            tries: 2,
            passing: Backoff::PASSING,
            offline: wait,
            refused: wait,
        };
        State::new(patience, 1)
    }

    #[test]
    fn refused_previews_are_looked_for_one_by_one_for_as_long_as_it_takes() {
        let state = state(Duration::from_millis(1));
        state.came("https://example.invalid/1.m4a");
        assert_eq!(state.witness(), None, "nothing is in doubt");
        let mut looks = 0;
        while looks < 100 {
            state.hold(Duration::ZERO);
            let words = state.look().crawling.paused.unwrap_or_default();
            assert!(words.contains("refuses previews"), "{words}");
            looks += u32::from(state.pass_preview().is_ok());
            std::thread::sleep(Duration::from_micros(500));
        }
        state.hold(Duration::from_mins(20));
        assert!(state.witness().is_some());
        assert!(state.pass_preview().is_err(), "what is asked for is kept");
        let wait_s = state.look().crawling.wait_s.unwrap_or_default();
        assert!(wait_s > 19.0 * 60.0, "{wait_s}");
        state.answered(Instant::now(), false);
        assert!(state.pass_preview().is_ok(), "it was no refusal");
        assert_eq!(state.look().crawling.paused, None);
    }

    #[test]
    fn an_answer_to_what_was_asked_before_a_refusal_does_not_end_the_pause() {
        let state = state(Duration::from_mins(1));
        let begun = state.pass_preview().expect("nothing is to be waited for");
        state.hold(Duration::ZERO);
        assert!(
            state.pass_preview().is_err(),
            "without a wait of its own too"
        );
        state.answered(begun, true);
        assert!(state.pass_preview().is_err(), "it came too early to say so");
    }
}
