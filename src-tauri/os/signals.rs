//! The system's requests to end.

use belldot_core::{Command, controller::Inputs};

/// Turns SIGTERM, SIGINT and SIGHUP (Ctrl+C elsewhere) into [`Command::Quit`].
pub async fn quit_on_signal(inputs: Inputs) {
    asked_to_end().await;
    inputs.tell(Command::Quit);
}

/// Returns once the system asks this process to end.
#[cfg(unix)]
pub async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (terminate, hang_up) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    );
    let (Ok(mut terminate), Ok(mut hang_up)) = (terminate, hang_up) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Returns once the system asks this process to end.
#[cfg(not(unix))]
pub async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}
