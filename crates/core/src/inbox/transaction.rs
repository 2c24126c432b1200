//! A transaction of the inbox, while edits are applied to it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::{
    inbox::{
        edit::{Committed, Edit, Pause, SourceEntry},
        error::InboxError,
        row::{CountKey, Millis, TodoState},
        sources::{SourceRow, Sources},
    },
    model::TodoKey,
    source::SourceId,
};

/// A transaction while edits are applied to it; collects what they change in effect.
pub(super) struct InboxTransaction<'a> {
    pub connection: &'a Connection,
    pub sources: Sources,
    pub now: Millis,
    changed: bool,
    all_quiet: bool,
    intents: BTreeMap<TodoKey, ToastIntent>,
    /// By how many the counts are to change.
    pub count_changes: BTreeMap<CountKey, i64>,
}

/// What a to-do wants of the toasts after this transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ToastIntent {
    /// A toast.
    Announce,
    /// A reminder.
    Remind,
    /// No toast any longer.
    Quiet,
}

impl<'a> InboxTransaction<'a> {
    pub fn new(connection: &'a Connection, sources: Sources, now: Timestamp) -> Self {
        Self {
            connection,
            sources,
            now: now.into(),
            changed: false,
            all_quiet: false,
            intents: BTreeMap::new(),
            count_changes: BTreeMap::new(),
        }
    }

    pub fn apply(&mut self, edit: &Edit) -> Result<(), InboxError> {
        match edit {
            Edit::Sources(entries) => self.set_sources(entries),
            Edit::Arrived {
                source,
                changes,
                cursor,
                event_id,
                opening,
            } => self.arrived(source, changes, cursor, event_id.as_deref(), *opening),
            Edit::Opened { source } => self.opened(source),
            Edit::Settled { source } => self.settled(source),
            Edit::Heard { source } => self.heard(source),
            Edit::MissingSince { source, since } => self.missing_since(source, *since),
            Edit::ForgetCursor(source) => self.forget_cursor(source),
            Edit::Read { todos, read } => self.read(todos, *read),
            Edit::ReadAll => self.read_all(),
            Edit::Done { todos, done } => self.done(todos, *done),
            Edit::Snooze { todos, until } => self.snooze(todos, *until),
            Edit::Pin { todos, pinned } => self.pin(todos, *pinned),
            Edit::Announced => self.announced(),
            Edit::AnnouncedSome(todos) => self.announced_some(todos),
            Edit::Clock => self.clock(),
            Edit::Taken { entry } => self.taken(*entry),
            Edit::Refused { entry, unknown } => self.refused(*entry, *unknown),
            Edit::Pause(pause) => self.pause(*pause),
        }
    }

    /// Writes what is written once for the whole transaction, and says what came of it.
    pub fn finish(mut self) -> Result<(Sources, Committed), InboxError> {
        for row in self.sources.0.iter_mut().filter(|row| row.dirty) {
            row.dirty = false;
            self.connection
                .prepare_cached(
                    "UPDATE sources SET cursor = ?2, since = ?3, unread = ?4, heard = ?5,
                        missing_since = ?6, begins_anew = ?7, settled = ?8
                     WHERE key = ?1",
                )?
                .execute(params![
                    row.key,
                    row.cursor,
                    row.since,
                    row.server_unread.map(|count| count as i64),
                    row.heard,
                    row.missing_since,
                    row.begins_anew,
                    row.settled,
                ])?;
        }
        self.write_counts()?;
        let wanting = |wanted| {
            let intents = self.intents.iter();
            intents
                .filter(|(_, intent)| **intent == wanted)
                .map(|(key, _)| *key)
                .collect()
        };
        let committed = Committed {
            todos_changed: self.changed,
            news: wanting(ToastIntent::Announce),
            due: wanting(ToastIntent::Remind),
            quiet: wanting(ToastIntent::Quiet),
            all_quiet: self.all_quiet,
        };
        Ok((self.sources, committed))
    }

    /// Notes that a to-do's state changed, in the counts and for the toasts.
    pub fn record_transition(
        &mut self,
        key: TodoKey,
        source: i64,
        before: Option<TodoState>,
        after: Option<TodoState>,
    ) -> Result<(), InboxError> {
        self.changed = true;
        if let Some(row) = self.sources.by_key(source) {
            row.recount(before, after);
        }
        self.count_change(source, before, -1);
        self.count_change(source, after, 1);
        let unread = |state: Option<TodoState>| state.is_some_and(TodoState::is_unread);
        if unread(before) && !unread(after) {
            self.set_intent(key, ToastIntent::Quiet)?;
        }
        Ok(())
    }

    /// Notes what a to-do wants of the toasts, durably.
    pub fn set_intent(&mut self, key: TodoKey, intent: ToastIntent) -> Result<(), InboxError> {
        let sql = match intent {
            ToastIntent::Quiet => "DELETE FROM unannounced WHERE todo = ?1",
            _ => "INSERT OR IGNORE INTO unannounced (todo) VALUES (?1)",
        };
        self.connection.prepare_cached(sql)?.execute([key.0])?;
        self.intents.insert(key, intent);
        Ok(())
    }

    pub fn note_change(&mut self) {
        self.changed = true;
    }

    /// No to-do at all wants a toast any longer.
    pub fn withdraw_all_toasts(&mut self) -> Result<(), InboxError> {
        self.connection.execute("DELETE FROM unannounced", [])?;
        self.intents.clear();
        self.all_quiet = true;
        self.changed = true;
        Ok(())
    }

    /// Notes that a to-do is to be found by other words than before.
    pub fn mark_unindexed(&self, key: TodoKey) -> Result<(), InboxError> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO unindexed (todo) VALUES (?1)")?
            .execute([key.0])?;
        Ok(())
    }

    fn set_sources(&mut self, entries: &[SourceEntry]) -> Result<(), InboxError> {
        // Now and then is enough: what is no longer counted is only in the way.
        self.connection
            .execute("DELETE FROM tallies WHERE count = 0", [])?;
        for (order, entry) in entries.iter().enumerate() {
            let place = self.sources.place(&entry.id, self.connection)?;
            let row = &mut self.sources.0[place];
            row.api = entry.api;
            self.connection.execute(
                "UPDATE sources SET name = ?2, api = ?3, place = ?4, removed = NULL
                 WHERE key = ?1",
                params![row.key, entry.name, entry.api, order as i64],
            )?;
        }
        for place in 0..self.sources.0.len() {
            let row = &mut self.sources.0[place];
            let removed = !entries.iter().any(|entry| entry.id == row.id);
            if removed == row.removed {
                continue;
            }
            row.removed = removed;
            let key = row.key;
            self.connection.execute(
                "UPDATE sources SET removed = ?2 WHERE key = ?1",
                params![key, removed.then_some(self.now)],
            )?;
            self.connection.execute(
                "UPDATE todos SET removed = ?2 WHERE source = ?1",
                params![key, removed],
            )?;
            self.recount_source(key)?;
            self.connection.execute(
                "DELETE FROM unannounced WHERE todo IN (SELECT key FROM todos WHERE source = ?1)",
                [key],
            )?;
            self.sources.0[place].count(self.connection)?;
        }
        self.changed = true;
        Ok(())
    }

    fn heard(&mut self, source: &SourceId) -> Result<(), InboxError> {
        let now = self.now;
        self.source(source)?.heard = Some(now);
        Ok(())
    }

    fn missing_since(
        &mut self,
        source: &SourceId,
        since: Option<Timestamp>,
    ) -> Result<(), InboxError> {
        let row = self.source(source)?;
        let since = since.map(Millis::from);
        row.missing_since = match (row.missing_since, since) {
            (Some(known), Some(since)) => Some(known.min(since)),
            (_, since) => since,
        };
        Ok(())
    }

    fn forget_cursor(&mut self, source: &SourceId) -> Result<(), InboxError> {
        let row = self.source(source)?;
        row.cursor.clear();
        row.since = None;
        self.forget_history(source)
    }

    /// Returns the source with this id, to be changed.
    pub fn source(&mut self, id: &SourceId) -> Result<&mut SourceRow, InboxError> {
        let place = self.sources.place(id, self.connection)?;
        let row = &mut self.sources.0[place];
        row.dirty = true;
        Ok(row)
    }

    fn announced(&mut self) -> Result<(), InboxError> {
        self.connection.execute("DELETE FROM unannounced", [])?;
        Ok(())
    }

    fn announced_some(&mut self, todos: &[TodoKey]) -> Result<(), InboxError> {
        let mut announced = self
            .connection
            .prepare_cached("DELETE FROM unannounced WHERE todo = ?1")?;
        for key in todos {
            announced.execute([key.0])?;
        }
        Ok(())
    }

    fn pause(&mut self, pause: Option<Pause>) -> Result<(), InboxError> {
        let until = match pause {
            None => None,
            Some(Pause::Until(time)) => Some(Millis::from(time)),
            Some(Pause::UntilResumed) => Some(Millis(i64::MAX)),
        };
        self.connection.execute(
            "INSERT OR REPLACE INTO facts (name, value) VALUES ('pause', ?1)",
            [until],
        )?;
        Ok(())
    }
}
