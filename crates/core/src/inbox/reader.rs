//! Looks at what the inbox committed, from any thread.

use std::{
    cell::{Ref, RefCell},
    io::Write,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, Zoned};
use rusqlite::Connection;

use crate::{
    inbox::{
        Export, ExportError, InboxError, Summary, TodoKey, export, file, list, order::Kept,
        sources::Sources,
    },
    page::{Listing, Query, TodoView},
};

/// Looks at what the inbox committed; never waits for the writer, and cannot write.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    open: RefCell<Open>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    kept: Kept,
    /// Which file this is; another one takes its place when it turns out to be damaged.
    file: Option<(u64, u64)>,
}

impl Reader {
    /// Opens the inbox at this path, which an [`crate::inbox::Inbox`] has opened before.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, InboxError> {
        let path = path.into();
        Ok(Self {
            open: RefCell::new(Open::new(&path)?),
            path,
        })
    }

    /// The to-dos asked for.
    pub fn list(&self, query: &Query, now: &Zoned) -> Result<Listing, InboxError> {
        let open = self.present()?;
        list::list(&open.connection, query, now, Some(&open.kept))
    }

    /// Where this to-do stands in the answer to a query, whose offset and limit do not matter:
    /// the offset of the page that begins with it. `None`: the answer does not have it.
    pub fn position(
        &self,
        query: &Query,
        key: TodoKey,
        now: &Zoned,
    ) -> Result<Option<u32>, InboxError> {
        let open = self.present()?;
        list::position(&open.connection, query, key, now, &open.kept)
    }

    /// One to-do.
    pub fn todo(&self, key: TodoKey, now: &Zoned) -> Result<Option<TodoView>, InboxError> {
        list::todo(&self.present()?.connection, key, now)
    }

    /// Writes every to-do for other programs; how many there were.
    pub fn export(
        &self,
        kind: Export,
        out: &mut dyn Write,
        now: Timestamp,
    ) -> Result<u64, ExportError> {
        export::export(&self.present()?.connection, kind, out, now)
    }

    /// What the bell is made of; counts every to-do.
    pub fn summary(&self) -> Result<Summary, InboxError> {
        let open = self.present()?;
        Ok(Summary {
            sources: Sources::read(&open.connection)?.summaries(),
            latest: list::latest(&open.connection)?,
        })
    }

    /// The connection to the file that is at the path now.
    fn present(&self) -> Result<Ref<'_, Open>, InboxError> {
        let present = file::identity(&self.path);
        if present.is_some() && present != self.open.borrow().file {
            self.open.replace(Open::new(&self.path)?);
        }
        Ok(self.open.borrow())
    }
}

impl Open {
    fn new(path: &Path) -> Result<Self, InboxError> {
        Ok(Self {
            connection: file::connect_read_only(path)?,
            kept: Kept::default(),
            file: file::identity(path),
        })
    }
}
