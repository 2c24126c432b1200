//! The result of decoding an event.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::format::{change::Change, draft::Draft};

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
    /// A heartbeat, or something else that is no to-do.
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

impl Decoded {
    pub(super) fn nothing() -> Self {
        Self::default()
    }

    pub(super) fn not_understood() -> Self {
        Self {
            seen: Seen::NotUnderstood,
            ..Self::default()
        }
    }

    pub(super) fn upsert(draft: Draft, seen: Seen) -> Self {
        Self {
            changes: vec![Change::Upsert(Box::new(draft))],
            seen,
            ..Self::default()
        }
    }

    pub(super) fn sign_in() -> Self {
        Self {
            sign_in: true,
            ..Self::default()
        }
    }

    /// Returns whether it says something about the stream.
    pub(super) fn says_something(&self) -> bool {
        self.sign_in || self.said.is_some()
    }

    pub(super) fn count(count: u64) -> Self {
        Self {
            changes: vec![Change::SetUnread(count)],
            seen: Seen::Count,
            ..Self::default()
        }
    }
}
