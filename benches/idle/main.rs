//! What Belldot takes while it waits: memory and wake-ups with one healthy stream and no window,
//! and whether it grows with an event a second.
//!
//! `cargo bench -p belldot --bench idle`. `BELLDOT_SOAK_MINUTES` says how long it may grow
//! (30; 0 leaves that out). Fails where a figure misses its bar.
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
