//! Reads the fields of a JSON object leniently: a value of a type that makes no sense is as if it
//! were absent.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value};

use crate::format::{clean, times};

pub(super) use crate::format::{priority::read as priority, status::read as status};

/// The most that is counted; no bell and no sum needs more.
pub const MOST: u64 = 1_000_000;

/// The most characters of a sender.
const SENDER: usize = 200;

/// A JSON object.
pub(super) type Fields = Map<String, Value>;

/// Returns a string, or a number or truth value as one.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Returns an id: a string or a number, or the one that an object of MongoDB's holds.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => clean::id(id),
        Value::Number(id) => Some(id.to_string()),
        Value::Object(fields) => clean::id(fields.get("$oid")?.as_str()?),
        _ => None,
    }
}

/// Returns a whole number of at least 0, and at most [`MOST`]; numbers in strings count.
pub(super) fn count(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (number >= 0.0).then_some((number as u64).min(MOST))
}

/// Returns a truth value; `0`, `1` and the words for them count.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "是" | "已读" | "已完成" => Some(true),
            "false" | "no" | "n" | "0" | "否" | "未读" | "未完成" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Returns when something is due: a day is over at its end.
pub(super) fn due(value: &Value, zone: &TimeZone) -> Option<Timestamp> {
    times::due(value, zone)
}

/// Returns when something was.
pub(super) fn time(value: &Value, zone: &TimeZone) -> Option<Timestamp> {
    times::was(value, zone)
}

/// Returns an address that may be opened.
pub(super) fn url(value: &Value) -> Option<String> {
    clean::url(value.as_str()?)
}

/// Labels: strings, objects with a name, or words with commas between them.
pub(super) fn tags(value: &Value) -> Vec<String> {
    match value {
        Value::Array(tags) => clean::tags(tags.iter().filter_map(|tag| match tag {
            Value::String(tag) => Some(tag.as_str()),
            Value::Object(tag) => tag.get("name").or_else(|| tag.get("label"))?.as_str(),
            _ => None,
        })),
        Value::String(tags) => clean::tags(tags.split(',')),
        _ => Vec::new(),
    }
}

/// Who asks: a name, or an object with one.
pub(super) fn sender(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(name) => name,
        Value::Object(person) => [
            "name",
            "display_name",
            "displayName",
            "realName",
            "nickName",
            "login",
            "username",
            "userName",
            "email",
        ]
        .iter()
        .find_map(|name| person.get(*name)?.as_str())?,
        _ => return None,
    };
    Some(clean::line(name, SENDER)).filter(|name| !name.is_empty())
}
