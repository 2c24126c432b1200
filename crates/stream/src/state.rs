//! The state of a subscription, in a form to be shown.

use std::time::SystemTime;

use crate::{Cause, Step};

/// The state of a subscription. Times are wall-clock times, to be shown; never timers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// An attempt is under way.
    Connecting {
        /// What it waits for; a new step is reported once it has lasted for two seconds.
        step: Step,
    },
    /// The stream is open.
    Open {
        /// Since when.
        since: SystemTime,
    },
    /// Not connected; the next attempt is planned.
    Waiting {
        /// When the next attempt starts.
        until: SystemTime,
        /// How many attempts failed since a stream was last open: 0 where the last attempt opened
        /// one, however it ended.
        attempt: u32,
        /// Why.
        cause: Cause,
    },
    /// The server said `Too many connections`.
    Full {
        /// When the cool-down ends; `None` where only a person tries again.
        until: Option<SystemTime>,
    },
    /// No further attempt until one is requested.
    Stopped {
        /// Why.
        cause: Cause,
    },
    /// Paused by the user.
    Paused,
}
