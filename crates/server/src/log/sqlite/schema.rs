//! The database file: lock, settings, tables and migrations.

use std::fs::{File, TryLockError};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::log::error::OpenError;
use crate::private_files;

/// One migration per schema version, starting from an empty file. `user_version` counts them.
///
/// `AUTOINCREMENT` keeps a sequence number from being used twice, as replacing a to-do deletes its
/// old row. `owner` is empty for to-dos that were stored before owners were, and `owner_id` where it
/// is the same as `id`. `damaged` has the rows that were set aside.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE todo (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        user TEXT NOT NULL,
        id TEXT NOT NULL,
        status TEXT NOT NULL,
        json TEXT NOT NULL,
        UNIQUE (user, id)
    ) STRICT;
    CREATE INDEX todo_by_change ON todo (user, seq);
    CREATE INDEX todo_by_status ON todo (user, status, seq);
",
    "
    ALTER TABLE todo ADD COLUMN owner TEXT;
    ALTER TABLE todo ADD COLUMN owner_id TEXT;
    ALTER TABLE todo ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX todo_by_owner ON todo (owner, seq) WHERE owner IS NOT NULL;
    CREATE TABLE damaged (seq INTEGER PRIMARY KEY, user TEXT, id TEXT, json BLOB) STRICT;
",
];

/// More prepared statements than there are kinds of them.
const STATEMENTS: usize = 32;

/// Makes the folder if it does not exist, closed to others, and locks it for this process, for as long as the
/// returned file is open.
pub(super) fn lock_folder(folder: &Path) -> Result<File, OpenError> {
    private_files::create_folder(folder).map_err(|error| OpenError::file(folder, error))?;
    let path = folder.join("lock");
    let failed = |error| OpenError::file(&path, error);
    let file = private_files::open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Taken),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Opens the database for writing, closed to others, and migrates it to the newest schema.
pub(super) fn open(path: &Path) -> Result<Connection, OpenError> {
    // SQLite gives its other files the same permissions.
    private_files::open(path).map_err(|error| OpenError::file(path, error))?;
    let mut database = Connection::open(path)?;
    // FULL: what was answered with 2xx survives a power cut, not only a crash of the process.
    database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    database.set_prepared_statement_cache_capacity(STATEMENTS);
    let transaction = database.transaction()?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    let missing = usize::try_from(found)
        .ok()
        .and_then(|found| MIGRATIONS.get(found..));
    for migration in missing.ok_or(OpenError::Newer { found, known })? {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(database)
}

/// Makes the next sequence number greater than `least`.
pub(super) fn raise_sequence(database: &Connection, least: u64) -> rusqlite::Result<()> {
    let least = i64::try_from(least).unwrap_or_default();
    let raised = database.execute(
        "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'todo'",
        [least],
    )?;
    if raised == 0 {
        database.execute("INSERT INTO sqlite_sequence VALUES ('todo', ?)", [least])?;
    }
    Ok(())
}

/// Writes a page and commits it, and changes nothing.
pub(super) fn check_writes(database: &Connection) -> rusqlite::Result<()> {
    database
        .execute(
            "UPDATE sqlite_sequence SET seq = seq WHERE name = 'todo'",
            [],
        )
        .map(drop)
}

/// Returns the newest sequence number in use; 0 if there is none.
pub(super) fn newest(database: &Connection) -> rusqlite::Result<u64> {
    database
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'todo'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map(|seq: Option<i64>| seq.unwrap_or_default().unsigned_abs())
}
