//! What an event looks like, in a line.

use std::{borrow::Cow, fmt::Write as _};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    format::{
        clean,
        pointer::{open, read},
    },
    model::Event,
};

/// The most characters of the words, of the outline and of a name in it.
const WORDS: usize = 120;
const OUTLINE: usize = 200;
const NAME: usize = 40;
/// The most names of an object in an outline, and levels.
const NAMES: usize = 12;
const LEVELS: usize = 6;

/// What an event looks like, in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Excerpt {
    /// The event type.
    pub kind: String,
    /// How its data begins.
    pub words: String,
    /// The names in its JSON without any value, to be passed on; absent: it is no JSON.
    pub outline: Option<String>,
}

/// Returns what an event looks like, in a line.
pub(crate) fn excerpt(event: &Event) -> Excerpt {
    let value = read(&event.data);
    let mut outline = String::new();
    write_outline(&mut outline, &value, LEVELS);
    Excerpt {
        kind: clean::line(&event.kind, NAME),
        words: clean::line(&event.data, WORDS),
        outline: (!outline.is_empty()).then(|| clean::line(&outline, OUTLINE)),
    }
}

fn write_outline(outline: &mut String, value: &Value, levels: usize) {
    if outline.len() > 4 * OUTLINE {
        return;
    }
    match &*open(Cow::Borrowed(value)) {
        Value::Object(_) | Value::Array(_) if levels == 0 => outline.push('…'),
        Value::Object(members) => {
            outline.push('{');
            for (n, (name, value)) in members.iter().enumerate() {
                if n > 0 {
                    outline.push_str(", ");
                }
                if n == NAMES {
                    outline.push('…');
                    break;
                }
                outline.push_str(&clean::line(name, NAME));
                let before = outline.len();
                outline.push_str(": ");
                write_outline(outline, value, levels - 1);
                if outline.len() == before + 2 {
                    outline.truncate(before);
                }
            }
            outline.push('}');
        }
        Value::Array(elements) => {
            outline.push('[');
            if let Some(first) = elements.first() {
                write_outline(outline, first, levels - 1);
            }
            if elements.len() > 1 {
                let _ = write!(outline, " × {}", elements.len());
            }
            outline.push(']');
        }
        _ => (),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::excerpt;
    use crate::model::Event;

    fn of(data: &str) -> super::Excerpt {
        excerpt(&Event {
            kind: "message".to_owned(),
            data: data.to_owned(),
            id: String::new(),
            own_id: false,
        })
    }

    #[test]
    fn an_outline_has_the_names_and_no_value() {
        let data =
            r#"{"code":0,"biz":{"zzz":[{"k1":"SECRET","k2":"{\"in\":\"SECRET\"}"},{}],"n":null}}"#;
        let outline = of(data).outline.unwrap();
        assert!(!outline.contains("SECRET"));
        assert_eq!(outline, "{biz: {n, zzz: [{k1, k2: {in}} × 2]}, code}");
    }

    #[test]
    fn an_excerpt_is_one_short_clean_line_whatever_comes() {
        let text = of("one\n\u{202e}two\u{7}  three");
        assert_eq!(text.words, "one two three");
        assert_eq!(text.outline, None);
        let members: Vec<String> = (0..9_999)
            .map(|n| format!("\"name{n}\":[[[[[[[1]]]]]]]"))
            .collect();
        let long = of(&format!("{{{}}}", members.join(",")));
        assert!(long.words.chars().count() <= 120);
        assert!(long.outline.unwrap().chars().count() <= 200);
    }
}
