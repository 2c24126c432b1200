//! Why a policy cannot be used.

use std::io;

use crate::settings::SettingsError;

/// Why a policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The path of the file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// There is something else than a file: a pipe, a device, a folder.
    #[error("{path} is no regular file")]
    NotAFile {
        /// The path of the file.
        path: String,
    },
    /// Others than an administrator may change the file, so it is not trusted.
    #[error("{path} may be changed by others")]
    Writable {
        /// The path of the file.
        path: String,
    },
    /// The file is not valid.
    #[error(transparent)]
    Invalid(#[from] SettingsError),
}

/// A key of the policy that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownKey {
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    pub key: String,
}
