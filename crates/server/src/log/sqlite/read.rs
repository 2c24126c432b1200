//! Reads: a small pool of connections, short transactions, pages of bounded size.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use belldot_wire::{Status, Todo};
use futures_util::Stream;
use futures_util::stream;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use tokio::sync::Semaphore;

use crate::log::error::LogError;
use crate::log::event::LogEvent;
use crate::log::todo_log::{ListOptions, LogPage};

/// Number of concurrent reads. More would only wait for the same disk.
const READERS: u32 = 4;

/// A page of a replay ends at this many to-dos or bytes, whichever is reached first.
const PAGE_TODOS: usize = 512;
const PAGE_BYTES: usize = 256 * 1024;

/// A pool of read-only connections.
#[derive(Clone)]
pub(super) struct Readers(Arc<Pool>);

struct Pool {
    path: PathBuf,
    free: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(Arc::new(Pool {
            path,
            free: Semaphore::new(READERS as usize),
            idle: Mutex::default(),
        }))
    }

    /// Runs `work` with a connection on a blocking thread.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    {
        let pool = Arc::clone(&self.0);
        let _permit = self.0.free.acquire().await.map_err(|_| LogError::Closed)?;
        tokio::task::spawn_blocking(move || {
            let database = pool.take()?;
            let outcome = work(&database);
            pool.idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(database);
            outcome
        })
        .await
        .map_err(|_| LogError::Closed)?
    }

    /// Waits for the running reads and refuses later ones.
    pub(super) async fn close(&self) {
        let all = self.0.free.acquire_many(READERS).await;
        self.0.free.close();
        self.0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        drop(all);
    }
}

impl Pool {
    fn take(&self) -> Result<Connection, LogError> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(database) = idle {
            return Ok(database);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Connection::open_with_flags(&self.path, flags)?)
    }
}

/// A part of a user's log.
#[derive(Clone, Copy, Debug)]
pub(super) enum LogRange {
    /// All to-dos that last changed after this sequence number.
    ChangedAfter(u64),
    /// Open to-dos that last changed at or before this sequence number.
    OpenUpTo(u64),
}

/// Streams `range` in pages; each page shows the log as it is when that page is read.
pub(super) fn pages(
    readers: Readers,
    user: Arc<str>,
    range: LogRange,
) -> impl Stream<Item = Result<Vec<LogEvent>, LogError>> + Send + 'static {
    let start = match range {
        LogRange::ChangedAfter(seq) => seq,
        LogRange::OpenUpTo(_) => 0,
    };
    stream::try_unfold(start, move |after| {
        let (readers, user) = (readers.clone(), Arc::clone(&user));
        async move {
            let page = readers
                .read(move |database| page(database, &user, range, after))
                .await?;
            Ok(page.last().map(|event| event.seq).map(|last| (page, last)))
        }
    })
}

fn page(
    database: &Connection,
    user: &str,
    range: LogRange,
    after: u64,
) -> Result<Vec<LogEvent>, LogError> {
    let mut statement;
    let mut rows = match range {
        LogRange::ChangedAfter(_) => {
            statement = database.prepare_cached(
                "SELECT seq, json FROM todo WHERE user = ? AND seq > ? ORDER BY seq",
            )?;
            statement.query(params![user, signed(after)])?
        }
        LogRange::OpenUpTo(end) => {
            statement = database.prepare_cached(
                "SELECT seq, json FROM todo WHERE user = ? AND seq > ? AND seq <= ? AND status = ? \
                 ORDER BY seq",
            )?;
            statement.query(params![
                user,
                signed(after),
                signed(end),
                status_column(Status::Open)
            ])?
        }
    };
    let (mut events, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let event = LogEvent::todo(
            seq(row.get(0)?),
            row.get_ref(1)?.as_str().map_err(not_text)?,
        );
        bytes += event.bytes.len();
        events.push(event);
        if events.len() >= PAGE_TODOS || bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(events)
}

/// Returns the user's to-do `id`, if there is one.
pub(super) fn one(database: &Connection, user: &str, id: &str) -> Result<Option<Todo>, LogError> {
    Ok(numbered(database, user, id)?.map(|(_, todo)| todo))
}

/// Returns the user's to-do `id` with its sequence number, if there is one.
pub(super) fn numbered(
    database: &Connection,
    user: &str,
    id: &str,
) -> Result<Option<(u64, Todo)>, LogError> {
    let row: Option<(i64, String)> = database
        .prepare_cached("SELECT seq, json FROM todo WHERE user = ? AND id = ?")?
        .query_row(params![user, id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(number, json)| Ok((seq(number), todo(seq(number), &json)?)))
        .transpose()
}

/// Returns the user's unread open to-dos that last changed at or before `up_to`, with their
/// sequence numbers.
pub(super) fn unread(
    database: &Connection,
    user: &str,
    up_to: u64,
) -> Result<Vec<(u64, Todo)>, LogError> {
    let mut statement = database.prepare_cached(
        "SELECT seq, json FROM todo WHERE user = ? AND status = ? AND seq <= ? ORDER BY seq",
    )?;
    let mut rows = statement.query(params![user, status_column(Status::Open), signed(up_to)])?;
    let mut unread = Vec::new();
    while let Some(row) = rows.next()? {
        let json = row.get_ref(1)?.as_str().map_err(not_text)?;
        let seq = seq(row.get(0)?);
        let todo = todo(seq, json)?;
        if !todo.read {
            unread.push((seq, todo));
        }
    }
    Ok(unread)
}

/// Returns a page of the user's to-dos.
pub(super) fn list(
    database: &Connection,
    user: &str,
    options: ListOptions,
) -> Result<LogPage, LogError> {
    let mut statement = database.prepare_cached(
        "SELECT seq, json FROM todo WHERE user = ?1 AND seq > ?2 AND (?3 IS NULL OR status = ?3) \
         ORDER BY seq",
    )?;
    let mut rows = statement.query(params![
        user,
        signed(options.after),
        options.status.map(status_column)
    ])?;
    let (mut page, mut last, mut bytes) = (LogPage::default(), None, 0);
    while let Some(row) = rows.next()? {
        if page.todos.len() >= options.limit || bytes >= PAGE_BYTES {
            page.next = last;
            break;
        }
        let seq = seq(row.get(0)?);
        let json = row.get_ref(1)?.as_str().map_err(not_text)?;
        bytes += json.len();
        last = Some(seq);
        page.todos.push(todo(seq, json)?);
    }
    Ok(page)
}

/// The column value of a status.
pub(super) fn status_column(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Done => "done",
        Status::Cancelled => "cancelled",
    }
}

fn todo(seq: u64, json: &str) -> Result<Todo, LogError> {
    serde_json::from_str(json).map_err(|error| LogError::Damaged {
        seq,
        detail: error.to_string(),
    })
}

fn not_text(error: rusqlite::types::FromSqlError) -> LogError {
    rusqlite::Error::from(error).into()
}

/// SQLite integers are signed; sequence numbers are never negative.
fn seq(number: i64) -> u64 {
    number.unsigned_abs()
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
