//! A mapping by example: what a person says of an event that came becomes pointers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    format::{
        Change, Format, JsonMap, Part, Seen, Skip, decode,
        pointer::{find, join, open, read, tokens},
        tree::{each, inside},
    },
    input::Event,
};

/// What a person says of an event. Saying the same again takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "say", rename_all = "kebab-case")]
#[ts(export)]
pub enum Lesson {
    /// This value is that part of a to-do.
    Part {
        /// A JSON Pointer from the whole event on.
        at: String,
        /// Which part.
        part: Part,
    },
    /// What is inside of this list or object is a to-do each.
    Each {
        /// A JSON Pointer from the whole event on.
        at: String,
    },
    /// Events like this one are no to-dos.
    LeaveOut,
}

/// The format that a person means who says this of one of the events.
///
/// What was said before stays said. Of what nobody says anything, `auto` decides. Where nothing
/// is said any more, it is `auto` again.
pub fn teach(format: &Format, events: &[Event], which: usize, lesson: &Lesson) -> Format {
    let Some(event) = events.get(which) else {
        return format.clone();
    };
    let mut map = match format {
        Format::Json(map) => map.clone(),
        Format::Text => JsonMap {
            title: Some(String::new()),
            ..JsonMap::default()
        },
        _ => guessing(),
    };
    let value = read(&event.data);
    match lesson {
        Lesson::Part { at, part } => {
            let is_one = is_one_todo(format, event, &value);
            say_part(&mut map, &value, at, *part, is_one);
        }
        Lesson::Each { at } => {
            let to = (map.each.as_ref() != Some(at)).then_some(at.as_str());
            move_each(&mut map, &value, to);
        }
        Lesson::LeaveOut => leave_out(&mut map, format, events, which, &value),
    }
    if map == guessing() {
        Format::Auto
    } else {
        Format::Json(map)
    }
}

fn guessing() -> JsonMap {
    JsonMap {
        guess: true,
        ..JsonMap::default()
    }
}

fn say_part(map: &mut JsonMap, value: &Value, at: &str, part: Part, is_one: bool) {
    let list = each(map, value);
    let known = list.and_then(|list| inside(list, value, at));
    let pointer = match (known, list) {
        (_, _) if part == Part::Count => at.to_owned(),
        (Some(known), _) => known,
        (None, Some(_)) if part != Part::Title => format!("#{at}"),
        // Who names the title of one thing in a list means all of them.
        (None, list) => {
            let of = innermost_list(value, at).filter(|_| list.is_some() || !is_one);
            move_each(map, value, of.as_deref());
            of.and_then(|of| inside(&of, value, at))
                .unwrap_or_else(|| at.to_owned())
        }
    };
    let said = map.part_mut(part);
    *said = (said.as_ref() != Some(&pointer)).then_some(pointer);
}

/// Lets the to-dos be elsewhere. What was said of the whole event stays where it is; what was
/// said of an element of another list means nothing any more.
fn move_each(map: &mut JsonMap, value: &Value, to: Option<&str>) {
    let was_list = each(map, value).is_some();
    for part in Part::ALL {
        if part == Part::Count {
            continue;
        }
        let Some(said) = map.part_mut(part).take() else {
            continue;
        };
        let whole = match said.strip_prefix('#') {
            Some(whole) => whole.to_owned(),
            None if was_list => continue,
            None => said,
        };
        *map.part_mut(part) = match to {
            None => Some(whole),
            Some(to) => inside(to, value, &whole)
                .or_else(|| (part != Part::Title).then(|| format!("#{whole}"))),
        };
    }
    map.each = to.map(str::to_owned);
}

/// The innermost list of objects that something is in.
fn innermost_list(value: &Value, at: &str) -> Option<String> {
    let mut found = None;
    let mut here = String::new();
    for token in tokens(at)? {
        let list = open(find(value, &here)?);
        if let Value::Array(elements) = &*list
            && elements.iter().all(Value::is_object)
        {
            found = Some(here.clone());
        }
        here = join(&here, &token);
    }
    found
}

/// Whether the format reads the event as one to-do, and not only as it stands there.
fn is_one_todo(format: &Format, event: &Event, value: &Value) -> bool {
    let decoded = decode(format, event);
    let is_raw = decoded.seen == Seen::Text && (value.is_object() || value.is_array());
    let is_todo = |change: &&Change| matches!(change, Change::Upsert(_));
    !is_raw && decoded.changes.iter().filter(is_todo).count() == 1
}

/// Members by which servers tell what an event is, as they are called in lower case.
const KINDS: [&str; 12] = [
    "type", "event", "kind", "action", "op", "cmd", "command", "msgtype", "msg_type", "topic",
    "category", "msg",
];
/// The most characters of a word that names a kind of event.
const WORD: usize = 40;
/// The most characters of a text that is left out as a whole.
const TEXT: usize = 80;

fn leave_out(map: &mut JsonMap, format: &Format, events: &[Event], which: usize, value: &Value) {
    let event = &events[which];
    let before = map.skip.len();
    map.skip.retain(|skip| !skip.matches(&event.kind, value));
    if map.skip.len() < before {
        return;
    }
    let others: Vec<(&str, Value)> = events
        .iter()
        .enumerate()
        .filter(|(at, other)| *at != which && makes_todos(format, other))
        .map(|(_, other)| (other.kind.as_str(), read(&other.data)))
        .filter(|(_, other)| outline(other) != outline(value))
        .collect();
    let tells_apart = |skip: &Skip| {
        skip.matches(&event.kind, value)
            && !others.iter().any(|(kind, other)| skip.matches(kind, other))
    };
    map.skip
        .extend(likenesses(event, value).into_iter().find(tells_apart));
}

/// What may make events like this one, the most telling first.
fn likenesses(event: &Event, value: &Value) -> Vec<Skip> {
    let kind = Skip {
        kind: Some(event.kind.clone()),
        ..Skip::default()
    };
    let mut likenesses = Vec::new();
    if event.kind != "message" {
        likenesses.push(kind);
    }
    match value {
        Value::Object(members) => {
            let words: Vec<Skip> = members
                .iter()
                .filter_map(|(name, value)| {
                    let word = value.as_str()?;
                    let is_word = !word.is_empty()
                        && word.chars().count() <= WORD
                        && !word.contains('*')
                        && !word.contains(|char: char| char.is_ascii_digit());
                    is_word.then(|| Skip {
                        at: join("", name),
                        is: Some(word.trim().to_owned()),
                        ..Skip::default()
                    })
                })
                .collect();
            let (kinds, others): (Vec<_>, Vec<_>) = words.into_iter().partition(|skip| {
                let name = skip.at[1..].to_ascii_lowercase();
                KINDS.contains(&name.as_str())
            });
            likenesses.extend(kinds);
            likenesses.extend(members.keys().map(|name| Skip {
                at: join("", name),
                ..Skip::default()
            }));
            likenesses.extend(others);
        }
        Value::Array(_) | Value::Null => (),
        other => {
            let text = other
                .as_str()
                .map_or_else(|| other.to_string(), str::to_owned);
            likenesses.push(Skip {
                is: Some(pattern(&text)),
                ..Skip::default()
            });
        }
    }
    likenesses
}

/// The text with a star for each number and for what is too long; as it is, where nothing else
/// would be left.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for (n, char) in text.trim().chars().enumerate() {
        if n >= TEXT || char.is_ascii_digit() || char.is_control() {
            if !pattern.ends_with('*') {
                pattern.push('*');
            }
        } else {
            pattern.push(char);
        }
    }
    let letters = pattern.chars().filter(|char| char.is_alphabetic()).count();
    if letters > 1 {
        pattern
    } else {
        text.trim().to_owned()
    }
}

fn makes_todos(format: &Format, event: &Event) -> bool {
    decode(format, event)
        .changes
        .iter()
        .any(|change| matches!(change, Change::Upsert(_)))
}

/// What two events of a kind have in common: the names of their members, or their words.
fn outline(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::String(text) => vec![pattern(text)],
        _ => Vec::new(),
    }
}
