//! The one writer: commits in groups, then publishes, then answers.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use belldot_wire::{Todo, TodoPatch};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::read;
use crate::edit::Edit;
use crate::log::{Event, Fanout, LogError, Put};

/// How many orders share one commit at most, and how many may wait for the next.
const GROUP: usize = 512;

/// The way to the writing thread.
pub(super) struct Writer(mpsc::Sender<Job>);

enum Job {
    Put(Order, Answer),
    Close(oneshot::Sender<()>),
}

struct Order {
    user: String,
    what: What,
}

enum What {
    /// Edit this to-do.
    Edit(String, Edit),
    /// Mark as read all that last changed up to this.
    ReadAll(u64),
}

/// What became of each to-do that was to be edited.
type Answer = oneshot::Sender<Result<Vec<Put>, LogError>>;

impl Writer {
    /// Starts the thread, which owns the database and the lock of its folder until it ends.
    pub(super) fn start(
        database: Connection,
        lock: File,
        fanout: Fanout,
        newest: Arc<AtomicU64>,
    ) -> std::io::Result<Self> {
        let (sender, jobs) = mpsc::channel(GROUP);
        let thread = Thread {
            database,
            fanout,
            newest,
        };
        std::thread::Builder::new()
            .name("todo-log".to_owned())
            .spawn(move || {
                let told = thread.run(jobs);
                drop(lock);
                if let Some(told) = told {
                    let _ = told.send(());
                }
            })?;
        Ok(Self(sender))
    }

    pub(super) async fn put(&self, user: String, id: String, edit: Edit) -> Result<Put, LogError> {
        let put = self.order(user, What::Edit(id, edit)).await?.pop();
        Ok(put.unwrap_or(Put::Unknown))
    }

    pub(super) async fn read_all(&self, user: String, up_to: u64) -> Result<usize, LogError> {
        Ok(self.order(user, What::ReadAll(up_to)).await?.len())
    }

    async fn order(&self, user: String, what: What) -> Result<Vec<Put>, LogError> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Put(Order { user, what }, answer);
        self.0.send(job).await.map_err(|_| LogError::Closed)?;
        answered.await.map_err(|_| LogError::Closed)?
    }

    /// Commits what waits and ends the thread.
    pub(super) async fn close(&self) -> Result<(), LogError> {
        let (tell, told) = oneshot::channel();
        self.0
            .send(Job::Close(tell))
            .await
            .map_err(|_| LogError::Closed)?;
        told.await.map_err(|_| LogError::Closed)
    }
}

struct Thread {
    database: Connection,
    fanout: Fanout,
    newest: Arc<AtomicU64>,
}

impl Thread {
    /// Works until told to close, or until nobody is left who could tell.
    fn run(mut self, mut jobs: mpsc::Receiver<Job>) -> Option<oneshot::Sender<()>> {
        let mut group = Vec::with_capacity(GROUP);
        while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
            let (mut orders, mut answers, mut close) = (Vec::new(), Vec::new(), None);
            for job in group.drain(..) {
                match job {
                    Job::Put(order, answer) => {
                        orders.push(order);
                        answers.push(answer);
                    }
                    Job::Close(told) => close = Some(told),
                }
            }
            self.carry_out(orders, answers);
            if close.is_some() {
                return close;
            }
        }
        None
    }

    fn carry_out(&mut self, orders: Vec<Order>, answers: Vec<Answer>) {
        match commit(&mut self.database, orders) {
            Ok(outcomes) => {
                for event in outcomes.iter().flat_map(|outcome| &outcome.events) {
                    self.newest.store(event.seq, Ordering::Release);
                }
                for (outcome, answer) in outcomes.into_iter().zip(answers) {
                    for event in &outcome.events {
                        self.fanout.publish(&outcome.user, event);
                    }
                    // Who asked may have left; what is put stays put.
                    let _ = answer.send(Ok(outcome.puts));
                }
            }
            Err(error) => {
                tracing::error!("{error}");
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
            }
        }
    }
}

/// What came of one order, and what there is to publish once it is on disk.
struct Outcome {
    user: String,
    puts: Vec<Put>,
    events: Vec<Event>,
}

fn commit(database: &mut Connection, orders: Vec<Order>) -> Result<Vec<Outcome>, LogError> {
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = Timestamp::now();
    let outcomes = orders
        .into_iter()
        .map(|order| apply(&transaction, order, now))
        .collect::<Result<_, _>>()?;
    transaction.commit()?;
    Ok(outcomes)
}

fn apply(database: &Transaction<'_>, order: Order, now: Timestamp) -> Result<Outcome, LogError> {
    let Order { user, what } = order;
    let (mut puts, mut events) = (Vec::new(), Vec::new());
    let mut put = |id: &str, before, edit| -> Result<(), LogError> {
        let (put, event) = edited(database, &user, id, before, edit, now)?;
        puts.push(put);
        events.extend(event);
        Ok(())
    };
    match what {
        What::Edit(id, edit) => put(&id, read::one(database, &user, &id)?, edit)?,
        What::ReadAll(up_to) => {
            for todo in read::unread(database, &user, up_to)? {
                let id = todo.id.clone();
                put(&id, Some(todo), Edit::Patch(seen()))?;
            }
        }
    }
    Ok(Outcome { user, puts, events })
}

fn seen() -> TodoPatch {
    TodoPatch {
        status: None,
        read: Some(true),
    }
}

/// Writes the to-do as it is after an edit, if that made it another.
fn edited(
    database: &Transaction<'_>,
    user: &str,
    id: &str,
    before: Option<Todo>,
    edit: Edit,
    now: Timestamp,
) -> Result<(Put, Option<Event>), LogError> {
    let Some(after) = edit.apply(id, before.as_ref(), now) else {
        return Ok((Put::Unknown, None));
    };
    if before.as_ref() == Some(&after) {
        return Ok((Put::Unchanged(after), None));
    }
    let json = serde_json::to_string(&after).map_err(|error| LogError::Unwritable {
        id: id.to_owned(),
        detail: error.to_string(),
    })?;
    database
        .prepare_cached("REPLACE INTO todo (user, id, status, json) VALUES (?, ?, ?, ?)")?
        .execute(params![user, after.id, read::word(after.status), json])?;
    let event = Event::todo(database.last_insert_rowid().unsigned_abs(), &json);
    let put = if before.is_some() {
        Put::Changed(after)
    } else {
        Put::Created(after)
    };
    Ok((put, Some(event)))
}
