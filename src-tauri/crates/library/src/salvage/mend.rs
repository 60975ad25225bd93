//! Rows that were saved and point to rows that were not.

use rusqlite::{Connection, params};

use crate::error::{LibraryError, Result};
use crate::health;
use crate::table::Vectors;

/// Tracks that something still speaks of, and that are not there. Knobs, undos and files that were never heard
/// speak of none.
const LOST_TRACKS: &str = "
    SELECT track_id FROM event WHERE track_id IS NOT NULL AND track_id NOT IN (SELECT id FROM track)
    UNION SELECT track_id FROM file
        WHERE track_id IS NOT NULL AND track_id NOT IN (SELECT id FROM track)";

/// Everything else, in order: what is said of a lost throughline keeps it, without its name; what cannot
/// mean anything without what it points to goes, and so does `done` where there are no vectors, or no
/// description, so that the next build goes through that file again. Statistics of tracks whose hub terms are
/// not all there go too, and are frozen anew.
const MENDED: &str = "
    INSERT INTO throughline (id, name, created_at, open)
        SELECT throughline_id, NULL, 0, 0 FROM event
            WHERE throughline_id IS NOT NULL AND throughline_id NOT IN (SELECT id FROM throughline)
        UNION SELECT throughline_id, NULL, 0, 0 FROM vote
            WHERE throughline_id NOT IN (SELECT id FROM throughline);
    INSERT INTO throughline (name, created_at, open)
        SELECT NULL, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM throughline);
    UPDATE throughline SET open = 1 WHERE id = (SELECT max(id) FROM throughline)
        AND NOT EXISTS (SELECT 1 FROM throughline WHERE open = 1);
    DELETE FROM event WHERE undoes NOT IN (SELECT id FROM event);
    UPDATE file SET source_id = NULL WHERE source_id NOT IN (SELECT id FROM source);
    UPDATE song SET file_id = NULL WHERE file_id NOT IN (SELECT id FROM file);
    DELETE FROM vector WHERE track_id NOT IN (SELECT id FROM track);
    DELETE FROM variation WHERE NOT EXISTS (SELECT 1 FROM vector
        WHERE vector.track_id = variation.track_id AND vector.model = variation.model
            AND vector.feature_version = variation.feature_version);
    DELETE FROM job WHERE file_id NOT IN (SELECT id FROM file);
    DELETE FROM job WHERE state = 'done' AND NOT EXISTS (SELECT 1
        FROM file JOIN track ON track.id = file.track_id JOIN vector ON vector.track_id = track.id
        WHERE file.id = job.file_id AND codec <> '' AND vector.model = job.model
            AND vector.feature_version = job.feature_version);
    DELETE FROM space WHERE (SELECT count(*) FROM hub WHERE space_id = space.id) < (SELECT count(*)
        FROM vector JOIN listed ON listed.track_id = vector.track_id
        WHERE vector.model = space.model AND vector.feature_version = space.feature_version);
    DELETE FROM hub WHERE space_id NOT IN (SELECT id FROM space)
        OR track_id NOT IN (SELECT id FROM track);
    DELETE FROM version WHERE track_id NOT IN (SELECT id FROM track)
        OR family NOT IN (SELECT id FROM track);
    DELETE FROM call WHERE crawl_id NOT IN (SELECT id FROM crawl);
    DELETE FROM skipped WHERE crawl_id NOT IN (SELECT id FROM crawl);
    DELETE FROM stage WHERE crawl_id NOT IN (SELECT id FROM crawl);";

/// Rules that keep what was said from being removed. What points nowhere was lost already.
const RULES: [&str; 2] = ["event_is_never_removed", "call_is_never_removed"];

/// Makes the new library whole: every row points to one that is there, one throughline is open, every vector
/// can be read. Gives how many tracks stand for lost ones: they have a number, and neither name nor content.
pub(super) fn mend(db: &mut Connection) -> Result<u64> {
    let tx = db.transaction()?;
    let lost: Vec<i64> = {
        let mut statement = tx.prepare(LOST_TRACKS)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for &track in &lost {
        // No content has this hash, so the file that held the track brings its own.
        let nowhere = blake3::hash(format!("lost track {track}").as_bytes());
        tx.execute(
            "INSERT INTO track (id, content_hash, duration_s, codec, sample_rate, channels, added_at)
             VALUES (?1, ?2, 0, '', 0, 0, 0)",
            params![track, nowhere.as_bytes()],
        )?;
    }
    for (row, _) in (Vectors { db: &tx }).unreadable()? {
        tx.execute("DELETE FROM vector WHERE rowid = ?1", [row])?;
    }
    let rules = RULES.map(|rule| {
        let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
        tx.query_row(sql, [rule], |row| row.get::<_, String>(0))
    });
    for rule in RULES {
        tx.execute_batch(&format!("DROP TRIGGER {rule}"))?;
    }
    tx.execute_batch(MENDED)?;
    for rule in rules {
        tx.execute_batch(&rule?)?;
    }
    tx.commit()?;
    check(db)?;
    Ok(lost.len() as u64)
}

/// Refuses a new library that is not sound: then the damaged one stays where it is.
fn check(db: &Connection) -> Result<()> {
    let problems = health::problems(db)?;
    if problems.is_empty() {
        return Ok(());
    }
    Err(LibraryError::Damaged {
        detail: format!("what was saved of it is not sound: {}", problems.join("; ")),
    })
}
