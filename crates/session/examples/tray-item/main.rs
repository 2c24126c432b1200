//! A program with a tray item, to try a session with: a coloured square with a menu.
//!
//! It writes what happens to it to the file that its first argument names. The second argument is
//! its name, the third its colour as `RRGGBB`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an example may panic and print"
)]

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() {
    linux::run();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    panic!("the desktop without a screen is one of X11 and D-Bus");
}
