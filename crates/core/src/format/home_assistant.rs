//! Home Assistant's `/api/stream`: events of its bus, with `ping` as data in between.

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

/// Returns whether an object is an event of the bus.
pub(super) fn is_one(fields: &Fields) -> bool {
    fields.contains_key("event_type") && fields.contains_key("time_fired")
}

pub(super) fn decode(event: &Event, zone: &TimeZone) -> Decoded {
    match json::read(&event.data) {
        Some(Value::Object(fields)) if is_one(&fields) => from_fields(&fields, zone),
        _ if matches!(event.data.trim(), "" | "ping") => Decoded::nothing(),
        _ => Decoded::not_understood(),
    }
}

pub(super) fn from_fields(event: &Fields, zone: &TimeZone) -> Decoded {
    let kind = event
        .get("event_type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let nothing = Value::Null;
    let data = event.get("data").unwrap_or(&nothing);
    let drafted = if kind == "state_changed" {
        state(data)
    } else {
        told(kind, data)
    };
    let Some(mut draft) = drafted else {
        return Decoded::nothing();
    };
    draft.created = event
        .get("time_fired")
        .and_then(|time| fields::time(time, zone));
    Decoded::upsert(draft, Seen::HomeAssistant)
}

/// Returns a thing and its state: one to-do to a thing, which says what it is now.
fn state(data: &Value) -> Option<Draft> {
    let entity = data.get("entity_id")?.as_str()?;
    let new = data.get("new_state")?;
    let state = new.get("state")?.as_str()?;
    let name = new
        .pointer("/attributes/friendly_name")
        .and_then(Value::as_str)
        .unwrap_or(entity);
    let (title, body) = clean::title_and_body(&format!("{name}: {state}"), None)?;
    Some(Draft {
        id: clean::id(entity),
        title,
        body,
        sender: fields::sender(&entity.into()),
        ..Draft::default()
    })
}

/// Any other event: what it says, or that it happened.
fn told(kind: &str, data: &Value) -> Option<Draft> {
    let string = |name: &str| data.get(name).and_then(Value::as_str);
    let (title, body) = match (string("title"), string("message")) {
        (Some(title), message) => clean::title_and_body(title, message),
        (None, Some(message)) => clean::title_and_body(message, None),
        (None, None) => clean::title_and_body(string("name").unwrap_or(kind), None),
    }?;
    Some(Draft {
        title,
        body,
        sender: fields::sender(&kind.into()),
        ..Draft::default()
    })
}
