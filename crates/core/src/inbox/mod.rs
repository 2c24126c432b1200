//! The durable store of to-dos and cursors (SQLite).
//!
//! One [`Inbox`] writes: the controller's. Any number of [`Reader`]s look at what it committed.
//! An event's changes and its cursor are one [`Edit`], a batch of edits is one transaction.

mod count_updates;
mod counts;
mod edit;
mod error;
mod export;
mod file;
mod filter;
mod identity;
mod journal;
mod list;
mod local;
mod order;
mod outbox;
mod query;
mod reader;
mod retention;
mod row;
mod search;
mod sources;
mod transaction;
mod upsert;

use std::path::{Path, PathBuf};

use belldot_wire::Priority;
use jiff::{Timestamp, Zoned};
use rusqlite::Connection;

use crate::{settings::Retention, source::SourceId};

pub use crate::model::TodoKey;
pub use edit::{Committed, Edit, Pause, SourceEntry};
pub use error::InboxError;
pub use export::{Export, ExportError};
pub use outbox::Delivery;
pub use query::{Group, GroupCount, Grouping, Listing, Query, TodoView};
pub use reader::Reader;
pub use sources::{Latest, SourceSummary, Summary};

use journal::Journal;
use sources::{Sources, counted};
use transaction::InboxTransaction;

/// The inbox, open for writing. There is one at a time: a lock beside the file sees to it.
#[derive(Debug)]
pub struct Inbox {
    connection: Connection,
    storage: file::Storage,
    /// What is kept in memory has none.
    journal: Option<Journal>,
    sources: Sources,
    pause: Option<Pause>,
}

impl Inbox {
    /// Opens the inbox at this path, or begins one. A damaged file is kept aside (see
    /// [`Inbox::kept_aside`]) and an empty inbox takes its place.
    ///
    /// # Errors
    /// When another program has it open for writing, a newer version wrote it, or the file cannot be read
    /// or written.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, InboxError> {
        let mut storage = file::Storage::lock(path.into())?;
        let opened = storage.connect().and_then(|connection| {
            let sources = Sources::read(&connection)?;
            let pause = local::pause(&connection)?;
            Ok((connection, sources, pause))
        });
        let (mut connection, sources, pause) = match opened {
            Err(InboxError::Corrupt(what)) => {
                tracing::error!(what, "the inbox is damaged; beginning a new one");
                storage.keep_aside()?;
                (storage.connect()?, Sources::default(), None)
            }
            opened => opened?,
        };
        Ok(Self {
            journal: storage.journal(&mut connection)?,
            connection,
            storage,
            sources,
            pause,
        })
    }

    /// Returns an inbox that ends with the program.
    ///
    /// # Errors
    /// When SQLite has no memory for it.
    pub fn in_memory() -> Result<Self, InboxError> {
        let storage = file::Storage::Memory;
        Ok(Self {
            connection: storage.connect()?,
            storage,
            journal: None,
            sources: Sources::default(),
            pause: None,
        })
    }

    /// Returns where the damaged file is that this inbox replaced, if it did.
    pub fn kept_aside(&self) -> Option<&Path> {
        self.storage.kept_aside()
    }

    /// Keeps the file aside, damaged as it is, and begins an empty inbox in its place.
    ///
    /// # Errors
    /// When the file cannot be moved, or a new one cannot be made.
    pub fn begin_anew(&mut self) -> Result<(), InboxError> {
        // The old connection has to let go of the file before it can be moved.
        self.connection = file::Storage::Memory.connect()?;
        self.storage.keep_aside()?;
        self.connection = self.storage.connect()?;
        self.journal = self.storage.journal(&mut self.connection)?;
        self.sources = Sources::default();
        Ok(())
    }

    /// Makes these edits in one transaction: all of them, or after an error none.
    ///
    /// # Errors
    /// When nothing was written: the disk is full, the file is damaged, or SQLite refused for another
    /// reason.
    pub fn commit(&mut self, edits: &[Edit], now: Timestamp) -> Result<Committed, InboxError> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut changes = InboxTransaction::new(&transaction, self.sources.clone(), now);
        for edit in edits {
            changes.apply(edit)?;
        }
        let (sources, committed) = changes.finish()?;
        transaction.commit()?;
        self.sources = sources;
        Ok(committed)
    }

    /// Has what was committed written from the journal back into the database, where that is worth
    /// it; does not wait for it.
    pub fn write_back(&self) {
        if let Some(journal) = &self.journal {
            journal.write_back();
        }
    }

    /// Brings everything into the database file, so that a copy of that one alone is whole. Belongs
    /// to the end of the program; takes a bounded time.
    pub fn finish(&self) {
        if let Err(error) = journal::finish(&self.connection) {
            tracing::warn!(%error, "the journal of the inbox stays");
        }
    }

    /// Returns what the bell is made of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn summary(&self) -> Result<Summary, InboxError> {
        Ok(Summary {
            sources: self.sources(),
            latest: self.latest()?,
        })
    }

    /// Returns what is known of the sources in the settings; in memory, so that it is always there.
    pub fn sources(&self) -> Vec<SourceSummary> {
        self.sources.summaries()
    }

    /// Returns how many unread to-dos wait, over all sources.
    pub(crate) fn unread(&self) -> u64 {
        counted(&self.sources())
    }

    /// Returns the latest open to-dos, newest first; at most five.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest(&self) -> Result<Vec<Latest>, InboxError> {
        list::latest(&self.connection)
    }

    /// Returns the last event ID of a source that was committed; empty where there is none, or none
    /// that says where to go on.
    pub(crate) fn cursor(&self, source: &SourceId) -> &str {
        self.sources.cursor(source)
    }

    /// Returns whether the ids of a source's events begin anew with each connection.
    pub(crate) fn begins_anew(&self, source: &SourceId) -> bool {
        self.sources.begins_anew(source)
    }

    /// Returns the to-dos asked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, query: &Query, now: &Zoned) -> Result<Listing, InboxError> {
        list::list(&self.connection, query, now, None)
    }

    /// Returns one to-do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn todo(&self, key: TodoKey, now: &Zoned) -> Result<Option<TodoView>, InboxError> {
        list::todo(&self.connection, key, now)
    }

    /// Returns a to-do's priority.
    pub(crate) fn priority(&self, key: TodoKey) -> Result<Option<Priority>, InboxError> {
        list::priority(&self.connection, key)
    }

    /// Returns the to-do that has this id at its source: an open one, and the newest, where several
    /// sources have one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find(&self, id: &str) -> Result<Option<TodoKey>, InboxError> {
        list::find(&self.connection, id)
    }

    /// Returns the to-dos whose toast was not shown yet, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unannounced(&self) -> Result<Vec<TodoKey>, InboxError> {
        list::unannounced(&self.connection)
    }

    /// Returns when the next snooze ends, to-do falls due, or delivered change settles: the time
    /// for an [`Edit::Clock`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_deadline(&self) -> Result<Option<Timestamp>, InboxError> {
        local::next_deadline(&self.connection)
    }

    /// Returns the first change that waits to be sent to this source's API.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_delivery(&self, source: &SourceId) -> Result<Option<Delivery>, InboxError> {
        outbox::next(&self.connection, source)
    }

    /// Returns the title of the to-do that an outbox entry is about.
    pub(crate) fn title_in_outbox(&self, entry: i64) -> Result<Option<String>, InboxError> {
        outbox::title(&self.connection, entry)
    }

    /// Returns the pause of all streams, if there was one when this was opened.
    pub fn pause(&self) -> Option<Pause> {
        self.pause
    }

    /// Lets go of some of what is done for long or too much; whether there is more of it. What is
    /// open always stays.
    ///
    /// # Errors
    /// When the database takes nothing: [`InboxError::Full`] on a full disk.
    pub fn tidy_some(&mut self, retention: &Retention, now: Timestamp) -> Result<bool, InboxError> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut changes = InboxTransaction::new(&transaction, self.sources.clone(), now);
        let more = changes.tidy(retention, now)?;
        let (sources, committed) = changes.finish()?;
        transaction.commit()?;
        self.sources = sources;
        if committed.todos_changed {
            let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum(1000)")?;
            // A page with each step.
            let mut pages = vacuum.query([])?;
            while pages.next()?.is_some() {}
        }
        self.write_back();
        Ok(more)
    }

    /// Behaves from now on as on a disk with room for an inbox of this many bytes, though never
    /// less than it has; `None`: as large as the disk is. For tests of a full disk.
    ///
    /// # Errors
    /// When SQLite does not take the limit.
    pub fn limit_bytes(&self, most: Option<u64>) -> Result<(), InboxError> {
        const PAGE: u64 = 4_096;
        let pages = most.map_or(u32::MAX - 1, |most| (most / PAGE).clamp(1, 1 << 31) as u32);
        self.connection
            .pragma_update(None, "max_page_count", pages)?;
        Ok(())
    }

    /// Makes the next few to-dos findable by a quick search, those that are not yet are found by
    /// a slower one. Returns whether there are more. A commit does not wait for this.
    ///
    /// # Errors
    /// When the database takes nothing: [`InboxError::Full`] on a full disk.
    pub fn index_some(&mut self) -> Result<bool, InboxError> {
        let more = search::index_some(&self.connection)?;
        self.write_back();
        Ok(more)
    }
}
