//! JSON of an unknown shape, read by the names that things usually have.

use serde_json::Value;

use crate::{
    format::{
        Decoded, Draft, Seen, clean,
        fields::{self, Fields},
        is_sign_of_life, text,
    },
    input::Event,
};

const TITLE: [&str; 9] = [
    "title", "subject", "summary", "headline", "name", "message", "text", "content", "msg",
];
const BODY: [&str; 7] = [
    "body",
    "description",
    "message",
    "text",
    "content",
    "details",
    "summary",
];
const URL: [&str; 7] = ["url", "link", "href", "html_url", "web_url", "click", "uri"];
const ID: [&str; 6] = ["id", "uuid", "guid", "key", "@id", "_id"];
const PRIORITY: [&str; 5] = ["priority", "importance", "severity", "urgency", "level"];
const DUE: [&str; 6] = ["due", "due_at", "dueAt", "due_date", "dueDate", "deadline"];
const STATUS: [&str; 2] = ["status", "state"];
const DONE: [&str; 5] = ["done", "completed", "is_done", "isDone", "resolved"];
const READ: [&str; 4] = ["read", "seen", "is_read", "isRead"];
const TAGS: [&str; 3] = ["tags", "labels", "categories"];
const SENDER: [&str; 6] = ["sender", "from", "author", "user", "actor", "source"];
const CREATED: [&str; 8] = [
    "created",
    "created_at",
    "createdAt",
    "time",
    "timestamp",
    "date",
    "published",
    "published_at",
];
const COUNT: [&str; 5] = ["unread", "unread_count", "unreadCount", "count", "badge"];
/// Where the thing itself may be inside of a message.
const INNER: [&str; 6] = ["data", "todo", "payload", "notification", "item", "object"];

/// The changes of an object, if it has a title, a count, or is a sign of life.
pub(super) fn from_fields(fields: &Fields, event: &Event) -> Option<Decoded> {
    if let Some(draft) = draft(fields, event) {
        return Some(Decoded::upsert(draft, Seen::Json));
    }
    if let Some(count) = first(fields, &COUNT, fields::count) {
        return Some(Decoded::count(count));
    }
    if let Some(inner) = INNER.iter().find_map(|name| fields.get(*name)?.as_object())
        // Only once: a message in a message in a message is none that anybody means.
        && let Some(mut draft) = draft(inner, event)
    {
        draft.id = inner_id(inner).or_else(|| inner_id(fields)).or(draft.id);
        draft.created = draft
            .created
            .or_else(|| first(fields, &CREATED, fields::time));
        return Some(Decoded::upsert(draft, Seen::Json));
    }
    let kind = ["type", "event", "status", "kind"]
        .iter()
        .find_map(|name| fields.get(*name)?.as_str());
    kind.filter(|kind| is_sign_of_life(kind))
        .map(|_| Decoded::nothing())
}

/// The to-do that an object describes, if it has a title.
pub(super) fn draft(fields: &Fields, event: &Event) -> Option<Draft> {
    let (name, title) = TITLE.iter().find_map(|name| {
        let title = fields.get(*name)?.as_str()?;
        (!title.trim().is_empty()).then_some((*name, title))
    })?;
    let body = BODY
        .iter()
        .filter(|other| **other != name)
        .find_map(|name| fields.get(*name)?.as_str());
    let (title, body) = clean::title_and_body(title, body)?;
    Some(Draft {
        id: inner_id(fields),
        title,
        body,
        url: first(fields, &URL, fields::url),
        priority: first(fields, &PRIORITY, fields::priority).unwrap_or_default(),
        due: first(fields, &DUE, fields::time),
        status: first(fields, &STATUS, fields::status).or_else(|| {
            first(fields, &DONE, |done| {
                fields::status(&Value::Bool(fields::truth(done)?))
            })
        }),
        read: first(fields, &READ, fields::truth),
        tags: TAGS
            .iter()
            .find_map(|name| fields.get(*name))
            .map(fields::tags)
            .unwrap_or_default(),
        sender: first(fields, &SENDER, fields::sender),
        created: first(fields, &CREATED, fields::time),
        words: text::words(event),
    })
}

fn inner_id(fields: &Fields) -> Option<String> {
    first(fields, &ID, fields::id)
}

fn first<T>(fields: &Fields, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    names.iter().find_map(|name| read(fields.get(*name)?))
}
