//! The log in one SQLite file.
//!
//! One thread writes: it takes every waiting request, commits them in one transaction, and only
//! then publishes the events and replies. Reads use a small pool of read-only connections.

mod backup;
mod read;
mod replica;
mod row;
mod schema;
mod sqlite_log;
mod write;

#[cfg(test)]
mod tests;

pub use backup::backup;
pub use sqlite_log::SqliteLog;
pub(super) use sqlite_log::millis;
pub(super) use write::ReplicaBatch;
