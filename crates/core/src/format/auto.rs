//! Recognizes the format of each event by its content.

use belldot_wire::clean_line;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    format::{
        clean, cloudevents,
        control::{self, ControlSignal},
        counts,
        decoded::{Decoded, Seen},
        envelope::{self, EnvelopeContext, EnvelopeReader},
        fields::{self, Fields},
        home_assistant, json, names, ntfy,
        operation::Operation,
        text, todo,
        todo_object::TodoObject,
        wikimedia,
    },
    model::Event,
};

pub(super) fn decode(event: &Event, zone: &TimeZone) -> Decoded {
    let data = event.data.trim_start_matches('\u{feff}').trim();
    let control = control::of_name(&event.kind);
    if control == Some(ControlSignal::Heartbeat) || data.is_empty() {
        return Decoded::nothing();
    }
    let decoded = from_data(data, event, zone);
    let says_sign_in = control::is_sign_in(&names::parts(&event.kind).join(" "));
    if says_sign_in && (decoded.changes.is_empty() || decoded.seen == Seen::Text) {
        return Decoded::sign_in();
    }
    decoded
}

fn from_data(data: &str, event: &Event, zone: &TimeZone) -> Decoded {
    match json::unpack(without_packet(data)) {
        Some(Value::Object(object)) => from_object(object, event, zone),
        Some(value @ Value::Array(_)) => from_value(&value, event, zone),
        Some(value @ Value::Number(_)) => from_number(&value, event),
        Some(Value::String(said)) if said.parse::<f64>().is_ok() => {
            from_number(&Value::from(said), event)
        }
        Some(Value::String(said)) => from_text(&said, event),
        Some(Value::Null | Value::Bool(_)) => Decoded::nothing(),
        None => from_text(data, event),
    }
}

/// Removes the digits that Engine.IO writes before a packet: `42["todo",{…}]`.
fn without_packet(data: &str) -> &str {
    let rest = data.trim_start_matches(|char: char| char.is_ascii_digit());
    let digits = data.len() - rest.len();
    if (1..=3).contains(&digits) && rest.starts_with(['[', '{']) {
        rest
    } else {
        data
    }
}

fn from_object(object: Fields, event: &Event, zone: &TimeZone) -> Decoded {
    if event.kind == "todo" && todo::is_whole(&object) {
        return todo::from_fields(&object, event, zone);
    }
    if ntfy::is_one(&object) {
        return ntfy::from_fields(&object, zone);
    }
    if cloudevents::is_one(&object) {
        return cloudevents::from_fields(&object, event, zone);
    }
    if wikimedia::is_one(&object) {
        return wikimedia::from_fields(&object, zone);
    }
    if home_assistant::is_one(&object) {
        return home_assistant::from_fields(&object, zone);
    }
    if is_error(&event.kind)
        && let Some(decoded) = from_error(&object, zone)
    {
        return decoded;
    }
    let has_title = object.contains_key("title");
    let mut decoded = from_value(&Value::Object(object), event, zone);
    // Belldot's own, though not as the protocol has it.
    if event.kind == "todo" && has_title && decoded.seen == Seen::Json {
        decoded.seen = Seen::Todo;
    }
    decoded
}

fn from_value(value: &Value, event: &Event, zone: &TimeZone) -> Decoded {
    let context = EnvelopeContext {
        operation: Operation::of(&event.kind),
        ..EnvelopeContext::default()
    };
    let decoded =
        tree(value, event, zone).or_else(|| EnvelopeReader::new(event, zone).read(value, &context));
    match decoded {
        Some(decoded) => decoded,
        None if control::of_name(&event.kind).is_some() => Decoded::nothing(),
        // What happened to one that is not named changes nothing.
        None if context.operation == Some(Operation::Remove) => Decoded::nothing(),
        // What is not understood is shown as it is rather than lost.
        None => text::from_text(&event.data, event),
    }
}

/// Firebase's `put` and `patch`: a path into a tree and what stands there now.
fn tree(value: &Value, event: &Event, zone: &TimeZone) -> Option<Decoded> {
    if !matches!(event.kind.as_str(), "put" | "patch") {
        return None;
    }
    let path = value.get("path")?.as_str()?.strip_prefix('/')?;
    let key = path.rsplit('/').next().and_then(clean::id);
    match (value.get("data")?, key) {
        (Value::Null, Some(id)) => Some(Decoded {
            changes: vec![Operation::Remove.change(id)],
            seen: Seen::Json,
            ..Decoded::default()
        }),
        (Value::Null, None) => Some(Decoded::nothing()),
        (Value::Object(data), id) => {
            let is_one = TodoObject::new(data, zone).title.is_some();
            if is_one {
                let context = EnvelopeContext {
                    id,
                    ..EnvelopeContext::default()
                };
                return EnvelopeReader::new(event, zone).read(value.get("data")?, &context);
            }
            let mut all = Decoded::default();
            for (name, one) in data {
                let context = EnvelopeContext {
                    id: clean::id(name),
                    ..EnvelopeContext::default()
                };
                if let Some(decoded) = EnvelopeReader::new(event, zone).read(one, &context) {
                    all.changes.extend(decoded.changes);
                    all.seen = all.seen.max(decoded.seen);
                }
            }
            (!all.changes.is_empty()).then_some(all)
        }
        _ => None,
    }
}

fn from_number(value: &Value, event: &Event) -> Decoded {
    if let (Some(operation), Some(id)) = (Operation::of(&event.kind), envelope::word(value)) {
        return Decoded {
            changes: vec![operation.change(id)],
            seen: Seen::Json,
            ..Decoded::default()
        };
    }
    counts::bare(value, &event.kind).map_or_else(Decoded::nothing, Decoded::count)
}

fn from_text(said: &str, event: &Event) -> Decoded {
    if control::is_sign_in(said) {
        return Decoded::sign_in();
    }
    if control::is_control_text(said) {
        return Decoded::nothing();
    }
    let operation = Operation::of(&event.kind);
    if let (Some(operation), Some(id)) = (operation, envelope::word(&Value::from(said))) {
        return Decoded {
            changes: vec![operation.change(id)],
            seen: Seen::Json,
            ..Decoded::default()
        };
    }
    if is_error(&event.kind) {
        return Decoded {
            said: Some(clean_line(said)),
            ..Decoded::default()
        };
    }
    let speaks_of_stream = operation.is_none() || envelope::is_farewell(&event.kind);
    if control::of_name(&event.kind).is_some() && speaks_of_stream {
        return Decoded::nothing();
    }
    text::from_text(said, event)
}

/// Returns whether an event of this name tells of a failure of the stream or of what feeds it.
fn is_error(kind: &str) -> bool {
    let parts = names::parts(kind);
    let is_stream = |part: &String| {
        matches!(
            part.as_str(),
            "error" | "err" | "stream" | "sse" | "server" | "exception" | "fatal" | "auth"
        )
    };
    parts
        .iter()
        .any(|part| matches!(part.as_str(), "error" | "exception" | "err"))
        && parts.iter().all(is_stream)
}

/// Returns what an error in an object says, unless it is a to-do that has an id.
fn from_error(object: &Fields, zone: &TimeZone) -> Option<Decoded> {
    let inner = object
        .get("error")
        .and_then(Value::as_object)
        .unwrap_or(object);
    let candidate = TodoObject::new(inner, zone);
    if candidate.title.is_some() && candidate.id().is_some() {
        return None;
    }
    let said = candidate
        .title
        .or_else(|| candidate.words().map(|(said, _)| said));
    let said = said
        .map(str::to_owned)
        .or_else(|| inner.get("code").and_then(fields::text))?;
    if control::is_sign_in(&said)
        || inner
            .get("code")
            .and_then(fields::text)
            .is_some_and(|code| code == "401")
    {
        return Some(Decoded::sign_in());
    }
    Some(Decoded {
        said: Some(clean_line(&said)),
        ..Decoded::default()
    })
}
