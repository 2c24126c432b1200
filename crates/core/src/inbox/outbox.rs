//! What the user did and the server does not know yet.
//!
//! While an entry is there, the server's older state of its field does not undo what the user
//! did. An entry ends when the server both took it and told of it on the stream: an older state
//! may still be on its way when the server answers. Where it never tells (nothing changed for
//! it), the entry settles after [`SETTLES_AFTER`].
//!
//! # Example
//!
//! The to-do `7` is open, and the user marks it as done. The columns of its entry, and what the
//! user sees:
//!
//! | what happens | `taken` | `echoed` | shown |
//! | --- | --- | --- | --- |
//! | the user marks it as done: `{"status":"done"}` is to be sent | – | 0 | done |
//! | the stream says `open`, an older state | – | 0 | done |
//! | the server answers 200 | 10:00:00 | 0 | done |
//! | the stream says `open`: sent before the answer | 10:00:00 | 0 | done |
//! | the stream says `done` | the entry ends | | done |
//! | the stream says `open`: somebody reopened it | no entry | | open |
//!
//! Had the stream said `done` before the answer, `echoed` would be 1, and the answer would end the
//! entry. Had it said nothing more after the answer, the entry would end at 10:00:30.

use belldot_wire::{Status, TodoPatch};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    format::Draft,
    inbox::{
        error::InboxError,
        row::{status_number, status_of},
        transaction::InboxTransaction,
    },
    model::TodoKey,
    source::SourceId,
};

/// How long an entry that was taken waits for the stream to tell, in milliseconds.
pub(super) const SETTLES_AFTER: i64 = 30_000;

/// A change on its way to a source's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The outbox entry.
    pub entry: i64,
    /// The source whose API takes it.
    pub source: SourceId,
    /// The to-do's id at the source.
    pub todo: String,
    /// What to change.
    pub patch: TodoPatch,
}

/// What the user changed of a to-do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UserChange {
    Status(Status),
    Read(bool),
}

/// The fields of a to-do that the user changed and the server's events do not decide.
#[derive(Clone, Copy, Default)]
pub(super) struct Pending {
    pub status: bool,
    pub read: bool,
}

/// Returns the first entry of this source that is to be sent.
pub(super) fn next(
    connection: &Connection,
    source: &SourceId,
) -> Result<Option<Delivery>, InboxError> {
    let delivery = connection
        .prepare_cached(
            "SELECT entry, todos.id, outbox.status, outbox.read
             FROM outbox JOIN todos ON todos.key = outbox.todo
             WHERE outbox.source = (SELECT key FROM sources WHERE id = ?1)
                AND outbox.taken IS NULL AND todos.id IS NOT NULL
             ORDER BY entry LIMIT 1",
        )?
        .query_row([&source.0], |row| {
            Ok(Delivery {
                entry: row.get(0)?,
                source: source.clone(),
                todo: row.get(1)?,
                patch: TodoPatch {
                    status: row.get::<_, Option<i64>>(2)?.map(status_of),
                    read: row.get(3)?,
                },
            })
        })
        .optional()?;
    Ok(delivery)
}

/// Returns the title of the to-do that an entry is about.
pub(super) fn title(connection: &Connection, entry: i64) -> Result<Option<String>, InboxError> {
    Ok(connection
        .query_row(
            "SELECT title FROM outbox JOIN todos ON key = todo WHERE entry = ?1",
            [entry],
            |row| row.get(0),
        )
        .optional()?)
}

impl InboxTransaction<'_> {
    /// Queues what the user did to a to-do, if its source takes changes.
    pub fn queue(
        &mut self,
        key: TodoKey,
        source: i64,
        field: UserChange,
    ) -> Result<(), InboxError> {
        if !self.sources.by_key(source).is_some_and(|row| row.api) {
            return Ok(());
        }
        let (status, read) = match field {
            UserChange::Status(status) => (Some(status_number(status)), None),
            UserChange::Read(read) => (None, Some(read)),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO outbox (source, todo, status, read) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![source, key.0, status, read])?;
        Ok(())
    }

    /// Returns which fields of a to-do the user's changes still decide, when the server says this.
    pub fn pending(&self, key: TodoKey, draft: &Draft) -> Result<Pending, InboxError> {
        let mut entries = self
            .connection
            .prepare_cached("SELECT entry, status, read, taken FROM outbox WHERE todo = ?1")?;
        let mut pending = Pending::default();
        let mut rows = entries.query([key.0])?;
        while let Some(row) = rows.next()? {
            let entry: i64 = row.get(0)?;
            let status = row.get::<_, Option<i64>>(1)?.map(status_of);
            let read: Option<bool> = row.get(2)?;
            let taken = row.get::<_, Option<i64>>(3)?.is_some();
            let told = match (status, read) {
                (Some(status), _) => draft.status.map(|told| told == status),
                (None, read) => draft.read.map(|told| Some(told) == read),
            };
            let note = match told {
                Some(true) if taken => "DELETE FROM outbox WHERE entry = ?1",
                Some(true) => "UPDATE outbox SET echoed = 1 WHERE entry = ?1",
                Some(false) if taken => "UPDATE outbox SET differs = 1 WHERE entry = ?1",
                _ => "",
            };
            if !note.is_empty() {
                self.connection.prepare_cached(note)?.execute([entry])?;
            }
            if told == Some(true) && taken {
                continue;
            }
            pending.status |= status.is_some();
            pending.read |= read.is_some();
        }
        Ok(pending)
    }

    /// Notes that the server accepted an entry.
    pub fn taken(&mut self, entry: i64) -> Result<(), InboxError> {
        let told = self
            .connection
            .prepare_cached("DELETE FROM outbox WHERE entry = ?1 AND echoed = 1 RETURNING todo")?
            .query_row([entry], |row| row.get(0).map(TodoKey))
            .optional()?;
        match told {
            // What the stream said since is newer than what the user did.
            Some(todo) => self.restore_server_state(todo),
            None => {
                self.connection
                    .prepare_cached("UPDATE outbox SET taken = ?2 WHERE entry = ?1")?
                    .execute(params![entry, self.now])?;
                Ok(())
            }
        }
    }

    /// Drops an entry that the server refused for good.
    pub fn refused(&mut self, entry: i64, unknown: bool) -> Result<(), InboxError> {
        let todo = self.todo_of(entry)?;
        self.drop_entry(entry)?;
        match todo {
            Some(key) if !unknown => self.restore_server_state(key),
            _ => Ok(()),
        }
    }

    /// Ends the entries that were taken long enough ago.
    pub fn settle(&mut self) -> Result<(), InboxError> {
        let settled = self
            .connection
            .prepare_cached("SELECT entry, todo, differs FROM outbox WHERE taken <= ?1")?
            .query_map([self.now.0 - SETTLES_AFTER], |row| {
                Ok((row.get(0)?, TodoKey(row.get(1)?), row.get(2)?))
            })?
            .collect::<Result<Vec<(i64, TodoKey, bool)>, _>>()?;
        for (entry, todo, differs) in settled {
            self.drop_entry(entry)?;
            // Somebody else has changed it since. Where nobody has, the stream has yet to tell.
            if differs {
                self.restore_server_state(todo)?;
            }
        }
        Ok(())
    }

    fn drop_entry(&self, entry: i64) -> Result<(), InboxError> {
        self.connection
            .prepare_cached("DELETE FROM outbox WHERE entry = ?1")?
            .execute([entry])?;
        Ok(())
    }

    fn todo_of(&self, entry: i64) -> Result<Option<TodoKey>, InboxError> {
        Ok(self
            .connection
            .query_row("SELECT todo FROM outbox WHERE entry = ?1", [entry], |row| {
                row.get(0)
            })
            .optional()?
            .map(TodoKey))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::{
        format::{Change, Cursor},
        inbox::{Edit, Inbox, SourceEntry},
    };

    fn work() -> SourceId {
        SourceId("work".to_owned())
    }

    fn told(status: Status) -> Edit {
        Edit::Arrived {
            source: work(),
            changes: vec![Change::Upsert(Box::new(Draft {
                id: Some("7".to_owned()),
                title: "Sign".to_owned(),
                status: Some(status),
                ..Draft::default()
            }))],
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        }
    }

    /// An inbox in which the user has just marked the to-do as done, and its key.
    fn with_entry(now: Timestamp) -> (Inbox, TodoKey) {
        let mut inbox = Inbox::in_memory().unwrap();
        let sources = Edit::Sources(vec![SourceEntry {
            id: work(),
            name: "Work".to_owned(),
            api: true,
        }]);
        let committed = inbox.commit(&[sources, told(Status::Open)], now).unwrap();
        let key = committed.news[0];
        let todos = vec![key];
        inbox
            .commit(&[Edit::Done { todos, done: true }], now)
            .unwrap();
        (inbox, key)
    }

    fn status(inbox: &Inbox, key: TodoKey, now: Timestamp) -> Status {
        let now = now.to_zoned(jiff::tz::TimeZone::UTC);
        inbox.todo(key, &now).unwrap().unwrap().status
    }

    #[test]
    fn an_entry_ends_when_the_server_took_it_and_told_of_it() {
        let now = Timestamp::UNIX_EPOCH;
        let (mut inbox, key) = with_entry(now);
        let delivery = inbox.next_delivery(&work()).unwrap().unwrap();
        assert_eq!(delivery.todo, "7");
        assert_eq!(delivery.patch.status, Some(Status::Done));

        let mut shown = |edit| {
            inbox.commit(&[edit], now).unwrap();
            status(&inbox, key, now)
        };
        let entry = delivery.entry;
        assert_eq!(shown(told(Status::Open)), Status::Done);
        assert_eq!(shown(Edit::Taken { entry }), Status::Done);
        assert_eq!(shown(told(Status::Open)), Status::Done);
        assert_eq!(shown(told(Status::Done)), Status::Done);
        assert_eq!(shown(told(Status::Open)), Status::Open);
    }

    #[test]
    fn an_entry_of_which_the_stream_told_before_the_answer_ends_with_it() {
        let now = Timestamp::UNIX_EPOCH;
        let (mut inbox, key) = with_entry(now);
        let entry = inbox.next_delivery(&work()).unwrap().unwrap().entry;
        let edits = [
            told(Status::Done),
            Edit::Taken { entry },
            told(Status::Open),
        ];
        inbox.commit(&edits, now).unwrap();
        assert_eq!(status(&inbox, key, now), Status::Open);
    }

    #[test]
    fn an_entry_of_which_the_stream_never_tells_settles() {
        let now = Timestamp::UNIX_EPOCH;
        let (mut inbox, key) = with_entry(now);
        let entry = inbox.next_delivery(&work()).unwrap().unwrap().entry;
        inbox.commit(&[Edit::Taken { entry }], now).unwrap();
        let later = now + SignedDuration::from_millis(SETTLES_AFTER);
        assert_eq!(inbox.next_deadline().unwrap(), Some(later));
        inbox.commit(&[Edit::Clock], later).unwrap();
        assert_eq!(inbox.next_deadline().unwrap(), None);
        assert_eq!(status(&inbox, key, later), Status::Done);
    }
}
