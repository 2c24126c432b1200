//! The errors of starting and stopping a server.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::log::{NatsError, OpenError};

/// An error of starting or stopping a server. Its text is a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {}", listen_advice(error))]
    Listen {
        /// The address, or the path of a Unix socket.
        address: String,
        /// The operating system's error.
        #[source]
        error: std::io::Error,
    },
    /// The certificate cannot be read, or does not fit its key.
    #[error("{}: {detail}. Without a certificate there is no TLS.", file.display())]
    Tls {
        /// The file.
        file: PathBuf,
        /// The fault.
        detail: String,
    },
    /// Another server uses the data folder.
    #[error(
        "another server already keeps its to-dos in {}. Stop that one, or give this one a data \
         folder of its own.", data.display()
    )]
    Taken {
        /// The folder.
        data: PathBuf,
    },
    /// The data folder or the database in it cannot be used.
    #[error("cannot keep to-dos in {}: {error}. {}", data.display(), open_advice(error))]
    Data {
        /// The folder.
        data: PathBuf,
        /// The cause.
        #[source]
        error: OpenError,
    },
    /// The NATS cluster that is to keep the to-dos cannot.
    #[error("{0}")]
    Nats(#[source] NatsError),
    /// `users.toml` cannot be read or is invalid.
    #[error("{}: {detail}. Nobody can be let in before that is corrected.", file.display())]
    Users {
        /// The file.
        file: PathBuf,
        /// The fault, with its line.
        detail: String,
    },
    /// `webhooks.toml` cannot be read or is invalid.
    #[error("{}: {detail}. Correct it, or move it away.", file.display())]
    Webhooks {
        /// The file.
        file: PathBuf,
        /// The fault, with its line.
        detail: String,
    },
    /// Nothing can be sent by HTTPS.
    #[error("webhooks cannot be sent: {0}.")]
    Client(#[from] reqwest::Error),
    /// The keys of the identity provider cannot be read or are invalid.
    #[error(
        "{}: {detail}. Nobody can be let in by a JSON Web Token before that is corrected.",
        file.display()
    )]
    JwtKeys {
        /// The file.
        file: PathBuf,
        /// The fault.
        detail: String,
    },
    /// Open mode on an address that other machines can reach.
    #[error(
        "{address} can be reached from other machines, and without {} anybody may read and write \
         everybody's to-dos. Make that file, with a part `[[tokens]]` for each user, which \
         `belldot-server token NAME` prints; or listen on 127.0.0.1; or start with \
         --trust-network if everybody who reaches this address is trusted.",
        users.display()
    )]
    Open {
        /// The address.
        address: SocketAddr,
        /// The expected path of `users.toml`.
        users: PathBuf,
    },
    /// The page's folder has no `index.html`.
    #[error(
        "{} has no index.html. Build the page first (npm run build in ui/), or start without it.",
        folder.display()
    )]
    Ui {
        /// The folder.
        folder: PathBuf,
    },
    /// The log could not be closed cleanly; what was answered with 2xx is on disk.
    #[error("the server did not end in order: {0}.")]
    Close(#[from] crate::log::LogError),
    /// The log ended while the server was running.
    #[error(
        "the part that keeps the to-dos has ended, and without it nothing can be written. What was \
         answered with 2xx is on disk: start the server again."
    )]
    LogStopped,
    /// A task of the server panicked or was cancelled.
    #[error("the server could not start: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

fn listen_advice(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => "another program already listens there. Stop that program, or \
                                 choose another port (port 0 takes any that is free)."
            .to_owned(),
        ErrorKind::AddrNotAvailable => "this machine does not have that address. Choose one of \
                                        its own, such as 127.0.0.1."
            .to_owned(),
        ErrorKind::PermissionDenied => "this user may not. Ports below 1024 want more rights: \
                                        choose a higher port."
            .to_owned(),
        _ => format!("{error}."),
    }
}

fn open_advice(error: &OpenError) -> &'static str {
    match error {
        OpenError::Newer { .. } => "Start the later version, or choose another data folder.",
        OpenError::File { .. } => {
            "Check that the folder may be written and that the disk has room."
        }
        OpenError::Sqlite(_) => {
            "Check the disk. If the file is damaged, move it away: the server then starts empty."
        }
        OpenError::Taken => "Stop the other server.",
    }
}
