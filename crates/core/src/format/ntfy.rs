//! ntfy, as its server sends at `/<topic>/sse`: JSON messages without SSE ids. The stream goes on
//! after the last message's own id, in the address as `since=`.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    format::{
        change::Change,
        clean,
        decoded::{Cursor, Decoded, Seen},
        draft::Draft,
        fields::{self, Fields},
        json,
    },
    model::Event,
};

/// Returns whether an object is a message of ntfy.
pub(super) fn is_one(fields: &Fields) -> bool {
    ["id", "time", "event", "topic"]
        .iter()
        .all(|name| fields.contains_key(*name))
}

pub(super) fn decode(event: &Event, zone: &TimeZone) -> Decoded {
    match json::read(&event.data) {
        Some(Value::Object(fields)) if is_one(&fields) => from_fields(&fields, zone),
        _ if event.data.trim().is_empty() => Decoded::nothing(),
        _ => Decoded::not_understood(),
    }
}

pub(super) fn from_fields(message: &Fields, zone: &TimeZone) -> Decoded {
    let string = |name: &str| message.get(name).and_then(Value::as_str);
    let Some(id) = string("id").and_then(clean::id) else {
        return Decoded::not_understood();
    };
    // Messages of one sequence are one notification that is updated.
    let sequence = string("sequence_id")
        .and_then(clean::id)
        .unwrap_or_else(|| id.clone());
    let changes = match string("event") {
        Some("message") => {
            draft(message, sequence, zone).map(|draft| Change::Upsert(Box::new(draft)))
        }
        Some("message_delete") => Some(Change::Remove(sequence)),
        Some("message_clear") => Some(Change::MarkRead(sequence)),
        // `open`, `keepalive` and `poll_request` have ids too, which the server does not know.
        _ => return Decoded::nothing(),
    };
    Decoded {
        changes: changes.into_iter().collect(),
        seen: Seen::Ntfy,
        cursor: Cursor::Since(id),
        ..Decoded::default()
    }
}

fn draft(message: &Fields, id: String, zone: &TimeZone) -> Option<Draft> {
    let string = |name: &str| message.get(name).and_then(Value::as_str);
    let text = string("message");
    let (title, body) = match string("title") {
        Some(title) if !title.trim().is_empty() => clean::title_and_body(title, text),
        _ => clean::title_and_body(text.unwrap_or("triggered"), None),
    }?;
    let attachment = message
        .get("attachment")
        .and_then(|attachment| attachment.get("url"));
    Some(Draft {
        id: Some(id),
        title,
        body,
        url: message.get("click").or(attachment).and_then(fields::url),
        priority: message
            .get("priority")
            .and_then(fields::priority)
            .unwrap_or_default(),
        tags: message.get("tags").map(fields::tags).unwrap_or_default(),
        sender: message.get("topic").and_then(fields::sender),
        created: message
            .get("time")
            .and_then(|time| fields::time(time, zone)),
        ..Draft::default()
    })
}
