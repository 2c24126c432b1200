//! The subscription's task: attempts, reads the stream, waits, and attempts again.

mod next_attempt;
mod opening;
mod reading;
mod state;
mod waiting;

use std::time::Duration;

use belldot_wire::{Cause, ProxyFault};
use tokio::time::Instant;

use self::next_attempt::{NextAttempt, SubscriptionClosed};
pub(crate) use self::state::SubscriptionTask;
use crate::control::Signal;
use crate::disposition::Disposition;
use crate::retry::{self, between};

impl SubscriptionTask {
    /// Runs until the subscription is closed.
    pub(crate) async fn run(mut self: Box<Self>) -> SubscriptionClosed {
        loop {
            let disposition = match self.attempt().await {
                Ok(opened) => self.read(opened).await,
                Err(disposition) => disposition,
            };
            let next = match self.decide(disposition) {
                Ok(next) => next,
                Err(closed) => return closed,
            };
            if let Err(closed) = self.wait(next).await {
                return closed;
            }
        }
    }

    /// Decides what follows from the end of an attempt or a stream: the policy's table.
    fn decide(&mut self, disposition: Disposition) -> Result<NextAttempt, SubscriptionClosed> {
        let Self {
            config,
            backoff,
            random,
            ..
        } = self;
        let policy = &config.policy;
        if let Disposition::Failed { retry_after, .. } | Disposition::Full { retry_after } =
            &disposition
        {
            let after = retry_after.map(|after| after.min(retry::RETRY_AFTER_MOST));
            self.not_before = after.map(|after| Instant::now() + after);
        }
        Ok(match disposition {
            Disposition::Failed { cause, retry_after } => {
                let delay = backoff.next(random);
                NextAttempt::After(retry::floored(delay, retry_after, random), cause)
            }
            Disposition::Ended { cause, lasted } => {
                NextAttempt::After(backoff.after_stream(lasted, random), cause)
            }
            Disposition::EndedEmpty(cause) => {
                let ceiling = policy.mute_ceiling.min(policy.ceiling);
                NextAttempt::After(backoff.next_up_to(ceiling, random), cause)
            }
            Disposition::Refused(cause) => {
                NextAttempt::After(backoff.next_slow(&policy.slow, random), cause)
            }
            Disposition::Foreign(cause) => {
                backoff.count_failure();
                NextAttempt::After(
                    between(*policy.foreign.start(), *policy.foreign.end(), random),
                    cause,
                )
            }
            Disposition::NotReady(cause) => {
                backoff.count_unready();
                NextAttempt::After(NOT_READY, cause)
            }
            Disposition::Full { retry_after } => {
                backoff.count_failure();
                let delay = policy.cool_down.map(|mean| retry::cool_down(mean, random));
                NextAttempt::AfterCoolDown(
                    delay.map(|delay| retry::floored(delay, retry_after, random)),
                )
            }
            Disposition::SignIn if self.signed_in_again => {
                NextAttempt::WhenRequested(Cause::SignIn)
            }
            Disposition::SignIn => {
                backoff.count_failure();
                self.signed_in_again = true;
                NextAttempt::Now(Cause::SignIn)
            }
            Disposition::ProxySignIn(schemes) if self.asked_proxy_again => {
                NextAttempt::WhenRequested(Cause::ProxySignIn(schemes))
            }
            Disposition::ProxySignIn(schemes) => {
                backoff.count_failure();
                self.asked_proxy_again = true;
                NextAttempt::After(Duration::ZERO, Cause::Proxy(ProxyFault::SignIn(schemes)))
            }
            Disposition::Stopped(cause) => NextAttempt::WhenRequested(cause),
            Disposition::Renew(cause) => NextAttempt::Now(cause),
            Disposition::Signal(Signal::Close) => return Err(SubscriptionClosed),
            Disposition::Signal(Signal::Pause) => NextAttempt::WhenResumed,
            Disposition::Signal(Signal::Retry | Signal::Resume) => {
                NextAttempt::Now(Cause::Requested)
            }
            Disposition::Signal(Signal::Hint(cause)) => {
                NextAttempt::After(between(Duration::ZERO, policy.wake, random), cause)
            }
        })
    }
}

/// The delay before something on this machine that was not ready is asked again.
const NOT_READY: Duration = Duration::from_secs(2);
