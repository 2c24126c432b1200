//! Reads what the inbox committed, from any thread.

use std::{
    cell::{Ref, RefCell},
    io::Write,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, Zoned};
use rusqlite::Connection;

use crate::{
    inbox::{
        error::InboxError,
        export::{self, Export, ExportError},
        file, list,
        order::CachedOrder,
        query::{Listing, Query, TodoView},
        sources::{Sources, Summary},
    },
    model::TodoKey,
};

/// Reads what the inbox committed; never waits for the writer, and cannot write.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    open: RefCell<OpenFile>,
}

#[derive(Debug)]
struct OpenFile {
    connection: Connection,
    cached: CachedOrder,
    /// Which file this is; another one takes its place when it turns out to be damaged.
    file: Option<(u64, u64)>,
}

impl Reader {
    /// Opens the inbox at this path, which an [`crate::inbox::Inbox`] has opened before.
    ///
    /// # Errors
    /// When the file is not there, cannot be read, or has another schema than this version's.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, InboxError> {
        let path = path.into();
        Ok(Self {
            open: RefCell::new(OpenFile::new(&path)?),
            path,
        })
    }

    /// Returns the to-dos asked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, query: &Query, now: &Zoned) -> Result<Listing, InboxError> {
        self.at_one_moment(|connection, cached| list::list(connection, query, now, Some(cached)))
    }

    /// Returns where this to-do stands in the answer to a query, whose offset and limit do not
    /// matter: the offset of the page that begins with it. `None`: the answer does not have it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn position(
        &self,
        query: &Query,
        key: TodoKey,
        now: &Zoned,
    ) -> Result<Option<u32>, InboxError> {
        self.at_one_moment(|connection, cached| list::position(connection, query, key, now, cached))
    }

    /// Returns one to-do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn todo(&self, key: TodoKey, now: &Zoned) -> Result<Option<TodoView>, InboxError> {
        self.at_one_moment(|connection, _| list::todo(connection, key, now))
    }

    /// Writes every to-do for other programs; how many there were.
    ///
    /// # Errors
    /// When the database cannot be read, or `out` cannot be written to.
    pub fn export(
        &self,
        kind: Export,
        out: &mut dyn Write,
        now: Timestamp,
    ) -> Result<u64, ExportError> {
        self.at_one_moment(|connection, _| export::export(connection, kind, out, now))
    }

    /// Returns what the bell is made of; counts every to-do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn summary(&self) -> Result<Summary, InboxError> {
        self.at_one_moment(|connection, _| {
            Ok(Summary {
                sources: Sources::read(connection)?.summaries(),
                latest: list::latest(connection)?,
            })
        })
    }

    /// Runs several statements on one snapshot of the inbox: the writer may commit meanwhile.
    fn at_one_moment<T, E: From<InboxError>>(
        &self,
        look: impl FnOnce(&Connection, &CachedOrder) -> Result<T, E>,
    ) -> Result<T, E> {
        let open = self.present()?;
        // Deferred: it begins with the first statement that reads, and its end writes nothing.
        let snapshot = open
            .connection
            .unchecked_transaction()
            .map_err(InboxError::from)?;
        look(&snapshot, &open.cached)
    }

    /// Returns the connection to the file that is at the path now.
    fn present(&self) -> Result<Ref<'_, OpenFile>, InboxError> {
        let present = file::identity(&self.path);
        if present.is_some() && present != self.open.borrow().file {
            self.open.replace(OpenFile::new(&self.path)?);
        }
        Ok(self.open.borrow())
    }
}

impl OpenFile {
    fn new(path: &Path) -> Result<Self, InboxError> {
        Ok(Self {
            connection: file::connect_read_only(path)?,
            cached: CachedOrder::default(),
            file: file::identity(path),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        format::{Change, Cursor, Draft},
        inbox::{Inbox, edit::Edit},
        source::SourceId,
    };

    fn arrived(title: &str) -> Edit {
        Edit::Arrived {
            source: SourceId("work".to_owned()),
            changes: vec![Change::Upsert(Box::new(Draft {
                title: title.to_owned(),
                ..Draft::default()
            }))],
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        }
    }

    #[test]
    fn an_answer_is_of_one_moment_whatever_is_committed_while_it_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox.db");
        let mut inbox = Inbox::open(&path).unwrap();
        let mut commit = |title| inbox.commit(&[arrived(title)], Timestamp::now()).unwrap();
        commit("Sign");
        let reader = Reader::open(&path).unwrap();
        let look = |connection: &Connection, cached: &CachedOrder| {
            list::list(connection, &Query::default(), &Zoned::now(), Some(cached))
                .map(|listing| listing.total)
        };
        let totals = reader.at_one_moment(|connection, cached| {
            let before = look(connection, cached)?;
            commit("Pay");
            Ok::<_, InboxError>((before, look(connection, cached)?))
        });
        assert_eq!(totals.unwrap(), (1, 1));
        assert_eq!(reader.at_one_moment(look).unwrap(), 2);
    }
}
