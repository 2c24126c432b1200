//! Decides by what it sees.

use serde_json::Value;

use crate::{
    format::{
        Decoded, cloudevents, fields, fields::Fields, guess, home_assistant, is_heartbeat,
        is_sign_of_life, ntfy, text, todo, wikimedia,
    },
    input::Event,
};

pub(super) fn decode(event: &Event) -> Decoded {
    let data = event.data.trim();
    if is_sign_of_life(&event.kind) || is_heartbeat(data) || data.is_empty() {
        return Decoded::nothing();
    }
    match serde_json::from_str(data) {
        Ok(Value::Object(object)) => from_object(&object, event),
        Ok(Value::Array(several)) => from_array(&several, event),
        Ok(Value::Number(number)) => match fields::count(&Value::Number(number)) {
            Some(count) => Decoded::count(count),
            None => text::from_text(data, event),
        },
        Ok(Value::String(said)) if is_heartbeat(&said) => Decoded::nothing(),
        Ok(Value::String(said)) => text::from_text(&said, event),
        Ok(Value::Null) => Decoded::nothing(),
        Ok(Value::Bool(_)) | Err(_) => text::from_text(data, event),
    }
}

fn from_object(object: &Fields, event: &Event) -> Decoded {
    if event.kind == "unread"
        && let Some(count) = object
            .get("count")
            .or_else(|| object.get("unread"))
            .and_then(fields::count)
    {
        return Decoded::count(count);
    }
    let decoded = if event.kind == "todo" && object.contains_key("title") {
        Some(todo::from_fields(object, event))
    } else if ntfy::is_one(object) {
        Some(ntfy::from_fields(object))
    } else if cloudevents::is_one(object) {
        Some(cloudevents::from_fields(object, event))
    } else if wikimedia::is_one(object) {
        Some(wikimedia::from_fields(object))
    } else if home_assistant::is_one(object) {
        Some(home_assistant::from_fields(object))
    } else {
        guess::from_fields(object, event)
    };
    // What nobody understands is shown as it is rather than lost.
    decoded.unwrap_or_else(|| text::from_text(&event.data, event))
}

/// Several things in one event: all of them, if each is understood.
fn from_array(several: &[Value], event: &Event) -> Decoded {
    let mut all = Decoded::default();
    for one in several {
        // Each is told from the others by its own words.
        let one_event = Event {
            kind: event.kind.clone(),
            data: one.to_string(),
            id: event.id.clone(),
            own_id: event.own_id,
        };
        let decoded = one
            .as_object()
            .and_then(|object| guess::from_fields(object, &one_event));
        let Some(decoded) = decoded else {
            return text::from_text(&event.data, event);
        };
        all.changes.extend(decoded.changes);
        all.seen = all.seen.max(decoded.seen);
    }
    all
}
