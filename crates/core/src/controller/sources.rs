//! One source's stream and outbox, as the controller sees them.

use jiff::{SignedDuration, Timestamp};

use crate::{
    bell::Mark,
    format::Seen,
    page::NotUnderstood,
    source::{Cause, StreamState},
};

/// One source's stream, and the delivery of its outbox.
#[derive(Debug)]
pub(super) struct SourceState {
    pub state: StreamState,
    /// The stream runs, though perhaps paused.
    pub started: bool,
    /// Whether no attempt failed since the server last accepted one. A stream that ended is no
    /// failure, however it ended, and before the first attempt this is `true`: a start shows no
    /// error mark.
    pub alive: bool,
    /// When its stream was last known to be alive, if it no longer is.
    pub lost: Option<Timestamp>,
    /// Since when events may be missing: when the previous connection was lost.
    pub gap: Option<Timestamp>,
    /// The message after which the server is to be asked in the address, not passed on to the
    /// stream yet.
    pub since: Option<String>,
    /// The stream itself holds an id from which it must not go on; until it opens again, it is told
    /// the cursor after every commit.
    pub cursor_invalid: bool,
    /// The cursor that the stream was told last.
    pub cursor_sent: Option<String>,
    /// What its last event turned out to be.
    pub seen: Option<Seen>,
    /// The stream replaces another one: whatever comes before its first state is still from the old
    /// one, and ignored.
    pub awaiting_first_state: bool,
    /// Events that could not be understood.
    pub not_understood: NotUnderstood,
    /// The charset that the server names, where it is not UTF-8.
    pub charset: Option<String>,
    /// Events may be a replay: the opening burst of the connection is not over.
    pub opening: bool,
    /// The outbox entry on its way.
    pub in_flight: Option<i64>,
    /// Failed attempts to deliver since the last success.
    pub failures: u32,
    /// No delivery before then.
    pub not_before: Option<Timestamp>,
    /// Delivery is blocked until the user signs in.
    pub blocked: bool,
    /// Why the keyring does not give its secret, as a stable word.
    pub keyring: Option<String>,
}

impl Default for SourceState {
    fn default() -> Self {
        Self {
            state: StreamState::connecting(),
            started: false,
            alive: true,
            lost: None,
            gap: None,
            since: None,
            cursor_invalid: false,
            cursor_sent: None,
            seen: None,
            awaiting_first_state: false,
            not_understood: NotUnderstood::default(),
            charset: None,
            opening: false,
            in_flight: None,
            failures: 0,
            not_before: None,
            blocked: false,
            keyring: None,
        }
    }
}

impl SourceState {
    /// Returns the state of a stream that takes the place of another one.
    pub fn replaced() -> Self {
        Self {
            awaiting_first_state: true,
            ..Self::default()
        }
    }

    /// Returns what the bell shows of it.
    pub fn mark(&self) -> Option<Mark> {
        match &self.state {
            StreamState::Open { .. } => None,
            StreamState::Connecting { .. } | StreamState::Waiting { .. } => {
                (!self.alive).then_some(Mark::NotAlive)
            }
            StreamState::Full { .. } => Some(Mark::Full),
            StreamState::Stopped {
                cause: Cause::SignIn | Cause::ProxySignIn(_),
            } => Some(Mark::SignIn),
            StreamState::Stopped { .. } => Some(Mark::NotAlive),
            StreamState::Paused => Some(Mark::Paused),
        }
    }

    /// Returns whether the next delivery waits for something other than time.
    pub fn holds_deliveries(&self) -> bool {
        self.in_flight.is_some() || self.blocked || self.state == StreamState::Paused
    }

    /// Returns when the next delivery may be tried, if it only waits for time.
    pub fn next_delivery(&self) -> Option<Timestamp> {
        self.not_before.filter(|_| !self.holds_deliveries())
    }

    pub fn shift(&mut self, back: SignedDuration) {
        if let Some(time) = &mut self.not_before {
            *time -= back;
        }
    }
}
