//! JSON of any shape, mapped by JSON Pointers (RFC 6901).

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    format::{Decoded, Draft, Seen, clean, fields, json, text},
    input::Event,
};

/// Where in an event's JSON the parts of a to-do are: JSON Pointers (RFC 6901) such as `/subject`
/// or `/task/owner/name`. What has no pointer is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct JsonMap {
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
    /// The server's own unread count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
    /// Only events of these types; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// What is a sign of life, a canary, or otherwise no to-do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Skip>,
}

/// An event to skip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Skip {
    /// A JSON Pointer.
    pub at: String,
    /// The text, number or truth value that is found there; absent: anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
}

impl JsonMap {
    /// Every pointer, to be checked.
    pub(crate) fn pointers(&self) -> impl Iterator<Item = &str> {
        let own = [
            &self.title,
            &self.body,
            &self.url,
            &self.id,
            &self.priority,
            &self.due,
            &self.status,
            &self.read,
            &self.tags,
            &self.sender,
            &self.created,
            &self.count,
        ];
        let skips = self.skip.iter().map(|skip| skip.at.as_str());
        own.into_iter().flatten().map(String::as_str).chain(skips)
    }

    pub(super) fn decode(&self, event: &Event, zone: &TimeZone) -> Decoded {
        let wanted = self.events.is_empty() || self.events.contains(&event.kind);
        if !wanted || event.data.trim().is_empty() {
            return Decoded::nothing();
        }
        match json::unpack(&event.data) {
            Some(Value::Array(several)) => self.decode_array(&several, event, zone),
            Some(value) => self.decode_value(&value, event, zone),
            None => Decoded::not_understood(),
        }
    }

    fn decode_array(&self, several: &[Value], event: &Event, zone: &TimeZone) -> Decoded {
        let mut all = Decoded::default();
        for value in several {
            let one = Event {
                kind: event.kind.clone(),
                data: value.to_string(),
                id: event.id.clone(),
                own_id: event.own_id,
            };
            let decoded = self.decode_value(value, &one, zone);
            all.changes.extend(decoded.changes);
            all.seen = all.seen.max(decoded.seen);
        }
        all
    }

    fn decode_value(&self, value: &Value, event: &Event, zone: &TimeZone) -> Decoded {
        let at = |pointer: &Option<String>| value.pointer(pointer.as_deref()?);
        if self.skip.iter().any(|skip| skip.matches(value)) {
            return Decoded::nothing();
        }
        let mut decoded = Decoded::default();
        let title = at(&self.title).and_then(fields::text);
        let body = at(&self.body).and_then(fields::text);
        if self.title.is_some()
            && let Some((title, body)) =
                clean::title_and_body(&title.unwrap_or_default(), body.as_deref())
        {
            let draft = Draft {
                id: at(&self.id).and_then(fields::id),
                title,
                body,
                url: at(&self.url).and_then(fields::url),
                priority: at(&self.priority)
                    .and_then(fields::priority)
                    .unwrap_or_default(),
                due: at(&self.due).and_then(|due| fields::due(due, zone)),
                status: at(&self.status).and_then(fields::status),
                read: at(&self.read).and_then(fields::truth),
                tags: at(&self.tags).map(fields::tags).unwrap_or_default(),
                sender: at(&self.sender).and_then(fields::sender),
                created: at(&self.created).and_then(|time| fields::time(time, zone)),
                words: text::words(event),
            };
            decoded = Decoded::upsert(draft, Seen::Json);
        }
        if let Some(count) = at(&self.count).and_then(fields::count) {
            decoded.changes.extend(Decoded::count(count).changes);
            if decoded.seen == Seen::Nothing {
                decoded.seen = Seen::Count;
            }
        }
        if decoded.changes.is_empty() {
            Decoded::not_understood()
        } else {
            decoded
        }
    }
}

impl Skip {
    fn matches(&self, value: &Value) -> bool {
        match (value.pointer(&self.at), &self.is) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(found), Some(wanted)) => fields::text(found).is_some_and(|text| text == *wanted),
        }
    }
}
