//! How to-dos are represented in the database.

use belldot_wire::{Priority, Status};
use jiff::Timestamp;
use rusqlite::{
    Row, ToSql,
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
};

/// A time as the database keeps it: milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Millis(pub i64);

impl From<Timestamp> for Millis {
    fn from(time: Timestamp) -> Self {
        Self(time.as_millisecond())
    }
}

impl From<Millis> for Timestamp {
    fn from(millis: Millis) -> Self {
        Timestamp::from_millisecond(millis.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.into())
    }
}

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

pub(super) fn status_number(status: Status) -> i64 {
    match status {
        Status::Open => 0,
        Status::Done => 1,
        Status::Cancelled => 2,
    }
}

pub(super) fn status_of(number: i64) -> Status {
    match number {
        0 => Status::Open,
        1 => Status::Done,
        _ => Status::Cancelled,
    }
}

/// The columns that decide whether a to-do is listed and counted, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TodoState {
    pub status: Status,
    pub read: bool,
    pub snoozed: Option<Millis>,
    pub removed: bool,
    pub pinned: bool,
    pub due: Option<Millis>,
    pub priority: Priority,
}

impl TodoState {
    /// Reads `status, read, snoozed, removed, pinned, due, priority`, which begin at a column.
    pub fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            status: status_of(row.get(first)?),
            read: row.get(first + 1)?,
            snoozed: row.get(first + 2)?,
            removed: row.get(first + 3)?,
            pinned: row.get(first + 4)?,
            due: row.get(first + 5)?,
            priority: Priority::nearest(row.get(first + 6)?),
        })
    }

    /// Returns whether it is in the list of open to-dos.
    pub fn is_visible(self) -> bool {
        self.status == Status::Open && self.snoozed.is_none() && !self.removed
    }

    /// Returns whether the bell counts it.
    pub fn is_unread(self) -> bool {
        self.is_visible() && !self.read
    }
}

/// What to-dos are counted by: source, pinned, bucket of the due time, priority, read.
pub(super) type CountKey = (i64, bool, i64, u8, bool);
