//! When the next attempt is due.

use std::time::Duration;

use belldot_wire::Cause;

/// When the next attempt is due, and why there is one.
#[derive(Debug)]
pub(super) enum NextAttempt {
    /// At once.
    Now(Cause),
    /// After a delay.
    After(Duration, Cause),
    /// After the cool-down that follows `Too many connections`; `None`: when a person asks.
    AfterCoolDown(Option<Duration>),
    /// When a person or the application asks for one.
    WhenRequested(Cause),
    /// When the user resumes the subscription.
    WhenResumed,
}

/// The subscription was closed: there is no further attempt.
pub(crate) struct SubscriptionClosed;
