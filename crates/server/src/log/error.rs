//! The errors of the log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::entry::Refusal;

/// A log operation failed. Nothing was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// SQLite reported an error.
    #[error("the to-do database: {0}")]
    Sqlite(#[from] Arc<rusqlite::Error>),
    /// The to-do cannot be written as JSON.
    #[error("the to-do {id:?} cannot be stored: {detail}")]
    Unwritable {
        /// Its id.
        id: String,
        /// What the encoder said.
        detail: String,
    },
    /// A cluster that stores the to-dos takes no writes now, or this server has lost it.
    #[error("the NATS cluster takes no changes at the moment: {0}")]
    Unavailable(&'static str),
    /// The change was sent and its outcome is not known: it may be made, now or later.
    #[error("the NATS cluster did not say whether the change was made")]
    Unconfirmed,
    /// The cluster refused the change, and would again.
    #[error("NATS refused the change: {0}")]
    Refused(String),
    /// The log was closed.
    #[error("the server is shutting down")]
    Closed,
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

/// Writes failed. Nothing was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError {
    /// One of the writes was refused.
    #[error("write {index}: {refusal}")]
    Refused {
        /// Which one, counted from 0.
        index: usize,
        /// Why.
        refusal: Refusal,
    },
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Log(error.into())
    }
}

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file or folder cannot be used.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The operating system's error.
        error: std::io::Error,
    },
    /// Another process has locked it.
    #[error("another server uses it")]
    Taken,
    /// A later version of the server wrote it.
    #[error("it was written by a later version (schema {found}, this one knows {known})")]
    Newer {
        /// The schema in the file.
        found: i64,
        /// The newest schema this version knows.
        known: i64,
    },
    /// SQLite reported an error.
    #[error("the to-do database: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl OpenError {
    /// The file or folder at `path` cannot be used.
    pub(crate) fn file(path: &Path, error: std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            error,
        }
    }
}
