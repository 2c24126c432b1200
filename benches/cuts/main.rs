//! How much of five minutes Belldot is connected to servers that cut every stream: HAProxy with
//! Debian's defaults, which gives a silent stream 50 seconds, and a PHP script that ends after 30.
//!
//! `cargo bench -p belldot --bench cuts`. Fails where a figure misses its bar.
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
