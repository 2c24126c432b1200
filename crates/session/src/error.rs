//! What can go wrong with a session.

use std::io;
use std::process::Output;
use std::time::Duration;

/// Why the desktop could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A program of the desktop could not be started.
    #[error("{program} could not be started ({source}); `cargo xtask setup` installs it")]
    Start {
        /// The program's name.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program of the desktop ended when it should have stayed.
    #[error("{program} ended at once; it said: {said}")]
    Ended {
        /// The program's name.
        program: String,
        /// The end of its log.
        said: String,
    },
    /// A tool that asks or moves the desktop failed.
    #[error("{command} failed: {said}")]
    Tool {
        /// The command line.
        command: String,
        /// What it wrote to stderr, or its exit status.
        said: String,
    },
    /// Something did not come about in time.
    #[error("waited {limit:?} in vain until {what}")]
    Waited {
        /// The condition, as the end of a sentence that begins "until".
        what: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// The menu has no such entry.
    #[error("the menu has no entry {wanted:?}; it has {entries:?}")]
    NoMenuEntry {
        /// The label that was asked for.
        wanted: String,
        /// The labels that there are.
        entries: Vec<String>,
    },
    /// The daemon offered no such action.
    #[error("no toast offers the action {wanted:?}; the notification daemon offers {offered:?}")]
    NoAction {
        /// The action that was asked for.
        wanted: String,
        /// What the daemon offered instead, as it wrote it.
        offered: String,
    },
    /// An answer of a tool or on the bus was not understood.
    #[error("{from} answered something unexpected: {answer}")]
    Answer {
        /// Who answered.
        from: String,
        /// What it was.
        answer: String,
    },
    /// A call on the session bus failed.
    #[error("a call on the session bus failed: {0}")]
    Bus(#[from] zbus::Error),
    /// A file of the session could not be read or written.
    #[error("a file of the session could not be read or written: {0}")]
    Files(#[from] io::Error),
}

impl SessionError {
    pub(crate) fn tool(command: &std::process::Command, output: &Output) -> Self {
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Self::Tool {
            command: command_line(command),
            said: if stderr.is_empty() {
                output.status.to_string()
            } else {
                stderr
            },
        }
    }

    pub(crate) fn answer(from: &str, answer: impl Into<String>) -> Self {
        Self::Answer {
            from: from.to_owned(),
            answer: answer.into(),
        }
    }
}

impl From<zbus::fdo::Error> for SessionError {
    fn from(error: zbus::fdo::Error) -> Self {
        Self::Bus(error.into())
    }
}

impl From<zbus::zvariant::Error> for SessionError {
    fn from(error: zbus::zvariant::Error) -> Self {
        Self::Bus(error.into())
    }
}

fn command_line(command: &std::process::Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
