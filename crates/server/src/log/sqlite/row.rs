//! Rows of the table of to-dos, and those that are damaged.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use belldot_wire::{Status, Todo};
use rusqlite::Row;

use crate::log::entry::TodoEntry;

/// The columns that [`entry`] reads, in its order.
pub(super) const COLUMNS: &str = "seq, user, id, json, owner, owner_id, deleted";

/// A row that holds no to-do.
#[derive(Debug)]
pub(super) struct DamagedRow {
    pub(super) seq: u64,
    detail: String,
}

/// Remembers the damaged rows, so that each is reported once.
#[derive(Clone, Default)]
pub(super) struct DamageReport(Arc<Mutex<HashSet<u64>>>);

impl DamageReport {
    /// Returns the entry, or logs that its row is damaged and left out.
    pub(super) fn sound(&self, row: Result<TodoEntry, DamagedRow>) -> Option<TodoEntry> {
        row.inspect_err(|damaged| self.report(damaged)).ok()
    }

    pub(super) fn report(&self, damaged: &DamagedRow) {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.insert(damaged.seq) {
            tracing::error!(
                "the stored to-do {} is damaged and left out: {}",
                damaged.seq,
                damaged.detail
            );
        }
    }
}

/// Reads a row of [`COLUMNS`].
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Result<TodoEntry, DamagedRow>> {
    let number = seq(row.get(0)?);
    Ok(todo_entry(row, number).map_err(|detail| DamagedRow {
        seq: number,
        detail,
    }))
}

fn todo_entry(row: &Row<'_>, seq: u64) -> Result<TodoEntry, String> {
    let text = |column| {
        let value = row.get_ref(column).map_err(|error| error.to_string())?;
        value.as_str_or_null().map_err(|error| error.to_string())
    };
    let needed = |column| text(column)?.ok_or_else(|| format!("column {column} is empty"));
    let id = needed(2)?;
    let todo: Todo = serde_json::from_str(needed(3)?).map_err(|error| error.to_string())?;
    if todo.id != id {
        return Err("its id is another one's".to_owned());
    }
    Ok(TodoEntry {
        seq,
        user: needed(1)?.to_owned(),
        owner: text(4)?.map(str::to_owned),
        owner_id: text(5)?.unwrap_or(id).to_owned(),
        deleted: row.get(6).map_err(|error| error.to_string())?,
        todo,
    })
}

/// The column value of a status.
pub(super) fn status_column(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Done => "done",
        Status::Cancelled => "cancelled",
    }
}

/// SQLite integers are signed; sequence numbers are never negative.
pub(super) fn seq(number: i64) -> u64 {
    number.unsigned_abs()
}

pub(super) fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
