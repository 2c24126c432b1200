//! What an event does to the inbox.
//!
//! # Example
//!
//! A source whose server keeps no status sends the to-do `7` again and again:
//!
//! | what happens | status | toast |
//! | --- | --- | --- |
//! | event: `7`, "Sign", priority 3 | open, unread | yes: it is new |
//! | the same event, after a reconnect | as before; nothing is written | no |
//! | the user marks it as done | done | no |
//! | the same event once more | done: an old event does not undo what the user did | no |
//! | event: `7`, "Sign", priority 5 | open, unread: more urgent, it reopens | yes |
//! | event: `7`, "Sign", priority 5, another body | open, unread; the row is written | no |
//!
//! More urgent means: another title, a higher priority, or an earlier due time. Where the server
//! does keep a status, its word decides instead, apart from what waits in the outbox.

use belldot_wire::Status;
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    format::{Change, Cursor, Draft},
    inbox::{
        error::InboxError,
        identity::Origin,
        row::{Millis, TodoState, status_number, status_of},
        sources::has_todos,
        transaction::{InboxTransaction, ToastIntent},
    },
    model::TodoKey,
    source::SourceId,
};

/// The longest last event ID that a request's header carries, in bytes.
const ID_MOST: usize = 4 * 1024;

/// Returns whether a last event ID can be sent back, as the stream sees it: HTTP forbids control
/// characters in a header, and servers take no longer ones.
fn is_sendable(id: &str) -> bool {
    let is_forbidden = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7f;
    id.len() <= ID_MOST && !id.bytes().any(is_forbidden)
}

impl InboxTransaction<'_> {
    /// Makes an event's changes and moves the cursor behind it.
    pub fn arrived(
        &mut self,
        source: &SourceId,
        changes: &[Change],
        cursor: &Cursor,
        event_id: Option<&str>,
        opening: bool,
    ) -> Result<(), InboxError> {
        let now = self.now;
        let row = self.source(source)?;
        row.heard = Some(now);
        match cursor {
            Cursor::Stays => (),
            Cursor::Id(id) if is_sendable(id) => id.clone_into(&mut row.cursor),
            // The server replays from the one before.
            Cursor::Id(_) => (),
            Cursor::Since(message) => row.since = Some(message.clone()),
        }
        let key = row.key;
        if let Some(id) = event_id {
            self.check_numbering(source, id, changes)?;
        }
        let mut origin = Origin::new(event_id, opening, changes);
        for change in changes {
            match change {
                Change::Upsert(draft) => self.upsert(key, draft, &mut origin)?,
                Change::SetUnread(count) => self.source(source)?.server_unread = Some(*count),
                Change::MarkRead(id) => self.mark_read_by_server(key, id)?,
                Change::Remove(id) => self.remove(key, id)?,
                Change::SetStatus { id, status } => self.set_status(key, id, *status)?,
            }
        }
        Ok(())
    }

    fn upsert(
        &mut self,
        source: i64,
        draft: &Draft,
        origin: &mut Origin<'_>,
    ) -> Result<(), InboxError> {
        let Some(id) = &draft.id else {
            if self.is_known(source, draft, origin)? {
                return Ok(());
            }
            return self.insert(source, draft, origin.key(draft.words.unwrap_or_default()));
        };
        match self.find(source, id)? {
            Some(known) => self.update(source, known, draft),
            None if draft.status.is_none() && self.was_dropped(source, id)? => Ok(()),
            None => self.insert(source, draft, None),
        }
    }

    fn insert(
        &mut self,
        source: i64,
        draft: &Draft,
        event: Option<String>,
    ) -> Result<(), InboxError> {
        let due = draft.due.map(Millis::from);
        let state = TodoState {
            status: draft.status.unwrap_or_default(),
            read: draft.read.unwrap_or(false),
            snoozed: None,
            removed: false,
            pinned: false,
            due,
            priority: draft.priority,
        };
        // What is created in the future would stay the newest for good.
        let created = draft
            .created
            .map_or(self.now, |created| self.now.min(created.into()));
        self.connection
            .prepare_cached(
                "INSERT INTO todos (source, id, title, body, url, priority, due, status, read,
                    tags, sender, created, closed, reminded, server_status, server_read, event)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                    ?17)",
            )?
            .execute(params![
                source,
                draft.id,
                draft.title,
                draft.body,
                draft.url,
                u8::from(draft.priority),
                due,
                status_number(state.status),
                state.read,
                tags_text(&draft.tags),
                draft.sender,
                created,
                (state.status != Status::Open).then_some(self.now),
                // Its arrival says already that it is overdue.
                due.is_some_and(|due| due <= self.now),
                draft.status.map(status_number),
                draft.read,
                event,
            ])?;
        let key = TodoKey(self.connection.last_insert_rowid());
        self.record_transition(key, source, None, Some(state))?;
        self.mark_unindexed(key)?;
        if state.is_unread() {
            self.set_intent(key, ToastIntent::Announce)?;
        }
        Ok(())
    }

    fn update(&mut self, source: i64, known: StoredTodo, draft: &Draft) -> Result<(), InboxError> {
        let pending = self.pending(known.key, draft)?;
        let due = draft.due.map(Millis::from);
        let tags = tags_text(&draft.tags);
        let reworded = known.title != draft.title
            || known.body != draft.body
            || known.sender != draft.sender
            || known.tags != tags;
        let more_urgent = known.title != draft.title
            || draft.priority > known.state.priority
            || due.is_some_and(|due| known.state.due.is_none_or(|earlier| due < earlier));

        // A server that keeps no such state still says something new by a new title.
        let reopens = more_urgent && draft.status.is_none();
        let before = known.state;
        let after = TodoState {
            status: match draft.status {
                _ if pending.status => before.status,
                Some(status) => status,
                None if reopens => Status::Open,
                None => before.status,
            },
            read: match draft.read {
                _ if pending.read => before.read,
                Some(read) => read,
                None => before.read && !reopens,
            },
            due,
            priority: draft.priority,
            ..before
        };
        let server_status = draft.status.or(known.server_status);
        let server_read = draft.read.or(known.server_read);
        let same = !reworded
            && !more_urgent
            && before == after
            && known.url == draft.url
            && (known.server_status, known.server_read) == (server_status, server_read);
        if same {
            return Ok(());
        }

        let closed = match (before.status, after.status) {
            (_, Status::Open) => None,
            (Status::Open, _) => Some(self.now),
            _ => known.closed,
        };
        let reminded = if before.due == due {
            known.reminded
        } else {
            due.is_some_and(|due| due <= self.now)
        };
        self.connection
            .prepare_cached(
                "UPDATE todos SET title = ?2, body = ?3, url = ?4, priority = ?5, due = ?6,
                    status = ?7, read = ?8, tags = ?9, sender = ?10, closed = ?11,
                    reminded = ?12, server_status = ?13, server_read = ?14
                 WHERE key = ?1",
            )?
            .execute(params![
                known.key.0,
                draft.title,
                draft.body,
                draft.url,
                u8::from(draft.priority),
                due,
                status_number(after.status),
                after.read,
                tags,
                draft.sender,
                closed,
                reminded,
                server_status.map(status_number),
                server_read,
            ])?;
        self.record_transition(known.key, source, Some(before), Some(after))?;
        if reworded {
            self.mark_unindexed(known.key)?;
        }
        if more_urgent && after.is_unread() {
            self.set_intent(known.key, ToastIntent::Announce)?;
        }
        Ok(())
    }

    fn mark_read_by_server(&mut self, source: i64, id: &str) -> Result<(), InboxError> {
        let Some(known) = self.find(source, id)?.filter(|known| !known.state.read) else {
            return Ok(());
        };
        self.connection
            .prepare_cached("UPDATE todos SET read = 1, server_read = 1 WHERE key = ?1")?
            .execute([known.key.0])?;
        let (before, after) = (
            known.state,
            TodoState {
                read: true,
                ..known.state
            },
        );
        self.record_transition(known.key, source, Some(before), Some(after))
    }

    fn set_status(&mut self, source: i64, id: &str, status: Status) -> Result<(), InboxError> {
        let Some(known) = self.find(source, id)? else {
            return Ok(());
        };
        let told = Draft {
            status: Some(status),
            ..Draft::default()
        };
        let pending = self.pending(known.key, &told)?;
        let before = known.state;
        if pending.status || before.status == status {
            return Ok(());
        }
        let closed = match (before.status, status) {
            (_, Status::Open) => None,
            (Status::Open, _) => Some(self.now),
            _ => known.closed,
        };
        self.connection
            .prepare_cached(
                "UPDATE todos SET status = ?2, server_status = ?2, closed = ?3 WHERE key = ?1",
            )?
            .execute(params![known.key.0, status_number(status), closed])?;
        let after = TodoState { status, ..before };
        self.record_transition(known.key, source, Some(before), Some(after))
    }

    fn remove(&mut self, source: i64, id: &str) -> Result<(), InboxError> {
        let Some(known) = self.find(source, id)? else {
            return Ok(());
        };
        self.record_transition(known.key, source, Some(known.state), None)?;
        self.erase(known.key)?;
        let has_todos = has_todos(self.connection, source)?;
        if let Some(row) = self.sources.by_key(source) {
            row.has_todos = has_todos;
        }
        Ok(())
    }

    /// Deletes a to-do with everything that hangs on it.
    pub fn erase(&mut self, key: TodoKey) -> Result<(), InboxError> {
        for sql in [
            "DELETE FROM todos WHERE key = ?1",
            "DELETE FROM search WHERE rowid = ?1",
            "DELETE FROM unindexed WHERE todo = ?1",
            "DELETE FROM unannounced WHERE todo = ?1",
            "DELETE FROM outbox WHERE todo = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([key.0])?;
        }
        self.note_change();
        Ok(())
    }

    fn find(&self, source: i64, id: &str) -> Result<Option<StoredTodo>, InboxError> {
        let known = self
            .connection
            .prepare_cached(
                "SELECT key, title, body, url, tags, sender, closed, reminded,
                    server_status, server_read,
                    status, read, snoozed, removed, pinned, due, priority
                 FROM todos WHERE source = ?1 AND id = ?2",
            )?
            .query_row(params![source, id], StoredTodo::read)
            .optional()?;
        Ok(known)
    }
}

/// A to-do as the database has it.
struct StoredTodo {
    key: TodoKey,
    title: String,
    body: Option<String>,
    url: Option<String>,
    state: TodoState,
    tags: Option<String>,
    sender: Option<String>,
    closed: Option<Millis>,
    reminded: bool,
    server_status: Option<Status>,
    server_read: Option<bool>,
}

impl StoredTodo {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: TodoKey(row.get(0)?),
            title: row.get(1)?,
            body: row.get(2)?,
            url: row.get(3)?,
            tags: row.get(4)?,
            sender: row.get(5)?,
            closed: row.get(6)?,
            reminded: row.get(7)?,
            server_status: row.get::<_, Option<i64>>(8)?.map(status_of),
            server_read: row.get(9)?,
            state: TodoState::read(row, 10)?,
        })
    }
}

/// Tags as a JSON array; `None` where there are none.
fn tags_text(tags: &[String]) -> Option<String> {
    if tags.is_empty() {
        None
    } else {
        serde_json::to_string(tags).ok()
    }
}

#[cfg(test)]
mod tests {
    use belldot_wire::Priority;
    use jiff::Timestamp;

    use super::*;
    use crate::inbox::{Committed, Edit, Inbox, SourceEntry};

    fn event(priority: i64, body: &str) -> Edit {
        Edit::Arrived {
            source: SourceId("work".to_owned()),
            changes: vec![Change::Upsert(Box::new(Draft {
                id: Some("7".to_owned()),
                title: "Sign".to_owned(),
                body: Some(body.to_owned()),
                priority: Priority::nearest(priority),
                ..Draft::default()
            }))],
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        }
    }

    #[test]
    fn the_history_of_a_todo_whose_server_keeps_no_status() {
        let mut inbox = Inbox::in_memory().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let mut commit = |edit| inbox.commit(&[edit], now).unwrap();
        commit(Edit::Sources(vec![SourceEntry {
            id: SourceId("work".to_owned()),
            name: "Work".to_owned(),
            api: false,
        }]));

        let key = commit(event(3, "a")).news[0];
        assert!(!commit(event(3, "a")).todos_changed);

        let todos = vec![key];
        assert!(commit(Edit::Done { todos, done: true }).todos_changed);
        assert!(!commit(event(3, "a")).todos_changed);

        assert_eq!(commit(event(5, "a")).news, [key]);
        let Committed {
            todos_changed,
            news,
            ..
        } = commit(event(5, "b"));
        assert!(todos_changed && news.is_empty());
    }
}
