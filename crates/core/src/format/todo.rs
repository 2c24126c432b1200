//! Belldot's own protocol: events `todo` and `unread`.

use belldot_wire::Status;
use serde_json::Value;

use crate::{
    format::{
        Decoded, Draft, Seen, clean,
        fields::{self, Fields},
        text,
    },
    input::Event,
};

pub(super) fn decode(event: &Event) -> Decoded {
    match event.kind.as_str() {
        "unread" => match serde_json::from_str(&event.data)
            .ok()
            .as_ref()
            .and_then(count)
        {
            Some(count) => Decoded::count(count),
            None => Decoded::not_understood(),
        },
        "todo" | "message" => match serde_json::from_str(&event.data) {
            Ok(Value::Object(fields)) => from_fields(&fields, event),
            _ if event.data.trim().is_empty() => Decoded::nothing(),
            _ => Decoded::not_understood(),
        },
        // A sign of life, or what a later version of the protocol has to say.
        _ => Decoded::nothing(),
    }
}

/// A count as `unread` carries it: a number or `{"count": n}`.
pub(super) fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Object(fields) => {
            fields::count(fields.get("count").or_else(|| fields.get("unread"))?)
        }
        Value::Number(_) => fields::count(value),
        _ => None,
    }
}

/// A to-do from the wire's fields; a field of a wrong type is as if it were absent.
pub(super) fn from_fields(fields: &Fields, event: &Event) -> Decoded {
    let string = |name: &str| fields.get(name).and_then(Value::as_str);
    let title = string("title")
        .or_else(|| string("url"))
        .unwrap_or_default();
    let Some((title, body)) = clean::title_and_body(title, string("body")) else {
        return Decoded::not_understood();
    };
    let draft = Draft {
        id: fields.get("id").and_then(fields::id),
        title,
        body,
        url: fields.get("url").and_then(fields::url),
        priority: fields
            .get("priority")
            .and_then(fields::priority)
            .unwrap_or_default(),
        due: fields.get("due").and_then(fields::time),
        status: match string("status") {
            Some("open") => Some(Status::Open),
            Some("done") => Some(Status::Done),
            Some("cancelled") => Some(Status::Cancelled),
            _ => None,
        },
        read: fields.get("read").and_then(Value::as_bool),
        tags: fields.get("tags").map(fields::tags).unwrap_or_default(),
        sender: fields.get("sender").and_then(fields::sender),
        created: fields.get("created").and_then(fields::time),
        words: text::words(event),
    };
    Decoded::upsert(draft, Seen::Todo)
}
