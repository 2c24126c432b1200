//! Resting between attempts: how long, what the app is told, and what cuts it short.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::{Closed, Life, sleep_until_some};
use crate::control::Wish;
use crate::retry::between;
use crate::{Cause, State, Update};

/// What to do until the next attempt.
#[derive(Debug)]
pub(super) enum Rest {
    /// Nothing: go on at once.
    Go(Cause),
    /// Wait.
    Wait(Duration, Cause),
    /// Wait until the cool-down ends, if it ends.
    Full(Option<Duration>),
    /// Wait until somebody asks.
    Stop(Cause),
    /// Wait until the pause ends.
    Pause,
}

impl Life {
    /// Rests until the next attempt is due or asked for.
    pub(super) async fn rest(&mut self, mut rest: Rest) -> Result<(), Closed> {
        loop {
            let now = Instant::now();
            let earliest = self
                .last_attempt
                .map_or(now, |last| last + self.config.policy.gap);
            let due = match &rest {
                Rest::Go(_) if earliest <= now => return Ok(()),
                Rest::Go(_) => Some(earliest),
                Rest::Wait(delay, _) => Some((now + *delay).max(earliest)),
                Rest::Full(delay) => delay.map(|delay| (now + delay).max(earliest)),
                Rest::Stop(_) | Rest::Pause => None,
            };
            self.line.paused = matches!(rest, Rest::Pause);
            let until = due.map(|due| self.line.clock.now() + (due - now));
            let wish = match self
                .line
                .tell(Update::State(self.state(&rest, until)))
                .await
            {
                Err(wish) => wish,
                Ok(()) => loop {
                    let wish = tokio::select! {
                        biased;
                        wish = self.line.disturbance() => wish,
                        () = sleep_until_some(due) => return Ok(()),
                    };
                    if self.disturbs(&wish, &rest, until) {
                        break wish;
                    }
                },
            };
            rest = match wish {
                Wish::Close => return Err(Closed),
                Wish::Pause => Rest::Pause,
                Wish::Retry | Wish::Resume => {
                    self.line.paused = false;
                    Rest::Go(Cause::Requested)
                }
                Wish::Hint(cause) => self.sooner(due, cause),
            };
        }
    }

    /// Whether a wish changes a rest. Hints do not end what a person or the server decided; but
    /// a cool-down that ended while the machine slept has ended.
    fn disturbs(&self, wish: &Wish, rest: &Rest, until: Option<SystemTime>) -> bool {
        match (wish, rest) {
            (Wish::Hint(_), Rest::Stop(_) | Rest::Pause | Rest::Go(_)) => false,
            (Wish::Hint(_), Rest::Full(_)) => {
                until.is_some_and(|until| until <= self.line.clock.now())
            }
            _ => true,
        }
    }

    /// A hint moves a planned attempt forward, never back, and not before the server's
    /// Retry-After.
    fn sooner(&mut self, due: Option<Instant>, cause: Cause) -> Rest {
        let now = Instant::now();
        let wake = between(Duration::ZERO, self.config.policy.wake, &mut self.random);
        let due = due.map_or(now + wake, |due| due.min(now + wake));
        let due = self
            .not_before
            .map_or(due, |not_before| due.max(not_before));
        Rest::Wait(due.saturating_duration_since(now), cause)
    }

    fn state(&self, rest: &Rest, until: Option<SystemTime>) -> State {
        let waiting = |cause: &Cause| State::Waiting {
            until: until.unwrap_or_else(|| self.line.clock.now()),
            attempt: self.backoff.failures(),
            cause: cause.clone(),
        };
        match rest {
            Rest::Go(cause) | Rest::Wait(_, cause) => waiting(cause),
            Rest::Full(_) => State::Full { until },
            Rest::Stop(cause) => State::Stopped {
                cause: cause.clone(),
            },
            Rest::Pause => State::Paused,
        }
    }
}
