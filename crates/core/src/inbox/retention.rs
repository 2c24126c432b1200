//! Deletes what was done long ago, so that the inbox does not grow without end. Open to-dos always
//! stay.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    inbox::{error::InboxError, row::Millis, sources::has_todos, transaction::InboxTransaction},
    model::TodoKey,
    settings::Retention,
};

/// The most to-dos that one step deletes.
const SOME: i64 = 200;

/// How long the to-dos of a source that was removed from the settings are kept, should it come
/// back.
const REMOVED: SignedDuration = SignedDuration::from_hours(30 * 24);

impl InboxTransaction<'_> {
    /// Deletes some to-dos; returns whether there are more of them.
    pub fn tidy(&mut self, retention: &Retention, now: Timestamp) -> Result<bool, InboxError> {
        let days = SignedDuration::from_hours(24 * i64::from(retention.keep_done_days));
        let oldest = now.checked_sub(days).map_or(Millis(i64::MIN), Millis::from);
        let most_bytes = i64::from(retention.most_megabytes) << 20;
        let closed_before = if used_bytes(self.connection)? > most_bytes {
            Millis(i64::MAX)
        } else {
            oldest
        };
        let done = self.keys_to_drop(
            "SELECT key FROM todos
             WHERE status <> 0 AND removed = 0 AND closed < ?1
                AND NOT EXISTS (SELECT 1 FROM outbox WHERE todo = key)
             ORDER BY closed LIMIT ?2",
            closed_before,
        )?;
        for key in &done {
            self.remember_dropped(*key)?;
            self.drop_todo(*key)?;
        }
        let removed = self.drop_removed_sources(now)?;
        Ok(removed || done.len() as i64 == SOME)
    }

    /// Drops some of the to-dos of sources that were removed long ago; returns whether there may be
    /// more.
    fn drop_removed_sources(&mut self, now: Timestamp) -> Result<bool, InboxError> {
        let long_ago = now
            .checked_sub(REMOVED)
            .map_or(Millis(i64::MIN), Millis::from);
        let Some(source) = self
            .connection
            .prepare_cached("SELECT key FROM sources WHERE removed < ?1 LIMIT 1")?
            .query_row([long_ago], |row| row.get::<_, i64>(0))
            .optional()?
        else {
            return Ok(false);
        };
        let todos = self.keys_to_drop(
            "SELECT key FROM todos WHERE source = ?1 ORDER BY key LIMIT ?2",
            Millis(source),
        )?;
        for key in &todos {
            self.drop_todo(*key)?;
        }
        if todos.is_empty() {
            for sql in [
                "DELETE FROM dropped WHERE source = ?1",
                "DELETE FROM said WHERE source = ?1",
                "DELETE FROM event_ids WHERE source = ?1",
                "DELETE FROM sources WHERE key = ?1",
            ] {
                self.connection.execute(sql, [source])?;
            }
            self.sources.0.retain(|row| row.key != source);
        }
        Ok(true)
    }

    /// Remembers the id of a deleted to-do: a server that keeps no status would bring it back as a
    /// new one.
    fn remember_dropped(&self, key: TodoKey) -> Result<(), InboxError> {
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO dropped (source, id)
                 SELECT source, ifnull(id, event) FROM todos
                 WHERE key = ?1 AND server_status IS NULL AND ifnull(id, event) IS NOT NULL",
            )?
            .execute([key.0])?;
        Ok(())
    }

    /// Returns whether this to-do was deleted already.
    pub fn was_dropped(&self, source: i64, id: &str) -> Result<bool, InboxError> {
        Ok(self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM dropped WHERE source = ?1 AND id = ?2)")?
            .query_row(params![source, id], |row| row.get(0))?)
    }

    fn drop_todo(&mut self, key: TodoKey) -> Result<(), InboxError> {
        let Some((source, state)) = self.todo_state(key)? else {
            return Ok(());
        };
        self.record_transition(key, source, Some(state), None)?;
        self.erase(key)?;
        let has_todos = has_todos(self.connection, source)?;
        if let Some(row) = self.sources.by_key(source) {
            row.has_todos = has_todos;
        }
        Ok(())
    }

    fn keys_to_drop(&self, sql: &str, value: Millis) -> Result<Vec<TodoKey>, InboxError> {
        let keys = self
            .connection
            .prepare_cached(sql)?
            .query_map(params![value, SOME], |row| row.get(0).map(TodoKey))?
            .collect::<Result<_, _>>()?;
        Ok(keys)
    }
}

/// Returns how much of the file is in use.
fn used_bytes(connection: &Connection) -> Result<i64, InboxError> {
    let number = |name: &str| -> Result<i64, InboxError> {
        Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
    };
    Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
}
