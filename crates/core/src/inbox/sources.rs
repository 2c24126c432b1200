//! The sources as the inbox knows them, with their counts. The one writer keeps them in memory, so
//! that the bell is drawn without counting to-dos.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    format,
    inbox::{
        error::InboxError,
        row::{Millis, TodoState},
    },
    model::TodoKey,
    source::SourceId,
};

/// The content of the bell.
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
    /// The id of the source.
    pub id: SourceId,
    /// To-dos that are open, unread and not snoozed.
    pub unread: u64,
    /// Whether it has any to-do, of whatever state.
    pub has_todos: bool,
    /// Whether its server takes what the user does.
    pub takes_changes: bool,
    /// The server's own count, where it sends one.
    pub server_unread: Option<u64>,
    /// The last event ID; empty where such ids begin anew with each connection.
    pub cursor: String,
    /// The last message, where the server wants to hear of it in the address.
    pub since: Option<String>,
    /// When its stream was last known to be alive.
    pub heard: Option<Timestamp>,
    /// Some of its to-dos may be missing since then.
    pub missing_since: Option<Timestamp>,
}

/// A to-do as the bell's menu shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// The to-do's key.
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
    /// Returns how many unread to-dos wait, over all sources.
    pub fn unread(&self) -> u64 {
        counted(&self.sources)
    }

    /// Returns one source's part.
    pub fn source(&self, id: &SourceId) -> Option<&SourceSummary> {
        self.sources.iter().find(|source| source.id == *id)
    }
}

/// Returns how many unread to-dos wait, over these sources.
pub(super) fn counted(sources: &[SourceSummary]) -> u64 {
    let counts = sources.iter().map(SourceSummary::counted);
    // A server may send any number.
    counts.fold(0, u64::saturating_add)
}

impl SourceSummary {
    /// Returns whether its server can send again what was missed: its messages have ids.
    pub fn can_replay(&self) -> bool {
        !self.cursor.is_empty() || self.since.is_some()
    }

    /// Returns what this source adds to the bell: its unread to-dos, or the server's own count. A
    /// server that takes what the user does and sends to-dos is counted by these alone; of any
    /// other the larger number counts, for it may send to-dos for only a part of what waits.
    pub fn counted(&self) -> u64 {
        if self.takes_changes && self.has_todos {
            self.unread
        } else {
            // Kept by an earlier version, it may be any number.
            let told = self.server_unread.unwrap_or(0).min(format::MOST_COUNTED);
            self.unread.max(told)
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
    pub since: Option<String>,
    pub server_unread: Option<u64>,
    pub heard: Option<Millis>,
    pub missing_since: Option<Millis>,
    pub removed: bool,
    /// The ids of its events begin anew with each connection.
    pub begins_anew: bool,
    /// The opening burst of its present connection was heard to its end.
    pub settled: bool,
    /// An event of its present connection had an id.
    pub has_numbered: bool,
    /// How many event ids of its present connection are remembered.
    pub ids_kept: u32,
    /// How many texts of its last connections are remembered.
    pub words_kept: u32,
    pub has_todos: bool,
    pub unread: u64,
    /// Differs from what the database has.
    pub dirty: bool,
}

impl Sources {
    /// Reads every source and counts its to-dos.
    pub fn read(connection: &Connection) -> Result<Self, InboxError> {
        let mut rows = connection
            .prepare(
                "SELECT key, id, api, cursor, unread, heard, missing_since, removed IS NOT NULL, since,
                    begins_anew, settled
                 FROM sources",
            )?
            .query_map([], |row| {
                Ok(SourceRow {
                    key: row.get(0)?,
                    id: SourceId(row.get(1)?),
                    api: row.get(2)?,
                    cursor: row.get(3)?,
                    since: row.get(8)?,
                    server_unread: row
                        .get::<_, Option<i64>>(4)?
                        .map(|count| count.max(0) as u64),
                    heard: row.get(5)?,
                    missing_since: row.get(6)?,
                    removed: row.get(7)?,
                    begins_anew: row.get(9)?,
                    settled: row.get(10)?,
                    has_numbered: false,
                    ids_kept: 0,
                    words_kept: 0,
                    has_todos: false,
                    unread: 0,
                    dirty: false,
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        for row in &mut rows {
            row.count(connection)?;
            row.words_kept = words_kept(connection, row.key)?;
        }
        Ok(Self(rows))
    }

    /// Returns a source's last event ID.
    pub fn cursor(&self, id: &SourceId) -> &str {
        let row = self.0.iter().find(|row| row.id == *id);
        row.map_or("", SourceRow::cursor)
    }

    /// Returns whether the ids of a source's events begin anew with each connection.
    pub fn begins_anew(&self, id: &SourceId) -> bool {
        self.0.iter().any(|row| row.id == *id && row.begins_anew)
    }

    pub fn by_key(&mut self, key: i64) -> Option<&mut SourceRow> {
        self.0.iter_mut().find(|row| row.key == key)
    }

    /// Returns the place of the source with this id, made if it is new.
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
            since: None,
            server_unread: None,
            heard: None,
            missing_since: None,
            removed: false,
            begins_anew: false,
            settled: false,
            has_numbered: false,
            ids_kept: 0,
            words_kept: 0,
            has_todos: false,
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
                has_todos: row.has_todos,
                takes_changes: row.api,
                server_unread: row.server_unread,
                cursor: row.cursor().to_owned(),
                since: row.since.clone(),
                heard: row.heard.map(Into::into),
                missing_since: row.missing_since.map(Into::into),
            })
            .collect()
    }
}

impl SourceRow {
    /// Returns where its stream goes on; empty where the server's ids say nothing about that.
    fn cursor(&self) -> &str {
        match self.begins_anew {
            true => "",
            false => &self.cursor,
        }
    }

    /// Counts a to-do that changed; `None` where there was, or is, none.
    pub fn recount(&mut self, before: Option<TodoState>, after: Option<TodoState>) {
        let counts = |state: Option<TodoState>| state.is_some_and(TodoState::is_unread);
        match (counts(before), counts(after)) {
            (false, true) => self.unread += 1,
            (true, false) => self.unread = self.unread.saturating_sub(1),
            _ => (),
        }
        self.has_todos |= after.is_some();
    }

    /// Counts every to-do.
    pub fn count(&mut self, connection: &Connection) -> Result<(), InboxError> {
        self.unread = connection
            .prepare_cached(
                "SELECT ifnull(sum(count), 0) FROM tallies WHERE source = ?1 AND read = 0",
            )?
            .query_row([self.key], |row| row.get::<_, i64>(0))?
            .max(0) as u64;
        self.has_todos = has_todos(connection, self.key)?;
        Ok(())
    }
}

/// Returns whether a source has any to-do.
pub(super) fn has_todos(connection: &Connection, source: i64) -> Result<bool, InboxError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM todos WHERE source = ?1)")?
        .query_row([source], |row| row.get(0))?)
}

/// Returns how many different texts of a source are remembered.
pub(super) fn words_kept(connection: &Connection, source: i64) -> Result<u32, InboxError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM said WHERE source = ?1")?
        .query_row([source], |row| row.get(0))?)
}

/// Returns the key of a source; one that no to-do has where it is not known.
pub(super) fn source_key(connection: &Connection, id: &SourceId) -> Result<i64, InboxError> {
    let key = connection
        .prepare_cached("SELECT key FROM sources WHERE id = ?1")?
        .query_row([&id.0], |row| row.get(0))
        .optional()?;
    Ok(key.unwrap_or(-1))
}

/// Returns every source with its key, in the user's order.
pub(super) fn sources(connection: &Connection) -> Result<Vec<(i64, SourceId)>, InboxError> {
    let sources = connection
        .prepare_cached("SELECT key, id FROM sources ORDER BY place, key")?
        .query_map([], |row| Ok((row.get(0)?, SourceId(row.get(1)?))))?
        .collect::<Result<_, _>>()?;
    Ok(sources)
}
