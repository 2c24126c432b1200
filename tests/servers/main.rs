//! Belldot with ordinary servers, each written the way its own documentation says: one Belldot on
//! a desktop without a screen holds a stream to every one of them. Each is silent for a while,
//! says something, is restarted, and says more. Then exactly that stands in the inbox, and at each
//! moment the bell says what is so.
//!
//! Nearly all of it is waiting. So this target has a `main` of its own that runs all tests at
//! once, however few cores there are:
//!
//! ```sh
//! cargo test --test servers          # all of them
//! cargo test --test servers nest     # those with `nest` in their name
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests may panic"
)]

#[cfg(target_os = "linux")]
mod desk;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod trial;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    run::run()
}

/// The desktop without a screen is one of X11 and D-Bus.
#[cfg(not(target_os = "linux"))]
fn main() {
    println!("\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored");
}
