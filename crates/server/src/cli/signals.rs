//! Signals: to stop, and to read the configuration again.

use std::future::Future;

use belldot_server::Reloader;

/// Completes on SIGTERM or SIGINT. Listens from the call on.
#[cfg(unix)]
pub(super) fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes on Ctrl+C.
#[cfg(not(unix))]
pub(super) fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}

/// Reloads on each SIGHUP, which would else end the process. Listens from the call on.
#[cfg(unix)]
pub(super) fn hangup(reloader: Reloader) -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            match reloader.reload().await {
                Ok(()) => tracing::info!("read again"),
                Err(error) => tracing::error!("{error} What was read before still holds."),
            }
        }
    })
}

/// There is no such signal here.
#[cfg(not(unix))]
pub(super) fn hangup(_: Reloader) -> std::io::Result<impl Future<Output = ()>> {
    Ok(std::future::pending())
}
