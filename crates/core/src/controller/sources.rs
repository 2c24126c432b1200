//! One source's stream and outbox, as the controller sees them.

use jiff::{SignedDuration, Timestamp};

use crate::{bell::Mark, format::Seen, page::NotUnderstood, source::StreamState};

/// One source's stream, and the delivery of its outbox.
#[derive(Debug)]
pub(super) struct SourceState {
    pub state: StreamState,
    /// The stream runs, though perhaps paused.
    pub started: bool,
    /// Whether no attempt failed since the server last took one: a stream that ended, however
    /// that came, is not a server that fails. The first attempt has the benefit of the doubt: a
    /// start does not strike the bell.
    pub alive: bool,
    /// When its stream was last known to be alive, if it no longer is.
    pub lost: Option<Timestamp>,
    /// When it was lost the last time.
    pub gap: Option<Timestamp>,
    /// A message after which its server wants to be asked in the address, not told it yet.
    pub since: Option<String>,
    /// It heard an id that is no place to go on from; until it opens anew, it has to be told of
    /// every other one.
    pub cursor_invalid: bool,
    /// The one it was told of last.
    pub cursor_sent: Option<String>,
    /// What its last event turned out to be.
    pub seen: Option<Seen>,
    /// The stream was started in place of another one; what comes before it says that it
    /// connects is still the other one's, and so is its cursor.
    pub awaiting_first_state: bool,
    /// Events that could not be understood.
    pub not_understood: NotUnderstood,
    /// The charset that the server names, where it is not UTF-8.
    pub charset: Option<String>,
    /// What comes now may be a replay: the connection's opening burst is not over.
    pub opening: bool,
    /// The outbox entry on its way.
    pub in_flight: Option<i64>,
    /// Failed attempts to deliver since one went well.
    pub failures: u32,
    /// No delivery before then.
    pub not_before: Option<Timestamp>,
    /// The server wants a sign-in before it takes anything.
    pub blocked: bool,
    /// Its secret is in a keyring that does not give it; a word for why.
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
            StreamState::Stopped { cause }
                if ["sign-in", "proxy-sign-in"].contains(&cause.code.as_str()) =>
            {
                Some(Mark::SignIn)
            }
            StreamState::Stopped { .. } => Some(Mark::NotAlive),
            StreamState::Paused => Some(Mark::Paused),
        }
    }

    /// Returns whether the next delivery has to wait for something else than the clock.
    pub fn holds_deliveries(&self) -> bool {
        self.in_flight.is_some() || self.blocked || self.state == StreamState::Paused
    }

    /// Returns when the next delivery may be tried, if it waits for the clock alone.
    pub fn next_delivery(&self) -> Option<Timestamp> {
        self.not_before.filter(|_| !self.holds_deliveries())
    }

    pub fn shift(&mut self, back: SignedDuration) {
        if let Some(time) = &mut self.not_before {
            *time -= back;
        }
    }
}
