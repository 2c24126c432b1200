//! The subscription's task: attempts, reads the stream, waits, and attempts again.

mod next_attempt;
mod opening;
mod reading;
mod waiting;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use self::next_attempt::{NextAttempt, SubscriptionClosed};
use crate::ProxyFault;
use crate::burst::Burst;
use crate::clock::Jump;
use crate::config::Config;
use crate::control::{Control, Signal, TaskContext};
use crate::cookies::Cookies;
use crate::credentials::Secret;
use crate::decode::Decoder;
use crate::disposition::Disposition;
use crate::retry::{self, Backoff, between};
use crate::transport::Transport;
use crate::watchdog::Watchdog;
use crate::{Cause, Update};

/// The state of a subscription that outlives its connections.
pub(crate) struct SubscriptionTask {
    config: Arc<Config>,
    transport: Option<Arc<dyn Transport>>,
    context: TaskContext,
    random: SmallRng,
    backoff: Backoff,
    watchdog: Watchdog,
    /// The opening burst of the current stream, until it is over.
    burst: Option<Burst>,
    decoder: Decoder,
    cursor: String,
    /// The server may have rejected the cursor: the next attempt omits it.
    without_cursor: bool,
    /// The cursor was dropped, and the application has not been told yet.
    cursor_dropped: bool,
    cookies: Cookies,
    secret: Option<Secret>,
    /// Credentials that expire at this time were renewed once; they are not renewed again, even
    /// where the renewal brought the same ones.
    renewed: Option<SystemTime>,
    /// A 401 has been followed by one more attempt.
    signed_in_again: bool,
    /// A 407 has been followed by one more attempt.
    asked_proxy_again: bool,
    last_attempt: Option<Instant>,
    /// No attempt before this: the server's `Retry-After`.
    not_before: Option<Instant>,
}

impl SubscriptionTask {
    pub(crate) fn new(
        config: Config,
        control: Arc<Control>,
        updates: mpsc::Sender<Box<Update>>,
    ) -> Self {
        let now = Instant::now();
        let policy = &config.policy;
        let mut task = Self {
            transport: config.transport.clone(),
            context: TaskContext {
                control,
                updates,
                clock: config.clock.clone(),
                check: policy.clock_check,
                jump: Jump::new(config.clock.now(), now),
                paused: false,
            },
            random: config
                .seed
                .map_or_else(SmallRng::from_os_rng, SmallRng::seed_from_u64),
            backoff: Backoff::new(policy.base, policy.ceiling),
            watchdog: Watchdog::new(policy.silence.clone(), now),
            burst: None,
            decoder: Decoder::new(policy.max_event, ""),
            cursor: String::new(),
            without_cursor: false,
            cursor_dropped: false,
            cookies: Cookies::default(),
            secret: None,
            renewed: None,
            signed_in_again: false,
            asked_proxy_again: false,
            last_attempt: None,
            not_before: None,
            config: Arc::new(config),
        };
        task.set_cursor(task.config.last_event_id.clone());
        task
    }

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

async fn sleep_until_or_forever(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
