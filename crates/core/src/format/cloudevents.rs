//! CloudEvents 1.0 in structured JSON: an envelope around a to-do, other JSON, or text.

use serde_json::Value;

use crate::{
    format::{
        Decoded, Draft, Seen, clean,
        fields::{self, Fields},
        guess, is_sign_of_life, todo,
    },
    input::Event,
};

/// Whether an object is an envelope (CloudEvents 1.0, "Required Attributes").
pub(super) fn is_one(fields: &Fields) -> bool {
    fields.contains_key("specversion") && fields.contains_key("type")
}

pub(super) fn decode(event: &Event) -> Decoded {
    match serde_json::from_str(&event.data) {
        Ok(Value::Object(fields)) if is_one(&fields) => from_fields(&fields, event),
        _ if event.data.trim().is_empty() || is_sign_of_life(&event.kind) => Decoded::nothing(),
        _ => Decoded::not_understood(),
    }
}

pub(super) fn from_fields(envelope: &Fields, event: &Event) -> Decoded {
    let string = |name: &str| envelope.get(name).and_then(Value::as_str);
    let inner = match envelope.get("data") {
        Some(Value::Object(data)) => inside(data, event),
        Some(Value::String(text)) => clean::title_and_body(text, None).map(|(title, body)| Draft {
            title,
            body,
            ..Draft::default()
        }),
        _ => None,
    };
    let has_own_id = envelope
        .get("data")
        .and_then(Value::as_object)
        .is_some_and(|data| data.get("id").is_some_and(|id| fields::id(id).is_some()));
    let mut draft = match inner {
        Some(draft) => draft,
        None => {
            // Nothing that has a title: the envelope itself says what happened.
            let title = string("subject")
                .or_else(|| string("type"))
                .unwrap_or_default();
            let Some((title, body)) = clean::title_and_body(title, None) else {
                return Decoded::not_understood();
            };
            Draft {
                title,
                body,
                ..Draft::default()
            }
        }
    };
    if !has_own_id {
        // Source and id together name an event for good.
        let named = string("id").map(|id| format!("{} {id}", string("source").unwrap_or_default()));
        draft.id = named.as_deref().and_then(clean::id).or(draft.id);
    }
    draft.sender = draft
        .sender
        .or_else(|| envelope.get("source").and_then(fields::sender));
    draft.created = draft
        .created
        .or_else(|| envelope.get("time").and_then(fields::time));
    Decoded::upsert(draft, Seen::CloudEvent)
}

fn inside(data: &Fields, event: &Event) -> Option<Draft> {
    if data.contains_key("id") && data.contains_key("title") {
        let decoded = todo::from_fields(data, event);
        if let Some(crate::format::Change::Upsert(draft)) = decoded.changes.into_iter().next() {
            return Some(*draft);
        }
    }
    guess::draft(data, event)
}
