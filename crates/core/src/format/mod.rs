//! How a source's events become changes.
//!
//! [`decode`] never fails and never panics, whatever a server sends: what it cannot use it leaves
//! out field by field, and what it does not understand at all it counts.

mod auto;
mod clean;
mod draft;
mod text;
mod todo;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::input::Event;

pub use draft::Draft;

/// How a source's events become changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Format {
    /// Decides by what it sees.
    #[default]
    Auto,
    /// Belldot's own: events `todo`, `unread`.
    Todo,
    /// Every event's data is a title.
    Text,
}

/// What an event does to the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A to-do is new, or is now like this.
    Upsert(Box<Draft>),
    /// The server's own unread count.
    SetUnread(u64),
    /// The server took the to-do with this id back.
    Remove(String),
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
}

/// What an event turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, TS)]
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
    /// Something that the format does not understand.
    NotUnderstood,
}

/// What an event does to the inbox.
pub fn decode(format: &Format, event: &Event) -> Decoded {
    if is_full(event) {
        return Decoded::default();
    }
    match format {
        Format::Auto => auto::decode(event),
        Format::Todo => todo::decode(event),
        Format::Text => text::decode(event),
    }
}

impl Decoded {
    fn nothing() -> Self {
        Self::default()
    }

    fn not_understood() -> Self {
        Self {
            changes: Vec::new(),
            seen: Seen::NotUnderstood,
        }
    }

    fn upsert(draft: Draft, seen: Seen) -> Self {
        Self {
            changes: vec![Change::Upsert(Box::new(draft))],
            seen,
        }
    }

    fn count(count: u64) -> Self {
        Self {
            changes: vec![Change::SetUnread(count)],
            seen: Seen::Count,
        }
    }
}

/// The in-band farewell of a full server, which the stream acts on.
fn is_full(event: &Event) -> bool {
    event.kind == "message" && event.data == belldot_wire::TOO_MANY_CONNECTIONS
}

/// Event types that only keep a stream alive or speak of the stream itself.
fn is_sign_of_life(kind: &str) -> bool {
    const KINDS: [&str; 10] = [
        "ping",
        "pong",
        "heartbeat",
        "keepalive",
        "keep-alive",
        "keep_alive",
        "open",
        "stream-open",
        "stream-reset",
        "stream-error",
    ];
    KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known))
}
