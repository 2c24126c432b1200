//! The sources as the inbox knows them, with their counts: kept in memory by the one writer, so
//! that the bell never costs a look at every to-do.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    inbox::{
        InboxError, TodoKey,
        row::{Millis, Standing},
    },
    source::SourceId,
};

/// What the bell is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Every source in the settings.
    pub sources: Vec<SourceSummary>,
    /// The latest open to-dos, newest first; at most five.
    pub latest: Vec<Latest>,
}

/// One source's part of the [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSummary {
    /// Which.
    pub id: SourceId,
    /// To-dos that are open, unread and not snoozed.
    pub unread: u64,
    /// To-dos that are open and not snoozed.
    pub open: u64,
    /// To-dos of any state.
    pub total: u64,
    /// The server's own count, where it sends one.
    pub server_unread: Option<u64>,
    /// The last event ID.
    pub cursor: String,
    /// When its stream was last known to be alive.
    pub heard: Option<Timestamp>,
    /// Some of its to-dos may be missing since then.
    pub missing_since: Option<Timestamp>,
}

/// A to-do as the bell's menu shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// Which.
    pub key: TodoKey,
    /// Its title.
    pub title: String,
    /// Whether it was seen.
    pub read: bool,
    /// How much it matters.
    pub priority: belldot_wire::Priority,
    /// When it is due.
    pub due: Option<Timestamp>,
}

impl Summary {
    /// How many unread to-dos wait, over all sources.
    pub fn unread(&self) -> u64 {
        self.sources.iter().map(SourceSummary::counted).sum()
    }

    /// One source's part.
    pub fn source(&self, id: &SourceId) -> Option<&SourceSummary> {
        self.sources.iter().find(|source| source.id == *id)
    }
}

impl SourceSummary {
    /// What this source adds to the bell: its to-dos, or the server's own count where it sends
    /// nothing but that.
    pub fn counted(&self) -> u64 {
        if self.total > 0 {
            self.unread
        } else {
            self.server_unread.unwrap_or(0)
        }
    }
}

/// Every source that the inbox knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(pub Vec<SourceRow>);

#[derive(Clone, Debug)]
pub(super) struct SourceRow {
    pub key: i64,
    pub id: SourceId,
    pub api: bool,
    pub cursor: String,
    pub server_unread: Option<u64>,
    pub heard: Option<Millis>,
    pub missing_since: Option<Millis>,
    pub removed: bool,
    pub total: u64,
    pub open: u64,
    pub unread: u64,
    /// Differs from what the database has.
    pub dirty: bool,
}

impl Sources {
    /// Reads them all and counts once.
    pub fn read(connection: &Connection) -> Result<Self, InboxError> {
        let mut rows = connection
            .prepare(
                "SELECT key, id, api, cursor, unread, heard, missing_since, removed IS NOT NULL
                 FROM sources",
            )?
            .query_map([], |row| {
                Ok(SourceRow {
                    key: row.get(0)?,
                    id: SourceId(row.get(1)?),
                    api: row.get(2)?,
                    cursor: row.get(3)?,
                    server_unread: row
                        .get::<_, Option<i64>>(4)?
                        .map(|count| count.max(0) as u64),
                    heard: row.get(5)?,
                    missing_since: row.get(6)?,
                    removed: row.get(7)?,
                    total: 0,
                    open: 0,
                    unread: 0,
                    dirty: false,
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        for row in &mut rows {
            row.count(connection)?;
        }
        Ok(Self(rows))
    }

    pub fn by_key(&mut self, key: i64) -> Option<&mut SourceRow> {
        self.0.iter_mut().find(|row| row.key == key)
    }

    /// The place of the source with this id, made if it is new.
    pub fn place(&mut self, id: &SourceId, connection: &Connection) -> Result<usize, InboxError> {
        if let Some(place) = self.0.iter().position(|row| row.id == *id) {
            return Ok(place);
        }
        connection
            .prepare_cached("INSERT INTO sources (id) VALUES (?1)")?
            .execute([&id.0])?;
        self.0.push(SourceRow {
            key: connection.last_insert_rowid(),
            id: id.clone(),
            api: false,
            cursor: String::new(),
            server_unread: None,
            heard: None,
            missing_since: None,
            removed: false,
            total: 0,
            open: 0,
            unread: 0,
            dirty: false,
        });
        Ok(self.0.len() - 1)
    }

    pub fn summaries(&self) -> Vec<SourceSummary> {
        self.0
            .iter()
            .filter(|row| !row.removed)
            .map(|row| SourceSummary {
                id: row.id.clone(),
                unread: row.unread,
                open: row.open,
                total: row.total,
                server_unread: row.server_unread,
                cursor: row.cursor.clone(),
                heard: row.heard.map(Into::into),
                missing_since: row.missing_since.map(Into::into),
            })
            .collect()
    }
}

impl SourceRow {
    /// Counts a to-do that changed; `None` where there was, or is, none.
    pub fn recount(&mut self, before: Option<Standing>, after: Option<Standing>) {
        let weigh = |count: &mut u64, counts: fn(Standing) -> bool| {
            let (was, is) = (before.is_some_and(counts), after.is_some_and(counts));
            match (was, is) {
                (false, true) => *count += 1,
                (true, false) => *count = count.saturating_sub(1),
                _ => (),
            }
        };
        weigh(&mut self.total, |_| true);
        weigh(&mut self.open, Standing::is_visible);
        weigh(&mut self.unread, Standing::is_unread);
    }

    /// Counts every to-do.
    pub fn count(&mut self, connection: &Connection) -> Result<(), InboxError> {
        let count = |sql: &str| -> Result<u64, InboxError> {
            let count: Option<i64> = connection
                .prepare_cached(sql)?
                .query_row([self.key], |row| row.get(0))
                .optional()?;
            Ok(count.unwrap_or(0).max(0) as u64)
        };
        let total = count("SELECT count(*) FROM todos WHERE source = ?1")?;
        let open = count(
            "SELECT count(*) FROM todos
             WHERE source = ?1 AND status = 0 AND snoozed IS NULL AND removed = 0",
        )?;
        let unread = count(
            "SELECT count(*) FROM todos
             WHERE source = ?1 AND status = 0 AND snoozed IS NULL AND removed = 0 AND read = 0",
        )?;
        (self.total, self.open, self.unread) = (total, open, unread);
        Ok(())
    }
}
