//! Waits between attempts: for how long, what is reported, and what ends the wait early.

use std::time::{Duration, SystemTime};

use belldot_wire::{Cause, StreamState};
use tokio::time::Instant;

use super::next_attempt::{NextAttempt, SubscriptionClosed};
use super::state::{SubscriptionTask, sleep_until_or_forever};
use crate::Update;
use crate::clock::timestamp;
use crate::control::Signal;
use crate::retry::between;

impl SubscriptionTask {
    /// Waits until the next attempt is due or requested.
    ///
    /// # Errors
    /// If the subscription was closed.
    pub(super) async fn wait(&mut self, mut next: NextAttempt) -> Result<(), SubscriptionClosed> {
        loop {
            let now = Instant::now();
            let earliest = self
                .last_attempt
                .map_or(now, |last| last + self.config.policy.gap);
            let due = match &next {
                NextAttempt::Now(_) if earliest <= now => return Ok(()),
                NextAttempt::Now(_) => Some(earliest),
                NextAttempt::After(delay, _) => Some((now + *delay).max(earliest)),
                NextAttempt::AfterCoolDown(delay) => delay.map(|delay| (now + delay).max(earliest)),
                NextAttempt::WhenRequested(_) | NextAttempt::WhenResumed => None,
            };
            self.context.paused = matches!(next, NextAttempt::WhenResumed);
            let until = due.map(|due| self.context.clock.now() + (due - now));
            let signal = match self
                .context
                .send(Update::State(self.state(&next, until)))
                .await
            {
                Err(signal) => signal,
                Ok(()) => loop {
                    let signal = tokio::select! {
                        biased;
                        signal = self.context.next_signal() => signal,
                        () = sleep_until_or_forever(due) => return Ok(()),
                    };
                    if self.interrupts(&signal, &next, until) {
                        break signal;
                    }
                },
            };
            next = match signal {
                Signal::Close => return Err(SubscriptionClosed),
                Signal::Pause => NextAttempt::WhenResumed,
                Signal::Retry | Signal::Resume => {
                    self.context.paused = false;
                    NextAttempt::Now(Cause::Requested)
                }
                Signal::Hint(cause) => self.bring_forward(due, cause),
            };
        }
    }

    /// Whether a signal changes when the next attempt is due. A hint does not override what a
    /// person or the server decided; but a cool-down that ended while the machine slept is over.
    fn interrupts(&self, signal: &Signal, next: &NextAttempt, until: Option<SystemTime>) -> bool {
        match (signal, next) {
            (
                Signal::Hint(_),
                NextAttempt::WhenRequested(_) | NextAttempt::WhenResumed | NextAttempt::Now(_),
            ) => false,
            (Signal::Hint(_), NextAttempt::AfterCoolDown(_)) => {
                until.is_some_and(|until| until <= self.context.clock.now())
            }
            _ => true,
        }
    }

    /// A hint moves a planned attempt forward, never back, and not before the server's
    /// Retry-After.
    fn bring_forward(&mut self, due: Option<Instant>, cause: Cause) -> NextAttempt {
        let now = Instant::now();
        let wake = between(Duration::ZERO, self.config.policy.wake, &mut self.random);
        let due = due.map_or(now + wake, |due| due.min(now + wake));
        let due = self
            .not_before
            .map_or(due, |not_before| due.max(not_before));
        NextAttempt::After(due.saturating_duration_since(now), cause)
    }

    fn state(&self, next: &NextAttempt, until: Option<SystemTime>) -> StreamState {
        let waiting = |cause: &Cause| StreamState::Waiting {
            until: timestamp(until.unwrap_or_else(|| self.context.clock.now())),
            attempt: self.backoff.failures(),
            cause: cause.clone(),
        };
        match next {
            NextAttempt::Now(cause) | NextAttempt::After(_, cause) => waiting(cause),
            NextAttempt::AfterCoolDown(_) => StreamState::Full {
                until: until.map(timestamp),
            },
            NextAttempt::WhenRequested(cause) => StreamState::Stopped {
                cause: cause.clone(),
            },
            NextAttempt::WhenResumed => StreamState::Paused,
        }
    }
}
