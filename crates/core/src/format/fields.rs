//! Reads the fields of a JSON object leniently: a value of a type that makes no sense is as if it
//! were absent.

use belldot_wire::{Priority, Status};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::format::clean;

/// The most characters of a sender.
const SENDER: usize = 200;

/// A JSON object.
pub(super) type Fields = Map<String, Value>;

/// A string, or a number or truth value as one.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// An id: a string or a number.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => clean::id(id),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// A whole number of at least 0; numbers in strings count.
pub(super) fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => {
            let rounded = || number.as_f64().filter(|number| *number >= 0.0);
            number
                .as_u64()
                .or_else(|| rounded().map(|number| number as u64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A truth value; `0`, `1` and the words for them count.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A time: RFC 3339, a date, seconds or milliseconds since 1970.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => {
            clean::time(text).or_else(|| text.trim().parse().ok().and_then(clean::unix_time))
        }
        Value::Number(number) => clean::unix_time(number.as_f64()?),
        _ => None,
    }
}

/// An address that may be opened.
pub(super) fn url(value: &Value) -> Option<String> {
    clean::url(value.as_str()?)
}

/// 1 to 5, or a usual word.
pub(super) fn priority(value: &Value) -> Option<Priority> {
    let number = match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|number| number as i64))?,
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "lowest" | "min" | "trivial" | "debug" => 1,
            "low" | "minor" | "info" | "information" => 2,
            "normal" | "default" | "medium" | "notice" => 3,
            "high" | "major" | "important" | "warning" | "warn" | "error" => 4,
            "highest" | "max" | "urgent" | "critical" | "blocker" | "emergency" | "alert"
            | "fatal" => 5,
            digits => digits.parse().ok()?,
        },
        _ => return None,
    };
    Some(Priority::nearest(number))
}

/// Whether it still waits: a usual word, or whether it is done.
pub(super) fn status(value: &Value) -> Option<Status> {
    match value {
        Value::Bool(true) => Some(Status::Done),
        Value::Bool(false) => Some(Status::Open),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "open" | "opened" | "reopened" | "new" | "todo" | "to-do" | "pending" | "waiting"
            | "active" | "in progress" | "in_progress" | "needs-action" | "firing" => {
                Some(Status::Open)
            }
            "done" | "complete" | "completed" | "closed" | "resolved" | "finished" | "merged"
            | "approved" => Some(Status::Done),
            "cancelled" | "canceled" | "withdrawn" | "deleted" | "dismissed" | "rejected" => {
                Some(Status::Cancelled)
            }
            _ => None,
        },
        _ => None,
    }
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
            "login",
            "username",
            "email",
        ]
        .iter()
        .find_map(|name| person.get(*name)?.as_str())?,
        _ => return None,
    };
    Some(clean::line(name, SENDER)).filter(|name| !name.is_empty())
}
