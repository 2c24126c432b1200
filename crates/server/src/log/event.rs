//! One encoded SSE event.

use bytes::Bytes;

/// A changed to-do, encoded once and shared by all connections that send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// The sequence number, which is the event's id.
    pub seq: u64,
    /// The complete SSE block, including the empty line that ends it.
    pub bytes: Bytes,
}

impl LogEvent {
    /// Encodes an event of type `todo`. `json` must not contain line breaks.
    pub fn todo(seq: u64, json: &str) -> Self {
        Self {
            seq,
            bytes: format!("id: {seq}\nevent: todo\ndata: {json}\n\n").into(),
        }
    }

    /// Encodes a block with an id and no data: the client stores the id and dispatches no event.
    pub fn mark(seq: u64) -> Self {
        Self {
            seq,
            bytes: format!("id: {seq}\n\n").into(),
        }
    }
}
