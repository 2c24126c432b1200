//! Whether Belldot stays at hand: the whole program under a backlog of 100,000 to-dos, with
//! somebody who wants to see the page every second, and who quits at last.
//!
//! `cargo bench -p belldot --bench clicks`. `BELLDOT_CLICKS_TODOS` says how long the backlog is
//! (100,000). Fails where a figure misses its bar.
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
