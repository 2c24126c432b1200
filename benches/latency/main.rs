//! How soon after an event the bell and the toast are on the session bus.
//!
//! `cargo bench -p belldot --bench latency`. `BELLDOT_LATENCY_EVENTS` says over how many events
//! (300). Fails where a figure misses its bar.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench may panic and print"
)]

#[cfg(target_os = "linux")]
mod linux;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    linux::run()
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("Not measured: the desktop without a screen is one of X11 and D-Bus.");
    ExitCode::FAILURE
}
