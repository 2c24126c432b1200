//! This server's copy of the stream.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tokio::time::Instant;

use super::subject;
use crate::log::entry::TodoEntry;
use crate::log::error::LogError;
use crate::log::sqlite::{ReplicaBatch, SqliteLog};
use crate::log::todo_log::TodoLog;

/// The copy, which only the follower changes, and how far it has come.
pub(super) struct StreamCopy {
    pub(super) log: SqliteLog,
    reached: watch::Sender<u64>,
    in_step: AtomicBool,
}

/// A message of the stream.
pub(super) struct StoredMessage<'a> {
    pub(super) seq: u64,
    pub(super) subject: &'a str,
    pub(super) payload: &'a [u8],
}

impl StreamCopy {
    pub(super) fn new(log: SqliteLog) -> Self {
        Self {
            reached: watch::Sender::new(log.newest()),
            in_step: AtomicBool::new(false),
            log,
        }
    }

    /// The sequence number up to which it has all that the stream has.
    pub(super) fn reached(&self) -> u64 {
        *self.reached.borrow()
    }

    /// Stores entries and takes the stream as known up to `through`.
    pub(super) async fn store(
        &self,
        entries: Vec<TodoEntry>,
        through: u64,
    ) -> Result<(), LogError> {
        let gone = Vec::new();
        let batch = ReplicaBatch {
            entries,
            gone,
            through,
        };
        self.log.replicate(batch).await?;
        self.reached.send_replace(through);
        Ok(())
    }

    /// Removes what the stream no longer has, by sequence numbers.
    pub(super) async fn forget(&self, gone: Vec<u64>) -> Result<(), LogError> {
        let batch = ReplicaBatch {
            entries: Vec::new(),
            gone,
            // How far it has come does not change.
            through: 0,
        };
        self.log.replicate(batch).await
    }

    /// Waits until it has come to `seq`; false if it has not by `deadline`.
    pub(super) async fn wait(&self, seq: u64, deadline: Instant) -> bool {
        let mut reached = self.reached.subscribe();
        let there = reached.wait_for(|reached| *reached >= seq);
        matches!(tokio::time::timeout_at(deadline, there).await, Ok(Ok(_)))
    }

    /// Whether it is known to follow the stream.
    pub(super) fn in_step(&self) -> bool {
        self.in_step.load(Ordering::Relaxed)
    }

    pub(super) fn set_in_step(&self, in_step: bool) {
        self.in_step.store(in_step, Ordering::Relaxed);
    }
}

impl StoredMessage<'_> {
    /// The entry in it; `None` if somebody else wrote it, which is reported.
    pub(super) fn entry(&self) -> Option<TodoEntry> {
        let entry = self.parsed();
        if entry.is_none() {
            let Self { seq, subject, .. } = self;
            tracing::error!("message {seq} at {subject} is no to-do and is left out");
        }
        entry
    }

    fn parsed(&self) -> Option<TodoEntry> {
        let (user, id) = subject::parse(self.subject)?;
        let mut entry: TodoEntry = serde_json::from_slice(self.payload).ok()?;
        entry.seq = self.seq;
        (entry.user == user && entry.todo.id == id).then_some(entry)
    }
}
