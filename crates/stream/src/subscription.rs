//! The subscription itself: one task, one channel.

use tokio::sync::mpsc;

use crate::{Config, State};

/// One dispatched event (WHATWG HTML 9.2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event type; `message` where the server named none.
    pub kind: String,
    /// The data, lines joined by LF.
    pub data: String,
    /// The last event ID string after this event.
    pub id: String,
}

/// What a subscription has to say, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Update {
    /// The state changed.
    State(State),
    /// An event arrived.
    Event(Event),
}

/// A running subscription. Dropping it closes the socket.
#[derive(Debug)]
pub struct Subscription {
    updates: mpsc::Receiver<Update>,
    handle: Handle,
}

/// Tells a running subscription what to do; cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {}

impl Subscription {
    /// Starts on the current Tokio runtime.
    pub fn start(_config: Config) -> Self {
        let (_sender, updates) = mpsc::channel(64);
        Self { updates, handle: Handle {} }
    }

    /// The next update; `None` once the subscription was closed. Not reading slows the socket.
    pub async fn next(&mut self) -> Option<Update> {
        self.updates.recv().await
    }

    /// A handle to steer it by.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

impl Handle {
    /// Tries again now, from whatever state.
    pub fn retry_now(&self) {}

    /// The machine woke or the network changed: reconnects within 0–3 s.
    pub fn wake(&self) {}

    /// Closes the socket until [`Handle::resume`].
    pub fn pause(&self) {}

    /// Ends a pause.
    pub fn resume(&self) {}

    /// Closes the socket and ends the subscription; returns when the socket is closed.
    pub async fn close(&self) {}
}
