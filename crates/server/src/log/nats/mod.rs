//! The log in a NATS JetStream cluster, for several servers that share it.
//!
//! One replicated stream has one message a to-do, its newest state; the message's sequence number
//! is the event's id. Each server keeps a copy in SQLite, which answers every read and replay:
//! - [`publish`] writes to the stream, by compare-and-set on the to-do's sequence number.
//! - [`follow`] hears what was stored by any server, and keeps the copy in step.
//! - [`catch_up`] reads from the stream what was not heard.
//!
//! A server has nothing that is not in the stream: any may be lost, and a new one fills its copy.

mod catch_up;
mod configuration;
mod connect;
mod copy;
mod end;
mod error;
mod follow;
mod publish;
mod subject;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::ContextBuilder;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::entry::{Audience, TodoAddress, TodoEntry, TodoWrite};
use super::error::{LogError, WriteError};
use super::event::LogEvent;
use super::fanout::LogSubscription;
use super::sqlite::{SqliteLog, millis};
use super::todo_log::{ListOptions, LogPage, PutOutcome, TodoLog};
pub use connect::NatsConfig;
use copy::StreamCopy;
use end::StreamEnd;
pub use error::NatsError;
use follow::Follower;
use publish::{Proposal, Publisher};

/// How long a client that is ahead of this server waits for it.
const AHEAD: Duration = Duration::from_secs(2);

/// To-dos in a stream of NATS JetStream, with a copy in SQLite.
pub struct NatsLog {
    copy: Arc<StreamCopy>,
    publisher: Publisher,
    end: Arc<StreamEnd>,
    /// Whether the follower has ended.
    ended: watch::Receiver<bool>,
    stop: watch::Sender<bool>,
}

impl NatsLog {
    /// Connects, makes the stream if there is none, and brings the copy in `folder` up to date.
    ///
    /// In a new stream sequence numbers are above `least`; see
    /// [`ServerConfig::ids_above`](crate::ServerConfig::ids_above). `body` is the size of the
    /// largest request with a to-do, in bytes.
    ///
    /// # Errors
    /// If no server answers, it is too old, the stream is configured differently, or the copy
    /// cannot be opened or filled.
    pub async fn open(
        folder: &Path,
        config: &NatsConfig,
        least: Option<u64>,
        body: usize,
    ) -> Result<Self, NatsError> {
        let connected = connect::connect(config, body).await?;
        let jetstream = ContextBuilder::new()
            .timeout(connect::REQUEST)
            .build(connected.client.clone());
        let least = least.unwrap_or_else(millis);
        let stream = configuration::stream(&jetstream, config, least).await?;
        let (folder, origin) = (folder.to_owned(), stream.created.to_string());
        let newest = stream.state.last_sequence;
        let database =
            tokio::task::spawn_blocking(move || SqliteLog::open_replica(&folder, &origin, newest));
        let copy = Arc::new(StreamCopy::new(database.await??));
        let mut follower = Follower::subscribe(connected, jetstream.clone(), copy.clone()).await?;
        follower.fill().await?;
        let end = Arc::new(StreamEnd::new(jetstream.clone()));
        let (stop, stopped) = watch::channel(false);
        let (end_of_following, ended) = watch::channel(false);
        tokio::spawn(async move {
            follower.run(stopped).await;
            end_of_following.send_replace(true);
        });
        Ok(Self {
            publisher: Publisher::new(jetstream.clone(), copy.clone(), end.clone()),
            copy,
            end,
            ended,
            stop,
        })
    }
}

impl TodoLog for NatsLog {
    fn write(&self, writes: Vec<TodoWrite>) -> BoxFuture<'_, Result<Vec<PutOutcome>, WriteError>> {
        async move {
            let now = Timestamp::now();
            let (log, writes) = (&self.copy.log, &writes);
            let propose = || {
                async move {
                    let addresses = writes.iter().map(|write| write.address.clone());
                    let resolved = log.resolve(addresses.collect()).await?;
                    let mut proposal = Proposal::default();
                    for (write, (id, before)) in writes.iter().zip(resolved) {
                        proposal.add(write.clone(), id, before, now)?;
                    }
                    Ok(proposal)
                }
                .boxed()
            };
            self.publisher.commit(propose).await
        }
        .boxed()
    }

    fn read_all(&self, user: &str, up_to: u64) -> BoxFuture<'_, Result<usize, LogError>> {
        let user = user.to_owned();
        async move {
            let now = Timestamp::now();
            let (log, user) = (&self.copy.log, &user);
            let mut changed = 0;
            // Each batch is one step; more than one are needed only by who has a thousand unread.
            loop {
                let propose = || {
                    async move {
                        let mut proposal = Proposal::default();
                        let unread = log.unread(user, up_to).await?;
                        for before in unread.into_iter().take(publish::MAX_BATCH) {
                            let id = before.todo.id.clone();
                            let write = TodoWrite::mark_read(user, &id);
                            proposal.add(write, id, Some(before), now)?;
                        }
                        Ok(proposal)
                    }
                    .boxed()
                };
                match self.publisher.commit(propose).await {
                    Ok(read) if read.is_empty() => return Ok(changed),
                    Ok(read) => changed += read.len(),
                    Err(WriteError::Log(error)) => return Err(error),
                    // Somebody deleted one of them meanwhile.
                    Err(WriteError::Refused { .. }) => {}
                }
            }
        }
        .boxed()
    }

    fn since(
        &self,
        audience: &Audience,
        seq: Option<u64>,
    ) -> BoxStream<'static, Result<Vec<LogEvent>, LogError>> {
        self.copy.log.since(audience, seq)
    }

    fn subscribe(&self, audience: &Audience) -> LogSubscription {
        self.copy.log.subscribe(audience)
    }

    fn newest(&self) -> u64 {
        self.copy.log.newest()
    }

    fn reaches(&self, seq: u64) -> BoxFuture<'_, bool> {
        async move {
            if seq <= self.newest() {
                return true;
            }
            match self.end.newest(Instant::now()).await {
                Ok(newest) if newest < seq => false,
                // Another server has given it, and this one will hear of it.
                _ => self.copy.wait(seq, Instant::now() + AHEAD).await,
            }
        }
        .boxed()
    }

    fn get(&self, address: &TodoAddress) -> BoxFuture<'_, Result<Option<TodoEntry>, LogError>> {
        self.copy.log.get(address)
    }

    fn list(
        &self,
        audience: &Audience,
        options: ListOptions,
    ) -> BoxFuture<'_, Result<LogPage, LogError>> {
        self.copy.log.list(audience, options)
    }

    fn users(&self) -> BoxFuture<'_, Result<Vec<String>, LogError>> {
        self.copy.log.users()
    }

    fn purge(&self, before: Timestamp) -> BoxFuture<'_, Result<usize, LogError>> {
        async move {
            let old = self.copy.log.closed_before(before).await?;
            // Every node removes the same; whoever comes later finds nothing in the stream.
            self.publisher.remove(&old).await?;
            let removed = old.len();
            self.copy.forget(old).await?;
            Ok(removed)
        }
        .boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), LogError>> {
        async {
            if *self.ended.borrow() || self.ended.has_changed().is_err() {
                return Err(LogError::Closed);
            }
            if !self.copy.in_step() {
                return Err(LogError::Unavailable(
                    "this server does not hear what the others change",
                ));
            }
            self.copy.log.check().await
        }
        .boxed()
    }

    fn check_writes(&self) -> BoxFuture<'_, Result<(), LogError>> {
        // Whether JetStream takes something is seen by what it says of itself, in `check`.
        self.copy.log.check_writes()
    }

    fn stopped(&self) -> BoxFuture<'_, ()> {
        let mut ended = self.ended.clone();
        async move {
            let following = async {
                // An error means that the task ended, by a panic.
                ended.wait_for(|ended| *ended).await.ok();
            };
            tokio::select! {
                () = following => {}
                () = self.copy.log.stopped() => {}
            }
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, Result<(), LogError>> {
        async {
            self.stop.send_replace(true);
            self.copy.log.close().await
        }
        .boxed()
    }
}
