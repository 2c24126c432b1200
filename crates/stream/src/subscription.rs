//! The subscription as the application sees it: updates to read, and a handle to control it.

use std::sync::Arc;

use belldot_wire::Cause;
use tokio::sync::mpsc;

use crate::control::{Control, EndGuard, Signal};
use crate::task::SubscriptionTask;
use crate::update::Update;
use crate::{Config, Statistics};

/// A running subscription. Dropping it closes the socket.
#[derive(Debug)]
pub struct Subscription {
    /// Boxed, since a channel allocates room for dozens of updates in advance.
    updates: mpsc::Receiver<Box<Update>>,
    handle: Handle,
}

/// Controls a running subscription; cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    control: Arc<Control>,
}

impl Subscription {
    /// Starts a subscription on the current Tokio runtime.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn start(config: Config) -> Self {
        let control = Arc::new(Control::default());
        let (sender, updates) = mpsc::channel(config.policy.buffer.max(1));
        let alive = EndGuard(control.clone());
        let task = Box::new(SubscriptionTask::new(config, control.clone(), sender));
        tokio::spawn(async move {
            task.run().await;
            // The connection has a task of its own, which closes the socket when it is next
            // polled after its stream was dropped.
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

    /// Waits for the next update; `None` once the subscription was closed. Updates that are not
    /// read stop the socket from being read.
    pub async fn next(&mut self) -> Option<Update> {
        self.updates.recv().await.map(|update| *update)
    }

    /// Returns a handle to control it by.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

/// How often the task yields to others before a closed subscription counts as ended.
const YIELDS: usize = 16;

impl Handle {
    /// Attempts again at once, in any state.
    pub fn retry_now(&self) {
        self.control.request(Signal::Retry);
    }

    /// Reports that the machine woke: reconnects within 0–3 s.
    pub fn wake(&self) {
        self.control.request(Signal::Hint(Cause::Woke));
    }

    /// Reports that the network changed: reconnects within 0–3 s.
    pub fn network_changed(&self) {
        self.control.request(Signal::Hint(Cause::NetworkChanged));
    }

    /// Closes the socket until [`Handle::resume`].
    pub fn pause(&self) {
        self.control.request(Signal::Pause);
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.control.request(Signal::Resume);
    }

    /// Sets the cursor to send with the next attempt; see
    /// [`CursorPlacement`](crate::CursorPlacement).
    pub fn set_cursor(&self, cursor: String) {
        self.control.set_cursor(cursor);
    }

    /// Returns what the subscription has counted so far.
    pub fn statistics(&self) -> Statistics {
        self.control.statistics().clone()
    }

    /// Closes the socket and ends the subscription; returns when the socket is closed.
    pub async fn close(&self) {
        self.control.request(Signal::Close);
        self.control.ended().await;
    }
}
