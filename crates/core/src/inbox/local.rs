//! What the user and the clock do to to-dos.

use belldot_wire::Status;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    inbox::{
        edit::Pause,
        error::InboxError,
        outbox::{SETTLES_AFTER, UserChange},
        row::{Millis, TodoState, status_number, status_of},
        transaction::{InboxTransaction, ToastIntent},
    },
    model::TodoKey,
};

/// Returns the earliest time at which the clock does something.
pub(super) fn next_deadline(connection: &Connection) -> Result<Option<Timestamp>, InboxError> {
    let earliest = connection
        .prepare_cached(
            "SELECT min(at) FROM (
                SELECT min(snoozed) AS at FROM todos
                    WHERE status = 0 AND snoozed IS NOT NULL AND removed = 0
                UNION ALL
                SELECT min(due) FROM todos
                    WHERE status = 0 AND snoozed IS NULL AND removed = 0
                    AND reminded = 0 AND due IS NOT NULL
                UNION ALL
                SELECT min(taken) + ?1 FROM outbox WHERE taken IS NOT NULL
            )",
        )?
        .query_row([SETTLES_AFTER], |row| row.get::<_, Option<Millis>>(0))?;
    Ok(earliest.map(Into::into))
}

/// Returns the pause of all streams.
pub(super) fn pause(connection: &Connection) -> Result<Option<Pause>, InboxError> {
    let until: Option<Option<i64>> = connection
        .query_row("SELECT value FROM facts WHERE name = 'pause'", [], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(until.flatten().map(|until| match until {
        i64::MAX => Pause::UntilResumed,
        until => Pause::Until(Millis(until).into()),
    }))
}

impl InboxTransaction<'_> {
    pub fn read(&mut self, todos: &[TodoKey], read: bool) -> Result<(), InboxError> {
        for key in todos {
            let Some((source, before)) = self.todo_state(*key)? else {
                continue;
            };
            if before.read != read {
                self.write_state(*key, source, before, TodoState { read, ..before })?;
                self.queue(*key, source, UserChange::Read(read))?;
            } else if !read && self.is_in_outbox(*key)? {
                // The server takes what is done as read, though it has not told so yet: what is
                // taken back is unread only if it hears that.
                self.queue(*key, source, UserChange::Read(read))?;
            }
        }
        Ok(())
    }

    fn is_in_outbox(&self, key: TodoKey) -> Result<bool, InboxError> {
        Ok(self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE todo = ?1)")?
            .query_row([key.0], |row| row.get(0))?)
    }

    pub fn read_all(&mut self) -> Result<(), InboxError> {
        self.connection.execute(
            "INSERT INTO outbox (source, todo, read)
             SELECT source, key, 1 FROM todos
             WHERE status = 0 AND snoozed IS NULL AND removed = 0 AND read = 0
                AND source IN (SELECT key FROM sources WHERE api)
             ORDER BY key",
            [],
        )?;
        self.connection.execute(
            "UPDATE todos SET read = 1
             WHERE status = 0 AND snoozed IS NULL AND removed = 0 AND read = 0",
            [],
        )?;
        for row in &mut self.sources.0 {
            row.unread = 0;
        }
        self.count_all_read()?;
        self.withdraw_all_toasts()
    }

    pub fn done(&mut self, todos: &[TodoKey], done: bool) -> Result<(), InboxError> {
        let status = if done { Status::Done } else { Status::Open };
        for key in todos {
            let Some((source, before)) = self.todo_state(*key)? else {
                continue;
            };
            if (before.status == Status::Open) == done {
                // Whoever deals with a to-do does not want it back at the end of its snooze.
                self.write_state(
                    *key,
                    source,
                    before,
                    TodoState {
                        status,
                        snoozed: None,
                        ..before
                    },
                )?;
                self.queue(*key, source, UserChange::Status(status))?;
            }
        }
        Ok(())
    }

    pub fn snooze(
        &mut self,
        todos: &[TodoKey],
        until: Option<Timestamp>,
    ) -> Result<(), InboxError> {
        let snoozed = until.map(Millis::from);
        for key in todos {
            let Some((source, before)) = self.todo_state(*key)? else {
                continue;
            };
            if before.status == Status::Open && before.snoozed != snoozed {
                self.write_state(*key, source, before, TodoState { snoozed, ..before })?;
                self.set_intent(*key, ToastIntent::Quiet)?;
            }
        }
        Ok(())
    }

    pub fn pin(&mut self, todos: &[TodoKey], pinned: bool) -> Result<(), InboxError> {
        for key in todos {
            if let Some((source, before)) = self.todo_state(*key)? {
                self.write_state(*key, source, before, TodoState { pinned, ..before })?;
            }
        }
        self.note_change();
        Ok(())
    }

    /// Does what is due at this time.
    pub fn clock(&mut self) -> Result<(), InboxError> {
        let over = self.keys_due_by_now(
            "SELECT key FROM todos
             WHERE status = 0 AND snoozed IS NOT NULL AND removed = 0 AND snoozed <= ?1
             ORDER BY snoozed",
        )?;
        for key in over {
            let Some((source, before)) = self.todo_state(key)? else {
                continue;
            };
            let after = TodoState {
                snoozed: None,
                read: false,
                ..before
            };
            self.write_state(key, source, before, after)?;
            self.set_intent(key, ToastIntent::Announce)?;
        }
        let due = self.keys_due_by_now(
            "SELECT key FROM todos
             WHERE status = 0 AND snoozed IS NULL AND removed = 0
                AND reminded = 0 AND due IS NOT NULL AND due <= ?1
             ORDER BY due",
        )?;
        for key in due {
            self.connection
                .prepare_cached("UPDATE todos SET reminded = 1 WHERE key = ?1")?
                .execute([key.0])?;
            self.set_intent(key, ToastIntent::Remind)?;
            self.note_change();
        }
        self.settle()
    }

    /// Shows the server's last word again, apart from what the user still has in the outbox.
    pub fn restore_server_state(&mut self, key: TodoKey) -> Result<(), InboxError> {
        let Some((source, before)) = self.todo_state(key)? else {
            return Ok(());
        };
        let (status, read): (Option<i64>, Option<bool>) = self
            .connection
            .prepare_cached(
                "SELECT
                    iif(EXISTS (SELECT 1 FROM outbox WHERE todo = key AND outbox.status NOT NULL),
                        NULL, server_status),
                    iif(EXISTS (SELECT 1 FROM outbox WHERE todo = key AND outbox.read NOT NULL),
                        NULL, server_read)
                 FROM todos WHERE key = ?1",
            )?
            .query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let after = TodoState {
            status: status.map_or(before.status, status_of),
            read: read.unwrap_or(before.read),
            ..before
        };
        if before == after {
            Ok(())
        } else {
            self.write_state(key, source, before, after)
        }
    }

    /// Returns a to-do's source and state.
    pub fn todo_state(&self, key: TodoKey) -> Result<Option<(i64, TodoState)>, InboxError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT source, status, read, snoozed, removed, pinned, due, priority
                 FROM todos WHERE key = ?1",
            )?
            .query_row([key.0], |row| Ok((row.get(0)?, TodoState::read(row, 1)?)))
            .optional()?;
        Ok(found)
    }

    /// Writes a to-do's new state.
    fn write_state(
        &mut self,
        key: TodoKey,
        source: i64,
        before: TodoState,
        after: TodoState,
    ) -> Result<(), InboxError> {
        self.connection
            .prepare_cached(
                "UPDATE todos SET status = ?2, read = ?3, snoozed = ?4, pinned = ?5,
                    closed = iif(?2 = 0, NULL, ifnull(closed, ?6))
                 WHERE key = ?1",
            )?
            .execute(params![
                key.0,
                status_number(after.status),
                after.read,
                after.snoozed,
                after.pinned,
                self.now
            ])?;
        self.record_transition(key, source, Some(before), Some(after))
    }

    fn keys_due_by_now(&self, sql: &str) -> Result<Vec<TodoKey>, InboxError> {
        let keys = self
            .connection
            .prepare_cached(sql)?
            .query_map([self.now], |row| row.get(0).map(TodoKey))?
            .collect::<Result<_, _>>()?;
        Ok(keys)
    }
}
