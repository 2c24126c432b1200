//! Belldot's own protocol: events `todo` and `unread`.

use belldot_wire::{Priority, Status};
use serde_json::{Map, Value};

use crate::{
    format::{Decoded, Draft, Seen, clean, is_sign_of_life, text},
    input::Event,
};

/// The most characters of a sender.
const SENDER: usize = 200;

pub(super) fn decode(event: &Event) -> Decoded {
    match event.kind.as_str() {
        "unread" => match count(&event.data) {
            Some(count) => Decoded::count(count),
            None => Decoded::not_understood(),
        },
        "todo" | "message" => match serde_json::from_str(&event.data) {
            Ok(Value::Object(fields)) => from_fields(&fields, event),
            _ if event.data.trim().is_empty() => Decoded::nothing(),
            _ => Decoded::not_understood(),
        },
        kind if is_sign_of_life(kind) => Decoded::nothing(),
        // A later version of the protocol may say more.
        _ => Decoded::nothing(),
    }
}

/// A count as `unread` carries it: a number or `{"count": n}`.
pub(super) fn count(data: &str) -> Option<u64> {
    match serde_json::from_str(data).ok()? {
        Value::Number(count) => whole(&count),
        Value::Object(fields) => match fields.get("count").or_else(|| fields.get("unread"))? {
            Value::Number(count) => whole(count),
            _ => None,
        },
        _ => None,
    }
}

/// A to-do from the wire's fields; a field of a wrong type is as if it were absent.
fn from_fields(fields: &Map<String, Value>, event: &Event) -> Decoded {
    let string = |name: &str| fields.get(name).and_then(Value::as_str);
    let id = match fields.get("id") {
        Some(Value::String(id)) => clean::id(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let title = string("title")
        .or_else(|| string("url"))
        .unwrap_or_default();
    let Some((title, body)) = clean::title_and_body(title, string("body")) else {
        return Decoded::not_understood();
    };
    let draft = Draft {
        id: id.or_else(|| text::identity(event)),
        title,
        body,
        url: string("url").and_then(clean::url),
        priority: fields
            .get("priority")
            .and_then(Value::as_i64)
            .map_or_else(Priority::default, Priority::nearest),
        due: string("due").and_then(clean::time),
        status: match string("status") {
            Some("open") => Some(Status::Open),
            Some("done") => Some(Status::Done),
            Some("cancelled") => Some(Status::Cancelled),
            _ => None,
        },
        read: fields.get("read").and_then(Value::as_bool),
        tags: match fields.get("tags") {
            Some(Value::Array(tags)) => clean::tags(tags.iter().filter_map(Value::as_str)),
            _ => Vec::new(),
        },
        sender: string("sender")
            .map(|sender| clean::line(sender, SENDER))
            .filter(|s| !s.is_empty()),
        created: string("created").and_then(clean::time),
    };
    Decoded::upsert(draft, Seen::Todo)
}

fn whole(number: &serde_json::Number) -> Option<u64> {
    number
        .as_u64()
        .or_else(|| number.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64))
}
