//! The log in one SQLite file, as its callers see it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use jiff::Timestamp;
use rusqlite::Connection;

use super::read::{self, LogRange, Readers};
use super::row::DamageReport;
use super::schema;
use super::write::{LogWriter, WriteOutcome, WriteRequest};
use crate::log::entry::{Audience, TodoAddress, TodoEntry, TodoWrite};
use crate::log::error::{LogError, OpenError, WriteError};
use crate::log::event::LogEvent;
use crate::log::fanout::{Fanout, LogSubscription};
use crate::log::todo_log::{ListOptions, LogPage, PutOutcome, TodoLog};

/// To-dos in a SQLite database that this process alone writes.
pub struct SqliteLog {
    writer: LogWriter,
    pub(super) readers: Readers,
    fanout: Fanout,
    newest: Arc<AtomicU64>,
    pub(super) damage: DamageReport,
}

impl SqliteLog {
    /// Opens the log in `folder` and creates both if they do not exist. Blocks on disk I/O.
    ///
    /// New sequence numbers are above the last one and above `least`; see
    /// [`ServerConfig::ids_above`](crate::ServerConfig::ids_above).
    ///
    /// # Errors
    /// If another process uses the folder, a later version wrote the database, or the files cannot
    /// be opened.
    pub fn open(folder: &Path, least: Option<u64>) -> Result<Self, OpenError> {
        let least = least.unwrap_or_else(millis);
        let lock = schema::lock_folder(folder)?;
        let path = folder.join("todos.sqlite");
        let database = schema::open(&path)?;
        schema::raise_sequence(&database, least)?;
        Self::start(path, database, lock)
    }

    pub(super) fn start(
        path: PathBuf,
        database: Connection,
        lock: File,
    ) -> Result<Self, OpenError> {
        let newest = Arc::new(AtomicU64::new(schema::newest(&database)?));
        let fanout = Fanout::default();
        let damage = DamageReport::default();
        let writer = LogWriter::start(
            database,
            lock,
            fanout.clone(),
            Arc::clone(&newest),
            damage.clone(),
        )
        .map_err(|error| OpenError::file(&path, error))?;
        Ok(Self {
            writer,
            readers: Readers::new(path, damage.clone()),
            fanout,
            newest,
            damage,
        })
    }

    /// Sends a request that cannot be refused.
    pub(super) async fn request(&self, request: WriteRequest) -> Result<WriteOutcome, LogError> {
        match self.writer.request(request).await {
            Ok(outcome) => Ok(outcome),
            Err(WriteError::Log(error)) => Err(error),
            Err(WriteError::Refused { .. }) => Ok(WriteOutcome::default()),
        }
    }
}

/// Milliseconds since 1970.
pub(in crate::log) fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or_default()
}

impl TodoLog for SqliteLog {
    fn write(&self, writes: Vec<TodoWrite>) -> BoxFuture<'_, Result<Vec<PutOutcome>, WriteError>> {
        self.writer
            .request(WriteRequest::Edits(writes))
            .map(|outcome| Ok(outcome?.puts))
            .boxed()
    }

    fn read_all(&self, user: &str, up_to: u64) -> BoxFuture<'_, Result<usize, LogError>> {
        self.request(WriteRequest::ReadAll(user.to_owned(), up_to))
            .map(|outcome| Ok(outcome?.puts.len()))
            .boxed()
    }

    fn since(
        &self,
        audience: &Audience,
        seq: Option<u64>,
    ) -> BoxStream<'static, Result<Vec<LogEvent>, LogError>> {
        let audience = Arc::new(audience.clone());
        let pages = |range| read::pages(self.readers.clone(), Arc::clone(&audience), range).boxed();
        match seq {
            Some(seq) => pages(LogRange::ChangedAfter(seq)),
            None => {
                let start = self.newest();
                // A to-do that changes while the open ones are replayed is found after the mark,
                // even if it is no longer open by then.
                pages(LogRange::OpenUpTo(start))
                    .chain(stream::iter([Ok(vec![LogEvent::mark(start)])]))
                    .chain(pages(LogRange::ChangedAfter(start)))
                    .boxed()
            }
        }
    }

    fn subscribe(&self, audience: &Audience) -> LogSubscription {
        self.fanout.subscribe(audience)
    }

    fn newest(&self) -> u64 {
        self.newest.load(Ordering::Acquire)
    }

    fn reaches(&self, seq: u64) -> BoxFuture<'_, bool> {
        std::future::ready(seq <= self.newest()).boxed()
    }

    fn get(&self, address: &TodoAddress) -> BoxFuture<'_, Result<Option<TodoEntry>, LogError>> {
        let (address, damage) = (address.clone(), self.damage.clone());
        self.readers
            .read(move |database| read::at(database, &address, &damage))
            .boxed()
    }

    fn list(
        &self,
        audience: &Audience,
        options: ListOptions,
    ) -> BoxFuture<'_, Result<LogPage, LogError>> {
        let (audience, damage) = (audience.clone(), self.damage.clone());
        self.readers
            .read(move |database| read::list(database, &audience, &options, &damage))
            .boxed()
    }

    fn users(&self) -> BoxFuture<'_, Result<Vec<String>, LogError>> {
        self.readers.read(read::users).boxed()
    }

    fn purge(&self, before: Timestamp) -> BoxFuture<'_, Result<usize, LogError>> {
        self.request(WriteRequest::Purge(before))
            .map(|outcome| Ok(outcome?.removed))
            .boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), LogError>> {
        self.readers
            .read(|database| Ok(schema::newest(database).map(drop)?))
            .boxed()
    }

    fn check_writes(&self) -> BoxFuture<'_, Result<(), LogError>> {
        self.writer.check().boxed()
    }

    fn stopped(&self) -> BoxFuture<'_, ()> {
        self.writer.stopped().boxed()
    }

    fn close(&self) -> BoxFuture<'_, Result<(), LogError>> {
        async {
            self.readers.close().await;
            self.writer.close().await
        }
        .boxed()
    }
}
