//! What an event stream dispatches.

/// One dispatched event (WHATWG HTML 9.2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event type; `message` where the server named none.
    pub kind: String,
    /// The data, lines joined by LF.
    pub data: String,
    /// The last event ID string after this event.
    pub id: String,
    /// Whether this event's own block had an `id` field that counts, be it empty; else `id` is
    /// that of an event before.
    pub own_id: bool,
}
