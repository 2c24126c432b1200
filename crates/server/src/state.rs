//! The state that all request handlers share, and its extractors.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio::sync::watch;

use crate::config::ServerConfig;
use crate::connections::Connections;
use crate::log::TodoLog;
use crate::problem::ApiError;
use crate::users::{Caller, Users};

pub(crate) struct ServerState {
    pub(crate) config: ServerConfig,
    pub(crate) users: Users,
    pub(crate) log: Arc<dyn TodoLog>,
    pub(crate) connections: Connections,
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

/// Authenticates a request by its `Authorization` header.
impl FromRequestParts<Arc<ServerState>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<ServerState>,
    ) -> Result<Self, ApiError> {
        state.users.authenticate(&parts.headers, None)
    }
}
