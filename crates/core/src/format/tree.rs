//! An event's data as a tree of names and values that a person can read and point at.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::format::{
    clean,
    map::{JsonMap, Part, are_elements},
    pointer::{find, join, open, read},
};

/// The most values of a tree, levels in it, and elements of a list.
const VALUES: usize = 200;
const LEVELS: usize = 12;
const ELEMENTS: usize = 2;
/// The most characters of a value and of a name.
const TEXT: usize = 300;
const NAME: usize = 60;

/// A value of an event's data, with what it has been said to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Node {
    /// A JSON Pointer that leads to it from the whole event on.
    pub at: String,
    /// Its name in the object that it is in, or its place in the list, counted from 1.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// A text, number or truth value in one line, cut where it is long.
    pub text: String,
    /// What is inside of an object or a list.
    pub inside: Vec<Node>,
    /// How much more is inside that is not shown.
    #[ts(type = "number")]
    pub more: usize,
    /// Whether what is inside may be a to-do each.
    pub several: bool,
    /// Whether what is inside is said to be a to-do each.
    pub each: bool,
    /// The parts of a to-do that it is said to be.
    pub parts: Vec<Part>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
#[allow(missing_docs, reason = "JSON's own")]
pub enum NodeKind {
    Object,
    List,
    Text,
    Number,
    Truth,
    Null,
}

/// Returns the tree of an event's data, under the map that is in use, if one is.
pub(super) fn tree(data: &str, map: Option<&JsonMap>) -> Node {
    let value = read(data);
    let each = map.and_then(|map| each(map, &value));
    let drawing = Drawing {
        event: &value,
        map,
        each,
    };
    let mut left = VALUES;
    drawing.node(&value, String::new(), String::new(), LEVELS, &mut left)
}

/// Returns the pointer to the list of to-dos in an event; an event that is a list is one by itself.
pub(super) fn each<'a>(map: &'a JsonMap, value: &Value) -> Option<&'a str> {
    let whole = value.is_array().then_some("");
    map.each.as_deref().or(whole)
}

/// Returns where something is from its element on; `None` for what is in none of them.
pub(super) fn inside(each: &str, event: &Value, at: &str) -> Option<String> {
    let rest = at.strip_prefix(each)?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let list = find(event, each).map(open)?;
    if !list.is_array() && !are_elements(&list) {
        return Some(rest.to_owned());
    }
    let rest = rest.strip_prefix('/')?;
    Some(rest.find('/').map_or("", |end| &rest[end..]).to_owned())
}

struct Drawing<'a> {
    event: &'a Value,
    map: Option<&'a JsonMap>,
    each: Option<&'a str>,
}

impl Drawing<'_> {
    fn node(
        &self,
        value: &Value,
        at: String,
        name: String,
        levels: usize,
        left: &mut usize,
    ) -> Node {
        *left = left.saturating_sub(1);
        let value = open(Cow::Borrowed(value));
        let kind = match &*value {
            Value::Object(_) => NodeKind::Object,
            Value::Array(_) => NodeKind::List,
            Value::String(_) => NodeKind::Text,
            Value::Number(_) => NodeKind::Number,
            Value::Bool(_) => NodeKind::Truth,
            Value::Null => NodeKind::Null,
        };
        let text = match &*value {
            Value::String(text) => clean::line(text, TEXT),
            Value::Object(_) | Value::Array(_) | Value::Null => String::new(),
            other => other.to_string(),
        };
        let is_list_of_things = |list: &[Value]| {
            let is_one = |one: &Value| one.is_object() || one.is_string() || one.is_array();
            !list.is_empty() && list.iter().all(is_one)
        };
        let several = match &*value {
            Value::Array(list) => is_list_of_things(list),
            value => are_elements(value),
        };
        let mut inside = Vec::new();
        let mut more = 0;
        let mut draw = |value: &Value, step: &str, name: String, fits: bool| {
            if fits && levels > 0 && *left > 0 {
                let at = join(&at, step);
                inside.push(self.node(value, at, name, levels - 1, left));
            } else {
                more += 1;
            }
        };
        match &*value {
            Value::Object(members) => {
                for (n, (name, value)) in members.iter().enumerate() {
                    let fits = !several || n < ELEMENTS;
                    draw(value, name, clean::line(name, NAME), fits);
                }
            }
            Value::Array(elements) => {
                for (n, value) in elements.iter().enumerate() {
                    draw(value, &n.to_string(), (n + 1).to_string(), n < ELEMENTS);
                }
            }
            _ => (),
        }
        Node {
            each: self.each.is_some_and(|each| each == at),
            parts: self.parts(&at),
            at,
            name,
            kind,
            text,
            inside,
            more,
            several,
        }
    }

    fn parts(&self, at: &str) -> Vec<Part> {
        let Some(map) = self.map else {
            return Vec::new();
        };
        let relative = match self.each {
            Some(each) => inside(each, self.event, at),
            None => Some(at.to_owned()),
        };
        let is_here = |part: &&Part| {
            let Some(pointer) = map.part(**part) else {
                return false;
            };
            match (pointer.strip_prefix('#'), **part) {
                (Some(pointer), _) => pointer == at,
                (None, Part::Count) => pointer == at,
                (None, _) => relative.as_deref() == Some(pointer),
            }
        };
        Part::ALL.iter().filter(is_here).copied().collect()
    }
}
