//! What `belldot-server` does with its to-dos in NATS: the same as with SQLite, by the same tests, and
//! what several servers do together.
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
#![cfg(unix)]

#[path = "../server/api.rs"]
mod api;
#[path = "../server/limits.rs"]
mod limits;
#[path = "nats.rs"]
mod log_under_test;
mod nodes;
#[path = "../server/read_all.rs"]
mod read_all;
mod refusals;
#[path = "../server/replay.rs"]
mod replay;
#[path = "../server/sender.rs"]
mod sender;
#[path = "../server/shutdown.rs"]
mod shutdown;
#[path = "../server/stream.rs"]
mod stream;
#[path = "../server/support.rs"]
mod support;
#[path = "../server/users.rs"]
mod users;
