//! Keeps the counts of open to-dos up to date (the table `tallies`, see `tallies.sql`).

use rusqlite::params;

use crate::inbox::{
    counts::due_bucket, error::InboxError, row::TodoState, transaction::InboxTransaction,
};

impl InboxTransaction<'_> {
    /// Adds `change` to the count of this state: 1 for a to-do that entered it, -1 for one that
    /// left it.
    pub fn count_change(&mut self, source: i64, state: Option<TodoState>, change: i64) {
        if let Some(state) = state.filter(|state| state.is_visible()) {
            let key = (
                source,
                state.pinned,
                due_bucket(state.due),
                state.priority.into(),
                state.read,
            );
            *self.count_changes.entry(key).or_default() += change;
        }
    }

    /// Moves every count of unread to-dos to the read ones: all of them were read.
    pub fn count_all_read(&mut self) -> Result<(), InboxError> {
        self.write_counts()?;
        self.connection.execute_batch(
            "INSERT INTO tallies SELECT source, pinned, span, priority, 1, count FROM tallies
                WHERE read = 0
             ON CONFLICT DO UPDATE SET count = count + excluded.count;
             DELETE FROM tallies WHERE read = 0;",
        )?;
        Ok(())
    }

    /// Rebuilds the counts of a source.
    pub fn recount_source(&mut self, source: i64) -> Result<(), InboxError> {
        self.write_counts()?;
        self.connection
            .execute("DELETE FROM tallies WHERE source = ?1", [source])?;
        self.connection.execute(
            "INSERT INTO tallies
             SELECT source, pinned, ifnull(due >> 26, 1 << 40), priority, read, count(*)
             FROM todos INDEXED BY todos_by_source
             WHERE status = 0 AND snoozed IS NULL AND removed = 0 AND source = ?1
             GROUP BY 1, 2, 3, 4, 5",
            [source],
        )?;
        Ok(())
    }

    /// Writes the collected changes of counts.
    pub fn write_counts(&mut self) -> Result<(), InboxError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for (key, change) in std::mem::take(&mut self.count_changes) {
            let (source, pinned, due_bucket, priority, read) = key;
            if change != 0 {
                statement.execute(params![source, pinned, due_bucket, priority, read, change])?;
            }
        }
        Ok(())
    }
}
