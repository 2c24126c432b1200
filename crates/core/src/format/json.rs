//! Reads JSON leniently. What a strict reader would refuse or round is repaired first: numbers that
//! no machine number holds keep their digits as text, and a byte-order mark, a line break within a
//! string, half a surrogate pair and JavaScript's `NaN` do not lose the event.

use std::borrow::Cow;

use serde_json::Value;

/// How often JSON may be packed as a string into JSON.
const PACKED: usize = 3;
/// The digits that a 64-bit float surely keeps.
const FLOAT_DIGITS: usize = 15;

/// Returns the value of this text, if it is JSON.
pub(super) fn read(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}').trim();
    serde_json::from_str(&mended(text)).ok()
}

/// Reads JSON in which an object or a list may be packed as a string, once or several times.
pub(super) fn unpack(text: &str) -> Option<Value> {
    let mut value = read(text)?;
    for _ in 0..PACKED {
        match &value {
            Value::String(text) => match packed(text) {
                Some(inner) => value = inner,
                None => break,
            },
            _ => break,
        }
    }
    Some(value)
}

/// Returns the object or list, or the further packed string, that a string is; a number in a string
/// too.
fn packed(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}').trim();
    match text.bytes().next()? {
        b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' => read(text),
        _ => None,
    }
}

/// Returns the object or list that a string holds as JSON.
pub(super) fn inside(text: &str) -> Option<Value> {
    let first = text.trim_start_matches('\u{feff}').trim_start();
    let value = matches!(first.bytes().next(), Some(b'{' | b'[' | b'"'))
        .then(|| unpack(text))
        .flatten()?;
    (value.is_object() || value.is_array()).then_some(value)
}

fn mended(text: &str) -> Cow<'_, str> {
    let mut mended: Option<String> = None;
    let mut kept = 0;
    let mut replace = |from: usize, to: usize, by: &str| {
        let new = mended.get_or_insert_with(|| String::with_capacity(text.len() + 16));
        new.push_str(&text[kept..from]);
        new.push_str(by);
        kept = to;
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = string(text, at, &mut replace),
            b'-' | b'0'..=b'9' => {
                let end = end_of(bytes, at, |b| {
                    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-')
                });
                let number = &text[at..end];
                if number == "-Infinity" {
                    replace(at, end, "null");
                } else if is_too_long(number) {
                    replace(at, end, &format!("\"{number}\""));
                }
                at = end;
            }
            b'N' | b'I' | b'u' => {
                let end = end_of(bytes, at, |b| b.is_ascii_alphabetic());
                if matches!(&text[at..end], "NaN" | "Infinity" | "undefined") {
                    replace(at, end, "null");
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    match mended {
        None => Cow::Borrowed(text),
        Some(mut mended) => {
            mended.push_str(&text[kept..]);
            Cow::Owned(mended)
        }
    }
}

/// Goes to the end of the string that begins here.
fn string(text: &str, start: usize, replace: &mut impl FnMut(usize, usize, &str)) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' if bytes.get(at + 1) == Some(&b'u') => match surrogate(bytes, at) {
                Some(0xd800..0xdc00)
                    if matches!(surrogate(bytes, at + 6), Some(0xdc00..0xe000)) =>
                {
                    at += 12;
                }
                Some(0xd800..0xe000) => {
                    replace(at, at + 6, "\\ufffd");
                    at += 6;
                }
                _ => at += 2,
            },
            b'\\' => at += 2,
            control @ 0..0x20 => {
                replace(at, at + 1, &format!("\\u{control:04x}"));
                at += 1;
            }
            _ => at += 1,
        }
    }
    at
}

/// Returns the code unit that is escaped here.
fn surrogate(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn end_of(bytes: &[u8], start: usize, is_part: impl Fn(u8) -> bool) -> usize {
    let length = bytes[start..].iter().position(|byte| !is_part(*byte));
    length.map_or(bytes.len(), |length| (start + length).max(start + 1))
}

/// Returns whether reading it as a number would change or refuse it.
fn is_too_long(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plain = number.strip_prefix('-').unwrap_or(number);
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits > 18 && number.parse::<i64>().is_err() && number.parse::<u64>().is_err();
    }
    let Ok(float) = number.parse::<f64>() else {
        return false;
    };
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    float.is_infinite() || mantissa.bytes().filter(u8::is_ascii_digit).count() > FLOAT_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn long_numbers_keep_their_digits_and_short_ones_are_numbers() {
        let value = read(
            "[20261125000000000001,-7,1e3,1.5,0.12345678901234567890,18446744073709551615,1e999]",
        );
        assert_eq!(
            value,
            Some(json!([
                "20261125000000000001",
                -7,
                1000.0,
                1.5,
                "0.12345678901234567890",
                u64::MAX,
                "1e999"
            ]))
        );
    }

    #[test]
    fn digits_within_a_string_are_left_alone() {
        let text = r#"{"a\"":"x 20261125000000000001 NaN"}"#;
        assert!(matches!(mended(text), Cow::Borrowed(_)));
    }

    #[test]
    fn what_javascript_and_python_let_through_does_not_cost_the_event() {
        assert_eq!(
            read(
                "\u{feff}{\"a\":NaN,\"b\":-Infinity,\"c\":undefined,\"d\":\"\\ud83d\",\"e\":\"x\ty\nz\",\"f\":\"\\ud83d\\udd14\"}"
            ),
            Some(json!({"a":null,"b":null,"c":null,"d":"\u{fffd}","e":"x\ty\nz","f":"🔔"}))
        );
    }

    #[test]
    fn json_packed_several_times_is_unpacked() {
        let mut text = r#"{"a":1}"#.to_owned();
        for _ in 0..3 {
            text = Value::from(text).to_string();
        }
        assert_eq!(unpack(&text), Some(json!({"a":1})));
        assert_eq!(unpack("\"5\""), Some(json!(5)));
        assert_eq!(unpack("\"Hello\""), Some(json!("Hello")));
    }

    proptest! {
        #[test]
        fn what_the_standard_reader_reads_is_read_the_same(value in json_values()) {
            prop_assert_eq!(read(&value.to_string()), Some(value));
        }

        #[test]
        fn any_text_is_read_without_harm(text in "[\\PC\\x00-\\x1f\"\\\\ud8NI0-9.e+-]{0,60}") {
            let _ = unpack(&text);
        }
    }

    fn json_values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }
}
