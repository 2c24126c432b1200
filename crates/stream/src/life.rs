//! The life of a subscription: attempt, stream, rest, and again.

mod opening;
mod reading;
mod resting;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use self::resting::Rest;
use crate::burst::Burst;
use crate::cause::ProxyFault;
use crate::clock::Jump;
use crate::config::Config;
use crate::control::{Control, Line, Wish};
use crate::cookies::Cookies;
use crate::credentials::Secret;
use crate::decode::Decoder;
use crate::end::End;
use crate::retry::{self, Backoff, between};
use crate::transport::Transport;
use crate::watchdog::Watchdog;
use crate::{Cause, Update};

/// A subscription's task, between its attempts.
pub(crate) struct Life {
    config: Arc<Config>,
    transport: Option<Arc<dyn Transport>>,
    line: Line,
    random: SmallRng,
    backoff: Backoff,
    watchdog: Watchdog,
    /// The opening burst of the present stream, until it is over.
    burst: Option<Burst>,
    decoder: Decoder,
    cursor: String,
    /// The server did not take the cursor: the next attempt does without.
    without_cursor: bool,
    /// The cursor is gone, and the app was not told yet.
    cursor_dropped: bool,
    cookies: Cookies,
    secret: Option<Secret>,
    /// What expires then was renewed already; if that brought nothing newer, so be it.
    renewed: Option<SystemTime>,
    /// A 401 was answered by one more attempt already.
    signed_in_again: bool,
    /// A 407 was answered by one more attempt already.
    asked_proxy_again: bool,
    last_attempt: Option<Instant>,
    /// The server asked (Retry-After) not to come before.
    not_before: Option<Instant>,
}

/// The subscription is to end.
pub(crate) struct Closed;

impl Life {
    pub(crate) fn new(
        config: Config,
        control: Arc<Control>,
        updates: mpsc::Sender<Box<Update>>,
    ) -> Self {
        let now = Instant::now();
        let policy = &config.policy;
        let mut life = Self {
            transport: config.transport.clone(),
            line: Line {
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
        life.set_cursor(life.config.last_event_id.clone());
        life
    }

    /// Lives until it is closed.
    pub(crate) async fn run(mut self: Box<Self>) -> Closed {
        loop {
            let end = match self.attempt().await {
                Ok(opened) => self.read(opened).await,
                Err(end) => end,
            };
            let rest = match self.follow(end) {
                Ok(rest) => rest,
                Err(closed) => return closed,
            };
            if let Err(closed) = self.rest(rest).await {
                return closed;
            }
        }
    }

    /// What follows from the end of an attempt or a stream: the design's table.
    fn follow(&mut self, end: End) -> Result<Rest, Closed> {
        let Self {
            config,
            backoff,
            random,
            ..
        } = self;
        let policy = &config.policy;
        if let End::Failed { retry_after, .. } | End::Full { retry_after } = &end {
            let after = retry_after.map(|after| after.min(retry::RETRY_AFTER_MOST));
            self.not_before = after.map(|after| Instant::now() + after);
        }
        Ok(match end {
            End::Failed { cause, retry_after } => {
                let delay = backoff.next(random);
                Rest::Wait(retry::floored(delay, retry_after, random), cause)
            }
            End::Ended { cause, lasted } => Rest::Wait(backoff.after_stream(lasted, random), cause),
            End::Mute(cause) => {
                let ceiling = policy.mute_ceiling.min(policy.ceiling);
                Rest::Wait(backoff.next_up_to(ceiling, random), cause)
            }
            End::Refused(cause) => Rest::Wait(backoff.next_slow(&policy.slow, random), cause),
            End::Foreign(cause) => {
                backoff.count_failure();
                Rest::Wait(
                    between(*policy.foreign.start(), *policy.foreign.end(), random),
                    cause,
                )
            }
            End::NotReady(cause) => {
                backoff.count_unready();
                Rest::Wait(NOT_READY, cause)
            }
            End::Full { retry_after } => {
                backoff.count_failure();
                let delay = policy.cool_down.map(|mean| retry::cool_down(mean, random));
                Rest::Full(delay.map(|delay| retry::floored(delay, retry_after, random)))
            }
            End::SignIn if self.signed_in_again => Rest::Stop(Cause::SignIn),
            End::SignIn => {
                backoff.count_failure();
                self.signed_in_again = true;
                Rest::Go(Cause::SignIn)
            }
            End::ProxySignIn(schemes) if self.asked_proxy_again => {
                Rest::Stop(Cause::ProxySignIn(schemes))
            }
            End::ProxySignIn(schemes) => {
                backoff.count_failure();
                self.asked_proxy_again = true;
                Rest::Wait(Duration::ZERO, Cause::Proxy(ProxyFault::SignIn(schemes)))
            }
            End::Stopped(cause) => Rest::Stop(cause),
            End::Renew(cause) => Rest::Go(cause),
            End::Wish(Wish::Close) => return Err(Closed),
            End::Wish(Wish::Pause) => Rest::Pause,
            End::Wish(Wish::Retry | Wish::Resume) => Rest::Go(Cause::Requested),
            End::Wish(Wish::Hint(cause)) => {
                Rest::Wait(between(Duration::ZERO, policy.wake, random), cause)
            }
        })
    }
}

/// How soon something on this machine is asked again that was not ready.
const NOT_READY: Duration = Duration::from_secs(2);

async fn sleep_until_some(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
