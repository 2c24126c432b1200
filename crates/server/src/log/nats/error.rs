//! What can be wrong with a NATS cluster.

use crate::log::error::{LogError, OpenError};

/// The to-dos in NATS cannot be used. Its text is a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum NatsError {
    /// An address is not one.
    #[error(
        "an address of NATS is wrong: {0}. Write nats://HOST:PORT or tls://HOST:PORT, several with \
         commas between them."
    )]
    Address(String),
    /// The credentials cannot be read.
    #[error("cannot read the credentials for NATS in {file}: {error}.", file = file.display())]
    Credentials {
        /// Their file.
        file: std::path::PathBuf,
        /// The operating system's error.
        #[source]
        error: std::io::Error,
    },
    /// None of the addresses answers.
    #[error("no NATS server answers at {servers}: {detail}. Start one, or correct --nats.")]
    Unreachable {
        /// The addresses, without passwords.
        servers: String,
        /// What the client said.
        detail: String,
    },
    /// The server does not have what Belldot needs, and may not say so.
    #[error(
        "the NATS server at {servers} is version {found}, and Belldot needs 2.12 or later: earlier \
         ones take its settings and do not keep to them. Distributions often have earlier ones."
    )]
    TooOld {
        /// The addresses, without passwords.
        servers: String,
        /// Its version.
        found: String,
    },
    /// Messages of this size are refused.
    #[error(
        "the NATS server takes messages of {found} bytes at most, and a to-do may need {wanted}. Set \
         max_payload there to that or more."
    )]
    SmallMessages {
        /// Its `max_payload`.
        found: usize,
        /// The least that is enough.
        wanted: usize,
    },
    /// JetStream did not answer, or refused.
    #[error("JetStream cannot keep the to-dos: {0}.")]
    JetStream(String),
    /// The stream exists and is configured differently.
    #[error(
        "the stream {stream} in NATS is not as Belldot needs it: {differences}. Correct it, or give \
         this name up there."
    )]
    Configuration {
        /// Its name.
        stream: &'static str,
        /// What is wanted and what is there, for each setting that differs.
        differences: String,
    },
    /// The local copy cannot be opened.
    #[error(transparent)]
    Copy(#[from] OpenError),
    /// The local copy cannot be filled.
    #[error("the to-dos cannot be read from NATS: {0}.")]
    Fill(#[from] LogError),
    /// A task broke off.
    #[error("the server could not start: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

/// Why reading broke off.
#[derive(Debug, thiserror::Error)]
pub(super) enum CatchUpError {
    /// NATS did not answer.
    #[error("{0}")]
    Nats(String),
    /// The copy could not be written.
    #[error(transparent)]
    Copy(#[from] LogError),
}

impl CatchUpError {
    pub(super) fn nats(error: impl std::fmt::Display) -> Self {
        Self::Nats(error.to_string())
    }

    pub(super) fn too_long(_: tokio::time::error::Elapsed) -> Self {
        Self::Nats("JetStream does not answer".to_owned())
    }
}
