//! What a subscription remembers from one connection to the next.

use std::sync::Arc;
use std::time::SystemTime;

use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::Update;
use crate::burst::Burst;
use crate::clock::Jump;
use crate::config::Config;
use crate::control::{Control, TaskContext};
use crate::cookies::Cookies;
use crate::credentials::Secret;
use crate::decode::Decoder;
use crate::retry::Backoff;
use crate::transport::Transport;
use crate::watchdog::Watchdog;

/// The state of a subscription that outlives its connections.
pub(crate) struct SubscriptionTask {
    pub(super) config: Arc<Config>,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) context: TaskContext,
    pub(super) random: SmallRng,
    pub(super) backoff: Backoff,
    pub(super) watchdog: Watchdog,
    /// The opening burst of the current stream, until it is over.
    pub(super) burst: Option<Burst>,
    pub(super) decoder: Decoder,
    pub(super) cursor: String,
    /// The server may have rejected the cursor: the next attempt omits it.
    pub(super) without_cursor: bool,
    /// The cursor was dropped, and the application has not been told yet.
    pub(super) cursor_dropped: bool,
    pub(super) cookies: Cookies,
    pub(super) secret: Option<Secret>,
    /// Credentials that expire at this time were renewed once; they are not renewed again, even
    /// where the renewal brought the same ones.
    pub(super) renewed: Option<SystemTime>,
    /// A 401 has been followed by one more attempt.
    pub(super) signed_in_again: bool,
    /// A 407 has been followed by one more attempt.
    pub(super) asked_proxy_again: bool,
    pub(super) last_attempt: Option<Instant>,
    /// No attempt before this: the server's `Retry-After`.
    pub(super) not_before: Option<Instant>,
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
}

/// Waits until then; without an instant, for ever.
pub(super) async fn sleep_until_or_forever(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
