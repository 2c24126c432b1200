//! The state of a stream.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::cause_json::CauseRecord;
use crate::{Cause, Step};

/// What a source's stream is doing. Times are to be shown, never timers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum StreamState {
    /// An attempt is under way.
    Connecting {
        /// What it waits for.
        step: Step,
    },
    /// The stream is alive.
    Open {
        /// Since when.
        #[ts(type = "string")]
        since: Timestamp,
    },
    /// Not connected; the next attempt is planned.
    Waiting {
        /// When the next attempt starts.
        #[ts(type = "string")]
        until: Timestamp,
        /// How many attempts failed since a stream was last open: with 0 none did, the server
        /// only ended the last one.
        attempt: u32,
        /// Why.
        #[ts(as = "CauseRecord")]
        cause: Cause,
    },
    /// The server is full.
    Full {
        /// When the cool-down ends; absent where only a person may try again.
        #[ts(type = "string | null")]
        until: Option<Timestamp>,
    },
    /// No further attempt until somebody asks.
    Stopped {
        /// Why.
        #[ts(as = "CauseRecord")]
        cause: Cause,
    },
    /// Paused by the user.
    Paused,
}

impl StreamState {
    /// Returns the state in which an attempt begins.
    pub const fn connecting() -> Self {
        Self::Connecting {
            step: Step::Connection,
        }
    }
}
