//! What `belldot-server` does, seen from outside through real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
// A test's client need not find its way through a company's network.
#![allow(clippy::disallowed_methods)]

mod api;
mod described;
mod limits;
mod page;
mod program;
mod read_all;
mod replay;
mod shutdown;
mod stream;
mod support;
mod users;
