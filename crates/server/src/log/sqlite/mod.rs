//! The log in one SQLite file.
//!
//! One thread writes: it takes all that waits, commits it in one transaction, and only then
//! publishes and answers. Reads go over a few connections of their own.

mod read;
mod schema;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use belldot_wire::Todo;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use super::{Event, Fanout, LogError, Page, Put, Subscription, TodoLog, Wanted};
use crate::edit::Edit;
use read::{Readers, Span};
use write::Writer;

/// To-dos in a SQLite database that this process alone writes.
pub struct SqliteLog {
    writer: Writer,
    readers: Readers,
    fanout: Fanout,
    newest: Arc<AtomicU64>,
}

/// Why the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file or folder refuses.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Another process has it.
    #[error("another server uses it")]
    Taken,
    /// A later version of the server wrote it.
    #[error("it was written by a later version (schema {found}, this one knows {known})")]
    Newer {
        /// The schema in the file.
        found: i64,
        /// The newest schema this version knows.
        known: i64,
    },
    /// SQLite refuses.
    #[error("the to-do database: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl SqliteLog {
    /// Opens the log in `folder`, and makes both if they are not there. Blocks while it reads.
    ///
    /// Sequence numbers go on above the last one and above `least`; see
    /// [`Config::ids_above`](crate::Config::ids_above).
    ///
    /// # Errors
    /// If another process uses it, a later version wrote it, or the disk refuses.
    pub fn open(folder: &Path, least: Option<u64>) -> Result<Self, OpenError> {
        let least = least.unwrap_or_else(millis);
        let file = |path: &Path, error| OpenError::File {
            path: path.to_owned(),
            error,
        };
        std::fs::create_dir_all(folder).map_err(|error| file(folder, error))?;
        let lock = schema::lock(folder)?;
        let path = folder.join("todos.sqlite");
        let database = schema::open(&path)?;
        schema::go_on_above(&database, least)?;
        let newest = Arc::new(AtomicU64::new(schema::newest(&database)?));
        let fanout = Fanout::default();
        let writer = Writer::start(database, lock, fanout.clone(), Arc::clone(&newest))
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
    fn put(&self, user: &str, id: &str, edit: Edit) -> BoxFuture<'_, Result<Put, LogError>> {
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
    ) -> BoxStream<'static, Result<Vec<Event>, LogError>> {
        let pages = |span| read::pages(self.readers.clone(), user.into(), span).boxed();
        match seq {
            Some(seq) => pages(Span::ChangedAfter(seq)),
            None => {
                let start = self.newest();
                // What changes during the replay of the open ones is found after the mark, even
                // if it has left the open ones by then.
                pages(Span::OpenUpTo(start))
                    .chain(stream::iter([Ok(vec![Event::mark(start)])]))
                    .chain(pages(Span::ChangedAfter(start)))
                    .boxed()
            }
        }
    }

    fn subscribe(&self, user: &str) -> Subscription {
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

    fn list(&self, user: &str, wanted: Wanted) -> BoxFuture<'_, Result<Page, LogError>> {
        let user = user.to_owned();
        self.readers
            .read(move |database| read::list(database, &user, wanted))
            .boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), LogError>> {
        self.readers
            .read(|database| Ok(schema::newest(database).map(drop)?))
            .boxed()
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
