//! CloudEvents 1.0 in structured JSON: an envelope around a to-do, other JSON, or text.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    format::{
        change::Change,
        clean, control,
        decoded::{Decoded, Seen},
        draft::Draft,
        envelope::{EnvelopeContext, EnvelopeReader},
        fields::{self, Fields},
        json,
        operation::Operation,
    },
    model::Event,
};

/// Returns whether an object is an envelope (CloudEvents 1.0, "Required Attributes").
pub(super) fn is_one(fields: &Fields) -> bool {
    fields.contains_key("specversion") && fields.contains_key("type")
}

pub(super) fn decode(event: &Event, zone: &TimeZone) -> Decoded {
    match json::unpack(&event.data) {
        Some(Value::Object(fields)) if is_one(&fields) => from_fields(&fields, event, zone),
        _ if event.data.trim().is_empty() || control::of_name(&event.kind).is_some() => {
            Decoded::nothing()
        }
        _ => Decoded::not_understood(),
    }
}

pub(super) fn from_fields(envelope: &Fields, event: &Event, zone: &TimeZone) -> Decoded {
    let string = |name: &str| envelope.get(name).and_then(Value::as_str);
    // Source and id together name an event for good.
    let named = string("id").map(|id| format!("{} {id}", string("source").unwrap_or_default()));
    let named = named.as_deref().and_then(clean::id);
    let kind = string("type").unwrap_or_default();
    let context = EnvelopeContext {
        operation: Operation::of(kind),
        id: named.clone(),
        ..EnvelopeContext::default()
    };
    let inside = envelope
        .get("data")
        .and_then(|data| EnvelopeReader::new(event, zone).read(data, &context))
        .filter(|decoded| !decoded.changes.is_empty());
    let mut decoded = match inside {
        Some(decoded) => decoded,
        None if control::of_name(kind).is_some() => return Decoded::nothing(),
        None => {
            // Nothing that has a title: the text, or the envelope itself, says what happened.
            let said = string("data").or_else(|| string("subject")).unwrap_or(kind);
            let Some((title, body)) = clean::title_and_body(said, None) else {
                return Decoded::not_understood();
            };
            let draft = Draft {
                id: named,
                title,
                body,
                ..Draft::default()
            };
            Decoded::upsert(draft, Seen::CloudEvent)
        }
    };
    for change in &mut decoded.changes {
        if let Change::Upsert(draft) = change {
            let sender = || envelope.get("source").and_then(fields::sender);
            let time = || {
                let time = envelope.get("time")?;
                fields::time(time, zone)
            };
            draft.sender = draft.sender.take().or_else(sender);
            draft.created = draft.created.or_else(time);
        }
    }
    decoded.seen = Seen::CloudEvent;
    decoded
}
