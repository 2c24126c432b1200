//! The subscription as the app sees it: one channel to read, one handle to steer by.

use std::sync::Arc;

use reqwest::header::HeaderMap;
use tokio::sync::mpsc;

use crate::control::{Alive, Control, Wish};
use crate::life::Life;
use crate::{Cause, Config, Event, State, Statistics};

/// What a subscription has to say, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Update {
    /// The state changed.
    State(State),
    /// A stream was opened, and this is what its response headers say; follows
    /// [`State::Open`]. Cookies are not among them.
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

/// A running subscription. Dropping it closes the socket.
#[derive(Debug)]
pub struct Subscription {
    /// Boxed, since a channel holds room for dozens even while nothing happens.
    updates: mpsc::Receiver<Box<Update>>,
    handle: Handle,
}

/// Tells a running subscription what to do; cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    control: Arc<Control>,
}

impl Subscription {
    /// Starts on the current Tokio runtime.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn start(config: Config) -> Self {
        let control = Arc::new(Control::default());
        let (sender, updates) = mpsc::channel(config.policy.buffer.max(1));
        let alive = Alive(control.clone());
        let life = Box::new(Life::new(config, control.clone(), sender));
        tokio::spawn(async move {
            life.run().await;
            // The connection's own task notices that its stream was dropped, and closes the
            // socket, when it is next run.
            for _ in 0..YIELDS {
                tokio::task::yield_now().await;
            }
            drop(alive);
        });
        Self {
            updates,
            handle: Handle { control },
        }
    }

    /// The next update; `None` once the subscription was closed. Not reading slows the socket.
    pub async fn next(&mut self) -> Option<Update> {
        self.updates.recv().await.map(|update| *update)
    }

    /// A handle to steer it by.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

/// How often other tasks are let run before a closed subscription counts as ended.
const YIELDS: usize = 16;

impl Handle {
    /// Tries again now, from whatever state.
    pub fn retry_now(&self) {
        self.control.want(Wish::Retry);
    }

    /// The machine woke: reconnects within 0–3 s.
    pub fn wake(&self) {
        self.control.want(Wish::Hint(Cause::Woke));
    }

    /// The network changed: reconnects within 0–3 s.
    pub fn network_changed(&self) {
        self.control.want(Wish::Hint(Cause::NetworkChanged));
    }

    /// Closes the socket until [`Handle::resume`].
    pub fn pause(&self) {
        self.control.want(Wish::Pause);
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.control.want(Wish::Resume);
    }

    /// The cursor to send with the next attempt; see [`Cursor`](crate::Cursor).
    pub fn set_cursor(&self, cursor: String) {
        self.control.set_cursor(cursor);
    }

    /// What the subscription has seen so far.
    pub fn statistics(&self) -> Statistics {
        self.control.statistics().clone()
    }

    /// Closes the socket and ends the subscription; returns when the socket is closed.
    pub async fn close(&self) {
        self.control.want(Wish::Close);
        self.control.ended().await;
    }
}
