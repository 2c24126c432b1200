//! Tells whether a to-do without an id of its own is known already: by its event's id, by its
//! words, and by when it comes. The rule is described in docs/intended-behavior.md.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    format::{Change, Draft},
    inbox::{error::InboxError, sources::words_kept, transaction::InboxTransaction},
    source::SourceId,
};

/// How many different texts of a connection are remembered. To-dos beyond that may be added twice,
/// but are never lost.
const MOST_WORDS: u32 = 10_000;

/// How many event ids of a connection are remembered: numbers that begin anew show in the first.
const MOST_IDS: u32 = 1_000;

/// An event, as far as it tells whether its to-dos are known.
pub(super) struct Origin<'a> {
    /// The id that it brought itself.
    event_id: Option<&'a str>,
    /// It came in the opening burst of its connection.
    opening: bool,
    /// The to-dos of this event so far, by event id and words.
    copies: BTreeMap<String, Copies>,
    /// How many to-dos it has.
    todos: i64,
}

/// To-dos of one event in the same words.
#[derive(Clone, Copy, Default)]
struct Copies {
    /// The inbox had so many when the event came.
    known: i64,
    /// The event had so many up to here.
    heard: i64,
}

impl<'a> Origin<'a> {
    pub fn new(event_id: Option<&'a str>, opening: bool, changes: &[Change]) -> Self {
        Self {
            event_id,
            opening,
            copies: BTreeMap::new(),
            todos: changes.len() as i64,
        }
    }

    /// Returns what a to-do of this event is known by, where the event has an id.
    pub fn key(&self, words: u64) -> Option<String> {
        self.event_id.map(|id| format!("{id}#{words:016x}"))
    }
}

impl InboxTransaction<'_> {
    /// Begins a connection: the texts of the one before become the known ones. If that one was cut
    /// off before its opening burst was over, the texts known before it stay known too.
    pub fn opened(&mut self, source: &SourceId) -> Result<(), InboxError> {
        let row = self.source(source)?;
        let key = row.key;
        let was_settled = std::mem::take(&mut row.settled);
        let has_words = row.words_kept > 0;
        row.has_numbered = false;
        if has_words {
            let scripts: &[&str] = match was_settled {
                true => &[
                    "DELETE FROM said WHERE source = ?1 AND now = 0",
                    "UPDATE said SET before = now, now = 0 WHERE source = ?1",
                ],
                false => &["UPDATE said SET before = max(before, now), now = 0 WHERE source = ?1"],
            };
            self.execute_for(key, scripts)?;
            let kept = words_kept(self.connection, key)?;
            self.source(source)?.words_kept = kept;
        }
        let (all, now) = ids_kept(self.connection, key)?;
        if now > 0 {
            if was_settled || all >= MOST_IDS {
                self.execute_for(
                    key,
                    &["DELETE FROM event_ids WHERE source = ?1 AND now = 0"],
                )?;
            }
            self.execute_for(key, &["UPDATE event_ids SET now = 0 WHERE source = ?1"])?;
        }
        self.source(source)?.ids_kept = 0;
        Ok(())
    }

    /// Notes that the opening burst of the present connection is over.
    pub fn settled(&mut self, source: &SourceId) -> Result<(), InboxError> {
        self.source(source)?.settled = true;
        Ok(())
    }

    /// Forgets the texts and event ids of a source: its address now names another one.
    pub fn forget_history(&mut self, source: &SourceId) -> Result<(), InboxError> {
        let row = self.source(source)?;
        let key = row.key;
        row.begins_anew = false;
        row.settled = false;
        row.has_numbered = false;
        row.words_kept = 0;
        row.ids_kept = 0;
        self.execute_for(
            key,
            &[
                "DELETE FROM said WHERE source = ?1",
                "DELETE FROM event_ids WHERE source = ?1",
            ],
        )
    }

    fn execute_for(&self, source: i64, scripts: &[&str]) -> Result<(), InboxError> {
        for sql in scripts {
            self.connection.prepare_cached(sql)?.execute([source])?;
        }
        Ok(())
    }

    /// Detects whether a source's event ids restart with each connection: an id then comes with
    /// another content than on the last connection.
    pub fn check_numbering(
        &mut self,
        source: &SourceId,
        event_id: &str,
        changes: &[Change],
    ) -> Result<(), InboxError> {
        let Some(words) = words_of_event(changes) else {
            return Ok(());
        };
        let row = self.source(source)?;
        let (key, is_first) = (row.key, !row.has_numbered);
        row.has_numbered = true;
        if row.ids_kept >= MOST_IDS {
            return Ok(());
        }
        row.ids_kept += 1;
        let (mut before, mut same, mut now) = (false, false, false);
        let mut statement = self.connection.prepare_cached(
            "SELECT words = ?3, now FROM event_ids WHERE source = ?1 AND id = ?2",
        )?;
        let mut uses = statement.query(params![key, event_id, words as i64])?;
        while let Some(found) = uses.next()? {
            same |= found.get::<_, bool>(0)?;
            match found.get::<_, bool>(1)? {
                true => now = true,
                false => before = true,
            }
        }
        drop(uses);
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO event_ids (source, id, words, now) VALUES (?1, ?2, ?3, 1)",
            )?
            .execute(params![key, event_id, words as i64])?;
        let row = self.source(source)?;
        if before && !same && !now {
            row.begins_anew = true;
        } else if is_first && !before {
            // The ids continue. A server that was restarted itself has continuous ids from then on.
            row.begins_anew = false;
        }
        Ok(())
    }

    /// Returns whether a to-do without an id is known already; it counts as said from here on.
    pub fn is_known(
        &mut self,
        source: i64,
        draft: &Draft,
        origin: &mut Origin<'_>,
    ) -> Result<bool, InboxError> {
        let words = draft.words.unwrap_or_default();
        let said_before = self.note_words(source, words)?;
        if !origin.opening {
            return Ok(false);
        }
        let begins_anew = self
            .sources
            .by_key(source)
            .is_some_and(|row| row.begins_anew);
        match origin.key(words) {
            Some(key) if !begins_anew => self.has_copy(source, key, origin),
            _ => Ok(said_before),
        }
    }

    /// Notes that this was said on the present connection; whether it was said as often before.
    fn note_words(&mut self, source: i64, words: u64) -> Result<bool, InboxError> {
        let Some(row) = self.sources.by_key(source) else {
            return Ok(false);
        };
        let before = self
            .connection
            .prepare_cached(
                "UPDATE said SET now = now + 1 WHERE source = ?1 AND words = ?2
                 RETURNING before >= now",
            )?
            .query_row(params![source, words as i64], |row| row.get(0))
            .optional()?;
        if let Some(before) = before {
            return Ok(before);
        }
        if row.words_kept < MOST_WORDS {
            row.words_kept += 1;
            self.connection
                .prepare_cached("INSERT INTO said (source, words, now) VALUES (?1, ?2, 1)")?
                .execute(params![source, words as i64])?;
        }
        Ok(false)
    }

    /// Returns whether the inbox has this to-do of this event, as often as the event has had it by
    /// now.
    fn has_copy(
        &mut self,
        source: i64,
        key: String,
        origin: &mut Origin<'_>,
    ) -> Result<bool, InboxError> {
        let known = match origin.copies.get(&key) {
            Some(copies) => copies.known,
            None => {
                let dropped = i64::from(self.was_dropped(source, &key)?);
                let there: i64 = self
                    .connection
                    .prepare_cached(
                        "SELECT count(*) FROM
                            (SELECT 1 FROM todos WHERE source = ?1 AND event = ?2 LIMIT ?3)",
                    )?
                    .query_row(params![source, key, origin.todos], |row| row.get(0))?;
                dropped + there
            }
        };
        let copies = origin
            .copies
            .entry(key)
            .or_insert(Copies { known, heard: 0 });
        copies.heard += 1;
        Ok(copies.heard <= copies.known)
    }
}

/// Returns how many event ids of a source are remembered, and how many of them of the present
/// connection.
fn ids_kept(connection: &Connection, source: i64) -> Result<(u32, u32), InboxError> {
    Ok(connection
        .prepare_cached("SELECT count(*), ifnull(sum(now), 0) FROM event_ids WHERE source = ?1")?
        .query_row([source], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Returns a digest of all that an event says in to-dos without ids, if it has such.
fn words_of_event(changes: &[Change]) -> Option<u64> {
    let mut words = changes.iter().filter_map(|change| match change {
        Change::Upsert(draft) if draft.id.is_none() => Some(draft.words.unwrap_or_default()),
        _ => None,
    });
    let first = words.next()?;
    Some(words.fold(first, u64::wrapping_add))
}
