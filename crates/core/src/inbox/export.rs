//! The inbox as a file for other programs.

use std::io::{self, Write};

use belldot_wire::{Priority, Status};
use icalendar::{Component as _, EventLike as _, Todo, TodoStatus};
use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::inbox::{
    error::InboxError,
    row::{Millis, status_of},
};

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Export {
    /// A JSON array of to-dos.
    Json,
    /// An iCalendar object of `VTODO`s (RFC 5545), for calendars and to-do lists.
    Calendar,
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The inbox cannot be read.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// The file cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
}

/// Writes every to-do, one at a time; how many there were.
pub(super) fn export(
    connection: &Connection,
    kind: Export,
    out: &mut dyn Write,
    now: Timestamp,
) -> Result<u64, ExportError> {
    let mut count = 0;
    out.write_all(match kind {
        Export::Json => b"[",
        Export::Calendar => CALENDAR_START.as_bytes(),
    })?;
    let mut statement = connection
        .prepare(
            "SELECT sources.id, sources.name, todos.id, title, body, url, priority, due, status,
                read, tags, sender, created, closed, snoozed, pinned, todos.key
             FROM todos JOIN sources ON sources.key = todos.source
             WHERE todos.removed = 0 ORDER BY todos.key",
        )
        .map_err(InboxError::from)?;
    let mut rows = statement.query([]).map_err(InboxError::from)?;
    while let Some(row) = rows.next().map_err(InboxError::from)? {
        let todo = Exported::read(row).map_err(InboxError::from)?;
        match kind {
            Export::Json => {
                out.write_all(if count == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *out, &todo).map_err(io::Error::from)?;
            }
            Export::Calendar => {
                let text = todo
                    .in_calendar(now)
                    .try_into_string()
                    .map_err(io::Error::other)?;
                out.write_all(text.as_bytes())?;
            }
        }
        count += 1;
    }
    out.write_all(match kind {
        Export::Json => b"\n]\n",
        Export::Calendar => CALENDAR_END.as_bytes(),
    })?;
    Ok(count)
}

const CALENDAR_START: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Belldot//Belldot//EN\r\n";
const CALENDAR_END: &str = "END:VCALENDAR\r\n";

#[derive(Serialize)]
struct Exported {
    source: String,
    source_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    priority: Priority,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    status: Status,
    read: bool,
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<String>,
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snoozed_until: Option<Timestamp>,
    pinned: bool,
    #[serde(skip)]
    key: i64,
}

impl Exported {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let time = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<Millis>>(at)?.map(Into::into));
        let tags: Option<String> = row.get(10)?;
        Ok(Self {
            source: row.get(0)?,
            source_name: row.get(1)?,
            id: row.get(2)?,
            title: row.get(3)?,
            body: row.get(4)?,
            url: row.get(5)?,
            priority: Priority::nearest(row.get(6)?),
            due: time(7)?,
            status: status_of(row.get(8)?),
            read: row.get(9)?,
            tags: tags
                .and_then(|tags| serde_json::from_str(&tags).ok())
                .unwrap_or_default(),
            sender: row.get(11)?,
            created: row.get::<_, Millis>(12)?.into(),
            closed: time(13)?,
            snoozed_until: time(14)?,
            pinned: row.get(15)?,
            key: row.get(16)?,
        })
    }

    /// RFC 5545, section 3.6.2.
    fn in_calendar(&self, now: Timestamp) -> Todo {
        let utc = |time: Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
        // Where the server gives no id, the key in this inbox is one.
        let id = self.id.clone().unwrap_or_else(|| self.key.to_string());
        let mut todo = Todo::new();
        todo.uid(&format!("{}:{id}", self.source))
            .summary(&self.title)
            .status(match self.status {
                Status::Open => TodoStatus::NeedsAction,
                Status::Done => TodoStatus::Completed,
                Status::Cancelled => TodoStatus::Cancelled,
            })
            // 1 is the highest there, 9 the lowest, 5 in the middle.
            .priority(11 - 2 * u32::from(u8::from(self.priority)))
            .add_property("DTSTAMP", utc(now))
            .add_property("CREATED", utc(self.created));
        if let Some(body) = &self.body {
            todo.description(body);
        }
        if let Some(url) = &self.url {
            todo.url(url);
        }
        if let Some(due) = self.due {
            todo.add_property("DUE", utc(due));
        }
        if let (Status::Done, Some(closed)) = (self.status, self.closed) {
            todo.add_property("COMPLETED", utc(closed));
        }
        if !self.tags.is_empty() {
            todo.categories(&self.tags);
        }
        if let Some(sender) = &self.sender {
            todo.add_property("CONTACT", sender);
        }
        todo.done()
    }
}
