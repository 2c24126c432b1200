//! Wikimedia EventStreams: changes of wiki pages. Their SSE ids are JSON and sent back verbatim.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    format::{
        clean,
        decoded::{Decoded, Seen},
        draft::Draft,
        fields::{self, Fields},
        json,
    },
    model::Event,
};

/// Returns whether an object is an event of theirs.
pub(super) fn is_one(fields: &Fields) -> bool {
    let stream = fields.get("meta").and_then(|meta| meta.get("stream"));
    fields.contains_key("$schema") && stream.is_some()
}

pub(super) fn decode(event: &Event, zone: &TimeZone) -> Decoded {
    match json::read(&event.data) {
        Some(Value::Object(fields)) if is_one(&fields) => from_fields(&fields, zone),
        _ if event.data.trim().is_empty() => Decoded::nothing(),
        _ => Decoded::not_understood(),
    }
}

pub(super) fn from_fields(event: &Fields, zone: &TimeZone) -> Decoded {
    let nothing = Value::Null;
    let meta = event.get("meta").unwrap_or(&nothing);
    // Canary events, which monitor the pipeline.
    if meta.get("domain").and_then(Value::as_str) == Some("canary") {
        return Decoded::nothing();
    }
    let string = |name: &str| event.get(name).and_then(Value::as_str);
    let title = string("title").or_else(|| string("page_title"));
    let title = title
        .or_else(|| meta.get("stream").and_then(Value::as_str))
        .unwrap_or_default();
    let Some((title, body)) = clean::title_and_body(title, string("comment")) else {
        return Decoded::not_understood();
    };
    let address = event.get("title_url").or_else(|| meta.get("uri"));
    let tags = ["type", "wiki"].iter().filter_map(|name| string(name));
    let draft = Draft {
        id: meta.get("id").and_then(fields::id),
        title,
        body,
        url: address.and_then(fields::url),
        tags: clean::tags(tags),
        sender: event.get("user").and_then(fields::sender),
        created: meta.get("dt").and_then(|time| fields::time(time, zone)),
        ..Draft::default()
    };
    Decoded::upsert(draft, Seen::Wikimedia)
}
