//! Edits of a to-do, as pure functions from the old state to the new one.

use belldot_wire::{Priority, Status, Todo, TodoPatch};
use jiff::{Timestamp, Unit};

/// A validated change of one to-do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TodoEdit {
    /// Create the to-do or replace it.
    Upsert(TodoDraft),
    /// Change what belongs to the to-do's person.
    Patch(TodoPatch),
    /// Change what its owner said, and what belongs to its person.
    Revise(TodoRevision),
    /// Leave a tombstone in its place.
    Delete,
}

/// A whole to-do as its publisher sends it.
///
/// `status` and `read` belong to the user: if the publisher leaves them out, they keep their value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodoDraft {
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) due: Option<Timestamp>,
    pub(crate) status: Option<Status>,
    pub(crate) read: Option<bool>,
    pub(crate) tags: Vec<String>,
    pub(crate) sender: Option<String>,
}

/// The validated changes of a to-do by its owner: a field that is `None` stays as it is, one that
/// is `Some(None)` is emptied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodoRevision {
    pub(crate) title: Option<String>,
    pub(crate) body: Option<Option<String>>,
    pub(crate) url: Option<Option<String>>,
    pub(crate) priority: Option<Priority>,
    pub(crate) due: Option<Option<Timestamp>>,
    pub(crate) status: Option<Status>,
    pub(crate) read: Option<bool>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) sender: Option<Option<String>>,
}

impl TodoEdit {
    /// Returns the to-do `id` after this edit, or `None` if there is no to-do to patch, or none any
    /// more.
    pub fn apply(self, id: &str, before: Option<&Todo>, now: Timestamp) -> Option<Todo> {
        let mut after = match self {
            Self::Upsert(draft) => draft.apply(id, before, now),
            Self::Patch(patch) => {
                let before = before?.clone();
                Todo {
                    status: patch.status.unwrap_or(before.status),
                    read: patch.read.unwrap_or(before.read),
                    ..before
                }
            }
            Self::Revise(revision) => revision.apply(before?.clone()),
            Self::Delete => return None,
        };
        // A to-do that is done counts as read.
        after.read |= after.status == Status::Done;
        if before.is_none_or(|before| *before != after) {
            after.updated = milliseconds(now);
        }
        Some(after)
    }
}

impl TodoDraft {
    /// How much text it has, in bytes.
    pub(crate) fn text(&self) -> usize {
        let optional = [&self.body, &self.url, &self.sender];
        let optional = optional.into_iter().flatten().map(String::len);
        let tags = self.tags.iter().map(String::len);
        self.title.len() + optional.chain(tags).sum::<usize>()
    }

    fn apply(self, id: &str, before: Option<&Todo>, now: Timestamp) -> Todo {
        Todo {
            id: id.to_owned(),
            title: self.title,
            body: self.body,
            url: self.url,
            priority: self.priority,
            due: self.due,
            status: self
                .status
                .or(before.map(|todo| todo.status))
                .unwrap_or_default(),
            read: self
                .read
                .or(before.map(|todo| todo.read))
                .unwrap_or_default(),
            tags: self.tags,
            sender: self.sender,
            created: before.map_or_else(|| milliseconds(now), |todo| todo.created),
            updated: before.map_or_else(|| milliseconds(now), |todo| todo.updated),
        }
    }
}

impl TodoRevision {
    /// Returns the edit that this is: that of a person, where nothing else is changed than what
    /// belongs to the person.
    pub(crate) fn into_edit(self) -> TodoEdit {
        let patch = TodoPatch {
            status: self.status,
            read: self.read,
        };
        let of_person = Self {
            status: self.status,
            read: self.read,
            ..Self::default()
        };
        if self == of_person {
            TodoEdit::Patch(patch)
        } else {
            TodoEdit::Revise(self)
        }
    }

    fn apply(self, before: Todo) -> Todo {
        Todo {
            title: self.title.unwrap_or(before.title),
            body: self.body.unwrap_or(before.body),
            url: self.url.unwrap_or(before.url),
            priority: self.priority.unwrap_or(before.priority),
            due: self.due.unwrap_or(before.due),
            status: self.status.unwrap_or(before.status),
            read: self.read.unwrap_or(before.read),
            tags: self.tags.unwrap_or(before.tags),
            sender: self.sender.unwrap_or(before.sender),
            ..before
        }
    }
}

pub(crate) fn milliseconds(time: Timestamp) -> Timestamp {
    time.round(Unit::Millisecond).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::NewTodo;
    use serde_json::{Value, json};

    fn upsert(json: Value) -> TodoEdit {
        let new: NewTodo = serde_json::from_value(json).unwrap();
        TodoEdit::Upsert(new.draft().unwrap().0)
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_upsert_keeps_what_its_person_did() {
        let now = time("2027-01-01T00:00:00Z");
        let todo = upsert(json!({ "title": "Sign" }))
            .apply("1", None, now)
            .unwrap();
        let done = TodoPatch {
            status: Some(Status::Done),
            read: None,
        };
        let todo = TodoEdit::Patch(done).apply("1", Some(&todo), now).unwrap();
        let todo = upsert(json!({ "title": "Sign it" }))
            .apply("1", Some(&todo), now)
            .unwrap();
        assert_eq!(
            (todo.title.as_str(), todo.status, todo.read),
            ("Sign it", Status::Done, true)
        );
    }

    #[test]
    fn an_upsert_may_open_it_again() {
        let now = time("2027-01-01T00:00:00Z");
        let todo = upsert(json!({ "title": "t", "status": "done" }))
            .apply("1", None, now)
            .unwrap();
        let again = upsert(json!({ "title": "t", "status": "open", "read": false }));
        let todo = again.apply("1", Some(&todo), now).unwrap();
        assert_eq!((todo.status, todo.read), (Status::Open, false));
    }

    #[test]
    fn what_is_done_is_read() {
        let now = time("2027-01-01T00:00:00Z");
        let todo = upsert(json!({ "title": "t" }))
            .apply("1", None, now)
            .unwrap();
        assert!(!todo.read);
        let patch = TodoPatch {
            status: Some(Status::Done),
            read: Some(false),
        };
        assert!(
            TodoEdit::Patch(patch)
                .apply("1", Some(&todo), now)
                .unwrap()
                .read
        );
    }

    #[test]
    fn only_a_change_moves_the_time_of_change() {
        let (first, later) = (time("2027-01-01T00:00:00Z"), time("2027-01-02T00:00:00Z"));
        let todo = upsert(json!({ "title": "t" }))
            .apply("1", None, first)
            .unwrap();
        let same = upsert(json!({ "title": "t" }))
            .apply("1", Some(&todo), later)
            .unwrap();
        assert_eq!(same, todo);
        let other = upsert(json!({ "title": "u" }))
            .apply("1", Some(&todo), later)
            .unwrap();
        assert_eq!((other.created, other.updated), (first, later));
    }

    #[test]
    fn nothing_to_patch_is_nothing() {
        assert_eq!(
            TodoEdit::Patch(TodoPatch::default()).apply("1", None, Timestamp::UNIX_EPOCH),
            None
        );
    }
}
