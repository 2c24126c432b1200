//! Why a policy cannot be used.

use std::io;

use crate::{settings::SettingsError, words::Words};

/// Why a policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// What stands there is no file: a pipe, a device, a folder.
    #[error("{path} is no regular file")]
    NotAFile {
        /// Which.
        path: String,
    },
    /// Others than an administrator may change the file, so it says nothing for one.
    #[error("{path} may be changed by others")]
    Writable {
        /// Which file.
        path: String,
    },
    /// The file is not what it should be.
    #[error(transparent)]
    Invalid(#[from] SettingsError),
}

impl PolicyError {
    /// The sentence for the user: what is wrong, what follows, and whom to tell.
    pub fn say(&self, words: &Words) -> String {
        let about = |key: &str, path: &str| words.say(key, &[("path", path.into())]);
        match self {
            Self::File { path, source } => words.say(
                "error-policy-file",
                &[
                    ("path", path.as_str().into()),
                    ("detail", source.to_string().into()),
                ],
            ),
            Self::NotAFile { path } => about("error-policy-not-a-file", path),
            Self::Writable { path } => about("error-policy-writable", path),
            Self::Invalid(error) => error.say_as("error-policy-invalid", words),
        }
    }
}
