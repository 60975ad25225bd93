//! What is left of a crawl when it has ended: calls that were given up, and how long its stages took.

use rusqlite::params;
use throughline_core::catalog::Question;

use super::{CrawlId, Crawls, CrawlsMut, must_exist};
use crate::error::{LibraryError, Result};

/// A call that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Whose it was.
    pub crawl: CrawlId,
    /// What would have been asked.
    pub question: Question,
    /// Why it was given up, in words.
    pub reason: String,
}

/// How long a stage of a crawl's builds was busy.
#[derive(Clone, Debug, PartialEq)]
pub struct StageTime {
    /// A stable name.
    pub name: String,
    /// Seconds, summed over its threads and over all builds of the crawl.
    pub seconds: f64,
    /// Threads that it had in the last of them; at least 1.
    pub threads: u32,
}

impl Crawls<'_> {
    /// The calls of all crawls that were given up, in the order of giving up.
    pub fn skipped(&self) -> Result<Vec<Skipped>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT id, crawl_id, question, reason FROM skipped ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut skipped = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, question): (i64, String) = (row.get(0)?, row.get(2)?);
            let question = serde_json::from_str(&question).map_err(|error| LibraryError::Row {
                table: "skipped",
                row: id,
                detail: format!("it is unreadable: {error}"),
            })?;
            skipped.push(Skipped {
                crawl: CrawlId(row.get(1)?),
                question,
                reason: row.get(3)?,
            });
        }
        Ok(skipped)
    }

    /// How long the stages of the crawl whose build ended last were busy, by name; none before any.
    pub fn stages(&self) -> Result<Vec<StageTime>> {
        let mut statement = self.db.prepare_cached(
            "SELECT name, seconds, threads FROM stage WHERE crawl_id =
                (SELECT crawl_id FROM stage ORDER BY ended_at DESC, crawl_id DESC LIMIT 1)
             ORDER BY name",
        )?;
        let stages = statement.query_map([], |row| {
            Ok(StageTime {
                name: row.get(0)?,
                seconds: row.get(1)?,
                threads: row.get(2)?,
            })
        })?;
        Ok(stages.collect::<Result<_, _>>()?)
    }
}

impl CrawlsMut<'_> {
    /// Notes that a call was given up; the last reason counts.
    pub fn skip(&self, crawl: CrawlId, question: &Question, reason: &str, now: i64) -> Result<()> {
        must_exist(self.db, "crawl", crawl.0)?;
        self.db
            .prepare_cached(
                "INSERT INTO skipped (crawl_id, question, reason, skipped_at)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET reason = excluded.reason,
                    skipped_at = excluded.skipped_at",
            )?
            .execute(params![
                crawl.0,
                serde_json::json!(question).to_string(),
                reason,
                now
            ])?;
        Ok(())
    }

    /// Lets every call that was given up be asked again: its crawl has more to ask. Each stays listed until
    /// that has happened. Returns how many crawls there are to go on with.
    pub fn retry(&self) -> Result<usize> {
        let mut retry = self.db.prepare_cached(
            "UPDATE crawl SET open = 1 WHERE id IN (SELECT crawl_id FROM skipped)",
        )?;
        Ok(retry.execute([])?)
    }

    /// Ends a crawl: there is no more to ask, and of the calls that were ever given up those alone are missed
    /// that were `given_up` to the end. The others were answered, or the order was full without them.
    pub fn end(&self, crawl: CrawlId, given_up: &[Question]) -> Result<()> {
        must_exist(self.db, "crawl", crawl.0)?;
        let given_up: Vec<_> = given_up
            .iter()
            .map(|question| serde_json::json!(question).to_string())
            .collect();
        self.db
            .prepare_cached("UPDATE crawl SET open = 0 WHERE id = ?1")?
            .execute([crawl.0])?;
        self.db
            .prepare_cached(
                "DELETE FROM skipped WHERE crawl_id = ?1
                    AND question NOT IN (SELECT value FROM json_each(?2))",
            )?
            .execute(params![crawl.0, serde_json::json!(given_up).to_string()])?;
        Ok(())
    }

    /// Adds to the time that the stages of a crawl's builds were busy.
    pub fn spend(&self, crawl: CrawlId, stages: &[StageTime], now: i64) -> Result<()> {
        must_exist(self.db, "crawl", crawl.0)?;
        let mut spend = self.db.prepare_cached(
            "INSERT INTO stage (crawl_id, name, seconds, threads, ended_at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds,
                threads = excluded.threads, ended_at = excluded.ended_at",
        )?;
        for stage in stages {
            spend.execute(params![
                crawl.0,
                stage.name,
                stage.seconds,
                stage.threads.max(1),
                now
            ])?;
        }
        Ok(())
    }

    /// A call is not given up any more.
    pub(super) fn answered(&self, crawl: CrawlId, question: &Question) -> Result<()> {
        self.db
            .prepare_cached("DELETE FROM skipped WHERE crawl_id = ?1 AND question = ?2")?
            .execute(params![crawl.0, serde_json::json!(question).to_string()])?;
        Ok(())
    }
}
