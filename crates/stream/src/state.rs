//! What a subscription is doing, in a form that can be shown.

use std::time::SystemTime;

use crate::{Cause, Step};

/// What a subscription is doing. Times are wall-clock times, to be shown; never timers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// An attempt is under way.
    Connecting {
        /// What it waits for; a new one is told once it has lasted for two seconds.
        step: Step,
    },
    /// The stream is alive.
    Open {
        /// Since when.
        since: SystemTime,
    },
    /// Not connected; the next attempt is planned.
    Waiting {
        /// When the next attempt starts.
        until: SystemTime,
        /// How many attempts failed since a stream was last open: 0 where the last one opened, and
        /// then ended in whatever way.
        attempt: u32,
        /// Why.
        cause: Cause,
    },
    /// The server said `Too many connections`.
    Full {
        /// When the cool-down ends; `None` where only a person may try again.
        until: Option<SystemTime>,
    },
    /// No further attempt until somebody asks.
    Stopped {
        /// Why.
        cause: Cause,
    },
    /// Paused by the user.
    Paused,
}
