//! What `belldot-server` does, seen from outside through real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod api;
mod described;
mod limits;
mod page;
mod program;
mod replay;
mod shutdown;
mod stream;
mod support;
mod users;
