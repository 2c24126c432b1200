//! Counts of a subscription.

use std::time::{Duration, SystemTime};

/// Counts of a subscription since it started, over all its connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Attempts to connect.
    pub attempts: u64,
    /// Attempts that opened a stream.
    pub opened: u64,
    /// Bytes of event streams read.
    pub bytes: u64,
    /// Events delivered.
    pub events: u64,
    /// Events skipped because they exceeded the limit.
    pub skipped: u64,
    /// Heartbeats received.
    pub heartbeats: u64,
    /// The usual interval between heartbeats, once it is known.
    pub usual_gap: Option<Duration>,
    /// The reconnection time that the server asked for (`retry:`), within bounds.
    pub retry: Option<Duration>,
    /// When the server last sent anything.
    pub last_heard: Option<SystemTime>,
    /// The cursor that the next connection sends; empty for none.
    pub last_event_id: String,
}
