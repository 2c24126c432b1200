//! Belldot's own protocol: events `todo` and `unread`.

use belldot_wire::Status;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    format::{
        clean,
        decoded::{Decoded, Seen},
        draft::Draft,
        fields::{self, Fields},
        json, text,
    },
    model::Event,
};

pub(super) fn decode(event: &Event, zone: &TimeZone) -> Decoded {
    match event.kind.as_str() {
        "unread" => match json::read(&event.data).as_ref().and_then(count) {
            Some(count) => Decoded::count(count),
            None => Decoded::not_understood(),
        },
        "todo" | "message" => match json::read(&event.data) {
            Some(Value::Object(fields)) => from_fields(&fields, event, zone),
            _ if event.data.trim().is_empty() => Decoded::nothing(),
            _ => Decoded::not_understood(),
        },
        // A heartbeat, or what a later version of the protocol has to say.
        _ => Decoded::nothing(),
    }
}

/// Returns a count as `unread` carries it: a number or `{"count": n}`.
pub(super) fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Object(fields) => {
            fields::count(fields.get("count").or_else(|| fields.get("unread"))?)
        }
        Value::Number(_) => fields::count(value),
        _ => None,
    }
}

/// Returns whether an object is a whole to-do of the protocol's, with nothing else in it: then it
/// means what the protocol says, and markup is the characters it is made of.
pub(super) fn is_whole(fields: &Fields) -> bool {
    const NAMES: [&str; 13] = [
        "id", "title", "body", "url", "priority", "due", "status", "read", "tags", "sender",
        "created", "updated", "seq",
    ];
    ["id", "title", "created", "updated"]
        .iter()
        .all(|name| fields.contains_key(*name))
        && fields.keys().all(|name| NAMES.contains(&name.as_str()))
}

/// Returns a to-do from the wire's fields; a field of a wrong type is as if it were absent.
pub(super) fn from_fields(fields: &Fields, event: &Event, zone: &TimeZone) -> Decoded {
    let string = |name: &str| fields.get(name).and_then(Value::as_str);
    let title = string("title")
        .or_else(|| string("url"))
        .unwrap_or_default();
    let Some((title, body)) = clean::as_they_are(title, string("body")) else {
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
        due: fields.get("due").and_then(|due| fields::due(due, zone)),
        status: match string("status") {
            Some("open") => Some(Status::Open),
            Some("done") => Some(Status::Done),
            Some("cancelled") => Some(Status::Cancelled),
            _ => None,
        },
        read: fields.get("read").and_then(Value::as_bool),
        tags: fields.get("tags").map(fields::tags).unwrap_or_default(),
        sender: fields.get("sender").and_then(fields::sender),
        created: fields
            .get("created")
            .and_then(|created| fields::time(created, zone)),
        words: text::words(event),
    };
    Decoded::upsert(draft, Seen::Todo)
}
