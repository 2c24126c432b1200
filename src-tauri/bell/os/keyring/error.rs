//! Why the keyring does not say or do something.

use std::fmt;

/// Why the keyring says nothing now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// It is locked.
    Locked {
        /// It says that the entry is in it, without saying what that is.
        holds: bool,
    },
    /// It does not answer.
    Silent,
    /// There is none.
    Absent,
    /// It answers with an error.
    Failed,
}

impl KeyringError {
    /// A stable word: `locked`, `silent`, `absent` or `failed`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Silent => "silent",
            Self::Absent => "absent",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
