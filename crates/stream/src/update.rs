//! What a subscription reports to the application.

use belldot_wire::{Event, StreamState};
use reqwest::header::HeaderMap;

/// What a subscription reports, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Update {
    /// The state changed.
    State(StreamState),
    /// A stream was opened, with these response headers; follows
    /// [`StreamState::Open`]. Cookies are not among them.
    Opened(Box<HeaderMap>),
    /// The stream was opened without the cursor, which no request can carry or the server does
    /// not take: events from before may be missing, and others may come again. Follows
    /// [`Update::Opened`].
    CursorDropped,
    /// An event arrived.
    Event(Event),
    /// The opening burst of the connection is over: the server was silent for a while, and what
    /// it sends from here on is no replay.
    Settled,
}
