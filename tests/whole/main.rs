//! The whole program from outside, on a real desktop session without a screen: a real panel, a
//! real notification daemon, real clicks, a real server.
// The desktop without a screen is one of X11 and D-Bus.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests may panic"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test's client asks servers on this machine"
)]
#![cfg_attr(
    feature = "portable",
    allow(dead_code, reason = "the portable build runs a part of the tests")
)]

#[cfg(not(feature = "portable"))]
mod listener;
mod page;
mod sender;

#[cfg(not(feature = "portable"))]
mod bad_input;
#[cfg(not(feature = "portable"))]
mod burst;
#[cfg(not(feature = "portable"))]
mod company_page;
#[cfg(not(feature = "portable"))]
mod daemon;
#[cfg(not(feature = "portable"))]
mod damage;
#[cfg(not(feature = "portable"))]
mod disk;
#[cfg(not(feature = "portable"))]
mod files;
#[cfg(not(feature = "portable"))]
mod flows;
#[cfg(not(feature = "portable"))]
mod full;
#[cfg(not(feature = "portable"))]
mod in_step;
#[cfg(not(feature = "portable"))]
mod keyring;
#[cfg(not(feature = "portable"))]
mod kill;
#[cfg(not(feature = "portable"))]
mod launcher;
#[cfg(not(feature = "portable"))]
mod life;
#[cfg(not(feature = "portable"))]
mod log_in;
#[cfg(not(feature = "portable"))]
mod main_job;
#[cfg(not(feature = "portable"))]
mod menu;
#[cfg(not(feature = "portable"))]
mod nchan;
#[cfg(not(feature = "portable"))]
mod network;
#[cfg(not(feature = "portable"))]
mod notifier;
#[cfg(not(feature = "portable"))]
mod outbox;
#[cfg(not(feature = "portable"))]
mod panel;
#[cfg(not(feature = "portable"))]
mod pictures;
#[cfg(not(feature = "portable"))]
mod places;
#[cfg(feature = "portable")]
mod portable;
#[cfg(not(feature = "portable"))]
mod quiet;
#[cfg(not(feature = "portable"))]
mod restart;
#[cfg(not(feature = "portable"))]
mod settings;
#[cfg(not(feature = "portable"))]
mod toasts;
#[cfg(not(feature = "portable"))]
mod watch;
#[cfg(not(feature = "portable"))]
mod window_process;
#[cfg(not(feature = "portable"))]
mod windows;
