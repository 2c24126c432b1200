//! From the click on the bell to the to-dos on the screen, with 100,000 of them in the inbox.
//!
//! Before each click the machine is kept busy until it is awake: a virtual one that has slept takes
//! half as long again for the same work, for some hundred milliseconds.
//!
//! `cargo bench -p belldot --bench first_paint`. Fails where a figure misses its bar.
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
