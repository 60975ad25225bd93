//! Crawls of the catalogue and the calls that were answered: what a crawl is resumed from.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use throughline_core::catalog::crawl::{Judged, Order};
use throughline_core::catalog::{Answer, Question};

use crate::error::Result;

/// Identity of a crawl in one library; later ones have greater ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CrawlId(pub i64);

/// A crawl as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCrawl {
    /// Its identity.
    pub id: CrawlId,
    /// What was ordered.
    pub order: Order,
    /// When it was ordered, Unix milliseconds.
    pub created_at: i64,
    /// Whether there is more to ask.
    pub open: bool,
    /// Calls answered.
    pub calls: u64,
}

/// Reads crawls.
pub struct Crawls<'a> {
    pub(crate) db: &'a Connection,
}

impl Crawls<'_> {
    /// All of them, oldest first.
    pub fn all(&self) -> Result<Vec<StoredCrawl>> {
        todo!()
    }

    /// The newest that has more to ask.
    pub fn open(&self) -> Result<Option<StoredCrawl>> {
        todo!()
    }

    /// Shows `visit` what was answered, in the order of asking: with it a new
    /// [`Crawl`](throughline_core::catalog::crawl::Crawl) comes to where this one was. Links are those
    /// that are known now; all that a crawl goes by is what the answer said.
    pub fn replay(&self, crawl: CrawlId, visit: impl FnMut(&Question, &Answer)) -> Result<()> {
        let _ = (crawl, visit);
        todo!()
    }
}

/// Writes crawls.
pub struct CrawlsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl CrawlsMut<'_> {
    /// Begins a crawl.
    pub fn add(&self, order: &Order, now: i64) -> Result<CrawlId> {
        todo!("{order:?} {now}")
    }

    /// Changes what was ordered, and whether there is more to ask.
    pub fn set(&self, crawl: CrawlId, order: &Order, open: bool) -> Result<()> {
        todo!("{crawl:?} {order:?} {open}")
    }

    /// Keeps what a question brought: its songs and what becomes of each, and the call itself. A
    /// question is kept once a crawl: the second time is an error.
    pub fn record(
        &self,
        crawl: CrawlId,
        question: &Question,
        answer: &Answer,
        judged: &[Judged],
        now: i64,
    ) -> Result<()> {
        todo!("{crawl:?} {question:?} {answer:?} {judged:?} {now}")
    }
}
