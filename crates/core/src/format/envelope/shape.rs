//! Properties of an object as an envelope: what it contains, names and answers.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::format::{
    clean,
    fields::{self, Fields},
    json, names,
    operation::Operation,
    todo_object::TodoObject,
};

/// The most levels that are looked at.
pub(super) const DEEP: u8 = 10;

/// Returns whether a value has something with a title inside, and with an id too.
pub(in crate::format) fn has_titled(
    value: &Value,
    wants_id: bool,
    zone: &TimeZone,
    depth: u8,
) -> bool {
    match value {
        _ if depth > DEEP => false,
        Value::Object(object) => {
            let candidate = TodoObject::new(object, zone);
            (candidate.title.is_some() && (!wants_id || candidate.id().is_some()))
                || object
                    .values()
                    .any(|value| has_titled(value, wants_id, zone, depth + 1))
        }
        // Lists are of one kind.
        Value::Array(list) => list
            .iter()
            .take(4)
            .any(|value| has_titled(value, wants_id, zone, depth + 1)),
        Value::String(text) => {
            json::inside(text).is_some_and(|inner| has_titled(&inner, wants_id, zone, depth + 1))
        }
        _ => false,
    }
}

/// Returns whether an event of this name, where it names no to-do, ends the stream.
pub(in crate::format) fn is_farewell(kind: &str) -> bool {
    matches!(kind.to_ascii_lowercase().as_str(), "close" | "closed")
}

pub(in crate::format) fn is_container(value: &Value) -> bool {
    match value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::String(text) => json::inside(text).is_some(),
        _ => false,
    }
}

/// Returns what happened to the value under a name: `deleted`, `todoCompleted`, `removedIds`.
pub(in crate::format) fn operation_of_key(parts: &[String]) -> Option<Operation> {
    let is_event = parts.len() == 1
        || (parts.len() <= 3
            && parts
                .iter()
                .any(|part| names::is_thing(part) || part == "ids" || part == "on"));
    is_event.then(|| Operation::of(&parts.join("_"))).flatten()
}

/// Returns the ids that an object lists: `ids`, `todoIds`.
pub(in crate::format) fn ids(object: &Fields) -> Vec<String> {
    let mut lists = object.iter().filter_map(|(name, value)| {
        let is_ids = names::parts(name)
            .last()
            .is_some_and(|part| part == "ids" || part == "keys");
        value.as_array().filter(|_| is_ids)
    });
    let list = lists.next().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(word).collect()
}

/// Returns a single value in the place of a to-do.
pub(in crate::format) fn payload(object: &Fields) -> Option<&Value> {
    const NAMES: [&str; 7] = [
        "data", "result", "payload", "value", "body", "content", "params",
    ];
    object
        .iter()
        .find(|(name, value)| {
            let name = name.to_ascii_lowercase();
            NAMES.contains(&name.as_str()) && (value.is_number() || value.is_string())
        })
        .map(|(_, value)| value)
}

/// Returns an id that stands alone: a number, or a text of one word.
pub(in crate::format) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            let is_word =
                !text.is_empty() && text.len() <= 200 && !text.contains(char::is_whitespace);
            is_word.then(|| clean::id(text)).flatten()
        }
        Value::Number(_) => fields::id(value),
        _ => None,
    }
}

/// Returns whether an answer says of itself that it failed.
pub(in crate::format) fn fails(object: &Fields) -> bool {
    let is_false = |name: &str| object.get(name) == Some(&Value::Bool(false));
    is_false("success")
        || is_false("ok")
        || code(object).is_some_and(|code| (400..600).contains(&code))
}

/// Returns whether it failed because nobody is signed in.
pub(in crate::format) fn is_refusal(object: &Fields) -> bool {
    code(object) == Some(401)
}

pub(in crate::format) fn code(object: &Fields) -> Option<i64> {
    [
        "code",
        "status",
        "statusCode",
        "errcode",
        "errorCode",
        "error_code",
    ]
    .iter()
    .find_map(|name| match object.get(*name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}
