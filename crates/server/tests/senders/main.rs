//! The programs of `docs/senders.md`, and clients that others wrote, against `belldot-server` as a
//! process.
//!
//! What they run on is installed by `cargo xtask setup`; what is missing may be left out only if
//! `BELLDOT_MAY_SKIP` says `senders`.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

mod document;
mod own_server;
mod process;
mod send;
mod strangers;
