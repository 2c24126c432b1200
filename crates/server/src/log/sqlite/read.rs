//! Reads: a small pool of connections, short transactions, pages of bounded size.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream;
use futures_util::{Stream, TryStreamExt};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use tokio::sync::Semaphore;

use super::row::{self, COLUMNS, DamageReport, DamagedRow, seq, signed};
use crate::log::entry::{Audience, TodoAddress, TodoEntry};
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
    damage: DamageReport,
    free: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, damage: DamageReport) -> Self {
        Self(Arc::new(Pool {
            path,
            damage,
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

/// A part of an audience's log.
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
    audience: Arc<Audience>,
    range: LogRange,
) -> impl Stream<Item = Result<Vec<LogEvent>, LogError>> + Send + 'static {
    let start = match range {
        LogRange::ChangedAfter(seq) => seq,
        LogRange::OpenUpTo(_) => 0,
    };
    stream::try_unfold(start, move |after| {
        let (readers, audience) = (readers.clone(), Arc::clone(&audience));
        async move {
            let damage = readers.0.damage.clone();
            let page = readers
                .read(move |database| page(database, &audience, range, after, &damage))
                .await?;
            Ok(page.last.map(|last| (page.events, last)))
        }
    })
    .try_filter(|events| std::future::ready(!events.is_empty()))
}

#[derive(Default)]
struct ReplayPage {
    events: Vec<LogEvent>,
    /// The last sequence number that was looked at; `None` at the end.
    last: Option<u64>,
}

fn page(
    database: &Connection,
    audience: &Audience,
    range: LogRange,
    after: u64,
    damage: &DamageReport,
) -> Result<ReplayPage, LogError> {
    let (column, name) = column(audience);
    let (end, filter) = match range {
        LogRange::ChangedAfter(_) => (u64::MAX, ""),
        LogRange::OpenUpTo(end) => (end, "AND status = 'open'"),
    };
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM todo WHERE {column} = ? AND seq > ? AND seq <= ? {filter} \
         ORDER BY seq"
    ))?;
    let mut rows = statement.query(params![name, signed(after), signed(end)])?;
    let (mut page, mut bytes) = (ReplayPage::default(), 0);
    while let Some(row) = rows.next()? {
        page.last = Some(seq(row.get(0)?));
        let Some(entry) = damage.sound(row::entry(row)?) else {
            continue;
        };
        let event = match audience {
            // What was checked is sent as it stands there.
            Audience::User(_) => LogEvent::todo(
                entry.seq,
                row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?,
            ),
            Audience::Owner(_) => {
                let id = entry.todo.id.clone();
                LogEvent::for_owner(entry).map_err(|error| LogError::Unwritable {
                    id,
                    detail: error.to_string(),
                })?
            }
        };
        bytes += event.bytes.len();
        page.events.push(event);
        if page.events.len() >= PAGE_TODOS || bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(page)
}

/// The column that tells an audience's rows, and its value there.
fn column(audience: &Audience) -> (&'static str, &str) {
    match audience {
        Audience::User(user) => ("user", user),
        Audience::Owner(owner) => ("owner", owner),
    }
}

/// Returns the row of the user's to-do `id`, if there is one.
pub(super) fn one(
    database: &Connection,
    user: &str,
    id: &str,
) -> rusqlite::Result<Option<Result<TodoEntry, DamagedRow>>> {
    database
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM todo WHERE user = ? AND id = ?"
        ))?
        .query_row(params![user, id], row::entry)
        .optional()
}

/// Returns the entry at an address, if it may be read there.
pub(super) fn at(
    database: &Connection,
    address: &TodoAddress,
    damage: &DamageReport,
) -> Result<Option<TodoEntry>, LogError> {
    let (_, entry) = address.resolve(|id| {
        let row = one(database, address.user(), id)?;
        Ok::<_, LogError>(row.and_then(|row| damage.sound(row)))
    })?;
    Ok(entry.filter(|entry| address.reads(entry)))
}

/// Returns the user's unread open to-dos that last changed at or before `up_to`.
pub(super) fn unread(
    database: &Connection,
    user: &str,
    up_to: u64,
    damage: &DamageReport,
) -> Result<Vec<TodoEntry>, LogError> {
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM todo WHERE user = ? AND status = 'open' AND seq <= ? ORDER BY seq"
    ))?;
    let rows = statement.query_map(params![user, signed(up_to)], row::entry)?;
    let mut unread = Vec::new();
    for row in rows {
        unread.extend(damage.sound(row?).filter(|entry| !entry.todo.read));
    }
    Ok(unread)
}

/// Returns a page of the to-dos of an audience.
pub(super) fn list(
    database: &Connection,
    audience: &Audience,
    options: &ListOptions,
    damage: &DamageReport,
) -> Result<LogPage, LogError> {
    let (column, name) = column(audience);
    let of_user = if options.user.is_some() {
        "user = ?4"
    } else {
        "?4 IS NULL"
    };
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM todo WHERE {column} = ?1 AND seq > ?2 AND NOT deleted \
         AND (?3 IS NULL OR status = ?3) AND {of_user} ORDER BY seq"
    ))?;
    let mut rows = statement.query(params![
        name,
        signed(options.after),
        options.status.map(row::status_column),
        options.user,
    ])?;
    let (mut page, mut last, mut bytes) = (LogPage::default(), None, 0);
    while let Some(row) = rows.next()? {
        if page.entries.len() >= options.limit || bytes >= PAGE_BYTES {
            page.next = last;
            break;
        }
        if let Some(entry) = damage.sound(row::entry(row)?) {
            bytes += row.get_ref(3)?.as_bytes().map_or(0, <[u8]>::len);
            last = Some(entry.seq);
            page.entries.push(entry);
        }
    }
    Ok(page)
}

/// Returns all users who have to-dos.
pub(super) fn users(database: &Connection) -> Result<Vec<String>, LogError> {
    // One step in the index per user, not one per to-do.
    let mut statement = database.prepare_cached(
        "WITH RECURSIVE each(user) AS (
             SELECT min(user) FROM todo
             UNION ALL
             SELECT (SELECT min(user) FROM todo WHERE user > each.user) FROM each
                 WHERE each.user IS NOT NULL
         ) SELECT user FROM each WHERE user IS NOT NULL",
    )?;
    let users = statement.query_map([], |row| row.get(0))?;
    Ok(users.collect::<Result<_, _>>()?)
}
