//! The life of a subscription: attempt, stream, rest, and again.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use reqwest::cookie::Jar;
use reqwest::header::HeaderMap;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::client::Client;
use crate::clock::Jump;
use crate::config::{Config, Cursor};
use crate::connect::{Attempt, Opened, is_sendable};
use crate::control::{Control, Line, Wish};
use crate::credentials::{CredentialsError, Secret};
use crate::decode::{Decoded, Decoder, says_nothing};
use crate::end::End;
use crate::retry::{self, Backoff};
use crate::transport::{Body, Transport};
use crate::watchdog::Watchdog;
use crate::{Cause, Event, State, Update};

/// Credentials are renewed this long before they expire, or after nine tenths of a short life.
const RENEW_BEFORE: Duration = Duration::from_secs(60);

pub(crate) struct Life {
    config: Arc<Config>,
    transport: Option<Arc<dyn Transport>>,
    line: Line,
    random: SmallRng,
    backoff: Backoff,
    watchdog: Watchdog,
    decoder: Decoder,
    cursor: String,
    cookies: Option<Box<Jar>>,
    secret: Option<Secret>,
    /// What expires then was renewed already; if that brought nothing newer, so be it.
    renewed: Option<SystemTime>,
    /// A 401 was answered by one more attempt already.
    signed_in_again: bool,
    last_attempt: Option<Instant>,
    /// The server asked (Retry-After) not to come before.
    not_before: Option<Instant>,
}

/// The subscription is to end.
pub(crate) struct Closed;

/// What to do until the next attempt.
#[derive(Debug)]
enum Rest {
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
    pub(crate) fn new(
        config: Config,
        control: Arc<Control>,
        updates: mpsc::Sender<Box<Update>>,
    ) -> Self {
        let now = Instant::now();
        let policy = &config.policy;
        let decoder_id = match config.cursor {
            Cursor::Header => config.last_event_id.as_str(),
            Cursor::Query(_) => "",
        };
        control
            .statistics()
            .last_event_id
            .clone_from(&config.last_event_id);
        Self {
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
            decoder: Decoder::new(policy.max_event, decoder_id),
            cursor: config.last_event_id.clone(),
            cookies: None,
            secret: None,
            renewed: None,
            signed_in_again: false,
            last_attempt: None,
            not_before: None,
            config: Arc::new(config),
        }
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

    /// One attempt to open the stream.
    async fn attempt(&mut self) -> Result<Opened, End> {
        self.line.tell(Update::State(State::Connecting)).await?;
        let started = Instant::now();
        self.last_attempt = Some(started);
        self.line.control.statistics().attempts += 1;
        self.take_cursor();
        let Self {
            config,
            transport,
            line,
            secret,
            cookies,
            cursor,
            signed_in_again,
            ..
        } = self;
        let config = &**config;
        let mut opening = Box::pin(async move {
            sign_in(config, secret, *signed_in_again).await?;
            let transport = carry(config, transport).await?;
            let (secret, transport) = (secret.as_ref(), &**transport);
            Attempt {
                config,
                transport,
                secret,
                cookies,
                cursor,
            }
            .open()
            .await
        });
        loop {
            tokio::select! {
                biased;
                wish = line.disturbance() => match wish {
                    // What is asked for is under way.
                    Wish::Retry | Wish::Hint(_) if started.elapsed() < config.policy.gap => {}
                    wish => return Err(wish.into()),
                },
                opened = &mut opening => return opened,
            }
        }
    }

    /// Reads an open stream to its end.
    async fn read(&mut self, opened: Opened) -> End {
        let Opened { headers, mut body } = opened;
        let since = Instant::now();
        self.signed_in_again = false;
        self.not_before = None;
        self.begin_decoding();
        self.watchdog.opened(since);
        self.line.control.statistics().opened += 1;
        if let Err(wish) = self.tell_open(headers).await {
            return wish.into();
        }
        let renewal = self.renewal();
        let end = loop {
            let heard = match self.listen(&mut body, renewal).await {
                Ok(chunk) => self.hear(chunk).await,
                Err(end) => Err(end),
            };
            if let Err(end) = heard {
                break end;
            }
        };
        // The socket goes before anything else is said or done.
        drop(body);
        if since.elapsed() >= self.config.policy.healthy {
            self.backoff.healthy();
        }
        end
    }

    /// The next piece of the stream, unless something comes in between.
    async fn listen(&mut self, body: &mut Body, renewal: Option<Instant>) -> Result<Bytes, End> {
        if let Some(wish) = self.line.wish() {
            return Err(wish.into());
        }
        let chunk = match body.next().now_or_never() {
            Some(chunk) => chunk,
            None => tokio::select! {
                biased;
                wish = self.line.disturbance() => return Err(wish.into()),
                () = sleep_until_some(renewal) => {
                    self.renewed = self.secret.as_ref().and_then(|secret| secret.expires);
                    return Err(End::Renew(Cause::Requested));
                }
                chunk = body.next() => chunk,
                () = sleep_until(self.watchdog.deadline()) => return Err(self.silence()),
            },
        };
        chunk.unwrap_or(Err(Cause::Ended)).map_err(End::failed)
    }

    async fn tell_open(&mut self, headers: HeaderMap) -> Result<(), Wish> {
        let since = self.line.clock.now();
        self.line.tell(Update::State(State::Open { since })).await?;
        self.line.tell(Update::Opened(Box::new(headers))).await
    }

    /// Decodes a chunk and tells its events, one by one: what the app has not taken stays
    /// undelivered, and the cursor with it.
    async fn hear(&mut self, mut chunk: Bytes) -> Result<(), End> {
        let bytes = chunk.len() as u64;
        let (mut events, mut skipped, mut beats, mut alive) = (0, 0, 0, false);
        let mut outcome = Ok(());
        while let Some(decoded) = self.decoder.next(&mut chunk) {
            match decoded {
                Decoded::Event(event) if self.says_full(&event) => {
                    outcome = Err(End::Full { retry_after: None });
                    break;
                }
                Decoded::Event(event) => {
                    alive |= says_nothing(&event);
                    if let Err(wish) = self.line.tell(Update::Event(event)).await {
                        outcome = Err(wish.into());
                        break;
                    }
                    events += 1;
                    self.keep_cursor();
                }
                Decoded::Retry(retry) => self.backoff.server_asked(retry),
                Decoded::Heartbeat => beats += 1,
                Decoded::Oversized => skipped += 1,
            }
        }
        if outcome.is_ok() {
            self.keep_cursor();
        }
        // A comment beside an event is a part of it, and no habit to learn from.
        let heartbeat = alive || (events == 0 && beats > 0);
        // Time that the app took is not the server's silence.
        match heartbeat {
            true => self.watchdog.heartbeat(Instant::now()),
            false => self.watchdog.heard(Instant::now()),
        }
        let mut statistics = self.line.control.statistics();
        statistics.bytes += bytes;
        statistics.events += events;
        statistics.skipped += skipped;
        statistics.heartbeats += u64::from(heartbeat);
        statistics.usual_gap = self.watchdog.usual_gap();
        statistics.retry = self.backoff.asked();
        statistics.last_heard = Some(self.line.clock.now());
        if statistics.last_event_id != self.cursor {
            statistics.last_event_id.clone_from(&self.cursor);
        }
        outcome
    }

    fn says_full(&self, event: &Event) -> bool {
        let text = &self.config.policy.full_text;
        event.kind == "message" && !text.is_empty() && event.data == *text
    }

    /// A new connection, a new stream. It begins with the ID that was sent: one that came with
    /// an event which was not delivered must not be taken for the cursor.
    fn begin_decoding(&mut self) {
        match self.config.cursor {
            Cursor::Header => {
                self.decoder = Decoder::new(self.config.policy.max_event, &self.cursor);
            }
            Cursor::Query(_) => self.decoder.reconnect(),
        }
    }

    /// Moves the cursor to the stream's last event ID, unless a request could not carry it: then
    /// the server replays from the one before, rather than never being understood again.
    fn keep_cursor(&mut self) {
        if self.config.cursor != Cursor::Header {
            return;
        }
        let id = self.decoder.last_event_id();
        if id != self.cursor && (id.is_empty() || is_sendable(id)) {
            id.clone_into(&mut self.cursor);
        }
    }

    fn take_cursor(&mut self) {
        if let Some(cursor) = self.line.control.take_cursor() {
            self.line
                .control
                .statistics()
                .last_event_id
                .clone_from(&cursor);
            self.cursor = cursor;
        }
    }

    /// The server was silent for too long.
    fn silence(&mut self) -> End {
        let learned = self.watchdog.usual_gap().is_some();
        self.watchdog.forget();
        match learned {
            true => End::failed(Cause::Silent),
            // Perhaps there was just nothing to say: nobody needs to hear of it.
            false => End::Renew(Cause::Silent),
        }
    }

    /// When the credentials in use should be renewed.
    fn renewal(&self) -> Option<Instant> {
        let expires = self.secret.as_ref()?.expires?;
        if self.renewed.is_some_and(|renewed| expires <= renewed) {
            return None;
        }
        let left = expires.duration_since(self.line.clock.now()).ok()?;
        Some(Instant::now() + (left - RENEW_BEFORE.min(left / 10)))
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
            self.not_before =
                retry_after.map(|after| Instant::now() + after.min(retry::RETRY_AFTER_MOST));
        }
        Ok(match end {
            End::Failed { cause, retry_after } => {
                let delay = backoff.next(random);
                Rest::Wait(retry::floored(delay, retry_after, random), cause)
            }
            End::Refused(cause) => Rest::Wait(backoff.next_slow(&policy.slow, random), cause),
            End::Foreign(cause) => {
                backoff.count_failure();
                Rest::Wait(random.random_range(policy.foreign.clone()), cause)
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
            End::Stopped(cause) => Rest::Stop(cause),
            End::Renew(cause) => Rest::Go(cause),
            End::Wish(Wish::Close) => return Err(Closed),
            End::Wish(Wish::Pause) => Rest::Pause,
            End::Wish(Wish::Retry | Wish::Resume) => Rest::Go(Cause::Requested),
            End::Wish(Wish::Hint(cause)) => {
                Rest::Wait(retry::between(Duration::ZERO, policy.wake, random), cause)
            }
        })
    }

    /// Rests until the next attempt is due or asked for.
    async fn rest(&mut self, mut rest: Rest) -> Result<(), Closed> {
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
        let wake = retry::between(Duration::ZERO, self.config.policy.wake, &mut self.random);
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

/// Fetches credentials where there is a source of them.
async fn sign_in(config: &Config, secret: &mut Option<Secret>, refused: bool) -> Result<(), End> {
    let Some(source) = &config.credentials else {
        return Ok(());
    };
    let fetched = tokio::time::timeout(config.policy.header_timeout, source.fetch(refused)).await;
    match fetched {
        Ok(Ok(fetched)) => {
            *secret = Some(fetched);
            Ok(())
        }
        Ok(Err(CredentialsError::SignIn)) => Err(End::Stopped(Cause::SignIn)),
        Ok(Err(CredentialsError::Unavailable(words))) => Err(End::failed(Cause::Broken(words))),
        Err(_elapsed) => Err(End::failed(Cause::Timeout)),
    }
}

/// The transport, made at the first attempt where none was given.
async fn carry<'a>(
    config: &Config,
    transport: &'a mut Option<Arc<dyn Transport>>,
) -> Result<&'a Arc<dyn Transport>, End> {
    if transport.is_none() {
        let (network, timeout) = (config.network.clone(), config.policy.connect_timeout);
        let made = tokio::task::spawn_blocking(move || Client::new(&network, timeout)).await;
        *transport = Some(match made {
            Ok(Ok(client)) => Arc::new(client),
            Ok(Err(error)) => return Err(End::Stopped(Cause::Unusable(error.to_string()))),
            Err(_ended) => return Err(End::Wish(Wish::Close)),
        });
    }
    // It was just put there.
    transport.as_ref().ok_or(End::Wish(Wish::Close))
}

async fn sleep_until_some(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
