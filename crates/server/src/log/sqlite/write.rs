//! The only writer: commits requests in groups, then publishes the events, then replies.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use belldot_wire::{Todo, TodoPatch};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::{read, schema};
use crate::edit::TodoEdit;
use crate::log::error::LogError;
use crate::log::event::LogEvent;
use crate::log::fanout::Fanout;
use crate::log::todo_log::PutOutcome;

/// The most requests in one commit, and the capacity of the queue for the next.
const GROUP: usize = 512;

/// Handle of the writer thread.
pub(super) struct LogWriter(mpsc::Sender<WriterMessage>);

enum WriterMessage {
    Write(WriteRequest, WriteReply),
    Check(oneshot::Sender<Result<(), LogError>>),
    Close(oneshot::Sender<()>),
}

struct WriteRequest {
    user: String,
    operation: WriteOperation,
}

enum WriteOperation {
    /// Apply the edit to the to-do with this id.
    Edit(String, TodoEdit),
    /// Mark as read all open to-dos that last changed at or before this sequence number.
    ReadAll(u64),
}

/// Receives one outcome per edited to-do.
type WriteReply = oneshot::Sender<Result<Vec<PutOutcome>, LogError>>;

impl LogWriter {
    /// Starts the thread. It owns the database and the folder's lock until it ends.
    pub(super) fn start(
        database: Connection,
        lock: File,
        fanout: Fanout,
        newest: Arc<AtomicU64>,
    ) -> std::io::Result<Self> {
        let (sender, messages) = mpsc::channel(GROUP);
        let thread = WriterThread {
            database,
            fanout,
            newest,
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

    pub(super) async fn put(
        &self,
        user: String,
        id: String,
        edit: TodoEdit,
    ) -> Result<PutOutcome, LogError> {
        let put = self
            .request(user, WriteOperation::Edit(id, edit))
            .await?
            .pop();
        Ok(put.unwrap_or(PutOutcome::Unknown))
    }

    pub(super) async fn read_all(&self, user: String, up_to: u64) -> Result<usize, LogError> {
        Ok(self
            .request(user, WriteOperation::ReadAll(up_to))
            .await?
            .len())
    }

    async fn request(
        &self,
        user: String,
        operation: WriteOperation,
    ) -> Result<Vec<PutOutcome>, LogError> {
        let (reply, received) = oneshot::channel();
        let message = WriterMessage::Write(WriteRequest { user, operation }, reply);
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
            self.commit_group(requests, replies);
            if close.is_some() {
                return close;
            }
        }
        None
    }

    fn commit_group(&mut self, requests: Vec<WriteRequest>, replies: Vec<WriteReply>) {
        match commit(&mut self.database, requests) {
            Ok(outcomes) => {
                for event in outcomes.iter().flat_map(|outcome| &outcome.events) {
                    self.newest.store(event.seq, Ordering::Release);
                }
                for (outcome, reply) in outcomes.into_iter().zip(replies) {
                    for event in &outcome.events {
                        self.fanout.publish(&outcome.user, event);
                    }
                    // The requester may be gone; the write stays.
                    reply.send(Ok(outcome.puts)).ok();
                }
            }
            Err(error) => {
                tracing::error!("{error}");
                for reply in replies {
                    reply.send(Err(error.clone())).ok();
                }
            }
        }
    }
}

/// The result of one request, and the events to publish once it is committed.
struct WriteOutcome {
    user: String,
    puts: Vec<PutOutcome>,
    events: Vec<LogEvent>,
}

fn commit(
    database: &mut Connection,
    requests: Vec<WriteRequest>,
) -> Result<Vec<WriteOutcome>, LogError> {
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = Timestamp::now();
    let outcomes = requests
        .into_iter()
        .map(|request| apply(&transaction, request, now))
        .collect::<Result<_, _>>()?;
    transaction.commit()?;
    Ok(outcomes)
}

fn apply(
    database: &Transaction<'_>,
    request: WriteRequest,
    now: Timestamp,
) -> Result<WriteOutcome, LogError> {
    let WriteRequest { user, operation } = request;
    let (mut puts, mut events) = (Vec::new(), Vec::new());
    let mut put = |id: &str, before, edit| -> Result<(), LogError> {
        let (put, event) = put_edited(database, &user, id, before, edit, now)?;
        puts.push(put);
        events.extend(event);
        Ok(())
    };
    match operation {
        WriteOperation::Edit(id, edit) => put(&id, read::one(database, &user, &id)?, edit)?,
        WriteOperation::ReadAll(up_to) => {
            for todo in read::unread(database, &user, up_to)? {
                let id = todo.id.clone();
                put(&id, Some(todo), TodoEdit::Patch(mark_read()))?;
            }
        }
    }
    Ok(WriteOutcome { user, puts, events })
}

fn mark_read() -> TodoPatch {
    TodoPatch {
        status: None,
        read: Some(true),
    }
}

/// Applies an edit and writes the to-do if that changed it.
fn put_edited(
    database: &Transaction<'_>,
    user: &str,
    id: &str,
    before: Option<Todo>,
    edit: TodoEdit,
    now: Timestamp,
) -> Result<(PutOutcome, Option<LogEvent>), LogError> {
    let Some(after) = edit.apply(id, before.as_ref(), now) else {
        return Ok((PutOutcome::Unknown, None));
    };
    if before.as_ref() == Some(&after) {
        return Ok((PutOutcome::Unchanged(after), None));
    }
    let json = serde_json::to_string(&after).map_err(|error| LogError::Unwritable {
        id: id.to_owned(),
        detail: error.to_string(),
    })?;
    database
        .prepare_cached("REPLACE INTO todo (user, id, status, json) VALUES (?, ?, ?, ?)")?
        .execute(params![
            user,
            after.id,
            read::status_column(after.status),
            json
        ])?;
    let event = LogEvent::todo(database.last_insert_rowid().unsigned_abs(), &json);
    let put = if before.is_some() {
        PutOutcome::Changed(after)
    } else {
        PutOutcome::Created(after)
    };
    Ok((put, Some(event)))
}
