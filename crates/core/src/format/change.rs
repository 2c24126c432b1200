//! What an event does to the inbox.

use belldot_wire::Status;

use crate::format::draft::Draft;

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
    /// Returns the title of the to-do that is new or different.
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Upsert(draft) => Some(&draft.title),
            _ => None,
        }
    }
}
