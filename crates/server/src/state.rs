//! The state that all request handlers share, and its extractors.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode};
use tokio::sync::watch;

use crate::auth::{Authenticator, Caller};
use crate::config::ServerConfig;
use crate::health::Readiness;
use crate::limits::{BodyBudget, Connections, Peer, RateLimit, client_address};
use crate::log::TodoLog;
use crate::metrics::Metrics;
use crate::problem::ApiError;
use crate::tls::TlsIdentity;

pub(crate) struct ServerState {
    pub(crate) config: ServerConfig,
    pub(crate) auth: Authenticator,
    /// What the server shows who wants TLS; `None`: it speaks HTTP.
    pub(crate) identity: Option<Arc<TlsIdentity>>,
    pub(crate) log: Arc<dyn TodoLog>,
    pub(crate) connections: Connections,
    pub(crate) bodies: BodyBudget,
    pub(crate) publishing: Option<RateLimit<String>>,
    pub(crate) failed_tokens: RateLimit<IpAddr>,
    pub(crate) readiness: Readiness,
    pub(crate) metrics: Metrics,
    pub(crate) phase: watch::Receiver<Phase>,
}

/// The lifecycle of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Requests are answered.
    Serving,
    /// Streams are being ended; other requests may finish.
    Draining,
    /// Remaining connections are closed.
    Closing,
}

/// Waits until the server is in `phase` or a later one.
pub(crate) async fn reached(mut now: watch::Receiver<Phase>, phase: Phase) {
    // An error means that the sender, and with it the server, is gone: a later phase than any.
    now.wait_for(|now| *now as u8 >= phase as u8).await.ok();
}

/// The address of a request's client, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ServerState {
    /// Authenticates a request by its `Authorization` header or, without one, by `token`.
    ///
    /// # Errors
    /// 401, and 429 for an address from which too many unknown tokens came.
    pub(crate) fn authenticate(
        &self,
        headers: &HeaderMap,
        token: Option<&str>,
        ClientAddress(address): ClientAddress,
    ) -> Result<Caller, ApiError> {
        let now = Instant::now();
        if let Some(address) = &address {
            self.failed_tokens.look(address, now).map_err(|wait| {
                ApiError::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many tokens came from this address that are not known here.",
                )
                .retry_after(wait)
            })?;
        }
        let caller = self.auth.authenticate(headers, token);
        let tried = token.is_some() || headers.contains_key(axum::http::header::AUTHORIZATION);
        if caller.is_err() && tried {
            self.metrics.failed_tokens.inc();
            if let Some(address) = address {
                self.failed_tokens.take(address, now).ok();
            }
        }
        caller
    }

    /// Counts to-dos that `caller` creates.
    ///
    /// # Errors
    /// 429 if they create more than they may.
    pub(crate) fn count_publishing(&self, caller: &Caller, todos: usize) -> Result<(), ApiError> {
        let Some(publishing) = &self.publishing else {
            return Ok(());
        };
        let taken = publishing.take_many(caller.user.clone(), todos, Instant::now());
        taken.map_err(|wait| {
            ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "You make more to-dos than this server takes from one caller. Nothing was changed.",
            )
            .retry_after(wait)
        })
    }

    /// # Errors
    /// Why the server cannot do its work now.
    pub(crate) async fn ready(&self) -> Result<(), String> {
        if *self.phase.borrow() != Phase::Serving {
            return Err("it is stopping".to_owned());
        }
        self.readiness.look().await
    }

    fn client_address(&self, extensions: &Extensions, headers: &HeaderMap) -> ClientAddress {
        let peer = extensions.get::<Peer>().copied();
        let proxies = &self.config.trusted_proxies;
        ClientAddress(peer.and_then(|peer| client_address(peer, headers, proxies)))
    }
}

impl FromRequestParts<Arc<ServerState>> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<ServerState>,
    ) -> Result<Self, Self::Rejection> {
        Ok(state.client_address(&parts.extensions, &parts.headers))
    }
}

/// Authenticates a request by its `Authorization` header.
impl FromRequestParts<Arc<ServerState>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<ServerState>,
    ) -> Result<Self, ApiError> {
        let address = state.client_address(&parts.extensions, &parts.headers);
        state.authenticate(&parts.headers, None, address)
    }
}
