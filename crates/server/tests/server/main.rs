//! What `belldot-server` does, seen from outside through real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test's client asks servers on this machine"
)]

mod api;
mod bodies;
#[cfg(target_os = "linux")]
mod deploy;
mod described;
#[cfg(target_os = "linux")]
mod faults;
mod limits;
mod listening;
mod operation;
mod page;
mod process;
mod program;
mod read_all;
mod replay;
mod shutdown;
mod stream;
mod support;
mod users;
