//! Belldot's inbox on the disk, looked at from outside while the program runs or lies dead.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags, Row};

/// The file `inbox.db` of one Belldot.
pub struct InboxFile {
    path: PathBuf,
}

/// A to-do as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    pub title: String,
    pub open: bool,
    pub read: bool,
    pub snoozed: bool,
}

impl InboxFile {
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub fn path(&self) -> &PathBuf {
        &self.path
    }

    /// How many to-dos it holds; none as long as there is no inbox.
    pub fn count(&self) -> usize {
        self.number("SELECT count(*) FROM todos")
    }

    /// How many of them nobody was told of yet.
    pub fn unannounced(&self) -> usize {
        self.number("SELECT count(*) FROM unannounced")
    }

    /// How many it notes as told of.
    pub fn announced(&self) -> usize {
        self.number("SELECT (SELECT count(*) FROM todos) - (SELECT count(*) FROM unannounced)")
    }

    /// How many changes its server does not know yet.
    pub fn undelivered(&self) -> usize {
        self.number("SELECT count(*) FROM outbox WHERE taken IS NULL")
    }

    /// Every title, in alphabetical order.
    pub fn titles(&self) -> Vec<String> {
        self.todos().into_iter().map(|todo| todo.title).collect()
    }

    /// Every to-do, by its title.
    pub fn todos(&self) -> Vec<Todo> {
        self.rows(
            "SELECT title, status = 0, read, snoozed IS NOT NULL FROM todos ORDER BY title",
            |row| {
                Ok(Todo {
                    title: row.get(0)?,
                    open: row.get(1)?,
                    read: row.get(2)?,
                    snoozed: row.get(3)?,
                })
            },
        )
    }

    /// The to-do with this title, once it is there.
    pub fn todo(&self, title: &str) -> Option<Todo> {
        self.todos().into_iter().find(|todo| todo.title == title)
    }

    fn number(&self, sql: &str) -> usize {
        let number = self.rows(sql, |row| row.get::<_, i64>(0)).pop();
        number.map_or(0, |number| number.try_into().unwrap())
    }

    /// Nothing while the program is still making the file.
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
