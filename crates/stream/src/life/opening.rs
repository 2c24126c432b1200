//! Opening the stream: credentials, transport, attempt.

use std::sync::Arc;

use reqwest::StatusCode;
use tokio::time::{Instant, timeout};

use super::Life;
use crate::burst::Burst;
use crate::cause::Unusable;
use crate::client::Client;
use crate::config::{Config, Cursor};
use crate::connect::{Attempt, Opened, is_sendable};
use crate::control::Wish;
use crate::credentials::{CredentialsError, Secret};
use crate::end::End;
use crate::progress::{Progress, Steps};
use crate::transport::Transport;
use crate::{Cause, State, Update};

impl Life {
    /// One attempt to open the stream.
    pub(super) async fn attempt(&mut self) -> Result<Opened, End> {
        let connecting = State::Connecting { step: Steps::FIRST };
        self.line.tell(Update::State(connecting)).await?;
        self.last_attempt = Some(Instant::now());
        self.not_before = None;
        self.line.control.statistics().attempts += 1;
        if let Some(cursor) = self.line.control.take_cursor() {
            self.set_cursor(cursor);
            self.without_cursor = false;
        }
        let (progress, mut steps) = Steps::new();
        let opened = self.open(&progress, &mut steps).await;
        let mut burst = Burst::default();
        // Many servers send the head only with what happens.
        burst.waited(steps.unanswered());
        self.burst = Some(burst);
        if steps.unanswered() >= self.config.policy.patient {
            // Whatever came of it: this server is no wall to run against.
            self.backoff.opened();
        }
        self.judge_cursor(opened)
    }

    async fn open(&mut self, progress: &Progress, steps: &mut Steps) -> Result<Opened, End> {
        let started = Instant::now();
        let Self {
            config,
            transport,
            line,
            secret,
            cookies,
            cursor,
            without_cursor,
            signed_in_again,
            ..
        } = self;
        let config = &**config;
        let cursor = if *without_cursor { "" } else { cursor };
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
                progress,
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
                step = steps.next() => {
                    line.tell(Update::State(State::Connecting { step })).await?;
                }
            }
        }
    }

    /// A server may take everything of a request but its cursor, because it is too long, or
    /// nothing of the server's any longer. One attempt without it tells: where that opens, the
    /// cursor is dropped; else it was not the cursor, which stays.
    fn judge_cursor(&mut self, opened: Result<Opened, End>) -> Result<Opened, End> {
        let without = std::mem::take(&mut self.without_cursor);
        match &opened {
            Ok(_) if without => {
                self.set_cursor(String::new());
                self.cursor_dropped = true;
            }
            Err(End::Refused(Cause::Status(status)))
                if !without && !self.cursor.is_empty() && may_mean_cursor(*status) =>
            {
                self.without_cursor = true;
                return Err(End::Renew(Cause::Status(*status)));
            }
            _ => {}
        }
        opened
    }

    /// Takes a cursor to send from now on, unless no request could carry it.
    pub(super) fn set_cursor(&mut self, cursor: String) {
        let is_header = self.config.cursor == Cursor::Header;
        self.cursor_dropped = is_header && !cursor.is_empty() && !is_sendable(&cursor);
        self.cursor = match self.cursor_dropped {
            true => String::new(),
            false => cursor,
        };
        let mut statistics = self.line.control.statistics();
        statistics.last_event_id.clone_from(&self.cursor);
    }
}

/// Whether a server may answer so because of the cursor: a bad request, or one that is too long.
fn may_mean_cursor(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 413 | 414 | 431)
}

/// Fetches credentials where there is a source of them.
async fn sign_in(config: &Config, secret: &mut Option<Secret>, refused: bool) -> Result<(), End> {
    let Some(source) = &config.credentials else {
        return Ok(());
    };
    let fetched = timeout(config.policy.credentials_timeout, source.fetch(refused)).await;
    match fetched {
        Ok(Ok(fetched)) => {
            *secret = Some(fetched);
            Ok(())
        }
        Ok(Err(CredentialsError::SignIn)) => Err(End::Stopped(Cause::SignIn)),
        Ok(Err(CredentialsError::Unavailable(words))) => {
            Err(End::NotReady(Cause::Credentials(words)))
        }
        Err(_elapsed) => Err(End::failed(Cause::Timeout)),
    }
}

/// The transport, made at the first attempt where none was given.
async fn carry<'a>(
    config: &Config,
    transport: &'a mut Option<Arc<dyn Transport>>,
) -> Result<&'a Arc<dyn Transport>, End> {
    if transport.is_none() {
        let (network, patience) = (config.network.clone(), config.policy.connect_timeout);
        let made = tokio::task::spawn_blocking(move || Client::new(&network, patience)).await;
        *transport = Some(match made {
            Ok(Ok(client)) => Arc::new(client),
            Ok(Err(error)) => {
                let cause = Cause::Unusable(Unusable::Network(error.to_string()));
                return Err(End::Stopped(cause));
            }
            Err(_ended) => return Err(End::Wish(Wish::Close)),
        });
    }
    // It was just put there.
    transport.as_ref().ok_or(End::Wish(Wish::Close))
}
