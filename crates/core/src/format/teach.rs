//! Makes a mapping by example: what a person says of an event becomes JSON Pointers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    format::{
        change::Change,
        decode::{Format, decode},
        decoded::Seen,
        map::{JsonMap, Part},
        pointer::{find, join, open, read, tokens},
        skip::Skip,
        tree::{each, inside},
    },
    model::Event,
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
        /// The part of a to-do.
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

/// Returns the format that a person means who says this of one of the events.
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

/// Returns the innermost list of objects that something is in.
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

/// Returns whether the format reads the event as one to-do, and not only as it stands there.
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
/// The most characters of a text that is left out as a whole.
const TEXT: usize = 80;

fn leave_out(map: &mut JsonMap, format: &Format, events: &[Event], which: usize, value: &Value) {
    let event = &events[which];
    let before = map.skip.len();
    map.skip.retain(|skip| !skip.matches(&event.kind, value));
    if map.skip.len() < before {
        return;
    }
    let to_dos: Vec<(&str, Value)> = events
        .iter()
        .enumerate()
        .filter(|(at, other)| *at != which && makes_todos(format, other))
        .map(|(_, other)| (other.kind.as_str(), read(&other.data)))
        .collect();
    let is_unlike = |other: &Value| outline(other) != outline(value);
    let are_known = to_dos.iter().any(|(_, other)| is_unlike(other));
    let likenesses: Vec<Skip> = likenesses(event, value, are_known)
        .into_iter()
        .filter(|skip| skip.matches(&event.kind, value))
        .collect();
    // Best what no other to-do has; else what none has that looks different.
    let spares = |skip: &&Skip| !to_dos.iter().any(|(kind, of)| skip.matches(kind, of));
    let spares_unlike = |skip: &&Skip| {
        let mut to_dos = to_dos.iter();
        !to_dos.any(|(kind, of)| is_unlike(of) && skip.matches(kind, of))
    };
    let best = likenesses.iter().find(spares);
    let skip = best.or_else(|| likenesses.iter().find(spares_unlike));
    map.skip.extend(skip.cloned());
}

/// Returns what may make events like this one, the most telling first. A member by its name alone
/// tells something where to-dos are known to be without it, or where there is nothing to read.
fn likenesses(event: &Event, value: &Value, to_dos_are_known: bool) -> Vec<Skip> {
    let mut likenesses = Vec::new();
    if event.kind != "message" {
        likenesses.push(Skip {
            kind: Some(event.kind.clone()),
            ..Skip::default()
        });
    }
    match value {
        Value::Object(members) => {
            let texts = members.iter().filter_map(|(name, value)| {
                let text = value.as_str()?.trim();
                has_letters(text).then(|| Skip {
                    at: join("", name),
                    is: Some(pattern(text)),
                    ..Skip::default()
                })
            });
            let (kinds, others): (Vec<_>, Vec<_>) = texts.partition(|skip| {
                let name = skip.at[1..].to_ascii_lowercase();
                KINDS.contains(&name.as_str())
            });
            let names = members.keys().map(|name| Skip {
                at: join("", name),
                ..Skip::default()
            });
            let has_texts = !kinds.is_empty() || !others.is_empty();
            likenesses.extend(kinds);
            if to_dos_are_known || !has_texts {
                likenesses.extend(names);
            }
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

/// Returns the text with a star for each number and for what is too long; as it is, where nothing
/// else would be left.
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
    if has_letters(&pattern) {
        pattern
    } else {
        text.trim().to_owned()
    }
}

fn has_letters(text: &str) -> bool {
    text.chars().filter(|char| char.is_alphabetic()).count() > 1
}

fn makes_todos(format: &Format, event: &Event) -> bool {
    decode(format, event)
        .changes
        .iter()
        .any(|change| matches!(change, Change::Upsert(_)))
}

/// Returns what two events of a kind have in common: the names of their members, or their words.
fn outline(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::String(text) => vec![pattern(text)],
        _ => Vec::new(),
    }
}
