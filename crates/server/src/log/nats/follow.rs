//! Keeping the copy in step: what any server has stored is heard at once, and what was not heard is
//! read from the stream.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::{Message, Subscriber, header};
use futures_util::StreamExt;
use futures_util::stream::ReadyChunks;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::catch_up::catch_up;
use super::connect::Connected;
use super::copy::{StoredMessage, StreamCopy};
use super::end::newest;
use super::error::{CatchUpError, NatsError};
use super::subject::LIVE;
use crate::log::entry::TodoEntry;
use crate::log::error::LogError;

/// How often the stream is asked whether it is further than what was heard.
const LOOK: Duration = Duration::from_secs(1);

/// How long the stream may not answer before this server says that it is out of step. An election
/// alone is no reason: nothing changes meanwhile.
const OUT_OF_STEP: Duration = Duration::from_secs(15);

/// The most messages that are stored in one transaction.
const GROUP: usize = 512;

/// The longest pause after catching up failed.
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// How long filling the copy may find no leader when the server starts.
const START: Duration = Duration::from_secs(30);

/// The task that keeps the copy in step with the stream.
pub(super) struct Follower {
    connected: Connected,
    jetstream: Context,
    copy: Arc<StreamCopy>,
    live: ReadyChunks<Subscriber>,
    /// When it was last known that the copy has all there is.
    known: Instant,
    /// The stream's newest sequence number at the last look, if the copy had less.
    missed: Option<u64>,
}

impl Follower {
    /// Subscribes to what is stored from now on.
    ///
    /// # Errors
    /// If the connection is gone.
    pub(super) async fn subscribe(
        connected: Connected,
        jetstream: Context,
        copy: Arc<StreamCopy>,
    ) -> Result<Self, NatsError> {
        let refused = |error: String| NatsError::JetStream(error);
        let live = connected.client.subscribe(format!("{LIVE}.>")).await;
        let live = live.map_err(|error| refused(error.to_string()))?;
        // It is the servers' before the stream is read.
        let flushed = connected.client.flush().await;
        flushed.map_err(|error| refused(error.to_string()))?;
        Ok(Self {
            connected,
            jetstream,
            copy,
            live: live.ready_chunks(GROUP),
            known: Instant::now(),
            missed: None,
        })
    }

    /// Brings the copy up to date for the first time.
    ///
    /// # Errors
    /// If JetStream does not answer for half a minute, or the copy cannot be written.
    pub(super) async fn fill(&mut self) -> Result<(), NatsError> {
        let deadline = Instant::now() + START;
        let before = self.copy.reached();
        loop {
            match catch_up(&self.jetstream, &self.copy).await {
                Ok(()) => break,
                Err(CatchUpError::Copy(error)) => return Err(error.into()),
                Err(error) if Instant::now() >= deadline => {
                    return Err(NatsError::JetStream(error.to_string()));
                }
                Err(error) => {
                    tracing::info!("reading the to-dos from NATS, trying again: {error}");
                    tokio::time::sleep(MAX_PAUSE).await;
                }
            }
        }
        let reached = self.copy.reached();
        tracing::info!("this server's copy went from {before} to {reached}");
        self.in_step();
        Ok(())
    }

    /// Runs until `stop` says so.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let stopped = async {
            stop.wait_for(|stop| *stop).await.ok();
        };
        tokio::select! {
            () = stopped => {}
            () = self.follow() => {}
        }
    }

    async fn follow(&mut self) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.connected.times.mark_unchanged();
        loop {
            let done = tokio::select! {
                biased;
                heard = self.live.next() => match heard {
                    Some(messages) => self.hear(messages).await,
                    // The client is closed, which only this server's end does.
                    None => return,
                },
                // What was said while nobody listened is in the stream.
                Ok(()) = self.connected.times.changed() => self.catch_up().await,
                _ = look.tick() => self.look().await,
            };
            match done {
                Ok(()) => {}
                Err(LogError::Closed) => return,
                Err(error) => {
                    tracing::error!("this server's copy of the to-dos: {error}");
                    self.copy.set_in_step(false);
                    tokio::time::sleep(MAX_PAUSE).await;
                    self.missed = Some(u64::MAX);
                }
            }
        }
    }

    /// Stores what follows on what is there; where something is missing, reads it.
    async fn hear(&mut self, messages: Vec<Message>) -> Result<(), LogError> {
        let mut reached = self.copy.reached();
        let mut entries = Vec::with_capacity(messages.len());
        for message in messages {
            let Some(seq) = sequence(&message) else {
                continue;
            };
            if seq > reached + 1 {
                self.store(&mut entries, reached).await?;
                self.catch_up().await?;
                reached = self.copy.reached();
            }
            if seq == reached + 1 {
                let stored = StoredMessage {
                    seq,
                    subject: &message.subject,
                    payload: &message.payload,
                };
                entries.extend(stored.entry());
                reached = seq;
            }
        }
        self.store(&mut entries, reached).await
    }

    async fn store(&self, entries: &mut Vec<TodoEntry>, through: u64) -> Result<(), LogError> {
        if through > self.copy.reached() {
            self.copy.store(std::mem::take(entries), through).await?;
        }
        Ok(())
    }

    /// Asks the stream how far it is. What is still missing at the second look was not heard.
    async fn look(&mut self) -> Result<(), LogError> {
        if self
            .missed
            .is_some_and(|missed| self.copy.reached() < missed)
        {
            return self.catch_up().await;
        }
        self.missed = None;
        match newest(&self.jetstream).await {
            Ok(newest) if newest <= self.copy.reached() => self.in_step(),
            Ok(newest) => self.missed = Some(newest),
            Err(error) => self.out_of_step(&error),
        }
        Ok(())
    }

    /// Reads what is missing, and tries until it is read or the server ends.
    async fn catch_up(&mut self) -> Result<(), LogError> {
        let mut pause = Duration::from_millis(50);
        loop {
            match catch_up(&self.jetstream, &self.copy).await {
                Ok(()) => {
                    self.missed = None;
                    self.in_step();
                    return Ok(());
                }
                Err(CatchUpError::Copy(error)) => return Err(error),
                Err(error) => self.out_of_step(&error),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    fn in_step(&mut self) {
        self.known = Instant::now();
        self.copy.set_in_step(true);
    }

    fn out_of_step(&self, error: &CatchUpError) {
        tracing::warn!("cannot ask NATS for the to-dos, trying again: {error}");
        if self.known.elapsed() >= OUT_OF_STEP {
            self.copy.set_in_step(false);
        }
    }
}

/// The place in the stream that a message that the servers repeat has.
fn sequence(message: &Message) -> Option<u64> {
    let headers = message.headers.as_ref()?;
    headers.get(header::NATS_SEQUENCE)?.as_str().parse().ok()
}
