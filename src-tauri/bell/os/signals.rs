//! The system's requests to end.

use belldot_core::{Command, controller::Inputs};

/// Turns SIGTERM, SIGINT and SIGHUP (Ctrl+C elsewhere) into [`Command::Quit`]. A SIGHUP that was
/// ignored from the start (`nohup`) stays ignored.
pub async fn quit_on_signal(inputs: Inputs) {
    asked_to_end().await;
    inputs.tell(Command::Quit);
}

/// Returns once the system asks this process to end.
#[cfg(unix)]
pub async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    let mut hang_up = match is_hang_up_ignored() {
        true => None,
        false => signal(SignalKind::hangup()).ok(),
    };
    let hung_up = async {
        match &mut hang_up {
            Some(hang_up) => hang_up.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hung_up => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Whether this process was started with SIGHUP ignored, as `nohup` does. Known on Linux alone.
#[cfg(unix)]
fn is_hang_up_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignores_hang_up(&status)
}

/// From the text of `/proc/self/status` (proc(5)): a mask in which SIGHUP, 1, is the lowest bit.
#[cfg(unix)]
fn ignores_hang_up(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

/// Returns once the system asks this process to end.
#[cfg(not(unix))]
pub async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_hang_up_that_nohup_ignores_is_known() {
        assert!(ignores_hang_up(
            "Name:\tbelldot\nSigIgn:\t0000000000001001\n"
        ));
        assert!(!ignores_hang_up(
            "Name:\tbelldot\nSigIgn:\t0000000000001000\n"
        ));
        assert!(!ignores_hang_up(""));
    }
}
