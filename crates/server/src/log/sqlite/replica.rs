//! A database that repeats another log: to-dos come with the sequence numbers that they have there.

use std::path::Path;

use belldot_wire::Todo;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{SqliteLog, read, schema};
use crate::log::error::{LogError, OpenError};

/// To-dos of another log, in order of their sequence numbers.
pub(in crate::log) struct ReplicaBatch {
    pub(in crate::log) rows: Vec<ReplicaRow>,
    /// The sequence number up to which the other log is known with these rows.
    pub(in crate::log) through: u64,
}

/// A to-do as the other log has it.
pub(in crate::log) struct ReplicaRow {
    pub(in crate::log) seq: u64,
    pub(in crate::log) user: String,
    pub(in crate::log) todo: Todo,
    /// `todo` as it is stored.
    pub(in crate::log) json: String,
}

impl SqliteLog {
    /// Opens what `folder` repeats of the log `origin`, up to its sequence number `newest`. Starts
    /// empty where the folder has another log, or more than that log ever gave. Blocks on disk I/O.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(in crate::log) fn open_replica(
        folder: &Path,
        origin: &str,
        newest: u64,
    ) -> Result<Self, OpenError> {
        let lock = schema::lock_folder(folder)?;
        let path = folder.join("replica.sqlite");
        let mut database = open(&path)?;
        if !repeats(&database, origin, newest)? {
            drop(database);
            remove(&path)?;
            database = open(&path)?;
            database.execute("INSERT INTO origin VALUES (?)", [origin])?;
        }
        Self::start(path, database, lock)
    }

    /// Stores to-dos of the other log, then publishes them.
    ///
    /// # Errors
    /// If the log is closed or the database cannot be written; then nothing of it is stored.
    pub(in crate::log) async fn replicate(&self, batch: ReplicaBatch) -> Result<(), LogError> {
        self.writer.replicate(batch).await
    }

    /// Returns the user's to-do `id` with its sequence number, if there is one.
    ///
    /// # Errors
    /// As [`TodoLog::get`](crate::log::TodoLog::get).
    pub(in crate::log) async fn numbered(
        &self,
        user: &str,
        id: &str,
    ) -> Result<Option<(u64, Todo)>, LogError> {
        let (user, id) = (user.to_owned(), id.to_owned());
        self.readers
            .read(move |database| read::numbered(database, &user, &id))
            .await
    }

    /// Returns the user's unread open to-dos that last changed at or before `up_to`, with their
    /// sequence numbers.
    ///
    /// # Errors
    /// As [`TodoLog::get`](crate::log::TodoLog::get).
    pub(in crate::log) async fn unread(
        &self,
        user: &str,
        up_to: u64,
    ) -> Result<Vec<(u64, Todo)>, LogError> {
        let user = user.to_owned();
        self.readers
            .read(move |database| read::unread(database, &user, up_to))
            .await
    }
}

fn open(path: &Path) -> Result<Connection, OpenError> {
    let database = schema::open(path)?;
    // What a power cut takes from the end of the file comes again from the other log.
    database.execute_batch(
        "PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS origin (log TEXT NOT NULL) STRICT;",
    )?;
    Ok(database)
}

fn repeats(database: &Connection, origin: &str, newest: u64) -> rusqlite::Result<bool> {
    let found: Option<String> = database
        .query_row("SELECT log FROM origin", [], |row| row.get(0))
        .optional()?;
    Ok(found.is_some_and(|found| found == origin) && schema::newest(database)? <= newest)
}

fn remove(path: &Path) -> Result<(), OpenError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(OpenError::File {
                    path: file.into(),
                    error,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Stores a batch in one transaction, with how far it reaches.
pub(super) fn commit(database: &mut Connection, batch: &ReplicaBatch) -> Result<(), LogError> {
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for row in &batch.rows {
        transaction
            .prepare_cached(
                "REPLACE INTO todo (seq, user, id, status, json) VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![
                i64::try_from(row.seq).unwrap_or(i64::MAX),
                row.user,
                row.todo.id,
                read::status_column(row.todo.status),
                row.json
            ])?;
    }
    schema::raise_sequence(&transaction, batch.through)?;
    Ok(transaction.commit()?)
}
