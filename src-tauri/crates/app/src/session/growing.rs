//! Building from the catalogue: beginning, going on, growing, tending.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use throughline_core::catalog::ArtistId;
use throughline_core::catalog::crawl::{Order, Seed};
use throughline_core::track::TrackId;
use throughline_library::{CrawlId, Library, StoredCrawl};

use super::Session;
use crate::build;
use crate::catalog::Chores;
use crate::catalog::crawl::replayed;
use crate::error::{AppError, Result};
use crate::view::{BuildKind, BuildReport, Progress, Refreshed, Status};

impl Session {
    /// Builds what was ordered, and returns when that has ended; an order that was begun goes on where it
    /// was. One build at a time, of whatever kind. A connection that is lost is waited
    /// for; one that never was there is the error.
    pub fn build_catalog(
        &self,
        order: &Order,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Songs))?;
        let crawl = self.begin_crawl(order, now)?;
        self.run_catalog(vec![crawl], Again::None, now, on_progress)
    }

    /// The same, and what failed or was given up before is tried again, as [`Session::retry_catalog`] does.
    pub fn build_catalog_again(
        &self,
        order: &Order,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Songs))?;
        let crawl = self.begin_crawl(order, now)?;
        let mut crawls = self.with_skipped()?;
        crawls.retain(|other| other.id != crawl.id);
        crawls.insert(0, self.stored(crawl.id)?);
        self.run_catalog(crawls, Again::Failed, now, on_progress)
    }

    /// Goes on with the crawls that were begun and not finished, the newest first, and with the songs that wait
    /// or whose previews did not come. Failures of other kinds, and dead links, are left alone.
    pub fn resume_catalog(
        &self,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Songs))?;
        let crawls = self.open_crawls()?;
        self.run_catalog(crawls, Again::None, now, on_progress)
    }

    /// Grows the newest crawl by `more` songs around `tracks`: songs of the catalogue, or the artists of
    /// the listener's own files. Without any crawl, one begins around them.
    pub fn grow_catalog(
        &self,
        tracks: &[i64],
        more: usize,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Songs))?;
        let seeds = self.seeds_of(tracks)?;
        if seeds.is_empty() {
            return Err(AppError::NoPlan(
                "none of these tracks has an artist".to_owned(),
            ));
        }
        let newest = self.library().crawls().all()?.pop();
        let crawl = if let Some(stored) = newest {
            // Its own connection: nobody is to wait for the replay.
            let mut crawl = replayed(&Library::open(&self.dir)?, &stored)?;
            crawl.grow(seeds, more);
            self.reopen(stored.id, crawl.order())?
        } else {
            let order = Order {
                seeds,
                size: more,
                ..Order::default()
            };
            self.begin_crawl(&order, now)?
        };
        self.run_catalog(vec![crawl], Again::None, now, on_progress)
    }

    /// Looks dead previews up anew, then goes on like [`Session::resume_catalog`].
    pub fn refresh_catalog(
        &self,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Refreshed> {
        let _building = self.start_building(Some(BuildKind::Songs))?;
        let crawls = self.unfinished()?;
        let dead = self.library().songs().gone(usize::MAX)?;
        let looked = Arc::new(AtomicUsize::new(0));
        let again = Again::Dead(Arc::clone(&looked));
        let build = self.run_catalog(crawls, again, now, on_progress)?;
        let after = self.library().songs().get(&dead)?;
        let back = after.iter().filter(|known| !known.preview_gone).count();
        let looked = looked.load(Ordering::Relaxed);
        Ok(Refreshed {
            looked,
            back,
            gone: looked.saturating_sub(back),
            build,
        })
    }

    /// Asks for every call that was given up and every song that failed once more, dead links aside, then
    /// goes on like [`Session::resume_catalog`].
    pub fn retry_catalog(
        &self,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let _building = self.start_building(Some(BuildKind::Songs))?;
        self.with_skipped()?;
        let crawls = self.open_crawls()?;
        self.run_catalog(crawls, Again::Failed, now, on_progress)
    }

    /// Lets calls that were given up be asked again; gives the crawls that have more to ask. The calls stay
    /// listed until they were asked.
    fn with_skipped(&self) -> Result<Vec<StoredCrawl>> {
        let mut library = self.library();
        let tx = library.begin()?;
        tx.crawls_mut().retry()?;
        tx.commit()?;
        drop(library);
        self.unfinished()
    }

    /// The crawls that have more to ask, the newest first.
    fn unfinished(&self) -> Result<Vec<StoredCrawl>> {
        let all = self.library().crawls().all()?;
        Ok(all.into_iter().rev().filter(|crawl| crawl.open).collect())
    }

    /// The crawls to go on with; an error if there are no songs of the catalogue at all.
    fn open_crawls(&self) -> Result<Vec<StoredCrawl>> {
        let crawls = self.unfinished()?;
        let library = self.library();
        if library.crawls().all()?.is_empty() && !library.songs().any_planned()? {
            return Err(AppError::NothingToResume);
        }
        Ok(crawls)
    }

    /// Takes the catalogue's songs of a genre that are known now off the list, for good. What was seeded or rated stays as a
    /// guest.
    pub fn remove_genre(&self, name: &str) -> Result<Status> {
        self.remove_songs(|songs| songs.remove_genre(name))
    }

    /// The same for the songs of an artist, by its number in the catalogue.
    pub fn remove_artist(&self, id: u64) -> Result<Status> {
        self.remove_songs(|songs| songs.remove_artist(ArtistId(id)))
    }

    fn remove_songs(
        &self,
        remove: impl FnOnce(throughline_library::SongsMut<'_>) -> throughline_library::Result<usize>,
    ) -> Result<Status> {
        let building = self.start_building(None)?;
        let mut library = self.library();
        let tx = library.begin()?;
        let removed = remove(tx.songs_mut())?;
        tx.commit()?;
        drop(library);
        tracing::info!(removed, "songs were taken off the list");
        self.signals.changed();
        drop(building);
        self.status()
    }

    /// The crawl of `order`: the newest that was begun with it, else a new one. What was asked once is not
    /// asked again.
    fn begin_crawl(&self, order: &Order, now: i64) -> Result<StoredCrawl> {
        let mut library = self.library();
        let begun_with = |crawl: &StoredCrawl| {
            let begun = Order {
                grown: order.grown.clone(),
                ..crawl.order.clone()
            };
            begun == *order
        };
        let mut all = library.crawls().all()?.into_iter().rev();
        if let Some(begun) = all.find(begun_with) {
            return Ok(begun);
        }
        let tx = library.begin()?;
        let id = tx.crawls_mut().add(order, now)?;
        tx.commit()?;
        drop(library);
        self.stored(id)
    }

    fn reopen(&self, id: CrawlId, order: &Order) -> Result<StoredCrawl> {
        let mut library = self.library();
        let tx = library.begin()?;
        tx.crawls_mut().set(id, order, true)?;
        tx.commit()?;
        drop(library);
        self.stored(id)
    }

    fn stored(&self, id: CrawlId) -> Result<StoredCrawl> {
        let all = self.library().crawls().all()?;
        let mut all = all.into_iter();
        all.find(|crawl| crawl.id == id)
            .ok_or_else(|| AppError::Internal("the crawl was not kept".to_owned()))
    }

    /// What a crawl grows around to grow around `tracks`.
    fn seeds_of(&self, tracks: &[i64]) -> Result<Vec<Seed>> {
        let ids: Vec<_> = tracks.iter().map(|id| TrackId(*id)).collect();
        let songs = self.library().songs().of_tracks(&ids)?;
        let mut seeds = Vec::new();
        for track in self.tracks(&ids)? {
            let seed = match (songs.get(&TrackId(track.id)), track.artist) {
                (Some(song), _) => Seed::Song(song.song.id),
                (None, Some(artist)) => Seed::ArtistName(artist),
                (None, None) => continue,
            };
            if !seeds.contains(&seed) {
                seeds.push(seed);
            }
        }
        Ok(seeds)
    }

    fn run_catalog(
        &self,
        crawls: Vec<StoredCrawl>,
        again: Again,
        now: i64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<BuildReport> {
        let retry_failed = matches!(again, Again::Failed);
        let chores = Chores {
            catalog: self.catalog()?,
            crawls,
            refresh: match again {
                Again::Dead(looked) => Some(looked),
                Again::None | Again::Failed => None,
            },
            retry_failed,
        };
        self.run_with(on_progress, |with, on_progress| {
            build::run_catalog(&self.dir, with, chores, now, &self.signals, on_progress)
        })
    }
}

/// What a build from the catalogue takes up again that had come to an end.
enum Again {
    /// Nothing but previews that did not come.
    None,
    /// Every song that failed, but for dead links.
    Failed,
    /// Dead links; songs that were looked up are counted.
    Dead(Arc<AtomicUsize>),
}
