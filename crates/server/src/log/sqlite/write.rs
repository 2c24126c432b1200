//! The only writer: commits requests in groups, then publishes the events, then replies.
//!
//! The requests of a group share one commit, and nothing else: each has its own outcome.

use std::fs::File;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};

use super::row::{self, DamageReport, signed};
use super::{read, schema};
use crate::log::entry::{TodoEntry, TodoWrite};
use crate::log::error::{LogError, WriteError};
use crate::log::event::LogEvent;
use crate::log::fanout::Fanout;
use crate::log::todo_log::PutOutcome;

/// The most requests in one commit, and the capacity of the queue for the next.
const GROUP: usize = 512;

/// The most entries that one request removes: others wait for it.
const PURGE: usize = 1_000;

/// Handle of the writer thread.
pub(super) struct LogWriter(mpsc::Sender<WriterMessage>);

enum WriterMessage {
    Write(WriteRequest, WriteReply),
    Check(oneshot::Sender<Result<(), LogError>>),
    Close(oneshot::Sender<()>),
}

pub(super) enum WriteRequest {
    /// Apply all of these, or none.
    Edits(Vec<TodoWrite>),
    /// Mark as read all open to-dos of a user that last changed at or before this sequence number.
    ReadAll(String, u64),
    /// Remove some entries that are not open and last changed before this time.
    Purge(Timestamp),
    /// Take over what another log has stored.
    Replicate(ReplicaBatch),
}

/// What another log has stored, in order.
pub(in crate::log) struct ReplicaBatch {
    pub(in crate::log) entries: Vec<TodoEntry>,
    /// Entries that are gone there, by their sequence numbers.
    pub(in crate::log) gone: Vec<u64>,
    /// The sequence number up to which that log is known with these.
    pub(in crate::log) through: u64,
}

/// What a request did.
#[derive(Default)]
pub(super) struct WriteOutcome {
    /// What became of each to-do.
    pub(super) puts: Vec<PutOutcome>,
    /// How many entries were removed.
    pub(super) removed: usize,
}

type WriteReply = oneshot::Sender<Result<WriteOutcome, WriteError>>;

impl LogWriter {
    /// Starts the thread. It owns the database and the folder's lock until it ends.
    pub(super) fn start(
        database: Connection,
        lock: File,
        fanout: Fanout,
        newest: Arc<AtomicU64>,
        damage: DamageReport,
    ) -> std::io::Result<Self> {
        let (sender, messages) = mpsc::channel(GROUP);
        let thread = WriterThread {
            database,
            fanout,
            newest,
            damage,
        };
        std::thread::Builder::new()
            .name("todo-log".to_owned())
            .spawn(move || {
                let done = thread.run(messages);
                drop(lock);
                if let Some(done) = done {
                    done.send(()).ok();
                }
            })?;
        Ok(Self(sender))
    }

    pub(super) async fn request(&self, request: WriteRequest) -> Result<WriteOutcome, WriteError> {
        let (reply, received) = oneshot::channel();
        let message = WriterMessage::Write(request, reply);
        self.0.send(message).await.map_err(|_| LogError::Closed)?;
        received.await.map_err(|_| LogError::Closed)?
    }

    /// Writes to the database, and changes nothing.
    pub(super) async fn check(&self) -> Result<(), LogError> {
        let (reply, received) = oneshot::channel();
        self.0
            .send(WriterMessage::Check(reply))
            .await
            .map_err(|_| LogError::Closed)?;
        received.await.map_err(|_| LogError::Closed)?
    }

    /// Waits until the thread has ended.
    pub(super) async fn stopped(&self) {
        self.0.closed().await;
    }

    /// Commits the queued requests and ends the thread.
    pub(super) async fn close(&self) -> Result<(), LogError> {
        let (done, closed) = oneshot::channel();
        self.0
            .send(WriterMessage::Close(done))
            .await
            .map_err(|_| LogError::Closed)?;
        closed.await.map_err(|_| LogError::Closed)
    }
}

struct WriterThread {
    database: Connection,
    fanout: Fanout,
    newest: Arc<AtomicU64>,
    damage: DamageReport,
}

impl WriterThread {
    /// Runs until a `Close` message, whose reply channel it returns, or until all handles are gone.
    fn run(mut self, mut messages: mpsc::Receiver<WriterMessage>) -> Option<oneshot::Sender<()>> {
        let mut group = Vec::with_capacity(GROUP);
        while messages.blocking_recv_many(&mut group, GROUP) > 0 {
            let (mut requests, mut replies, mut close) = (Vec::new(), Vec::new(), None);
            for message in group.drain(..) {
                match message {
                    WriterMessage::Write(request, reply) => {
                        requests.push(request);
                        replies.push(reply);
                    }
                    WriterMessage::Check(reply) => {
                        reply
                            .send(schema::check_writes(&self.database).map_err(LogError::from))
                            .ok();
                    }
                    WriterMessage::Close(done) => close = Some(done),
                }
            }
            self.commit_group(&requests, replies);
            if close.is_some() {
                return close;
            }
        }
        None
    }

    fn commit_group(&mut self, requests: &[WriteRequest], replies: Vec<WriteReply>) {
        match self.commit(requests) {
            Ok(outcomes) => {
                for (outcome, reply) in outcomes.into_iter().zip(replies) {
                    self.answer(outcome, reply);
                }
            }
            // Whose fault it is shows when each has a commit of its own.
            Err(_) if requests.len() > 1 => {
                for (request, reply) in requests.iter().zip(replies) {
                    self.commit_group(slice::from_ref(request), vec![reply]);
                }
            }
            Err(error) => {
                tracing::error!("{error}");
                for reply in replies {
                    reply.send(Err(error.clone().into())).ok();
                }
            }
        }
    }

    /// Publishes what was committed, and replies.
    fn answer(&self, outcome: Result<AppliedRequest, WriteError>, reply: WriteReply) {
        let answer = outcome.map(|applied| {
            if let Some(through) = applied.replicated_through {
                self.newest.fetch_max(through, Ordering::AcqRel);
            }
            for (entry, event) in &applied.replicated {
                self.fanout.publish_entry(entry, event);
            }
            let changed = applied.outcome.puts.iter().filter_map(|put| match put {
                PutOutcome::Created(entry) | PutOutcome::Changed(entry) => Some(entry),
                PutOutcome::Unchanged(_) => None,
            });
            for (entry, event) in changed.zip(&applied.events) {
                self.newest.store(event.seq, Ordering::Release);
                self.fanout.publish_entry(entry, event);
            }
            applied.outcome
        });
        // The requester may be gone; the write stays.
        reply.send(answer).ok();
    }

    /// Applies each request, and commits those that were not refused.
    fn commit(
        &mut self,
        requests: &[WriteRequest],
    ) -> Result<Vec<Result<AppliedRequest, WriteError>>, LogError> {
        let mut transaction = self
            .database
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = Timestamp::now();
        let mut outcomes = Vec::with_capacity(requests.len());
        for request in requests {
            let savepoint = transaction.savepoint()?;
            let outcome = apply(&savepoint, request, now, &self.damage);
            match &outcome {
                Ok(_) => savepoint.commit()?,
                Err(WriteError::Refused { .. }) => drop(savepoint),
                Err(WriteError::Log(error)) => {
                    drop(savepoint);
                    // Some errors, such as that of a full disk, undo the whole transaction.
                    if transaction.is_autocommit() {
                        return Err(error.clone());
                    }
                    tracing::error!("{error}");
                }
            }
            outcomes.push(outcome);
        }
        transaction.commit()?;
        Ok(outcomes)
    }
}

/// What a request did, and an event for each to-do that it changed.
#[derive(Default)]
struct AppliedRequest {
    outcome: WriteOutcome,
    events: Vec<LogEvent>,
    /// What was taken over from another log, with its events.
    replicated: Vec<(TodoEntry, LogEvent)>,
    /// How far that log is known with it.
    replicated_through: Option<u64>,
}

impl AppliedRequest {
    fn add(&mut self, (put, event): (PutOutcome, Option<LogEvent>)) {
        self.outcome.puts.push(put);
        self.events.extend(event);
    }
}

fn apply(
    database: &Connection,
    request: &WriteRequest,
    now: Timestamp,
    damage: &DamageReport,
) -> Result<AppliedRequest, WriteError> {
    let mut applied = AppliedRequest::default();
    match request {
        WriteRequest::Edits(writes) => {
            for (index, write) in writes.iter().enumerate() {
                let user = write.address.user();
                let (id, before) = write
                    .address
                    .resolve(|id| find(database, user, id, damage))?;
                applied.add(put(database, write.clone(), index, id, before, now)?);
            }
        }
        WriteRequest::ReadAll(user, up_to) => {
            for before in read::unread(database, user, *up_to, damage)? {
                let id = before.todo.id.clone();
                let write = TodoWrite::mark_read(user, &id);
                applied.add(put(database, write, 0, id, Some(before), now)?);
            }
        }
        WriteRequest::Replicate(batch) => {
            applied.replicated = replicate(database, batch)?;
            applied.replicated_through = Some(batch.through);
        }
        WriteRequest::Purge(before) => applied.outcome.removed = purge(database, *before)?,
    }
    Ok(applied)
}

/// Returns the user's to-do `id`; one that is damaged is set aside first.
fn find(
    database: &Connection,
    user: &str,
    id: &str,
    damage: &DamageReport,
) -> Result<Option<TodoEntry>, LogError> {
    match read::one(database, user, id)?.transpose() {
        Ok(entry) => Ok(entry),
        Err(damaged) => {
            damage.report(&damaged);
            let seq = signed(damaged.seq);
            database.execute(
                "REPLACE INTO damaged SELECT seq, user, id, CAST(json AS BLOB) FROM todo \
                 WHERE seq = ?",
                [seq],
            )?;
            database.execute("DELETE FROM todo WHERE seq = ?", [seq])?;
            Ok(None)
        }
    }
}

/// Applies a write and stores the entry if that changed it.
fn put(
    database: &Connection,
    write: TodoWrite,
    index: usize,
    id: String,
    before: Option<TodoEntry>,
    now: Timestamp,
) -> Result<(PutOutcome, Option<LogEvent>), WriteError> {
    let mut after = write
        .apply(id, before.as_ref(), now)
        .map_err(|refusal| WriteError::Refused { index, refusal })?;
    if before.as_ref() == Some(&after) {
        return Ok((PutOutcome::Unchanged(after), None));
    }
    let event = store(database, &after, None)?;
    after.seq = event.seq;
    let put = if before.is_some_and(|before| !before.deleted) {
        PutOutcome::Changed(after)
    } else {
        PutOutcome::Created(after)
    };
    Ok((put, Some(event)))
}

/// Stores an entry under a sequence number, or under the next; returns its event.
pub(super) fn store(
    database: &Connection,
    entry: &TodoEntry,
    seq: Option<u64>,
) -> Result<LogEvent, LogError> {
    let json = event_json(entry)?;
    let owner_id = (entry.owner_id != entry.todo.id).then_some(&entry.owner_id);
    database
        .prepare_cached(
            "REPLACE INTO todo (seq, user, id, status, json, owner, owner_id, deleted) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            seq.map(signed),
            entry.user,
            entry.todo.id,
            row::status_column(entry.todo.status),
            json,
            entry.owner,
            owner_id,
            entry.deleted,
        ])?;
    Ok(LogEvent::todo(
        row::seq(database.last_insert_rowid()),
        &json,
    ))
}

/// Stores a batch, with how far it reaches; returns its entries with their events.
fn replicate(
    database: &Connection,
    batch: &ReplicaBatch,
) -> Result<Vec<(TodoEntry, LogEvent)>, LogError> {
    let mut stored = Vec::with_capacity(batch.entries.len());
    for entry in &batch.entries {
        let event = store(database, entry, Some(entry.seq))?;
        stored.push((entry.clone(), event));
    }
    let mut delete = database.prepare_cached("DELETE FROM todo WHERE seq = ?")?;
    for seq in &batch.gone {
        delete.execute([signed(*seq)])?;
    }
    schema::raise_sequence(database, batch.through)?;
    Ok(stored)
}

fn event_json(entry: &TodoEntry) -> Result<String, LogError> {
    serde_json::to_string(&entry.clone().for_user()).map_err(|error| LogError::Unwritable {
        id: entry.todo.id.clone(),
        detail: error.to_string(),
    })
}

/// Removes the first [`PURGE`] entries that are not open and last changed before `before`.
fn purge(database: &Connection, before: Timestamp) -> Result<usize, LogError> {
    let old = closed_before(database, before)?;
    let mut delete = database.prepare_cached("DELETE FROM todo WHERE seq = ?")?;
    for seq in &old {
        delete.execute([seq])?;
    }
    Ok(old.len())
}

/// The first [`PURGE`] entries that are not open and last changed before `before`.
pub(super) fn closed_before(
    database: &Connection,
    before: Timestamp,
) -> Result<Vec<i64>, LogError> {
    #[derive(Deserialize)]
    struct Updated {
        updated: Timestamp,
    }
    let mut statement = database
        .prepare_cached("SELECT seq, json FROM todo WHERE status <> 'open' ORDER BY seq LIMIT ?")?;
    let mut rows = statement.query([PURGE as i64])?;
    let mut old: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        let json = row.get_ref(1)?.as_bytes().unwrap_or_default();
        // In order of sequence is in order of time.
        match serde_json::from_slice::<Updated>(json) {
            Ok(Updated { updated }) if updated >= before => break,
            Ok(_) => old.push(row.get(0)?),
            Err(_) => {}
        }
    }
    Ok(old)
}
