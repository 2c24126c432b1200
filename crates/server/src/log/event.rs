//! One event as the stream carries it.

use bytes::Bytes;

/// A put to-do, encoded once and shared by every connection it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The sequence number: the event's id.
    pub seq: u64,
    /// The whole block, with the empty line that ends it.
    pub bytes: Bytes,
}

impl Event {
    /// The event `todo` with a to-do as JSON, which has no line break.
    pub fn todo(seq: u64, json: &str) -> Self {
        Self {
            seq,
            bytes: format!("id: {seq}\nevent: todo\ndata: {json}\n\n").into(),
        }
    }

    /// A block with an id and no data: the client notes how far it is, and dispatches nothing.
    pub fn mark(seq: u64) -> Self {
        Self {
            seq,
            bytes: format!("id: {seq}\n\n").into(),
        }
    }
}
