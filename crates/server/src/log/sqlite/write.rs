//! The one writer: commits in groups, then publishes, then answers.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::read;
use crate::edit::Edit;
use crate::log::{Event, Fanout, LogError, Put};

/// How many puts share one commit at most, and how many may wait for the next.
const GROUP: usize = 512;

/// The way to the writing thread.
pub(super) struct Writer(mpsc::Sender<Job>);

enum Job {
    Put(Order, Answer),
    Close(oneshot::Sender<()>),
}

struct Order {
    user: String,
    id: String,
    edit: Edit,
}

type Answer = oneshot::Sender<Result<Put, LogError>>;

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
        let (answer, answered) = oneshot::channel();
        let job = Job::Put(Order { user, id, edit }, answer);
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
                for event in outcomes.iter().filter_map(|outcome| outcome.event.as_ref()) {
                    self.newest.store(event.seq, Ordering::Release);
                }
                for (outcome, answer) in outcomes.into_iter().zip(answers) {
                    if let Some(event) = &outcome.event {
                        self.fanout.publish(&outcome.user, event);
                    }
                    // Who asked may have left; what is put stays put.
                    let _ = answer.send(Ok(outcome.put));
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
    put: Put,
    event: Option<Event>,
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
    let Order { user, id, edit } = order;
    let before = read::one(database, &user, &id)?;
    let Some(after) = edit.apply(&id, before.as_ref(), now) else {
        return Ok(Outcome {
            user,
            put: Put::Unknown,
            event: None,
        });
    };
    if before.as_ref() == Some(&after) {
        return Ok(Outcome {
            user,
            put: Put::Unchanged(after),
            event: None,
        });
    }
    let json = serde_json::to_string(&after).map_err(|error| LogError::Unwritable {
        id,
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
    Ok(Outcome {
        user,
        put,
        event: Some(event),
    })
}
