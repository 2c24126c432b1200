//! How a source's events become changes.
//!
//! [`decode`] never fails and never panics, whatever a server sends: what it cannot use it leaves
//! out field by field, and what it does not understand at all it says.

mod auto;
mod clean;
mod cloudevents;
mod counts;
mod draft;
mod envelope;
mod excerpt;
mod fields;
mod home_assistant;
mod html;
mod json;
mod life;
mod map;
mod names;
mod ntfy;
mod pointer;
mod preview;
mod priority;
mod skip;
mod status;
mod teach;
mod text;
mod thing;
mod times;
mod todo;
mod tree;
mod verbs;
mod wikimedia;

use belldot_wire::{Status, clean_line};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::input::Event;

pub use draft::Draft;
pub use excerpt::Excerpt;
pub(crate) use excerpt::excerpt;
pub use fields::MOST as MOST_COUNTED;
pub use map::{JsonMap, Part};
pub use preview::{Preview, PreviewRow, preview};
pub use skip::Skip;
pub use teach::{Lesson, teach};
pub(crate) use text::own_id;
pub use tree::{Node, NodeKind};

/// How a source's events become changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one a source, and few sources"
)]
pub enum Format {
    /// Decides by what it sees.
    #[default]
    Auto,
    /// Belldot's own: events `todo`, `unread`.
    Todo,
    /// Every event's data is a title.
    Text,
    /// JSON of any shape, mapped by JSON Pointers.
    Json(JsonMap),
    /// CloudEvents 1.0, structured JSON.
    #[serde(rename = "cloudevents")]
    CloudEvents,
    /// ntfy, `/<topic>/sse`.
    Ntfy,
    /// A Mercure hub: updates of any shape.
    Mercure,
    /// Home Assistant, `/api/stream`.
    HomeAssistant,
    /// Wikimedia EventStreams.
    Wikimedia,
}

/// What an event does to the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A to-do is new, or is now like this.
    Upsert(Box<Draft>),
    /// The server's own unread count.
    SetUnread(u64),
    /// The to-do with this id was seen elsewhere.
    MarkRead(String),
    /// The server took the to-do with this id back.
    Remove(String),
    /// The to-do with this id is done, or taken back and kept; where there is none, nothing.
    SetStatus {
        /// Its id.
        id: String,
        /// How it stands now.
        status: Status,
    },
}

impl Change {
    /// The title of the to-do that is new or different.
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Upsert(draft) => Some(&draft.title),
            _ => None,
        }
    }
}

/// What became of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// What it does to the inbox, in order.
    pub changes: Vec<Change>,
    /// What it turned out to be.
    pub seen: Seen,
    /// Where its stream goes on after it.
    pub cursor: Cursor,
    /// What the server has to say about the stream itself.
    pub said: Option<String>,
    /// The server says in the stream that nobody is signed in.
    pub sign_in: bool,
    /// Some bytes of the event were not UTF-8; U+FFFD stands for them.
    pub not_utf8: bool,
}

/// Where a stream goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    /// Where it would have gone on before this event.
    #[default]
    Stays,
    /// After this last event ID.
    Id(String),
    /// After this message, named in the address's query as `since`.
    Since(String),
}

/// What an event turned out to be.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Seen {
    /// A sign of life, or something else that is no to-do.
    #[default]
    Nothing,
    /// A to-do of Belldot's own protocol.
    Todo,
    /// The server's own unread count.
    Count,
    /// Plain text.
    Text,
    /// JSON with the usual names for things, or with mapped ones.
    Json,
    /// A CloudEvent.
    #[serde(rename = "cloudevents")]
    CloudEvent,
    /// A message of ntfy.
    Ntfy,
    /// An event of Home Assistant.
    HomeAssistant,
    /// An event of Wikimedia EventStreams.
    Wikimedia,
    /// Something that the format does not understand.
    NotUnderstood,
}

/// What an event does to the inbox. Times without a zone are those of this computer's.
pub fn decode(format: &Format, event: &Event) -> Decoded {
    decode_in(format, event, &TimeZone::system())
}

/// What an event does to the inbox. Times without a zone are those of `zone`.
pub fn decode_in(format: &Format, event: &Event, zone: &TimeZone) -> Decoded {
    if is_full(event) {
        return Decoded::nothing();
    }
    if event.kind == "stream-error" {
        return stream_error(event);
    }
    let mut decoded = match format {
        Format::Auto | Format::Mercure => auto::decode(event, zone),
        Format::Todo => todo::decode(event, zone),
        Format::Text => text::decode(event),
        Format::Json(map) => map.decode(event, zone),
        Format::CloudEvents => cloudevents::decode(event, zone),
        Format::Ntfy => ntfy::decode(event, zone),
        Format::HomeAssistant => home_assistant::decode(event, zone),
        Format::Wikimedia => wikimedia::decode(event, zone),
    };
    for change in &mut decoded.changes {
        if let Change::Upsert(draft) = change {
            draft.words = draft.words.or_else(|| text::words(event));
        }
    }
    if decoded.cursor == Cursor::Stays {
        decoded.cursor = Cursor::Id(event.id.clone());
    }
    decoded.not_utf8 = event.data.contains('\u{fffd}');
    decoded
}

impl Format {
    /// The address at which a stream goes on after a message that the server wants to hear of in
    /// the address; `None`: as the source says.
    pub fn address(&self, url: &Url, since: Option<&str>) -> Option<Url> {
        let has_since = url.query_pairs().any(|(name, _)| name == "since");
        let since = match (since, self) {
            (Some(since), _) => since,
            // A first look at what the server still has.
            (None, Self::Ntfy) if !has_since => "all",
            _ => return None,
        };
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "since")
            .map(|(n, v)| (n.into(), v.into()))
            .collect();
        let mut url = url.clone();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(others)
            .append_pair("since", since);
        Some(url)
    }
}

impl Decoded {
    fn nothing() -> Self {
        Self::default()
    }

    fn not_understood() -> Self {
        Self {
            seen: Seen::NotUnderstood,
            ..Self::default()
        }
    }

    fn upsert(draft: Draft, seen: Seen) -> Self {
        Self {
            changes: vec![Change::Upsert(Box::new(draft))],
            seen,
            ..Self::default()
        }
    }

    fn sign_in() -> Self {
        Self {
            sign_in: true,
            ..Self::default()
        }
    }

    /// Whether it says something about the stream.
    fn says_something(&self) -> bool {
        self.sign_in || self.said.is_some()
    }

    fn count(count: u64) -> Self {
        Self {
            changes: vec![Change::SetUnread(count)],
            seen: Seen::Count,
            ..Self::default()
        }
    }
}

/// The in-band farewell of a full server, which the stream acts on.
fn is_full(event: &Event) -> bool {
    event.kind == "message" && event.data == belldot_wire::TOO_MANY_CONNECTIONS
}

/// An error in-band, as django-eventstream sends it. Its id (`error`) is no place to go on from.
fn stream_error(event: &Event) -> Decoded {
    let said = json::read(&event.data).and_then(|error| {
        let text = error.get("text").or_else(|| error.get("condition"))?;
        Some(clean_line(text.as_str()?))
    });
    let said = said.unwrap_or_else(|| clean_line(&event.data));
    let sign_in = life::is_sign_in(&said);
    Decoded {
        said: (!sign_in).then_some(said),
        sign_in,
        ..Decoded::default()
    }
}
