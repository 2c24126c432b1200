//! One encoded SSE event.

use bytes::Bytes;

use super::entry::TodoEntry;

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

    /// Returns the data of an event; empty for a mark.
    pub fn data(&self) -> &str {
        let block = std::str::from_utf8(&self.bytes).unwrap_or_default();
        let data = block.lines().find_map(|line| line.strip_prefix("data: "));
        data.unwrap_or_default()
    }

    /// Encodes an entry as its owner sees it.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn for_owner(entry: TodoEntry) -> serde_json::Result<Self> {
        let seq = entry.seq;
        Ok(Self::todo(seq, &serde_json::to_string(&entry.for_owner())?))
    }

    /// Encodes a block with an id and no data: the client stores the id and dispatches no event.
    pub fn mark(seq: u64) -> Self {
        Self {
            seq,
            bytes: format!("id: {seq}\n\n").into(),
        }
    }
}
