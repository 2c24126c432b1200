//! What `belldot-server` does, seen from outside through real sockets. `tests/nats` runs what has to
//! do with to-dos over a NATS server too.
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
#[path = "sqlite.rs"]
mod log_under_test;
mod operation;
mod page;
mod process;
mod program;
mod read_all;
mod replay;
mod sender;
mod shutdown;
mod stream;
mod support;
mod users;
mod webhook;
