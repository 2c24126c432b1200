//! Opening the stream: credentials, transport, attempt.

use std::sync::Arc;

use tokio::time::{Instant, timeout};

use super::Life;
use crate::cause::Unusable;
use crate::client::Client;
use crate::config::Config;
use crate::connect::{Attempt, Opened};
use crate::control::Wish;
use crate::credentials::{CredentialsError, Secret};
use crate::end::End;
use crate::transport::Transport;
use crate::{Cause, State, Update};

impl Life {
    /// One attempt to open the stream.
    pub(super) async fn attempt(&mut self) -> Result<Opened, End> {
        self.line.tell(Update::State(State::Connecting)).await?;
        let started = Instant::now();
        self.last_attempt = Some(started);
        self.not_before = None;
        self.line.control.statistics().attempts += 1;
        if let Some(cursor) = self.line.control.take_cursor() {
            self.line
                .control
                .statistics()
                .last_event_id
                .clone_from(&cursor);
            self.cursor = cursor;
        }
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
}

/// Fetches credentials where there is a source of them.
async fn sign_in(config: &Config, secret: &mut Option<Secret>, refused: bool) -> Result<(), End> {
    let Some(source) = &config.credentials else {
        return Ok(());
    };
    let fetched = timeout(config.policy.header_timeout, source.fetch(refused)).await;
    match fetched {
        Ok(Ok(fetched)) => {
            *secret = Some(fetched);
            Ok(())
        }
        Ok(Err(CredentialsError::SignIn)) => Err(End::Stopped(Cause::SignIn)),
        Ok(Err(CredentialsError::Unavailable(words))) => {
            Err(End::failed(Cause::Credentials(words)))
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
