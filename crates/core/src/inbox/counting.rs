//! Keeps the tallies (see `tallies.sql`).

use rusqlite::params;

use crate::inbox::{InboxError, row::Standing, tallies::span, writing::Writing};

/// What to-dos are counted by: source, pinned, span, priority, read.
pub(super) type Tally = (i64, bool, i64, u8, bool);

impl Writing<'_> {
    /// Counts a to-do that came (1) to a standing or left it (-1).
    pub fn tally(&mut self, source: i64, standing: Option<Standing>, change: i64) {
        if let Some(standing) = standing.filter(|standing| standing.is_visible()) {
            let tally = (
                source,
                standing.pinned,
                span(standing.due),
                standing.priority.into(),
                standing.read,
            );
            *self.tallies.entry(tally).or_default() += change;
        }
    }

    /// Every to-do was read.
    pub fn tally_all_read(&mut self) -> Result<(), InboxError> {
        self.write_tallies()?;
        self.connection.execute_batch(
            "INSERT INTO tallies SELECT source, pinned, span, priority, 1, count FROM tallies
                WHERE read = 0
             ON CONFLICT DO UPDATE SET count = count + excluded.count;
             DELETE FROM tallies WHERE read = 0;",
        )?;
        Ok(())
    }

    /// Counts every to-do of a source.
    pub fn tally_anew(&mut self, source: i64) -> Result<(), InboxError> {
        self.write_tallies()?;
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

    /// Writes the changes that were gathered.
    pub fn write_tallies(&mut self) -> Result<(), InboxError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for (tally, change) in std::mem::take(&mut self.tallies) {
            let (source, pinned, span, priority, read) = tally;
            if change != 0 {
                statement.execute(params![source, pinned, span, priority, read, change])?;
            }
        }
        Ok(())
    }
}
