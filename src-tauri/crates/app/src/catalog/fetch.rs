//! The fetchers of a build: previews come into memory, many at once, nearest songs first, and go on to
//! the decoders. What waits between is bounded: the previews in flight, and a few more.

use std::collections::{HashSet, VecDeque};
use std::mem::take;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{SendTimeoutError, Sender};
use throughline_catalog::{CatalogError, Client, Seat};
use throughline_core::embedding::Recipe;
use throughline_library::{FileId, Library, PendingSong, SONG_STAT};
use tokio::task::JoinSet;

use super::client::{Catalog, unless};
use super::song_name;
use super::state::State;
use crate::build::{Item, Job, Message, Place};
use crate::error::{AppError, Reason, Result};

/// Tasks for each connection: most wait for the next try, or for the decoders, while others stream.
const TASKS_EACH: usize = 4;

/// Songs that are looked up in the library at once.
const AHEAD: usize = 64;

/// How often is looked for songs that the crawl has found meanwhile.
const LOOK: Duration = Duration::from_millis(100);

/// Fetches on behalf of one build.
pub(crate) struct Fetcher {
    /// Its own connection.
    pub library: Library,
    /// Whom it asks.
    pub catalog: Arc<Catalog>,
    /// What the songs are fetched for.
    pub recipe: Recipe,
    /// What is told to the others.
    pub state: Arc<State>,
    /// Where previews go.
    pub to_decode: Sender<Item>,
    /// Where failures go.
    pub tell: Sender<Message>,
}

/// A preview that came, or why it did not; `None` when the build was stopped.
type Fetched = (PendingSong, Option<Result<Vec<u8>, Failed>>);

/// Why a preview did not come.
enum Failed {
    Reason(Reason),
    /// Nothing was ever heard of the catalogue in this build.
    Unreachable(CatalogError),
}

impl Fetcher {
    /// Fetches what is pending and what becomes so, until the crawl has ended and nothing is left, or the
    /// build is stopped.
    pub fn run(self) -> Result<()> {
        let most = self.catalog.connections * TASKS_EACH;
        if let Some(link) = self.library.songs().heard_link(&self.recipe)? {
            self.state.came(&link);
        }
        let mut tasks = JoinSet::new();
        let mut taken = HashSet::new();
        let mut next = VecDeque::new();
        while !self.state.is_stopped() {
            // Asked before the library is: what the crawl planned last must not be missed.
            let crawled = self.state.is_crawled();
            while tasks.len() < most {
                if next.is_empty() {
                    next = self.pending(&taken)?;
                }
                let Some(song) = next.pop_front() else { break };
                taken.insert(song.file);
                let (client, state) = (Arc::clone(&self.catalog.client), Arc::clone(&self.state));
                tasks.spawn_on(fetch(client, state, song), self.catalog.handle());
            }
            if tasks.is_empty() {
                if crawled {
                    return Ok(());
                }
                self.catalog.handle().block_on(self.state.sleep(LOOK));
                continue;
            }
            // Made where the runtime is: it needs its clock.
            let joined = async { tokio::time::timeout(LOOK, tasks.join_next()).await };
            let Ok(joined) = self.catalog.handle().block_on(joined) else {
                continue;
            };
            match joined {
                Some(Ok(fetched)) => {
                    let is_heard = self.hand_on(fetched)?;
                    if !is_heard {
                        return Ok(());
                    }
                }
                Some(Err(error)) => return Err(AppError::Internal(error.to_string())),
                None => {}
            }
        }
        Ok(())
    }

    /// Songs to be fetched next that were not taken in this build.
    fn pending(&self, taken: &HashSet<FileId>) -> Result<VecDeque<PendingSong>> {
        let mut limit = AHEAD;
        loop {
            let pending = self.library.songs().pending(&self.recipe, limit)?;
            let found = pending.len();
            let fresh: VecDeque<_> = pending
                .into_iter()
                .filter(|song| !taken.contains(&song.file))
                .take(AHEAD)
                .collect();
            if !fresh.is_empty() || found < limit {
                return Ok(fresh);
            }
            limit *= 2;
        }
    }

    /// Hands a preview to the decoders, or its failure to the writer. `false` once nobody listens.
    fn hand_on(&self, (song, fetched): Fetched) -> Result<bool> {
        let name = song_name(&song.title, song.artist.as_deref());
        let job = Job {
            file: song.file,
            place: Place::Song(song.song, name),
            stat: SONG_STAT,
        };
        let bytes = match fetched {
            None => return Ok(false),
            Some(Err(Failed::Unreachable(error))) => return Err(error.into()),
            Some(Err(Failed::Reason(reason))) => {
                return Ok(self.tell.send(Message::Failed(job, None, reason)).is_ok());
            }
            Some(Ok(bytes)) => bytes,
        };
        let mut item = Item {
            job,
            bytes: Some(bytes.into()),
        };
        loop {
            match self.to_decode.send_timeout(item, LOOK) {
                Ok(()) => return Ok(true),
                Err(SendTimeoutError::Timeout(back)) if !self.state.is_stopped() => item = back,
                Err(_) => return Ok(false),
            }
        }
    }
}

/// Fetches one preview, with patience.
async fn fetch(client: Arc<Client>, state: Arc<State>, song: PendingSong) -> Fetched {
    let fetched = unless(
        || state.is_stopped(),
        patiently(&client, &state, &song.preview),
    )
    .await;
    (song, fetched)
}

/// A song is only given up for what is its own: while there is no network, or the previews' host refuses
/// everybody, all wait together.
async fn patiently(client: &Client, state: &State, url: &str) -> Result<Vec<u8>, Failed> {
    let (mut failed, mut seen, mut doubted) = (0, None, false);
    loop {
        let (seat, begun) = seated(client, state).await;
        if let Some(witness) = take(&mut doubted).then(|| state.witness()).flatten() {
            ask_witness(client, state, seat, begun, &witness).await;
            continue;
        }
        let before = seen.unwrap_or_else(|| state.all_answered());
        let error = match client.preview_in(seat, url).await {
            Ok(preview) => {
                state.reach();
                state.came(url);
                state.answered(begun, true);
                return Ok(preview.bytes);
            }
            Err(error) => error,
        };
        let answered = state.all_answered();
        let flows = before < answered;
        // When others came through since it failed last, or there is a way to the catalogue, it is this one.
        let others = seen.replace(answered).is_some() && flows;
        let asked = error.retry_after().unwrap_or_default();
        match &error {
            CatalogError::Offline { reason } if !(others || is_reachable(client, state).await) => {
                if !state.lose(reason) {
                    return Err(Failed::Unreachable(error));
                }
                continue;
            }
            CatalogError::Offline { .. } => {}
            CatalogError::Refused { .. } => {
                state.connected();
                // What came since it was asked says that the host has not had enough: no reason to wait for all.
                if !flows || !asked.is_zero() {
                    state.hold(asked);
                }
                if !others {
                    doubted = !flows;
                    state.sleep(state.patience().passing.draw(1)).await;
                    continue;
                }
            }
            error if error.is_passing() => state.answered(begun, false),
            CatalogError::Gone => {
                state.answered(begun, true);
                return Err(Failed::Reason(Reason::gone()));
            }
            error => {
                state.answered(begun, true);
                return Err(Failed::Reason(Reason::not_fetchable(error)));
            }
        }
        failed += 1;
        if failed >= state.patience().tries {
            let reason = match &error {
                CatalogError::Refused { reason, .. } => Reason::refused(reason),
                error => Reason::not_fetched(error),
            };
            return Err(Failed::Reason(reason));
        }
        let wait = state.patience().passing.draw(failed);
        state.sleep(wait.max(asked)).await;
    }
}

/// Asks for a preview that came before: if anything but a refusal comes, the host refuses single songs alone.
async fn ask_witness(client: &Client, state: &State, seat: Seat<'_>, begun: Instant, url: &str) {
    match client.begins_in(seat, url).await {
        Err(error @ CatalogError::Refused { .. }) => {
            state.hold(error.retry_after().unwrap_or_default());
        }
        // The next try of a song says so too, and what is to be done.
        Err(CatalogError::Offline { .. }) => {}
        Err(error) => state.answered(begun, !error.is_passing()),
        Ok(()) => state.answered(begun, true),
    }
}

/// Whether the catalogue itself can be reached, as far as was seen of late.
async fn is_reachable(client: &Client, state: &State) -> bool {
    if let Some(known) = state.reachable() {
        return known;
    }
    let is_reachable = client.is_reachable().await;
    state.looked(is_reachable);
    is_reachable
}

/// A connection, and when it was taken; none is kept from others while previews are waited for.
async fn seated<'a>(client: &'a Client, state: &State) -> (Seat<'a>, Instant) {
    loop {
        let seat = client.seat().await;
        match state.pass_preview() {
            Ok(begun) => return (seat, begun),
            Err(wait) => {
                drop(seat);
                state.sleep(wait).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use throughline_catalog::{Backoff, Proxy, Settings};

    use super::*;
    use crate::catalog::Patience;

    /// A client of the catalogue at `base_url`.
    fn client(folder: &tempfile::TempDir, base_url: &str, proxy: Proxy) -> Client {
        let settings = Settings {
            base_url: Some(base_url.to_owned()),
            proxy,
            ..Settings::new(folder.path())
        };
        Client::new(&settings).expect("a client")
    }

    fn state() -> State {
        let soon = Backoff {
            base: Duration::from_millis(1),
            cap: Duration::from_millis(1),
        };
        let patience = Patience {
            tries: 2,
            passing: soon,
            offline: Backoff::PASSING,
            refused: soon,
        };
        State::new(patience, 1)
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(work)
    }

    #[test]
    fn a_host_without_an_address_is_a_network_that_is_away() {
        let folder = tempfile::tempdir().expect("a folder");
        // No name below `invalid` ever has an address (RFC 6761, 6.4).
        let client = client(&folder, "http://previews.invalid", Proxy::Direct);
        let (state, link) = (state(), "http://previews.invalid/1.m4a");
        let fetched = block_on(patiently(&client, &state, link));
        assert!(
            matches!(
                fetched,
                Err(Failed::Unreachable(CatalogError::Offline { .. }))
            ),
            "nothing was ever heard of the catalogue"
        );
        let state = self::state();
        state.reach();
        let is_paused = || state.look().crawling.paused.is_some();
        let fetched = block_on(unless(is_paused, patiently(&client, &state, link)));
        assert!(fetched.is_none(), "it is waited for");
        let words = state.look().crawling.paused.unwrap_or_default();
        assert!(words.contains("network"), "{words}");
    }

    #[test]
    fn a_host_that_is_away_while_the_catalogue_is_there_costs_its_songs_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = "http://previews.invalid/1.m4a";
        let client = client(&folder, "http://previews.invalid", Proxy::Direct);
        let state = state();
        state.looked(true);
        let fetched = block_on(patiently(&client, &state, link));
        let Err(Failed::Reason(reason)) = fetched else {
            panic!("it is the song's own");
        };
        assert_eq!(reason.code, crate::error::NOT_FETCHED);
        assert_eq!(state.look().crawling.paused, None);
    }
}
