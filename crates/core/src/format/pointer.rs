//! JSON Pointers (RFC 6901) that also step into JSON inside of strings.

use std::borrow::Cow;

use serde_json::Value;

use crate::format::json;

/// Returns what a pointer leads to. Where it steps into a string that holds an object or a list, it
/// goes on in there.
pub(super) fn find<'a>(value: &'a Value, pointer: &str) -> Option<Cow<'a, Value>> {
    let mut here = Cow::Borrowed(value);
    for token in tokens(pointer)? {
        here = match open(here) {
            Cow::Borrowed(value) => Cow::Borrowed(child(value, &token)?),
            Cow::Owned(value) => Cow::Owned(owned_child(value, &token)?),
        };
    }
    Some(here)
}

/// Returns the object or list that a string holds, or the value as it is.
pub(super) fn open(value: Cow<'_, Value>) -> Cow<'_, Value> {
    let Value::String(text) = &*value else {
        return value;
    };
    match json::inside(text) {
        Some(inner) => Cow::Owned(inner),
        None => value,
    }
}

/// Returns an event's data as JSON; text that is none is a string.
pub(super) fn read(data: &str) -> Value {
    let text = || Value::String(data.trim_start_matches('\u{feff}').trim().to_owned());
    json::unpack(data).unwrap_or_else(text)
}

/// Returns a pointer to a member of what this pointer leads to.
pub(super) fn join(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns the names and places along a pointer; `None` where it is not one.
pub(super) fn tokens(pointer: &str) -> Option<impl Iterator<Item = String>> {
    let steps = match pointer {
        "" => None,
        pointer => Some(pointer.strip_prefix('/')?.split('/')),
    };
    Some(
        steps
            .into_iter()
            .flatten()
            .map(|token| token.replace("~1", "/").replace("~0", "~")),
    )
}

fn child<'a>(value: &'a Value, token: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(token),
        Value::Array(elements) => elements.get(place(token)?),
        _ => None,
    }
}

fn owned_child(value: Value, token: &str) -> Option<Value> {
    match value {
        Value::Object(mut members) => members.remove(token),
        Value::Array(elements) => elements.into_iter().nth(place(token)?),
        _ => None,
    }
}

fn place(token: &str) -> Option<usize> {
    let is_place = token == "0" || !token.starts_with(['0', '+']);
    is_place.then(|| token.parse().ok()).flatten()
}
