//! Removes what was closed long ago.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::state::{Phase, ServerState, reached};

/// Between two looks at what is to be removed.
const PERIOD: Duration = Duration::from_secs(600);

/// Starts to remove entries older than
/// [`ServerConfig::retention`](crate::ServerConfig::retention), until the server drains.
pub(crate) fn start(state: &Arc<ServerState>) {
    let Some(retention) = state.config.retention else {
        return;
    };
    let state = state.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = reached(state.phase.clone(), Phase::Draining) => {}
            () = purge_for_ever(&state, retention) => {}
        }
    });
}

async fn purge_for_ever(state: &ServerState, retention: Duration) {
    let mut look = tokio::time::interval(PERIOD);
    loop {
        look.tick().await;
        // Before the earliest time there is nothing.
        let Ok(before) = Timestamp::now().checked_sub(retention) else {
            continue;
        };
        loop {
            match state.log.purge(before).await {
                Ok(0) => break,
                Ok(removed) => tracing::info!("removed {removed} to-dos that were closed long ago"),
                Err(error) => {
                    tracing::warn!("what was closed long ago is not removed: {error}");
                    break;
                }
            }
        }
    }
}
