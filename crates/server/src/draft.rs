//! To-dos as senders write them, and the validation of their fields.

use belldot_wire::{FieldError, Status};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::edit::{TodoDraft, TodoRevision};
use crate::fields::{link, name_fault, priority, time, title};
use crate::number::whole_number;

/// The body of `POST /api/v1/todos`, not yet validated. `null` counts as absent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTodo {
    /// The sender's id of the to-do.
    pub id: Option<String>,
    user: Option<String>,
    users: Option<Value>,
    title: Option<String>,
    body: Option<String>,
    url: Option<String>,
    #[serde(default, deserialize_with = "whole_number")]
    priority: Option<i64>,
    due: Option<String>,
    status: Option<Status>,
    read: Option<bool>,
    tags: Option<Vec<String>>,
    sender: Option<String>,
    // Accepted and ignored, so that a to-do from a response can be sent back unchanged.
    #[serde(rename = "created")]
    _created: Option<IgnoredAny>,
    #[serde(rename = "updated")]
    _updated: Option<IgnoredAny>,
}

/// For whom a new to-do is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// For its sender.
    Sender,
    /// For one user.
    One(String),
    /// For these users, each once.
    Several(Vec<String>),
    /// For all users that the server knows.
    All,
}

impl NewTodo {
    /// Validates the fields.
    ///
    /// # Errors
    /// Returns every invalid field.
    pub fn draft(self) -> Result<(TodoDraft, Recipients), Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        if let Some(id) = &self.id {
            faults.add("id", name_fault(id));
        }
        let recipients = recipients(self.user, self.users, &mut faults);
        let title = faults.take("title", Some(title(self.title.unwrap_or_default())));
        let url = faults.take("url", self.url.as_deref().map(link));
        let priority = faults.take("priority", self.priority.map(priority));
        let due = faults.take("due", self.due.as_deref().map(time));
        faults.none_or(|| {
            let draft = TodoDraft {
                title: title.unwrap_or_default(),
                body: self.body,
                url,
                priority: priority.unwrap_or_default(),
                due,
                status: self.status,
                read: self.read,
                tags: self.tags.unwrap_or_default(),
                sender: self.sender,
            };
            (draft, recipients)
        })
    }
}

fn recipients(user: Option<String>, users: Option<Value>, faults: &mut FieldErrors) -> Recipients {
    const WANTED: &str = "is a list of users, or \"all\"";
    match (user, users) {
        (None, None) => Recipients::Sender,
        (Some(user), None) => {
            faults.add("user", name_fault(&user));
            Recipients::One(user)
        }
        (Some(_), Some(_)) => {
            faults.add("users", Some("goes without `user`".to_owned()));
            Recipients::Sender
        }
        (None, Some(Value::String(word))) if word == "all" => Recipients::All,
        (None, Some(Value::Array(names))) => {
            let mut users = Vec::new();
            if names.is_empty() {
                faults.add("users", Some("is empty".to_owned()));
            }
            for (place, name) in names.into_iter().enumerate() {
                match name {
                    Value::String(name) => {
                        faults.add(&format!("users/{place}"), name_fault(&name));
                        users.push(name);
                    }
                    _ => faults.add(
                        &format!("users/{place}"),
                        Some("is the name of a user".to_owned()),
                    ),
                }
            }
            users.sort_unstable();
            users.dedup();
            Recipients::Several(users)
        }
        (None, Some(_)) => {
            faults.add("users", Some(WANTED.to_owned()));
            Recipients::Sender
        }
    }
}

/// The body of `PATCH /api/v1/todos/{id}`, not yet validated: a JSON merge patch (RFC 7396). Its
/// person may change `status` and `read`, its owner all of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PatchRequest {
    title: Option<String>,
    #[serde(deserialize_with = "null_or")]
    body: Option<Option<String>>,
    #[serde(deserialize_with = "null_or")]
    url: Option<Option<String>>,
    #[serde(deserialize_with = "null_or_whole_number")]
    priority: Option<Option<i64>>,
    #[serde(deserialize_with = "null_or")]
    due: Option<Option<String>>,
    status: Option<Status>,
    read: Option<bool>,
    #[serde(deserialize_with = "null_or")]
    tags: Option<Option<Vec<String>>>,
    #[serde(deserialize_with = "null_or")]
    sender: Option<Option<String>>,
}

/// Tells `null` from a field that is absent.
fn null_or<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn null_or_whole_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<i64>>, D::Error> {
    whole_number(deserializer).map(Some)
}

impl PatchRequest {
    /// Validates the fields.
    ///
    /// # Errors
    /// Returns every invalid field.
    pub fn revision(self) -> Result<TodoRevision, Vec<FieldError>> {
        let mut faults = FieldErrors::default();
        let title = faults.take("title", self.title.map(title));
        let url = faults.take("url", optional(self.url, |url| link(&url)));
        let priority = faults.take("priority", optional(self.priority, priority));
        let due = faults.take("due", optional(self.due, |due| time(&due)));
        faults.none_or(|| TodoRevision {
            title,
            body: self.body,
            url,
            priority: priority.map(Option::unwrap_or_default),
            due,
            status: self.status,
            read: self.read,
            tags: self.tags.map(Option::unwrap_or_default),
            sender: self.sender,
        })
    }
}

fn optional<T, U>(
    value: Option<Option<T>>,
    read: impl FnOnce(T) -> Result<U, String>,
) -> Option<Result<Option<U>, String>> {
    value.map(|value| value.map(read).transpose())
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

    fn none_or<T>(self, value: impl FnOnce() -> T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() {
            Ok(value())
        } else {
            Err(self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use belldot_wire::Priority;

    use super::*;
    use serde_json::json;

    fn draft(json: Value) -> Result<TodoDraft, Vec<FieldError>> {
        let new: NewTodo = serde_json::from_value(json).unwrap();
        new.draft().map(|(draft, _)| draft)
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
            "http:a",
            " http://host/",
            "http://host/a b",
            "http://host/\n",
            "http://",
            "https:host",
        ] {
            assert_eq!(
                fields_at_fault(json!({ "title": "t", "url": url })),
                ["#/url"],
                "{url}"
            );
        }
    }

    #[test]
    fn a_link_is_kept_as_a_browser_writes_it() {
        for (url, kept) in [
            ("http://host/a", "http://host/a"),
            ("https://host:8443/a?b#c", "https://host:8443/a?b#c"),
            ("HTTPS://Host", "https://host/"),
            ("https://host/请假", "https://host/%E8%AF%B7%E5%81%87"),
        ] {
            let draft = draft(json!({ "title": "t", "url": url })).unwrap();
            assert_eq!(draft.url.as_deref(), Some(kept));
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
            "2027-01-31 17:00:00Z",
            "20270131T170000Z",
            "2027-01-31T17:00Z",
            "2027-01-31T17:00:00",
            "2027-01-31T17:00:00+08",
            "2027-01-31T17:00:00+0800",
            "2027-01-31T17:00:00+08:00[Asia/Shanghai]",
            "2027-01-31T17:00:00.Z",
            "2027-01-31T17:00:00,5Z",
            "2027-02-30T17:00:00Z",
            "2016-12-31T23:59:60Z",
            "２０２７-01-31T17:00:00Z",
        ] {
            assert_eq!(
                fields_at_fault(json!({ "title": "t", "due": due })),
                ["#/due"],
                "{due}"
            );
        }
        for (due, at) in [
            ("2027-01-31T17:00:00+08:00", "2027-01-31T09:00:00Z"),
            ("2027-01-31t17:00:00z", "2027-01-31T17:00:00Z"),
            ("2027-01-31T17:00:00.250-00:30", "2027-01-31T17:30:00.25Z"),
        ] {
            let draft = draft(json!({ "title": "t", "due": due })).unwrap();
            assert_eq!(draft.due, Some(at.parse().unwrap()), "{due}");
        }
    }

    #[test]
    fn a_title_is_one_line_with_something_to_see() {
        for title in [
            "",
            " \t",
            "\u{200b}",
            "\u{feff}\u{2060}",
            "\u{3164}",
            "two\nlines",
            "two\u{2028}lines",
            "nul\0",
            "right\u{202e}left",
        ] {
            assert_eq!(
                fields_at_fault(json!({ "title": title })),
                ["#/title"],
                "{title:?}"
            );
        }
        for title in ["请假", "👩‍💻 review", "a\u{2067}עברית\u{2069}b", "."] {
            assert_eq!(draft(json!({ "title": title })).unwrap().title, title);
        }
    }

    #[test]
    fn a_priority_outside_1_to_5_is_refused() {
        for priority in [-1, 0, 6, 300, i64::MAX] {
            let json = json!({ "title": "t", "priority": priority });
            assert_eq!(fields_at_fault(json), ["#/priority"], "{priority}");
        }
    }

    #[test]
    fn a_todo_is_for_its_sender_for_one_for_several_or_for_all() {
        let of = |json: Value| {
            let new: NewTodo = serde_json::from_value(json).unwrap();
            new.draft().map(|(_, recipients)| recipients)
        };
        let several = |users: &[&str]| {
            Recipients::Several(users.iter().map(|user| (*user).to_owned()).collect())
        };
        assert_eq!(of(json!({ "title": "t" })), Ok(Recipients::Sender));
        assert_eq!(
            of(json!({ "title": "t", "user": "ann" })),
            Ok(Recipients::One("ann".to_owned()))
        );
        assert_eq!(
            of(json!({ "title": "t", "users": ["bob", "ann", "bob"] })),
            Ok(several(&["ann", "bob"]))
        );
        assert_eq!(
            of(json!({ "title": "t", "users": "all" })),
            Ok(Recipients::All)
        );
        for (users, field) in [
            (json!([]), "#/users"),
            (json!("ann"), "#/users"),
            (json!(["ann", ""]), "#/users/1"),
            (json!([1]), "#/users/0"),
        ] {
            assert_eq!(
                fields_at_fault(json!({ "title": "t", "users": users })),
                [field]
            );
        }
        let both = json!({ "title": "t", "user": "ann", "users": ["bob"] });
        assert_eq!(fields_at_fault(both), ["#/users"]);
    }

    #[test]
    fn an_owners_patch_tells_null_from_absent() {
        let patch: PatchRequest =
            serde_json::from_value(json!({ "body": null, "priority": null, "title": "t" }))
                .unwrap();
        let revision = patch.revision().unwrap();
        assert_eq!(
            revision,
            TodoRevision {
                title: Some("t".to_owned()),
                body: Some(None),
                priority: Some(Priority::NORMAL),
                ..TodoRevision::default()
            }
        );
    }
}
