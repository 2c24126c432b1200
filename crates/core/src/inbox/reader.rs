//! Looks at what the inbox committed, from any thread.

use std::path::PathBuf;

use jiff::Zoned;
use rusqlite::Connection;

use crate::{
    inbox::{InboxError, Summary, TodoKey, file, list, sources::Sources},
    page::{Listing, Query, TodoView},
};

/// Looks at what the inbox committed; never waits for the writer, and cannot write.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    counted: list::Counted,
}

impl Reader {
    /// Opens the inbox at this path, which an [`crate::inbox::Inbox`] has opened before.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, InboxError> {
        Ok(Self {
            connection: file::connect_read_only(&path.into())?,
            counted: list::Counted::default(),
        })
    }

    /// The to-dos asked for.
    pub fn list(&self, query: &Query, now: &Zoned) -> Result<Listing, InboxError> {
        list::list(&self.connection, query, now, Some(&self.counted))
    }

    /// One to-do.
    pub fn todo(&self, key: TodoKey, now: &Zoned) -> Result<Option<TodoView>, InboxError> {
        list::todo(&self.connection, key, now)
    }

    /// What the bell is made of; counts every to-do.
    pub fn summary(&self) -> Result<Summary, InboxError> {
        Ok(Summary {
            sources: Sources::read(&self.connection)?.summaries(),
            latest: list::latest(&self.connection)?,
        })
    }
}
