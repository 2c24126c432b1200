//! The vocabulary that the server, the streams and the core share.
//!
//! [`Todo`] and what belongs to it are the types of Belldot's own protocol, which
//! `docs/protocol.md` specifies. [`Event`] is what any event stream dispatches. [`Network`] is how
//! servers are reached. [`clean_line`] makes
//! text of a server fit to be shown.

mod cause;
mod cause_json;
mod event;
mod keepalive;
mod line;
mod network;
mod state;
mod step;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use cause::{BrokenBy, Cause, ProxyFault, RedirectFault, TlsFault, Unusable};
pub use event::Event;
pub use keepalive::KEEPALIVE_NAMES;
pub use line::clean_line;
pub use network::{Network, Proxy, ProxyServer};
pub use state::StreamState;
pub use step::Step;

/// The text that a server sends as an unnamed event before it closes a stream over its limit.
pub const TOO_MANY_CONNECTIONS: &str = "Too many connections";

/// One to-do, whole: what an event `todo` carries and what the API answers with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Todo {
    /// Chosen by the server or the publisher; the same id is the same to-do.
    pub id: String,
    /// One line that says what waits.
    pub title: String,
    /// Plain text, never markup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Where the to-do is dealt with; `http` or `https`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// When it is due (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "string | null")]
    pub due: Option<Timestamp>,
    /// Whether it still waits.
    #[serde(default)]
    pub status: Status,
    /// Whether its person has seen it.
    #[serde(default)]
    pub read: bool,
    /// Labels of the publisher's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Who or what asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// When the server first took it (RFC 3339).
    #[ts(type = "string")]
    pub created: Timestamp,
    /// When it last changed (RFC 3339).
    #[ts(type = "string")]
    pub updated: Timestamp,
}

/// Whether a to-do still waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits to be done.
    #[default]
    Open,
    /// Done by its person.
    Done,
    /// Taken back by its sender.
    Cancelled,
}

/// From 1, lowest, to 5, highest; 3 where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "u8", into = "u8")]
#[ts(type = "number")]
pub struct Priority(u8);

/// A priority outside 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a priority is a whole number from 1 (lowest) to 5 (highest), not {0}")]
pub struct PriorityOutOfRange(pub u8);

impl Priority {
    /// 1.
    pub const LOWEST: Self = Self(1);
    /// 3.
    pub const NORMAL: Self = Self(3);
    /// 5.
    pub const HIGHEST: Self = Self(5);

    /// The nearest priority to any number.
    pub fn nearest(number: i64) -> Self {
        Self(number.clamp(1, 5) as u8)
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl TryFrom<u8> for Priority {
    type Error = PriorityOutOfRange;

    fn try_from(number: u8) -> Result<Self, PriorityOutOfRange> {
        if (1..=5).contains(&number) {
            Ok(Self(number))
        } else {
            Err(PriorityOutOfRange(number))
        }
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

/// The body of `PATCH /api/v1/todos/{id}`: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TodoPatch {
    /// The new status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub status: Option<Status>,
    /// Whether it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read: Option<bool>,
}

/// An error as RFC 9457 writes it (`application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// What kind of problem, as a URI reference; `about:blank` where the status says it all.
    #[serde(rename = "type", default = "about_blank")]
    pub kind: String,
    /// A short sentence, the same for every problem of its kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields that are at fault, where a body was refused (RFC 9457 section 3, `errors`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// One field of a refused body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldError {
    /// Where it stands: a JSON Pointer as a URI fragment (RFC 6901 section 6), such as `#/due`.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

fn about_blank() -> String {
    "about:blank".to_owned()
}
