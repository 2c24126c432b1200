//! A copy of the database while a server uses it.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::log::error::OpenError;
use crate::private_files;

/// Copies the to-dos in `folder` to the new file `to`: all that was answered before the call is in it.
/// Returns how many there are. Blocks on disk I/O.
///
/// The copy is a database like that of the folder. To go back to it, stop the server, put the copy in
/// the place of `todos.sqlite` in an empty folder, and start the server with it.
///
/// # Errors
/// If there is no database, `to` exists, or it cannot be written or is damaged.
pub fn backup(folder: &Path, to: &Path) -> Result<u64, OpenError> {
    let source = folder.join("todos.sqlite");
    // Whether it is there is said in words of the system, which are clearer than SQLite's.
    std::fs::metadata(&source).map_err(|error| OpenError::file(&source, error))?;
    if to.exists() {
        return Err(OpenError::file(to, ErrorKind::AlreadyExists.into()));
    }
    private_files::open(to).map_err(|error| OpenError::file(to, error))?;
    let copied = copy(&source, to);
    if copied.is_err() {
        // Half a copy is none.
        std::fs::remove_file(to).ok();
    }
    copied
}

fn copy(source: &Path, to: &Path) -> Result<u64, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(source, flags)?;
    database.busy_timeout(std::time::Duration::from_secs(10))?;
    // In one transaction, and without what was deleted.
    database.execute("VACUUM INTO ?", [to.to_string_lossy()])?;
    let copy = Connection::open_with_flags(to, flags)?;
    let found: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if found != "ok" {
        let damaged = std::io::Error::new(ErrorKind::InvalidData, found);
        return Err(OpenError::file(to, damaged));
    }
    let todos: i64 = copy.query_row("SELECT count(*) FROM todo", [], |row| row.get(0))?;
    std::fs::File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(|error| OpenError::file(to, error))?;
    Ok(todos.unsigned_abs())
}
