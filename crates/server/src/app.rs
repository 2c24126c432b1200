//! What every request sees.

use std::sync::Arc;

use tokio::sync::watch;

use crate::config::Config;
use crate::connections::Connections;
use crate::log::TodoLog;
use crate::users::Users;

/// What every request sees.
pub(crate) type Shared = Arc<App>;

pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) users: Users,
    pub(crate) log: Arc<dyn TodoLog>,
    pub(crate) connections: Connections,
    pub(crate) phase: watch::Receiver<Phase>,
}

/// Where the server is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Serves.
    Serving,
    /// Ends its streams.
    Draining,
    /// Cuts what is left.
    Over,
}

/// Returns once the server is in `phase` or past it.
pub(crate) async fn reached(mut now: watch::Receiver<Phase>, phase: Phase) {
    // The sender is gone when the server is.
    let _ = now.wait_for(|now| *now as u8 >= phase as u8).await;
}
