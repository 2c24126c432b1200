//! The inbox's journal: what was committed and is not yet in the database file.
//!
//! SQLite writes the journal back within the commit that finds it long, and a click meanwhile waits
//! for the disk. So a thread with a connection of its own does it beside the commits; a commit only
//! does what that thread leaves.

use std::{
    ffi::c_int,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, hooks::Wal};

use crate::inbox::error::InboxError;

/// The number of new pages from which on the journal is written back.
const MANY_PAGES: u32 = 1_000;

/// The number of pages at which a commit itself resets the journal.
const TOO_MANY_PAGES: u32 = 16 * MANY_PAGES;

/// How long the last checkpoint waits for readers.
const FINISHING: Duration = Duration::from_millis(300);

/// The journal of one database file.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    length: Arc<Length>,
}

/// The length of a journal, in pages.
#[derive(Debug, Default)]
struct Length {
    now: AtomicU32,
    /// When it was last written back.
    written_back: AtomicU32,
    /// A thread is writing it back.
    busy: AtomicBool,
}

impl Journal {
    /// Watches the journal of this connection to the database at this path.
    ///
    /// # Errors
    /// When SQLite cannot tell of commits.
    pub fn of(connection: &mut Connection, path: &Path) -> Result<Self, InboxError> {
        let length = Arc::new(Length::default());
        let watched = length.clone();
        connection.wal_hook(Some(move |wal: &mut Wal, pages: c_int| {
            watched.set(u32::try_from(pages).unwrap_or_default());
            // While the thread writes it back it holds the lock, and only what it leaves is due.
            if watched.is_too_long()
                && let Err(error) = wal.checkpoint()
            {
                // The commit itself has been made.
                tracing::warn!(%error, "the journal of the inbox grows");
            }
            Ok(())
        }))?;
        Ok(Self {
            path: path.to_owned(),
            length,
        })
    }

    /// Has the journal written back where that is worth it. Does not wait for it.
    pub fn write_back(&self) {
        if !self.length.try_begin() {
            return;
        }
        let (path, length) = (self.path.clone(), self.length.clone());
        let spawned = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                if let Err(error) = write_back(&path) {
                    tracing::warn!(%error, "the journal of the inbox grows");
                }
                length.end();
            });
        if let Err(error) = spawned {
            tracing::warn!(%error, "the journal of the inbox grows");
            self.length.end();
        }
    }
}

impl Length {
    fn set(&self, pages: u32) {
        self.now.store(pages, Ordering::Relaxed);
        // SQLite has begun it anew.
        self.written_back.fetch_min(pages, Ordering::Relaxed);
    }

    /// Returns whether a commit has to begin the journal anew, and can.
    fn is_too_long(&self) -> bool {
        self.now.load(Ordering::Relaxed) >= TOO_MANY_PAGES && !self.busy.load(Ordering::Acquire)
    }

    /// Returns whether there is much to do, and nobody does it yet.
    fn try_begin(&self) -> bool {
        let now = self.now.load(Ordering::Relaxed);
        let more = now.saturating_sub(self.written_back.load(Ordering::Relaxed));
        if more < MANY_PAGES || self.busy.swap(true, Ordering::AcqRel) {
            return false;
        }
        self.written_back.store(now, Ordering::Relaxed);
        true
    }

    fn end(&self) {
        self.busy.store(false, Ordering::Release);
    }
}

/// Writes the whole journal back and empties it, so that the database file holds everything by
/// itself. Waits for readers only so long.
///
/// # Errors
/// When the disk takes nothing.
pub(super) fn finish(connection: &Connection) -> Result<(), InboxError> {
    connection.busy_timeout(FINISHING)?;
    let busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        tracing::warn!("somebody reads the inbox: its journal stays");
    }
    Ok(())
}

/// Writes back what is committed, beside those who read and write.
fn write_back(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_is_written_back_each_time_it_has_grown_by_much() {
        let length = Length::default();
        length.set(MANY_PAGES - 1);
        assert!(!length.try_begin());
        length.set(MANY_PAGES);
        assert!(length.try_begin());
        length.end();
        length.set(2 * MANY_PAGES - 1);
        assert!(!length.try_begin());
        length.set(2 * MANY_PAGES);
        assert!(length.try_begin());
    }

    #[test]
    fn one_at_a_time_writes_the_journal_back() {
        let length = Length::default();
        length.set(MANY_PAGES);
        assert!(length.try_begin());
        length.set(3 * MANY_PAGES);
        assert!(!length.try_begin());
        length.end();
        assert!(length.try_begin());
    }

    #[test]
    fn a_commit_leaves_the_journal_to_the_thread_that_is_at_it() {
        let length = Length::default();
        length.set(TOO_MANY_PAGES);
        assert!(length.is_too_long());
        assert!(length.try_begin());
        assert!(!length.is_too_long());
        length.end();
        assert!(length.is_too_long());
    }

    #[test]
    fn a_journal_that_was_begun_anew_is_counted_anew() {
        let length = Length::default();
        length.set(5 * MANY_PAGES);
        assert!(length.try_begin());
        length.end();
        length.set(10);
        length.set(MANY_PAGES + 10);
        assert!(length.try_begin());
    }
}
