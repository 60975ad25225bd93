//! Crawls of the catalogue and the calls that were answered: what a crawl is resumed from.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use throughline_core::catalog::crawl::{Judged, Order, Origin};
use throughline_core::catalog::{Album, Answer, Artist, Question, Song, SongId};

use super::must_exist;
use super::song::{FACTS, SongsMut, facts, key, read_first};
use crate::error::{LibraryError, Result};

mod tending;

pub use tending::{Skipped, StageTime};

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

/// An answer as a call keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    songs: Vec<KeptSong>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    artists: Vec<Artist>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    albums: Vec<Album>,
    #[serde(default)]
    unreadable: usize,
    #[serde(default)]
    refused_links: usize,
}

/// A song of an answer: its number, where it was what was first seen of it, else all of it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum KeptSong {
    AsFirstSeen(SongId),
    Otherwise(Box<Song>),
}

const STORED: &str = "SELECT id, order_json, created_at, open,
    (SELECT count(*) FROM call WHERE crawl_id = crawl.id) FROM crawl";

impl Crawls<'_> {
    /// All of them, oldest first.
    pub fn all(&self) -> Result<Vec<StoredCrawl>> {
        let mut statement = self.db.prepare_cached(&format!("{STORED} ORDER BY id"))?;
        let rows = statement.query_map([], |row| Ok(stored(row)))?;
        rows.map(|row| row?).collect()
    }

    /// The newest that has more to ask.
    pub fn open(&self) -> Result<Option<StoredCrawl>> {
        self.db
            .prepare_cached(&format!("{STORED} WHERE open = 1 ORDER BY id DESC LIMIT 1"))?
            .query_row([], |row| Ok(stored(row)))
            .optional()?
            .transpose()
    }

    /// Shows `visit` what was answered, in the order of asking: with it a new
    /// [`Crawl`](throughline_core::catalog::crawl::Crawl) comes to where this one was. Links, pictures
    /// and years are those that are known now; all that a crawl goes by is what the answer said.
    pub fn replay(&self, crawl: CrawlId, mut visit: impl FnMut(&Question, &Answer)) -> Result<()> {
        must_exist(self.db, "crawl", crawl.0)?;
        let mut statement = self.db.prepare_cached(
            "SELECT id, question, answer FROM call WHERE crawl_id = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([crawl.0])?;
        while let Some(row) = rows.next()? {
            let call: i64 = row.get(0)?;
            let wrong = |error: serde_json::Error| LibraryError::Row {
                table: "call",
                row: call,
                detail: format!("it is unreadable: {error}"),
            };
            let question: String = row.get(1)?;
            let question: Question = serde_json::from_str(&question).map_err(wrong)?;
            let kept: String = row.get(2)?;
            let kept: Kept = serde_json::from_str(&kept).map_err(wrong)?;
            let songs = kept.songs.into_iter().map(|song| match song {
                KeptSong::AsFirstSeen(song) => self.first_seen(song, call),
                KeptSong::Otherwise(song) => Ok(*song),
            });
            let answer = Answer {
                songs: songs.collect::<Result<_>>()?,
                artists: kept.artists,
                albums: kept.albums,
                unreadable: kept.unreadable,
                refused_links: kept.refused_links,
            };
            visit(&question, &answer);
        }
        Ok(())
    }

    /// A song of `call` as it was first seen.
    fn first_seen(&self, song: SongId, call: i64) -> Result<Song> {
        let sql = format!("SELECT {FACTS}, first_seen FROM song WHERE id = ?1");
        let known = self
            .db
            .prepare_cached(&sql)?
            .query_row([key(song)], |row| {
                Ok((facts(row)?, row.get::<_, Option<String>>(12)?))
            })
            .optional()?;
        match known {
            Some((_, Some(first))) => read_first(song, &first),
            Some((song, None)) => Ok(song),
            None => Err(LibraryError::Row {
                table: "call",
                row: call,
                detail: format!("song {} is not there", song.0),
            }),
        }
    }
}

/// Writes crawls.
pub struct CrawlsMut<'a> {
    pub(crate) db: &'a Connection,
}

impl CrawlsMut<'_> {
    /// Begins a crawl.
    pub fn add(&self, order: &Order, now: i64) -> Result<CrawlId> {
        self.db
            .prepare_cached("INSERT INTO crawl (order_json, created_at, open) VALUES (?1, ?2, 1)")?
            .execute(params![serde_json::json!(order).to_string(), now])?;
        Ok(CrawlId(self.db.last_insert_rowid()))
    }

    /// Changes what was ordered, and whether there is more to ask.
    pub fn set(&self, crawl: CrawlId, order: &Order, open: bool) -> Result<()> {
        must_exist(self.db, "crawl", crawl.0)?;
        self.db
            .prepare_cached("UPDATE crawl SET order_json = ?2, open = ?3 WHERE id = ?1")?
            .execute(params![crawl.0, serde_json::json!(order).to_string(), open])?;
        Ok(())
    }

    /// Keeps what a question brought: its songs, what becomes of each and by what they came, and the call
    /// itself. A question is kept once a crawl: the second time is an error.
    pub fn record(
        &self,
        crawl: CrawlId,
        question: &Question,
        answer: &Answer,
        judged: &[Judged],
        origin: Origin,
        now: i64,
    ) -> Result<()> {
        must_exist(self.db, "crawl", crawl.0)?;
        let songs = SongsMut { db: self.db };
        let mut kept = Vec::with_capacity(answer.songs.len());
        for song in &answer.songs {
            kept.push(if songs.note(song, now)? {
                KeptSong::AsFirstSeen(song.id)
            } else {
                KeptSong::Otherwise(Box::new(song.clone()))
            });
        }
        for judged in judged {
            songs.judge(judged, origin)?;
        }
        let kept = Kept {
            songs: kept,
            artists: answer.artists.clone(),
            albums: answer.albums.clone(),
            unreadable: answer.unreadable,
            refused_links: answer.refused_links,
        };
        self.answered(crawl, question)?;
        self.db
            .prepare_cached(
                "INSERT INTO call (crawl_id, question, answer, asked_at) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                crawl.0,
                serde_json::json!(question).to_string(),
                serde_json::json!(kept).to_string(),
                now,
            ])?;
        Ok(())
    }
}

fn stored(row: &Row<'_>) -> Result<StoredCrawl> {
    let id: i64 = row.get(0)?;
    let order: String = row.get(1)?;
    Ok(StoredCrawl {
        id: CrawlId(id),
        order: serde_json::from_str(&order).map_err(|error| LibraryError::Row {
            table: "crawl",
            row: id,
            detail: format!("its order is unreadable: {error}"),
        })?,
        created_at: row.get(2)?,
        open: row.get(3)?,
        calls: row.get(4)?,
    })
}
