//! The crawl of a build: replays what was answered before, asks on with patience, and keeps each answer
//! together with the songs that it plans.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use throughline_catalog::CatalogError;
use throughline_core::catalog::crawl::{Crawl, Judged, Origin};
use throughline_core::catalog::{Answer, Call, Country, Question, SongId};
use throughline_core::embedding::Recipe;
use throughline_library::{Library, StoredCrawl};

use super::client::{Catalog, unless};
use super::state::State;
use crate::build::Times;
use crate::error::Result;
use crate::view::StageName;

/// Songs that one call looks up, at most; as [`Call::Songs`] says.
const LOOKED_UP: usize = 150;

/// How often the server is waited for on account of one call; then it is the call after all.
const WAITS: u32 = 3;

/// Asks the catalogue on behalf of one build.
pub(crate) struct Crawler {
    /// Its own connection.
    pub library: Library,
    /// Whom it asks.
    pub catalog: Arc<Catalog>,
    /// What the songs are planned for.
    pub recipe: Recipe,
    /// What is told to the others.
    pub state: Arc<State>,
    /// Where the time goes.
    pub times: Arc<Times>,
    /// When the build began, Unix milliseconds.
    pub now: i64,
}

/// How a question ended.
enum Asked {
    Answered(Answer),
    GivenUp(CatalogError),
    Stopped,
}

impl Crawler {
    /// Looks dead previews up anew if there is a counter for them, then goes through each of `crawls` to its
    /// end. Returns early when the build is stopped.
    pub fn run(&mut self, crawls: &[StoredCrawl], refresh: Option<&AtomicUsize>) -> Result<()> {
        if let Some(looked) = refresh {
            self.refresh(looked)?;
        }
        for stored in crawls {
            if self.state.is_stopped() {
                return Ok(());
            }
            self.crawl(stored)?;
        }
        self.state.end_crawl();
        Ok(())
    }

    fn crawl(&mut self, stored: &StoredCrawl) -> Result<()> {
        let mut crawl = replayed(&self.library, stored)?;
        self.state.crawled(&crawl.progress(), 0);
        // A call that failed for good is left out, and one that never brought a row: it may be true. Two in
        // a row that failed in passing say that it is not the call: then the server is waited for, a few times.
        let (mut gave_up, mut waits, mut given_up) = (false, 0, Vec::new());
        while let Some(question) = crawl.next() {
            match self.ask(&question)? {
                Asked::Answered(answer) => {
                    (gave_up, waits) = (false, 0);
                    let origin = crawl.origin(&question);
                    let judged = crawl.answer(&question, &answer);
                    let planned = self.keep(stored, &question, &answer, &judged, origin)?;
                    self.state.crawled(&crawl.progress(), planned);
                }
                Asked::GivenUp(error) if !self.state.has_reached() && !is_no_rows(&error) => {
                    return Err(error.into());
                }
                Asked::GivenUp(error @ CatalogError::Passing { .. })
                    if gave_up && waits < WAITS =>
                {
                    waits += 1;
                    tracing::info!(%error, "the catalogue is waited for");
                    self.state.lose("the catalogue does not answer");
                }
                Asked::GivenUp(error) => {
                    (gave_up, waits) = (matches!(error, CatalogError::Passing { .. }), 0);
                    crawl.skip(&question);
                    let tx = self.library.begin()?;
                    let why = error.to_string();
                    tx.crawls_mut().skip(stored.id, &question, &why, self.now)?;
                    tx.commit()?;
                    given_up.push(question);
                    self.state.crawled(&crawl.progress(), 0);
                }
                Asked::Stopped => return Ok(()),
            }
        }
        let tx = self.library.begin()?;
        tx.crawls_mut().end(stored.id, &given_up)?;
        Ok(tx.commit()?)
    }

    /// Keeps an answer and plans what it brought; returns how many songs.
    fn keep(
        &mut self,
        stored: &StoredCrawl,
        question: &Question,
        answer: &Answer,
        judged: &[Judged],
        origin: Origin,
    ) -> Result<usize> {
        let tx = self.library.begin()?;
        tx.crawls_mut()
            .record(stored.id, question, answer, judged, origin, self.now)?;
        let planned = tx.songs_mut().plan(&self.recipe, self.now)?;
        tx.commit()?;
        Ok(planned)
    }

    /// Looks the songs up whose previews are gone, and plans those that have one again.
    fn refresh(&mut self, looked: &AtomicUsize) -> Result<()> {
        let gone = self.library.songs().gone(usize::MAX)?;
        for ids in gone.chunks(LOOKED_UP) {
            let question = Question {
                country: self.home()?,
                call: Call::Songs { ids: ids.to_vec() },
            };
            match self.ask(&question)? {
                Asked::Answered(answer) => {
                    self.relink(ids, &answer)?;
                    looked.fetch_add(ids.len(), Ordering::Relaxed);
                }
                // Asked as often as it is worth: they are gone altogether.
                Asked::GivenUp(CatalogError::NoRows) => {
                    looked.fetch_add(ids.len(), Ordering::Relaxed);
                }
                Asked::GivenUp(_) => {}
                Asked::Stopped => break,
            }
        }
        Ok(())
    }

    /// The store that the newest crawl asks.
    fn home(&self) -> Result<Country> {
        let crawls = self.library.crawls().all()?;
        let newest = crawls
            .last()
            .and_then(|crawl| crawl.order.countries.first());
        Ok(newest.copied().unwrap_or(Country::US))
    }

    fn relink(&mut self, ids: &[SongId], answer: &Answer) -> Result<()> {
        let before = self.library.songs().waiting(&self.recipe)?;
        let tx = self.library.begin()?;
        for song in answer.songs.iter().filter(|song| ids.contains(&song.id)) {
            if let Some(preview) = &song.preview {
                tx.songs_mut().refresh(song.id, preview)?;
            }
        }
        tx.songs_mut().plan(&self.recipe, self.now)?;
        tx.commit()?;
        let after = self.library.songs().waiting(&self.recipe)?;
        self.state.plan(after.saturating_sub(before) as usize);
        Ok(())
    }

    /// Asks until there is an answer. A refusal is waited out, however long that takes, as is a lost
    /// connection, unless nothing was ever heard of the catalogue in this build.
    fn ask(&self, question: &Question) -> Result<Asked> {
        let patience = *self.state.patience();
        let (mut failed, mut refused) = (0, 0);
        while !self.state.is_stopped() {
            // While there is no network nobody is busy. The wait for a turn is part of the call.
            self.catalog.handle().block_on(self.state.pass());
            let client = &self.catalog.client;
            let once = async {
                self.state.next_call(&client.limit().state()?);
                client.ask(question).await
            };
            let once = unless(|| self.state.is_stopped(), once);
            let answer = self
                .times
                .of(StageName::Crawl, || self.catalog.handle().block_on(once));
            let Some(answer) = answer else {
                break;
            };
            if !matches!(answer, Err(CatalogError::Offline { .. })) {
                self.state.connected();
            }
            match answer {
                Ok(answer) => {
                    self.state.reach();
                    return Ok(Asked::Answered(answer));
                }
                Err(CatalogError::Offline { reason }) => {
                    if !self.state.lose(&reason) {
                        return Err(CatalogError::Offline { reason }.into());
                    }
                }
                Err(error @ CatalogError::Refused { .. }) => {
                    tracing::info!(%error, "the next call waits");
                    refused += 1;
                    if refused >= patience.tries && !self.state.has_reached() {
                        return Err(error.into());
                    }
                }
                Err(error @ (CatalogError::Settings(_) | CatalogError::Limit { .. })) => {
                    return Err(error.into());
                }
                // What is not understood may be half of something that is.
                Err(
                    error @ (CatalogError::Passing { .. }
                    | CatalogError::Unexpected { .. }
                    | CatalogError::NoRows),
                ) => {
                    failed += 1;
                    let most = if is_no_rows(&error) {
                        NO_ROWS_TRIES
                    } else {
                        patience.tries
                    };
                    if failed >= most.min(patience.tries) {
                        tracing::warn!(%error, "a call is given up");
                        return Ok(Asked::GivenUp(error));
                    }
                    let wait = patience.passing.draw(failed);
                    let wait = wait.max(error.retry_after().unwrap_or_default());
                    self.times.of(StageName::Crawl, || {
                        self.catalog.handle().block_on(self.state.sleep(wait));
                    });
                }
                Err(error @ (CatalogError::Gone | CatalogError::RefusedLink { .. })) => {
                    tracing::warn!(%error, "a call is given up");
                    return Ok(Asked::GivenUp(error));
                }
            }
        }
        Ok(Asked::Stopped)
    }
}

/// How often a call is made that is answered without any row: what may be a passing fault is worth a second and a
/// third look, and what is truly empty not six of twenty calls a minute.
const NO_ROWS_TRIES: u32 = 3;

/// Whether the catalogue answered, and had nothing to say.
fn is_no_rows(error: &CatalogError) -> bool {
    matches!(error, CatalogError::NoRows)
}

/// The crawl as its answers left it.
pub(crate) fn replayed(library: &Library, stored: &StoredCrawl) -> Result<Crawl> {
    let mut crawl = Crawl::new(&stored.order);
    library.crawls().replay(stored.id, |question, answer| {
        crawl.answer(question, answer);
    })?;
    Ok(crawl)
}
