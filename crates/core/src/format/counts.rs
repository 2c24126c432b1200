//! When a number is a count.

use serde_json::Value;

use crate::format::{control, fields, names, operation::Operation};

/// A larger number is a time or an id, whatever it is called.
const CLOCK: f64 = 1e9;

/// Returns whether an event of this name tells a count.
pub(super) fn is_count_name(kind: &str) -> bool {
    names::parts(kind).iter().any(|part| {
        matches!(
            part.as_str(),
            "unread"
                | "count"
                | "counts"
                | "counter"
                | "badge"
                | "total"
                | "num"
                | "unseen"
                | "未读"
                | "未读数"
                | "数量"
        )
    })
}

/// Returns the count that a bare number is, under an event of this name.
pub(super) fn bare(value: &Value, kind: &str) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    if !(0.0..=CLOCK).contains(&number) || number.fract() != 0.0 {
        return None;
    }
    if is_count_name(kind) {
        return fields::count(value);
    }
    // Without a name that says so, only a number that a person could still deal with.
    let speaks_of_one = Operation::of(kind).is_some() || control::of_name(kind).is_some();
    (names_nothing(kind) && !speaks_of_one && number <= fields::MOST as f64)
        .then_some(number as u64)
}

/// Returns whether a name says no more than that there are things.
fn names_nothing(kind: &str) -> bool {
    let parts = names::parts(kind);
    matches!(kind, "" | "message" | "update")
        || (!parts.is_empty()
            && parts.iter().all(|part| names::is_thing(part))
            && parts
                .last()
                .is_some_and(|part| part.ends_with('s') || part == "inbox"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bare_number_is_a_count_where_it_can_be_one() {
        for (kind, value, count) in [
            ("message", json!(5), Some(5)),
            ("message", json!("5"), Some(5)),
            ("message", json!(5.0), Some(5)),
            ("message", json!(1_000_001), None),
            ("message", json!(1_732_492_800_123_i64), None),
            ("message", json!(-1), None),
            ("message", json!(4.5), None),
            ("unread", json!(5_000_000), Some(1_000_000)),
            ("unread", json!(1_732_492_800), None),
            ("notification-count", json!(3), Some(3)),
            ("notifications", json!(3), Some(3)),
            ("todo.deleted", json!(3), None),
            ("progress", json!(42), None),
            ("ping", json!(1), None),
        ] {
            assert_eq!(bare(&value, kind), count, "{kind} {value}");
        }
    }
}
