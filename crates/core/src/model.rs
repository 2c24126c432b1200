//! Plain types that every module may know.

pub use belldot_wire::Event;
use belldot_wire::Priority;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A to-do's key in this inbox, unique over all sources and never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct TodoKey(pub i64);

/// What a toast is known by while it is shown; showing the same id again replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ToastId {
    /// The toast of one to-do.
    Todo(TodoKey),
    /// The digest of many.
    Digest,
    /// Something about Belldot itself, by the key of its message.
    Notice(String),
}

/// How urgent a toast is (Desktop Notifications, "Urgency levels").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Priorities 1 and 2.
    Low,
    /// Priorities 3 and 4.
    Normal,
    /// Priority 5.
    Critical,
}

impl From<Priority> for Urgency {
    fn from(priority: Priority) -> Self {
        match u8::from(priority) {
            1 | 2 => Self::Low,
            3 | 4 => Self::Normal,
            _ => Self::Critical,
        }
    }
}

/// How long from the moment of choosing it, which may be long after it was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A quarter of an hour.
    Quarter,
    /// An hour.
    Hour,
    /// Until tomorrow morning, 8 o'clock.
    Tomorrow,
}
