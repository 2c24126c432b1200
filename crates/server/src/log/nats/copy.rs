//! This server's copy of the stream.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tokio::time::Instant;

use super::subject;
use crate::log::error::LogError;
use crate::log::sqlite::{ReplicaBatch, ReplicaRow, SqliteLog};
use crate::log::todo_log::TodoLog;

/// The copy, which only the follower changes, and how far it has come.
pub(super) struct Copy {
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

impl Copy {
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

    /// Stores rows and takes the stream as known up to `through`.
    pub(super) async fn store(&self, rows: Vec<ReplicaRow>, through: u64) -> Result<(), LogError> {
        self.log.replicate(ReplicaBatch { rows, through }).await?;
        self.reached.send_replace(through);
        Ok(())
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
    /// The to-do in it; `None` if somebody else wrote it, which is reported.
    pub(super) fn row(&self) -> Option<ReplicaRow> {
        let row = self.parsed();
        if row.is_none() {
            let Self { seq, subject, .. } = self;
            tracing::error!("message {seq} at {subject} is no to-do and is left out");
        }
        row
    }

    fn parsed(&self) -> Option<ReplicaRow> {
        let (user, id) = subject::parse(self.subject)?;
        let json = std::str::from_utf8(self.payload).ok()?;
        let todo: belldot_wire::Todo = serde_json::from_str(json).ok()?;
        // An event is one line.
        let is_one_line = !json.contains(['\n', '\r']);
        (todo.id == id && is_one_line).then(|| ReplicaRow {
            seq: self.seq,
            user,
            todo,
            json: json.to_owned(),
        })
    }
}
