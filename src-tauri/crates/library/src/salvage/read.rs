//! Reading a table some of whose pages are damaged: what lies before, between and behind them.

use rusqlite::types::Value;
use rusqlite::{Connection, Error, ErrorCode, OptionalExtension, Statement, params_from_iter};

use super::is_damage;
use crate::error::{LibraryError, Result};

/// Distance between row ids up to which every one of them is looked for behind a damaged page. Our own ids
/// count from one; those of the catalogue's songs are far apart, and steps over them grow.
const DENSE: i64 = 1 << 20;

/// How far behind the last row that was read others are looked for, where the greatest id cannot be read.
const BEYOND: i64 = 1 << 14;

/// Copies the rows of `table` that can be read into the table of that name of `new`, and counts them. A
/// row that breaks a rule of the table is left out.
pub(super) fn copy(old: &Connection, new: &Connection, table: &'static str) -> Result<u64> {
    let Some(shape) = Shape::of(old, new, table)? else {
        return Ok(0);
    };
    let places = vec!["?"; shape.columns.len()].join(", ");
    let mut into = Into {
        insert: new.prepare(&format!(
            "INSERT OR IGNORE INTO {table} ({}) VALUES ({places})",
            shape.columns.join(", ")
        ))?,
        saved: 0,
    };
    match &shape.key {
        Some(key) => copy_by_key(old, &shape, key, &mut into)?,
        None => copy_by_rowid(old, &shape, &mut into)?,
    }
    Ok(into.saved)
}

/// How many rows `table` of `old` has, if that can be counted.
pub(super) fn count(old: &Connection, table: &str) -> Option<u64> {
    let sql = format!("SELECT count(*) FROM {table}");
    old.query_row(&sql, [], |row| row.get(0)).ok()
}

/// What is read of a table.
struct Shape {
    table: &'static str,
    /// Columns that it has in both libraries.
    columns: Vec<String>,
    /// Columns of its key, where it is kept by that alone.
    key: Option<Vec<String>>,
}

impl Shape {
    /// `None` where `old` has no such table that could be read.
    fn of(old: &Connection, new: &Connection, table: &'static str) -> Result<Option<Self>> {
        let named = "SELECT name FROM pragma_table_info(?1)";
        let names = |db: &Connection| -> rusqlite::Result<Vec<String>> {
            let mut statement = db.prepare(named)?;
            let rows = statement.query_map([table], |row| row.get(0))?;
            rows.collect()
        };
        let there = match names(old) {
            Ok(there) => there,
            Err(error) if is_damage(&error) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let mut columns = names(new)?;
        columns.retain(|column| there.contains(column));
        if columns.is_empty() {
            return Ok(None);
        }
        let without_rowid: bool = new.query_row(
            "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1",
            [table],
            |row| row.get(0),
        )?;
        let key = without_rowid.then(|| -> rusqlite::Result<Vec<String>> {
            let mut statement =
                new.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
            let rows = statement.query_map([table], |row| row.get(0))?;
            rows.collect()
        });
        Ok(Some(Self {
            table,
            columns,
            key: key.transpose()?,
        }))
    }
}

/// Where rows go.
struct Into<'a> {
    insert: Statement<'a>,
    saved: u64,
}

impl Into<'_> {
    fn put(&mut self, row: &[Value]) -> Result<()> {
        match self.insert.execute(params_from_iter(row)) {
            Ok(rows) => self.saved += rows as u64,
            // The row breaks a rule: what it holds is not what was written.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// How a pass over a table ended.
#[derive(PartialEq, Eq)]
enum End {
    /// There are no more rows.
    Whole,
    /// What comes next cannot be read.
    Damaged,
}

/// Copies what `rows` gives until it ends or is damaged; `seen` hears the first column of each. A row in
/// which a text is none is left out.
fn pass(
    rows: &mut Statement<'_>,
    from: Option<i64>,
    columns: usize,
    into: &mut Into<'_>,
    mut seen: impl FnMut(&Value),
) -> Result<End> {
    let mut rows = match rows.query(params_from_iter(from)) {
        Ok(rows) => rows,
        Err(error) => return ended(error),
    };
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(End::Whole),
            Err(error) => return ended(error),
        };
        if let Ok(first) = row.get::<_, Value>(0) {
            seen(&first);
        }
        let values: rusqlite::Result<Vec<Value>> = (1..=columns).map(|n| row.get(n)).collect();
        if let Ok(values) = values {
            into.put(&values)?;
        }
    }
}

fn ended(error: Error) -> Result<End> {
    if is_damage(&error) {
        Ok(End::Damaged)
    } else {
        Err(error.into())
    }
}

/// From the front until the first damage, then from behind until the last.
fn copy_by_key(old: &Connection, shape: &Shape, key: &[String], into: &mut Into<'_>) -> Result<()> {
    for direction in ["ASC", "DESC"] {
        let order: Vec<_> = key
            .iter()
            .map(|name| format!("{name} {direction}"))
            .collect();
        let sql = format!(
            "SELECT NULL, {} FROM {} ORDER BY {}",
            shape.columns.join(", "),
            shape.table,
            order.join(", ")
        );
        let mut rows = match old.prepare(&sql) {
            Ok(rows) => rows,
            Err(error) => return ended(error).map(|_| ()),
        };
        if pass(&mut rows, None, shape.columns.len(), into, |_| ())? == End::Whole {
            break;
        }
    }
    Ok(())
}

/// In the order of the row ids, stepping over those that cannot be read.
fn copy_by_rowid(old: &Connection, shape: &Shape, into: &mut Into<'_>) -> Result<()> {
    let sql = format!(
        "SELECT rowid, {} FROM {} NOT INDEXED WHERE rowid >= ?1 ORDER BY rowid",
        shape.columns.join(", "),
        shape.table
    );
    let mut rows = match old.prepare(&sql) {
        Ok(rows) => rows,
        Err(error) => return ended(error).map(|_| ()),
    };
    let columns = shape.columns.len();
    let mut last = None;
    // An id on a damaged page may be less than any that was asked for: reading never goes back to it.
    let seen = |last: &mut Option<i64>, from: i64, first: &Value| match first {
        Value::Integer(id) if *id >= from => *last = Some(*id),
        _ => {}
    };
    let first = i64::MIN;
    if pass(&mut rows, Some(first), columns, into, |id| {
        seen(&mut last, first, id);
    })? == End::Whole
    {
        return Ok(());
    }
    // Every search is for an id and those behind it: one for what lies behind a damaged page begins in it.
    let mut from = last.map_or(1, |read| read.saturating_add(1));
    let end = greatest(old, shape.table)?.unwrap_or_else(|| from.saturating_add(BEYOND));
    let grows = end.saturating_sub(from) > DENSE;
    let mut step = 1_i64;
    while from <= end {
        last = None;
        let ended = pass(&mut rows, Some(from), columns, into, |id| {
            seen(&mut last, from, id);
        })?;
        if ended == End::Whole {
            break;
        }
        if let Some(read) = last {
            (from, step) = (read.saturating_add(1), 1);
        } else {
            from = from.saturating_add(step);
            step = step.saturating_mul(if grows { 2 } else { 1 });
        }
    }
    Ok(())
}

/// The greatest row id of `table`: of its last row, or the last that was ever given.
fn greatest(old: &Connection, table: &str) -> Result<Option<i64>> {
    let last = format!("SELECT rowid FROM {table} NOT INDEXED ORDER BY rowid DESC LIMIT 1");
    let given = format!("SELECT seq FROM sqlite_sequence WHERE name = '{table}'");
    for sql in [last, given] {
        match old.query_row(&sql, [], |row| row.get(0)).optional() {
            Ok(Some(id)) => return Ok(Some(id)),
            Ok(None) => {}
            Err(error) if is_damage(&error) => {}
            Err(error) => return Err(LibraryError::from(error)),
        }
    }
    Ok(None)
}
