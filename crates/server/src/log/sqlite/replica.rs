//! A database that repeats another log: entries come with the sequence numbers that they have there.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::sqlite_log::SqliteLog;
use super::write::{self, ReplicaBatch, WriteRequest};
use super::{read, row, schema};
use crate::log::entry::{TodoAddress, TodoEntry};
use crate::log::error::{LogError, OpenError};

/// The id in the user's view that an address has, and the entry there, if there is one.
pub(in crate::log) type ResolvedAddress = (String, Option<TodoEntry>);

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

    /// Stores what the other log has, then publishes it.
    ///
    /// # Errors
    /// If the log is closed or the database cannot be written; then nothing of it is stored.
    pub(in crate::log) async fn replicate(&self, batch: ReplicaBatch) -> Result<(), LogError> {
        self.request(WriteRequest::Replicate(batch)).await.map(drop)
    }

    /// Resolves addresses, all in the same state of the log.
    ///
    /// # Errors
    /// As [`TodoLog::get`](crate::log::TodoLog::get).
    pub(in crate::log) async fn resolve(
        &self,
        addresses: Vec<TodoAddress>,
    ) -> Result<Vec<ResolvedAddress>, LogError> {
        let damage = self.damage.clone();
        self.readers
            .read(move |database| {
                let resolve = |address: &TodoAddress| {
                    address.resolve(|id| {
                        let row = read::one(database, address.user(), id)?;
                        Ok(row.and_then(|row| damage.sound(row)))
                    })
                };
                addresses.iter().map(resolve).collect()
            })
            .await
    }

    /// Returns the user's unread open to-dos that last changed at or before `up_to`.
    ///
    /// # Errors
    /// As [`TodoLog::get`](crate::log::TodoLog::get).
    pub(in crate::log) async fn unread(
        &self,
        user: &str,
        up_to: u64,
    ) -> Result<Vec<TodoEntry>, LogError> {
        let (user, damage) = (user.to_owned(), self.damage.clone());
        self.readers
            .read(move |database| read::unread(database, &user, up_to, &damage))
            .await
    }

    /// Returns the sequence numbers of some of the entries that are not open and last changed before
    /// `before`.
    ///
    /// # Errors
    /// As [`TodoLog::get`](crate::log::TodoLog::get).
    pub(in crate::log) async fn closed_before(
        &self,
        before: Timestamp,
    ) -> Result<Vec<u64>, LogError> {
        self.readers
            .read(move |database| {
                let old = write::closed_before(database, before)?;
                Ok(old.into_iter().map(row::seq).collect())
            })
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
                return Err(OpenError::file(Path::new(&file), error));
            }
            _ => {}
        }
    }
    Ok(())
}
