//! What may be done to a to-do, as pure functions: before and edit in, after out.

use belldot_wire::{FieldError, Priority, Status, Todo, TodoPatch};
use jiff::{Timestamp, Unit};
use serde::Deserialize;
use url::Url;

/// A change to one to-do that is valid in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Make it so, whether it exists or not.
    Upsert(Draft),
    /// Change these parts of one that exists.
    Patch(TodoPatch),
}

/// A whole to-do as its publisher wants it.
///
/// `status` and `read` belong to its person: where the publisher does not name them, they stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
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

impl Edit {
    /// The to-do `id` after this edit, or `None` if there is nothing to edit.
    pub fn apply(self, id: &str, before: Option<&Todo>, now: Timestamp) -> Option<Todo> {
        let mut after = match self {
            Self::Upsert(draft) => draft.over(id, before, now),
            Self::Patch(patch) => {
                let before = before?.clone();
                Todo {
                    status: patch.status.unwrap_or(before.status),
                    read: patch.read.unwrap_or(before.read),
                    ..before
                }
            }
        };
        // Who has done it has seen it.
        after.read |= after.status == Status::Done;
        if before.is_none_or(|before| *before != after) {
            after.updated = milliseconds(now);
        }
        Some(after)
    }
}

impl Draft {
    fn over(self, id: &str, before: Option<&Todo>, now: Timestamp) -> Todo {
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

/// The body of `POST /api/v1/todos`, as it came.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTodo {
    /// The publisher's id of it.
    pub id: Option<String>,
    /// Whose it is.
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
    // Taken, so that a to-do that was read can be sent back whole, and left: the server's own count.
    #[serde(rename = "created")]
    _created: Option<serde::de::IgnoredAny>,
    #[serde(rename = "updated")]
    _updated: Option<serde::de::IgnoredAny>,
}

impl NewTodo {
    /// The draft in it.
    ///
    /// # Errors
    /// Every field that is at fault.
    pub fn draft(self) -> Result<Draft, Vec<FieldError>> {
        let mut faults = Faults::default();
        if let Some(id) = &self.id {
            faults.note("id", name_fault(id));
        }
        if let Some(user) = &self.user {
            faults.note("user", name_fault(user));
        }
        if self.title.trim().is_empty() {
            faults.note("title", Some("a to-do needs a title".to_owned()));
        }
        faults.note("url", self.url.as_deref().and_then(url_fault));
        let priority = faults.take("priority", self.priority.map(priority));
        let due = faults.take("due", self.due.as_deref().map(due));
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        Ok(Draft {
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

/// The longest id of a to-do and name of a user, in bytes.
pub const LONGEST_NAME: usize = 256;

/// What is wrong with an id or a user's name.
pub fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        Some("is empty".to_owned())
    } else if name.len() > LONGEST_NAME {
        Some(format!("is longer than {LONGEST_NAME} bytes"))
    } else if name.chars().any(char::is_control) {
        Some("has a control character".to_owned())
    } else {
        None
    }
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn note(&mut self, field: &str, fault: Option<String>) {
        self.0.extend(fault.map(|detail| FieldError {
            pointer: format!("#/{field}"),
            detail,
        }));
    }

    fn take<T>(&mut self, field: &str, value: Option<Result<T, String>>) -> Option<T> {
        match value? {
            Ok(value) => Some(value),
            Err(fault) => {
                self.note(field, Some(fault));
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

    fn draft(json: Value) -> Result<Draft, Vec<FieldError>> {
        serde_json::from_value::<NewTodo>(json).unwrap().draft()
    }

    fn upsert(json: Value) -> Edit {
        Edit::Upsert(draft(json).unwrap())
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
        let todo = Edit::Patch(done).apply("1", Some(&todo), now).unwrap();
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
            Edit::Patch(patch)
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
            Edit::Patch(TodoPatch::default()).apply("1", None, Timestamp::UNIX_EPOCH),
            None
        );
    }
}
