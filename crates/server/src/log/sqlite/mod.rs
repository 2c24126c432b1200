//! The log in one SQLite file.
//!
//! One thread writes: it takes every waiting request, commits them in one transaction, and only
//! then publishes the events and replies. Reads use a small pool of read-only connections.

mod backup;
mod read;
mod schema;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use belldot_wire::Todo;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use super::error::{LogError, OpenError};
use super::event::LogEvent;
use super::fanout::{Fanout, LogSubscription};
use super::todo_log::{ListOptions, LogPage, PutOutcome, TodoLog};
use crate::edit::TodoEdit;
use crate::private_files;
pub use backup::backup;
use read::{LogRange, Readers};
use write::LogWriter;

/// To-dos in a SQLite database that this process alone writes.
pub struct SqliteLog {
    writer: LogWriter,
    readers: Readers,
    fanout: Fanout,
    newest: Arc<AtomicU64>,
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
        let file = |path: &Path, error| OpenError::File {
            path: path.to_owned(),
            error,
        };
        private_files::create_folder(folder).map_err(|error| file(folder, error))?;
        let lock = schema::lock(folder)?;
        let path = folder.join("todos.sqlite");
        // SQLite gives its other files the same permissions.
        private_files::open(&path).map_err(|error| file(&path, error))?;
        let database = schema::open(&path)?;
        schema::raise_sequence(&database, least)?;
        let newest = Arc::new(AtomicU64::new(schema::newest(&database)?));
        let fanout = Fanout::default();
        let writer = LogWriter::start(database, lock, fanout.clone(), Arc::clone(&newest))
            .map_err(|error| file(folder, error))?;
        Ok(Self {
            writer,
            readers: Readers::new(path),
            fanout,
            newest,
        })
    }
}

/// Milliseconds since 1970.
fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or_default()
}

impl TodoLog for SqliteLog {
    fn put(
        &self,
        user: &str,
        id: &str,
        edit: TodoEdit,
    ) -> BoxFuture<'_, Result<PutOutcome, LogError>> {
        self.writer
            .put(user.to_owned(), id.to_owned(), edit)
            .boxed()
    }

    fn read_all(&self, user: &str, up_to: u64) -> BoxFuture<'_, Result<usize, LogError>> {
        self.writer.read_all(user.to_owned(), up_to).boxed()
    }

    fn since(
        &self,
        user: &str,
        seq: Option<u64>,
    ) -> BoxStream<'static, Result<Vec<LogEvent>, LogError>> {
        let pages = |range| read::pages(self.readers.clone(), user.into(), range).boxed();
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

    fn subscribe(&self, user: &str) -> LogSubscription {
        self.fanout.subscribe(user)
    }

    fn newest(&self) -> u64 {
        self.newest.load(Ordering::Acquire)
    }

    fn get(&self, user: &str, id: &str) -> BoxFuture<'_, Result<Option<Todo>, LogError>> {
        let (user, id) = (user.to_owned(), id.to_owned());
        self.readers
            .read(move |database| read::one(database, &user, &id))
            .boxed()
    }

    fn list(&self, user: &str, options: ListOptions) -> BoxFuture<'_, Result<LogPage, LogError>> {
        let user = user.to_owned();
        self.readers
            .read(move |database| read::list(database, &user, options))
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

#[cfg(test)]
mod tests;
