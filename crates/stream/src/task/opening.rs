//! Opens the stream: credentials, transport, attempt.

use std::sync::Arc;

use belldot_wire::{Cause, StreamState, Unusable};
use reqwest::StatusCode;
use tokio::time::{Instant, timeout};

use super::state::SubscriptionTask;
use crate::Update;
use crate::burst::Burst;
use crate::client::Client;
use crate::config::{Config, CursorPlacement};
use crate::connect::{Attempt, Opened, is_valid_cursor};
use crate::control::Signal;
use crate::credentials::{CredentialsError, Secret};
use crate::disposition::Disposition;
use crate::progress::{Progress, Steps};
use crate::transport::Transport;

impl SubscriptionTask {
    /// Attempts once to open the stream.
    pub(super) async fn attempt(&mut self) -> Result<Opened, Disposition> {
        let connecting = StreamState::Connecting { step: Steps::FIRST };
        self.context.send(Update::State(connecting)).await?;
        self.last_attempt = Some(Instant::now());
        self.not_before = None;
        self.context.control.statistics().attempts += 1;
        if let Some(cursor) = self.context.control.take_cursor() {
            self.set_cursor(cursor);
            self.without_cursor = false;
        }
        let (progress, mut steps) = Steps::new();
        let opened = self.open(&progress, &mut steps).await;
        let mut burst = Burst::default();
        // Many servers send the response head only with the first event.
        burst.waited(steps.unanswered());
        self.burst = Some(burst);
        if steps.unanswered() >= self.config.policy.patient {
            // Whatever the outcome, the server accepted the request: no need to back off.
            self.backoff.opened();
        }
        self.check_cursor(opened)
    }

    async fn open(
        &mut self,
        progress: &Progress,
        steps: &mut Steps,
    ) -> Result<Opened, Disposition> {
        let started = Instant::now();
        let Self {
            config,
            transport,
            context,
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
            let transport = ensure_transport(config, transport).await?;
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
                signal = context.next_signal() => match signal {
                    // The attempt that is asked for has just begun.
                    Signal::Retry | Signal::Hint(_) if started.elapsed() < config.policy.gap => {}
                    signal => return Err(signal.into()),
                },
                opened = &mut opening => return opened,
                step = steps.next() => {
                    context.send(Update::State(StreamState::Connecting { step })).await?;
                }
            }
        }
    }

    /// Finds out whether a server rejects the cursor, which may be too long, or unknown to it by
    /// now. One attempt without it decides: where that opens a stream, the cursor is dropped; else
    /// the cursor was not the reason, and is kept.
    fn check_cursor(&mut self, opened: Result<Opened, Disposition>) -> Result<Opened, Disposition> {
        let without = std::mem::take(&mut self.without_cursor);
        match &opened {
            Ok(_) if without => {
                self.set_cursor(String::new());
                self.cursor_dropped = true;
            }
            Err(Disposition::Refused(Cause::Status(status)))
                if !without && !self.cursor.is_empty() && may_mean_cursor(*status) =>
            {
                self.without_cursor = true;
                return Err(Disposition::Renew(Cause::Status(*status)));
            }
            _ => {}
        }
        opened
    }

    /// Sets the cursor to send from now on, unless no request can carry it.
    pub(super) fn set_cursor(&mut self, cursor: String) {
        let is_header = self.config.cursor == CursorPlacement::Header;
        self.cursor_dropped = is_header && !cursor.is_empty() && !is_valid_cursor(&cursor);
        self.cursor = match self.cursor_dropped {
            true => String::new(),
            false => cursor,
        };
        let mut statistics = self.context.control.statistics();
        statistics.last_event_id.clone_from(&self.cursor);
    }
}

/// Whether the cursor may be the reason for this status: a bad request, or one that is too long.
fn may_mean_cursor(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 413 | 414 | 431)
}

/// Fetches credentials where there is a source of them.
async fn sign_in(
    config: &Config,
    secret: &mut Option<Secret>,
    refused: bool,
) -> Result<(), Disposition> {
    let Some(source) = &config.credentials else {
        return Ok(());
    };
    let fetched = timeout(config.policy.credentials_timeout, source.fetch(refused)).await;
    match fetched {
        Ok(Ok(fetched)) => {
            *secret = Some(fetched);
            Ok(())
        }
        Ok(Err(CredentialsError::SignIn)) => Err(Disposition::Stopped(Cause::SignIn)),
        Ok(Err(CredentialsError::Unavailable(words))) => {
            Err(Disposition::NotReady(Cause::Credentials(words)))
        }
        Err(_elapsed) => Err(Disposition::failed(Cause::Timeout)),
    }
}

/// The transport; a client is made at the first attempt where the configuration names none.
async fn ensure_transport<'a>(
    config: &Config,
    transport: &'a mut Option<Arc<dyn Transport>>,
) -> Result<&'a Arc<dyn Transport>, Disposition> {
    if transport.is_none() {
        let (network, access) = (config.network.clone(), config.proxy_access.clone());
        let connect_timeout = config.policy.connect_timeout;
        let made =
            tokio::task::spawn_blocking(move || Client::new(&network, &access, connect_timeout))
                .await;
        *transport = Some(match made {
            Ok(Ok(client)) => Arc::new(client),
            Ok(Err(error)) => {
                let cause = Cause::Unusable(Unusable::Network(error.to_string()));
                return Err(Disposition::Stopped(cause));
            }
            Err(_ended) => return Err(Disposition::Signal(Signal::Close)),
        });
    }
    // Set just above.
    transport.as_ref().ok_or(Disposition::Signal(Signal::Close))
}
