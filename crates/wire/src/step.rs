//! The progress of an attempt.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What an attempt to open a stream waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The look-up of the server's name, or the proxy's.
    Name,
    /// A connection to the server.
    Connection,
    /// A connection through a proxy.
    Proxy,
    /// The head of the server's response: it took the request, and is silent. Many servers send
    /// the head only with the first event, which may be hours away.
    Head,
}
