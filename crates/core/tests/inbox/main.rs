//! The inbox on a real disk: what it keeps, finds, lets go of and hands out.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exactly_once;
mod export;
mod files;
mod identity;
mod order;
mod retention;
mod room;
mod search;
