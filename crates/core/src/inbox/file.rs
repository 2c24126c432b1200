//! The inbox's files: the lock, the schema, and where a damaged one goes.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use crate::{
    inbox::{error::InboxError, journal::Journal},
    private,
};

/// Each script migrates a database from the version that is its index to the next.
const MIGRATIONS: [&str; 3] = [
    include_str!("schema.sql"),
    include_str!("tallies.sql"),
    include_str!("identity.sql"),
];

/// Where an inbox is.
#[derive(Debug)]
pub(super) enum Storage {
    Memory,
    Disk {
        path: PathBuf,
        /// Held for as long as this inbox may write.
        _lock: File,
        kept_aside: Option<PathBuf>,
    },
}

impl Storage {
    pub fn lock(path: PathBuf) -> Result<Self, InboxError> {
        let lock = lock(&path)?;
        Ok(Self::Disk {
            path,
            _lock: lock,
            kept_aside: None,
        })
    }

    pub fn kept_aside(&self) -> Option<&Path> {
        match self {
            Self::Memory => None,
            Self::Disk { kept_aside, .. } => kept_aside.as_deref(),
        }
    }

    pub fn connect(&self) -> Result<Connection, InboxError> {
        let connection = match self {
            Self::Memory => Connection::open_in_memory()?,
            Self::Disk { path, .. } => {
                keep_private(path);
                Connection::open(path)?
            }
        };
        connection.set_prepared_statement_cache_capacity(64);
        connection.busy_timeout(Duration::from_secs(5))?;
        // Before anything is written: a newer file stays as it is.
        let found = self.known_version(&connection)?;
        if found == 0 {
            // Only a new database takes this: it can then give back room a little at a time.
            connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL;")?;
        }
        // To-do and cursor roll back together, and the server sends again: a power cut loses
        // nothing although not every commit is synced.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             PRAGMA cache_size = -8192;
             PRAGMA journal_size_limit = 4194304;
             PRAGMA temp_store = MEMORY;
             PRAGMA foreign_keys = OFF;",
        )?;
        migrate(&connection, found)?;
        Ok(connection)
    }

    /// Returns the journal of such a connection.
    pub fn journal(&self, connection: &mut Connection) -> Result<Option<Journal>, InboxError> {
        match self {
            Self::Memory => Ok(None),
            Self::Disk { path, .. } => Journal::of(connection, path).map(Some),
        }
    }

    /// Moves the damaged file and its journal aside.
    pub fn keep_aside(&mut self) -> Result<(), InboxError> {
        let Self::Disk {
            path, kept_aside, ..
        } = self
        else {
            return Ok(());
        };
        let aside = beside(
            path,
            &format!(".corrupt-{}", Timestamp::now().strftime("%Y-%m-%d-%H%M%S")),
        );
        for journal in ["-wal", "-shm"] {
            move_if_there(&beside(path, journal), &beside(&aside, journal))?;
        }
        move_if_there(path, &aside)?;
        *kept_aside = Some(aside);
        Ok(())
    }

    /// Returns the version of the database; 0 where it is new.
    fn known_version(&self, connection: &Connection) -> Result<i64, InboxError> {
        let found = version(connection)?;
        let known = MIGRATIONS.len() as i64;
        if found > known {
            let path = match self {
                Self::Memory => PathBuf::new(),
                Self::Disk { path, .. } => path.clone(),
            };
            return Err(InboxError::Newer { path, found, known });
        }
        Ok(found)
    }
}

/// SQLite gives a journal the mode of its database, and makes that for everybody to read.
fn keep_private(path: &Path) {
    // Where it cannot be made, SQLite says so.
    let _ = private::options().append(true).create(true).open(path);
    for ending in ["", "-wal", "-shm", ".lock"] {
        private::narrow(&beside(path, ending));
    }
}

fn migrate(connection: &Connection, found: i64) -> Result<(), InboxError> {
    for (step, script) in MIGRATIONS.iter().enumerate().skip(found.max(0) as usize) {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", step as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Returns a connection that cannot write. The file must be there and have the present schema.
pub(super) fn connect_read_only(path: &Path) -> Result<Connection, InboxError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(Duration::from_secs(5))?;
    let (found, known) = (version(&connection)?, MIGRATIONS.len() as i64);
    if found != known {
        return Err(InboxError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(connection)
}

/// Returns what tells a file from another one at the same path, where the system says.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let file = fs::metadata(path).ok()?;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(_: &Path) -> Option<(u64, u64)> {
    // An open file cannot be moved there, and so not be replaced.
    None
}

fn version(connection: &Connection) -> Result<i64, InboxError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn lock(path: &Path) -> Result<File, InboxError> {
    let in_the_way = |source| InboxError::File {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        private::make_folder(folder).map_err(in_the_way)?;
    }
    let lock = private::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside(path, ".lock"))
        .map_err(in_the_way)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(InboxError::InUse {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(in_the_way(source)),
    }
}

fn move_if_there(from: &Path, to: &Path) -> Result<(), InboxError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(InboxError::File {
            path: from.to_owned(),
            source: error,
        }),
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
