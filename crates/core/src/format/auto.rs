//! Decides by what it sees.

use serde_json::Value;

use crate::{
    format::{Decoded, is_sign_of_life, text, todo},
    input::Event,
};

pub(super) fn decode(event: &Event) -> Decoded {
    if is_sign_of_life(&event.kind) || is_sign_of_life(event.data.trim()) {
        return Decoded::nothing();
    }
    if event.kind == "unread" {
        return todo::count(&event.data).map_or_else(Decoded::not_understood, Decoded::count);
    }
    match serde_json::from_str::<Value>(&event.data) {
        Ok(Value::Object(fields)) if fields.contains_key("id") && fields.contains_key("title") => {
            todo::decode(&Event {
                kind: "todo".to_owned(),
                ..event.clone()
            })
        }
        Ok(Value::Number(_) | Value::Object(_)) if todo::count(&event.data).is_some() => {
            todo::count(&event.data).map_or_else(Decoded::not_understood, Decoded::count)
        }
        Ok(Value::String(said)) => text::decode(&Event {
            data: said,
            ..event.clone()
        }),
        _ => text::decode(event),
    }
}
