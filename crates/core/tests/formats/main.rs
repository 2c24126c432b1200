//! Formats: what other servers put on the wire, and what becomes of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod auto;
mod hostile;
mod json;
mod others;
mod own;
mod preview;
mod properties;
mod rules;
mod wire;
