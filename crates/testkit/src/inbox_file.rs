//! Belldot's inbox on disk, read from outside, whether the program runs or not.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags, Row};

/// The file `inbox.db` of one Belldot.
pub struct InboxFile {
    path: PathBuf,
}

/// A to-do as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// Its title.
    pub title: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether it was read.
    pub read: bool,
    /// Whether it is snoozed.
    pub snoozed: bool,
}

impl InboxFile {
    /// The file at `path`, which need not exist yet.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Its path.
    pub fn path(&self) -> &PathBuf {
        &self.path
    }

    /// The number of to-dos; 0 as long as there is no file.
    pub fn count(&self) -> usize {
        self.number("SELECT count(*) FROM todos")
    }

    /// The number of to-dos that were not announced yet.
    pub fn unannounced(&self) -> usize {
        self.number("SELECT count(*) FROM unannounced")
    }

    /// The number of to-dos that were announced.
    pub fn announced(&self) -> usize {
        self.number("SELECT (SELECT count(*) FROM todos) - (SELECT count(*) FROM unannounced)")
    }

    /// The number of changes that were not delivered to the server yet.
    pub fn undelivered(&self) -> usize {
        self.number("SELECT count(*) FROM outbox WHERE taken IS NULL")
    }

    /// Every title, in alphabetical order.
    pub fn titles(&self) -> Vec<String> {
        self.todos().into_iter().map(|todo| todo.title).collect()
    }

    /// Every to-do, by its title.
    pub fn todos(&self) -> Vec<InboxRow> {
        self.rows(
            "SELECT title, status = 0, read, snoozed IS NOT NULL FROM todos ORDER BY title",
            |row| {
                Ok(InboxRow {
                    title: row.get(0)?,
                    open: row.get(1)?,
                    read: row.get(2)?,
                    snoozed: row.get(3)?,
                })
            },
        )
    }

    /// The to-do with this title, once it is there.
    pub fn todo(&self, title: &str) -> Option<InboxRow> {
        self.todos().into_iter().find(|todo| todo.title == title)
    }

    fn number(&self, sql: &str) -> usize {
        let number = self.rows(sql, |row| row.get::<_, i64>(0)).pop();
        number.map_or(0, |number| number.try_into().unwrap())
    }

    /// No rows while the program is still creating the file.
    fn rows<T>(&self, sql: &str, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let look = || -> rusqlite::Result<Vec<T>> {
            let connection =
                Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let mut statement = connection.prepare(sql)?;
            statement.query_map([], |row| read(row))?.collect()
        };
        look().unwrap_or_default()
    }
}
