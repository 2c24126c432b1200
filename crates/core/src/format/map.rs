//! JSON of any shape, mapped by JSON Pointers (RFC 6901).

use std::{borrow::Cow, ops::Not};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    format::{
        auto,
        change::Change,
        clean,
        decoded::{Decoded, Seen},
        draft::Draft,
        fields,
        pointer::{find, open, read},
        skip::Skip,
        text,
    },
    model::Event,
};

/// Where in an event's JSON the parts of a to-do are: JSON Pointers (RFC 6901) such as `/subject`
/// or `/task/owner/name`. What has no pointer is absent, or guessed.
///
/// A pointer may step into a string that holds JSON. One that begins with `#` starts at the whole
/// event even where there are several to-dos in it. Data that is no JSON is a string: the empty
/// pointer leads to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export, optional_fields = nullable)]
pub struct JsonMap {
    /// The list whose elements are the to-dos, or the object whose members are; the pointers of
    /// the parts then start at the element. Without it an event is one to-do, or a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// The title. Without a pointer the source has no to-dos, only a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The address that deals with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What makes two events the same to-do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// 1 to 5, or a usual word such as `high`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Whether it still waits: a usual word such as `closed`, or whether it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// Labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    /// Who or what asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// When it was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The server's own unread count; it starts at the whole event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
    /// What has no pointer, or is not where it leads, is read as `auto` would read it.
    #[serde(skip_serializing_if = "Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub guess: bool,
    /// Only events of these types; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub events: Vec<String>,
    /// What is a heartbeat, a canary, or otherwise no to-do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Skip>>", optional)]
    pub skip: Vec<Skip>,
}

/// A part of a to-do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
#[allow(missing_docs, reason = "they are described in the map")]
pub enum Part {
    Title,
    Body,
    Url,
    Id,
    Priority,
    Due,
    Status,
    Read,
    Tags,
    Sender,
    Created,
    Count,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Body,
        Self::Url,
        Self::Id,
        Self::Priority,
        Self::Due,
        Self::Status,
        Self::Read,
        Self::Tags,
        Self::Sender,
        Self::Created,
        Self::Count,
    ];
}

/// The to-dos in an event.
enum Elements<'a> {
    /// The event is one.
    Event,
    /// There are so many.
    Several(Vec<Cow<'a, Value>>),
    /// The map does not fit this event.
    Elsewhere,
}

impl JsonMap {
    /// Returns the pointer of a part.
    pub fn part(&self, part: Part) -> Option<&str> {
        match part {
            Part::Title => &self.title,
            Part::Body => &self.body,
            Part::Url => &self.url,
            Part::Id => &self.id,
            Part::Priority => &self.priority,
            Part::Due => &self.due,
            Part::Status => &self.status,
            Part::Read => &self.read,
            Part::Tags => &self.tags,
            Part::Sender => &self.sender,
            Part::Created => &self.created,
            Part::Count => &self.count,
        }
        .as_deref()
    }

    /// Returns the pointer of a part, to change it.
    pub(super) fn part_mut(&mut self, part: Part) -> &mut Option<String> {
        match part {
            Part::Title => &mut self.title,
            Part::Body => &mut self.body,
            Part::Url => &mut self.url,
            Part::Id => &mut self.id,
            Part::Priority => &mut self.priority,
            Part::Due => &mut self.due,
            Part::Status => &mut self.status,
            Part::Read => &mut self.read,
            Part::Tags => &mut self.tags,
            Part::Sender => &mut self.sender,
            Part::Created => &mut self.created,
            Part::Count => &mut self.count,
        }
    }

    /// Returns every pointer, to be checked.
    pub(crate) fn pointers(&self) -> impl Iterator<Item = &str> {
        let parts = Part::ALL.iter().filter_map(|part| self.part(*part));
        let parts = parts.map(|pointer| pointer.strip_prefix('#').unwrap_or(pointer));
        let skips = self.skip.iter().map(|skip| skip.at.as_str());
        parts.chain(self.each.as_deref()).chain(skips)
    }

    pub(super) fn decode(&self, event: &Event, zone: &TimeZone) -> Decoded {
        let wanted = self.events.is_empty() || self.events.contains(&event.kind);
        if !wanted || event.data.trim().is_empty() {
            return Decoded::nothing();
        }
        let value = read(&event.data);
        if self.leaves_out(event, &value) {
            return Decoded::nothing();
        }
        if self.guess && self.each.is_none() && self.pointers_of_todos().next().is_none() {
            return self.with_count(auto::decode(event, zone), &value);
        }
        let decoded = match self.elements(&value) {
            Elements::Event => self.one(&value, &value, event, zone),
            Elements::Several(elements) => self.several(&value, &elements, event, zone),
            Elements::Elsewhere => self.guessed(&value, event, zone),
        };
        self.with_count(decoded, &value)
    }

    /// Returns whether an event is one of those to skip.
    pub(super) fn leaves_out(&self, event: &Event, value: &Value) -> bool {
        let mut skips = self.skip.iter();
        skips.any(|skip| skip.matches(&event.kind, value))
    }

    fn pointers_of_todos(&self) -> impl Iterator<Item = &str> {
        let parts = Part::ALL.iter().filter(|part| **part != Part::Count);
        parts.filter_map(|part| self.part(*part))
    }

    fn elements<'a>(&self, value: &'a Value) -> Elements<'a> {
        let Some(each) = &self.each else {
            return match value {
                Value::Array(several) => Elements::Several(several.iter().map(opened).collect()),
                _ => Elements::Event,
            };
        };
        let Some(found) = find(value, each).map(open) else {
            return Elements::Elsewhere;
        };
        Elements::Several(match found {
            Cow::Borrowed(Value::Array(several)) => several.iter().map(opened).collect(),
            Cow::Borrowed(value) if are_elements(value) => values(value).map(opened).collect(),
            Cow::Owned(Value::Array(several)) => {
                several.into_iter().map(Cow::Owned).map(open).collect()
            }
            Cow::Owned(value) if are_elements(&value) => {
                values(&value).cloned().map(Cow::Owned).collect()
            }
            found if found.is_null() => Vec::new(),
            one => vec![one],
        })
    }

    fn several(
        &self,
        event_value: &Value,
        elements: &[Cow<'_, Value>],
        event: &Event,
        zone: &TimeZone,
    ) -> Decoded {
        let mut all = Decoded::default();
        let mut missed = false;
        let bare = Event {
            data: String::new(),
            ..event.clone()
        };
        for element in elements {
            if self.skip.iter().any(|skip| skip.matches_element(element)) {
                continue;
            }
            // Each is told from the others by its own words.
            let one = Event {
                data: element.to_string(),
                ..bare.clone()
            };
            let decoded = self.one(event_value, element, &one, zone);
            missed |= decoded.seen == Seen::NotUnderstood;
            if decoded.seen != Seen::NotUnderstood {
                all.seen = all.seen.max(decoded.seen);
            }
            all.changes.extend(decoded.changes);
        }
        if all.changes.is_empty() && missed {
            all.seen = Seen::NotUnderstood;
        }
        if self.guess && self.each.is_some() && self.count.is_none() {
            // The list is known; what stands beside it may be a count.
            let beside = auto::decode(event, zone).changes.into_iter();
            all.changes
                .extend(beside.filter(|change| matches!(change, Change::SetUnread(_))));
        }
        all
    }

    /// Returns what one to-do is.
    fn one(&self, event_value: &Value, value: &Value, event: &Event, zone: &TimeZone) -> Decoded {
        let at = |part: Part| {
            let pointer = self.part(part)?;
            match pointer.strip_prefix('#') {
                Some(pointer) => find(event_value, pointer),
                None => find(value, pointer),
            }
        };
        let words = |part: Part| {
            let found = at(part)?;
            fields::text(&found).or_else(|| {
                // The whole of it is shown as it is.
                (self.part(part) == Some("")).then(|| event.data.clone())
            })
        };
        let guess = self.guess.then(|| self.guessed(value, event, zone));
        let (title, body) = (words(Part::Title), words(Part::Body));
        let is_here = Part::ALL
            .iter()
            .any(|part| *part != Part::Count && at(*part).is_some_and(|found| !found.is_null()));
        let mut decoded = match guess {
            // Nothing of what the map says is here, or the to-do is taken back.
            Some(guess) if !is_here || is_only_about_known(&guess) => return guess,
            Some(guess) => guess,
            None => Decoded::not_understood(),
        };
        let guessed = take_draft(&mut decoded);
        let named = match (&self.title, title, &guessed) {
            (_, Some(title), known) => {
                let body = body.or_else(|| known.as_ref()?.body.clone());
                clean::title_and_body(&title, body.as_deref())
            }
            (_, None, Some(known)) => {
                let body = body.or_else(|| known.body.clone());
                clean::title_and_body(&known.title, body.as_deref())
            }
            (Some(_), None, None) => clean::title_and_body("", body.as_deref()),
            (None, None, None) => None,
        };
        let Some((title, body)) = named else {
            return decoded;
        };
        let known = guessed.unwrap_or_default();
        let draft = Draft {
            id: at(Part::Id)
                .and_then(|found| fields::id(&found))
                .or(known.id),
            title,
            body,
            url: at(Part::Url)
                .and_then(|found| fields::url(&found))
                .or(known.url),
            priority: at(Part::Priority)
                .and_then(|found| fields::priority(&found))
                .unwrap_or(known.priority),
            due: at(Part::Due)
                .and_then(|found| fields::due(&found, zone))
                .or(known.due),
            status: at(Part::Status)
                .and_then(|found| fields::status(&found))
                .or(known.status),
            read: at(Part::Read)
                .and_then(|found| fields::truth(&found))
                .or(known.read),
            tags: at(Part::Tags).map_or(known.tags, |found| fields::tags(&found)),
            sender: at(Part::Sender)
                .and_then(|found| fields::sender(&found))
                .or(known.sender),
            created: at(Part::Created)
                .and_then(|found| fields::time(&found, zone))
                .or(known.created),
            words: known.words.or_else(|| text::words(event)),
        };
        decoded.changes.insert(0, Change::Upsert(Box::new(draft)));
        decoded.seen = Seen::Json;
        decoded
    }

    /// Returns what `auto` makes of it; JSON that it shows as it is, is not understood.
    fn guessed(&self, value: &Value, event: &Event, zone: &TimeZone) -> Decoded {
        if !self.guess {
            return Decoded::not_understood();
        }
        let decoded = auto::decode(event, zone);
        if decoded.seen == Seen::Text && (value.is_object() || value.is_array()) {
            return Decoded::not_understood();
        }
        decoded
    }

    fn with_count(&self, mut decoded: Decoded, value: &Value) -> Decoded {
        let count = self
            .count
            .as_deref()
            .and_then(|pointer| find(value, pointer.strip_prefix('#').unwrap_or(pointer)))
            .and_then(|found| fields::count(&found));
        if let Some(count) = count {
            let others = decoded.changes.into_iter();
            decoded.changes = others
                .filter(|change| !matches!(change, Change::SetUnread(_)))
                .chain([Change::SetUnread(count)])
                .collect();
            if matches!(decoded.seen, Seen::Nothing | Seen::NotUnderstood) {
                decoded.seen = Seen::Count;
            }
        }
        decoded
    }
}

/// Returns whether an object's members are things of a kind: objects, all of them.
pub(super) fn are_elements(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|members| !members.is_empty() && members.values().all(Value::is_object))
}

fn values(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(|of| of.values())
}

fn opened(value: &Value) -> Cow<'_, Value> {
    open(Cow::Borrowed(value))
}

/// Returns whether it changes what came before and brings nothing.
fn is_only_about_known(decoded: &Decoded) -> bool {
    let brings = |change: &Change| matches!(change, Change::Upsert(_) | Change::SetUnread(_));
    !decoded.changes.is_empty() && !decoded.changes.iter().any(brings)
}

/// Returns the to-do that was read, if there is just one.
fn take_draft(decoded: &mut Decoded) -> Option<Draft> {
    let (mut drafts, others): (Vec<_>, Vec<_>) = std::mem::take(&mut decoded.changes)
        .into_iter()
        .partition(|change| matches!(change, Change::Upsert(_)));
    decoded.changes = others;
    match (drafts.pop(), drafts.is_empty()) {
        (Some(Change::Upsert(draft)), true) => Some(*draft),
        _ => None,
    }
}
