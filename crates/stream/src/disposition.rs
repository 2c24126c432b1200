//! How an attempt or a stream ended, as far as it decides when the next attempt is due.

use std::time::Duration;

use belldot_wire::Cause;

use crate::control::Signal;

/// How an attempt or a stream ended, classified by what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Disposition {
    /// The attempt failed: tries again, not before the server's Retry-After.
    Failed {
        /// Why.
        cause: Cause,
        /// What the server asked for.
        retry_after: Option<Duration>,
    },
    /// A stream that was open ended: reconnects at the pace that the server asked for.
    Ended {
        /// Why.
        cause: Cause,
        /// It was open for at least [`StreamPolicy::opened`](crate::StreamPolicy::opened).
        lasted: bool,
    },
    /// A stream ended at once without a byte of meaning: backs off, up to a lower ceiling.
    EndedEmpty(Cause),
    /// A response that trying again is unlikely to change (403, 404, …): tries again slowly.
    Refused(Cause),
    /// Something other than an event stream answered, such as the sign-in page of a network.
    Foreign(Cause),
    /// Something on this machine is not ready: tries again soon, without backing off.
    NotReady(Cause),
    /// The server said `Too many connections`.
    Full {
        /// What the server asked for.
        retry_after: Option<Duration>,
    },
    /// The server wants a sign-in, or a different one (401).
    SignIn,
    /// The proxy wants a sign-in, or a different one (407), by one of these schemes.
    ProxySignIn(Vec<String>),
    /// Trying again makes no sense.
    Stopped(Cause),
    /// The connection is to be renewed, though nothing failed.
    Renew(Cause),
    /// A signal interrupted it.
    Signal(Signal),
}

impl Disposition {
    /// A failure without `Retry-After`.
    pub(crate) fn failed(cause: Cause) -> Self {
        Self::Failed {
            cause,
            retry_after: None,
        }
    }
}

impl From<Signal> for Disposition {
    fn from(signal: Signal) -> Self {
        Self::Signal(signal)
    }
}
