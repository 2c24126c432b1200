//! Edits of a to-do, as pure functions from the old state to the new one.

use belldot_wire::{FieldError, Priority, Status, Todo, TodoPatch};
use jiff::{Timestamp, Unit};
use serde::Deserialize;
use url::Url;

/// A validated change of one to-do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TodoEdit {
    /// Create the to-do or replace it.
    Upsert(TodoDraft),
    /// Change these fields of an existing to-do.
    Patch(TodoPatch),
}

/// A whole to-do as its publisher sends it.
///
/// `status` and `read` belong to the user: if the publisher leaves them out, they keep their value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodoDraft {
    title: String,
    body: Option<String>,
    url: Option<String>,
    priority: Priority,
    due: Option<Timestamp>,
    status: Option<Status>,
    read: Option<bool>,
    tags: Vec<String>,
    sender: Option<String>,
}

impl TodoEdit {
    /// Returns the to-do `id` after this edit, or `None` if there is no to-do to patch.
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

fn milliseconds(time: Timestamp) -> Timestamp {
    time.round(Unit::Millisecond).unwrap_or(time)
}

/// The body of `POST /api/v1/todos`, not yet validated.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTodo {
    /// The publisher's id of the to-do.
    pub id: Option<String>,
    /// The user it belongs to.
    pub user: Option<String>,
    #[serde(default)]
    title: String,
    body: Option<String>,
    url: Option<String>,
    priority: Option<i64>,
    due: Option<String>,
    status: Option<Status>,
    read: Option<bool>,
    tags: Option<Vec<String>>,
    sender: Option<String>,
    // Accepted and ignored, so that a to-do from a response can be sent back unchanged.
    #[serde(rename = "created")]
    _created: Option<serde::de::IgnoredAny>,
    #[serde(rename = "updated")]
    _updated: Option<serde::de::IgnoredAny>,
}

impl NewTodo {
    /// Validates the fields.
    ///
    /// # Errors
    /// Returns every invalid field.
    pub fn draft(self) -> Result<TodoDraft, Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        if let Some(id) = &self.id {
            faults.add("id", name_fault(id));
        }
        if let Some(user) = &self.user {
            faults.add("user", name_fault(user));
        }
        if self.title.trim().is_empty() {
            faults.add("title", Some("a to-do needs a title".to_owned()));
        }
        faults.add("url", self.url.as_deref().and_then(url_fault));
        let priority = faults.take("priority", self.priority.map(priority));
        let due = faults.take("due", self.due.as_deref().map(due));
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        Ok(TodoDraft {
            title: self.title,
            body: self.body,
            url: self.url,
            priority: priority.unwrap_or_default(),
            due,
            status: self.status,
            read: self.read,
            tags: self.tags.unwrap_or_default(),
            sender: self.sender,
        })
    }
}

/// The maximum length of a to-do's id and a user's name, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// Returns what is wrong with an id or a user's name, if anything.
pub fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        Some("is empty".to_owned())
    } else if name.len() > MAX_NAME_BYTES {
        Some(format!("is longer than {MAX_NAME_BYTES} bytes"))
    } else if name.chars().any(char::is_control) {
        Some("has a control character".to_owned())
    } else {
        None
    }
}

#[derive(Default)]
struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    fn add(&mut self, field: &str, fault: Option<String>) {
        self.0.extend(fault.map(|detail| FieldError {
            pointer: format!("#/{field}"),
            detail,
        }));
    }

    fn take<T>(&mut self, field: &str, value: Option<Result<T, String>>) -> Option<T> {
        match value? {
            Ok(value) => Some(value),
            Err(fault) => {
                self.add(field, Some(fault));
                None
            }
        }
    }
}

fn url_fault(text: &str) -> Option<String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => None,
        Ok(url) => Some(format!(
            "a link starts with http:// or https://, not {}:",
            url.scheme()
        )),
        Err(error) => Some(format!("is not a whole web address: {error}")),
    }
}

fn priority(number: i64) -> Result<Priority, String> {
    u8::try_from(number)
        .ok()
        .and_then(|number| Priority::try_from(number).ok())
        .ok_or_else(|| format!("is a whole number from 1 (lowest) to 5 (highest), not {number}"))
}

fn due(text: &str) -> Result<Timestamp, String> {
    let wrong = || {
        "is a time as RFC 3339 writes it, such as 2027-01-31T17:00:00Z or \
         2027-01-31T17:00:00+08:00"
            .to_owned()
    };
    let time: Timestamp = text.parse().map_err(|_| wrong())?;
    // RFC 3339 has years of four digits only.
    if time.to_string().starts_with('-') {
        Err(wrong())
    } else {
        Ok(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn draft(json: Value) -> Result<TodoDraft, Vec<FieldError>> {
        serde_json::from_value::<NewTodo>(json).unwrap().draft()
    }

    fn upsert(json: Value) -> TodoEdit {
        TodoEdit::Upsert(draft(json).unwrap())
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn fields_at_fault(json: Value) -> Vec<String> {
        draft(json)
            .unwrap_err()
            .into_iter()
            .map(|error| error.pointer)
            .collect()
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let json = json!({
            "id": "a\nb", "user": "", "title": " ", "url": "javascript:alert(1)", "priority": 0,
            "due": "tomorrow",
        });
        assert_eq!(
            fields_at_fault(json),
            ["#/id", "#/user", "#/title", "#/url", "#/priority", "#/due"]
        );
    }

    #[test]
    fn a_link_is_http_or_https_only() {
        for url in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "/relative",
            "",
        ] {
            assert_eq!(
                fields_at_fault(json!({ "title": "t", "url": url })),
                ["#/url"],
                "{url}"
            );
        }
        for url in ["http://host/a", "https://host:8443/a?b#c"] {
            assert!(draft(json!({ "title": "t", "url": url })).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_due_time_is_rfc_3339_only() {
        for due in [
            "",
            "2027-01-31",
            "+099999-01-01T00:00:00Z",
            "-000001-01-01T00:00:00Z",
            "17:00",
        ] {
            assert_eq!(
                fields_at_fault(json!({ "title": "t", "due": due })),
                ["#/due"],
                "{due}"
            );
        }
        assert_eq!(
            draft(json!({ "title": "t", "due": "2027-01-31T17:00:00+08:00" }))
                .unwrap()
                .due,
            Some(time("2027-01-31T09:00:00Z"))
        );
    }

    #[test]
    fn a_priority_outside_1_to_5_is_refused() {
        for priority in [-1, 0, 6, 300, i64::MAX] {
            let json = json!({ "title": "t", "priority": priority });
            assert_eq!(fields_at_fault(json), ["#/priority"], "{priority}");
        }
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
