//! Why the inbox cannot be used.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the inbox cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// Another program writes to it.
    #[error("{path}: another program has it open for writing")]
    InUse {
        /// The path of the file.
        path: PathBuf,
    },
    /// A newer Belldot wrote it.
    #[error("{path}: written by version {found}, this program knows versions up to {known}")]
    Newer {
        /// The path of the file.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// There is no room for what was to be written. Nothing of it was written.
    #[error("the disk is full")]
    Full,
    /// The file is damaged.
    #[error("the inbox is damaged: {0}")]
    Corrupt(String),
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The path of the file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// SQLite refused for another reason.
    #[error("{0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for InboxError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // A full quota reaches SQLite as a failed write or a failed extension of a file.
            Some(ErrorCode::SystemIoFailure) if is_failed_write(&error) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

fn is_failed_write(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    const WRITES: [i32; 4] = [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_TRUNCATE,
        ffi::SQLITE_IOERR_SHMSIZE,
    ];
    error
        .sqlite_error()
        .is_some_and(|error| WRITES.contains(&error.extended_code))
}
