//! `/livez`, `/readyz` and `/healthz`: does the process answer, and can it do its work?

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::problem::ApiError;
use crate::state::{Phase, ServerState};

/// How long a check holds: it writes to the disk, and anybody may ask.
const FRESH: Duration = Duration::from_secs(1);

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The last look at the parts of the server.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, Result<(), String>)>>);

#[derive(Serialize)]
pub(crate) struct HealthResponse {
    status: &'static str,
}

const OK: Json<HealthResponse> = Json(HealthResponse { status: "ok" });

/// `GET /livez`: the process answers. If it does not, it is to be started again.
pub(crate) async fn live() -> Json<HealthResponse> {
    OK
}

/// `GET /readyz` and `GET /healthz`: the log can be read and written, and the disk has room.
pub(crate) async fn ready(
    State(state): State<Arc<ServerState>>,
) -> Result<Json<HealthResponse>, ApiError> {
    state.readiness.look(&state).await.map_err(|reason| {
        ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("This server cannot do its work now: {reason}."),
        )
    })?;
    Ok(OK)
}

impl Readiness {
    /// Looks at all parts, at most once a second.
    pub(crate) async fn look(&self, state: &ServerState) -> Result<(), String> {
        if *state.phase.borrow() != Phase::Serving {
            return Err("it is stopping".to_owned());
        }
        let mut last = self.0.lock().await;
        match &*last {
            Some((at, found)) if at.elapsed() < FRESH => found.clone(),
            _ => {
                let found = timeout(PATIENCE, check(state))
                    .await
                    .unwrap_or_else(|_| Err(format!("its disk took over {PATIENCE:?}")));
                *last = Some((Instant::now(), found.clone()));
                found
            }
        }
    }
}

async fn check(state: &ServerState) -> Result<(), String> {
    let of_log = |what, error| format!("the to-dos cannot be {what}: {error}");
    let read = state.log.check().await;
    read.map_err(|error| of_log("read", error))?;
    let written = state.log.check_writes().await;
    written.map_err(|error| of_log("written", error))?;
    let folder = state.config.data.clone();
    // A to-do is written to the journal, and from there to the database.
    let least = 2 * state.config.limits.body as u64;
    tokio::task::spawn_blocking(move || room(&folder, least))
        .await
        .map_err(|error| error.to_string())?
}

/// Whether the disk has room for `least` bytes.
#[cfg(unix)]
fn room(folder: &Path, least: u64) -> Result<(), String> {
    let disk = rustix::fs::statvfs(folder).map_err(|error| format!("the disk: {error}"))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < least {
        return Err(format!("the disk has {free} bytes left"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn room(_: &Path, _: u64) -> Result<(), String> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::room;

    #[test]
    fn a_disk_with_too_little_room_is_not_ready() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(room(folder.path(), 1), Ok(()));
        let full = room(folder.path(), u64::MAX).unwrap_err();
        assert!(full.contains("bytes left"), "{full}");
    }
}
